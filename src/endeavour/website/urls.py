"""Addresses of this part."""

from django.urls import path

from endeavour.website import (
    views,
    views_account,
    views_bodies,
    views_drafts,
    views_strengths,
    views_tokens,
)
from endeavour.website.api import api

urlpatterns = [
    path("", views.home, name="home"),
    path("progress", views.progress, name="progress"),
    path("bodies", views_bodies.bodies, name="bodies"),
    path("bodies.csv", views_bodies.bodies_csv, name="bodies-csv"),
    path("body/<slug:key>", views_bodies.body, name="body"),
    path("data-sources", views.data_sources, name="data-sources"),
    path("strengths", views_strengths.strengths, name="strengths"),
    path("strengths/<str:code>", views_strengths.strengths_of, name="strengths-of"),
    path("glossary", views.glossary, name="glossary"),
    path("about", views.about, name="about"),
    path("accessibility", views.page("accessibility"), name="accessibility"),
    path("privacy", views.page("privacy"), name="privacy"),
    path("contact", views.page("contact"), name="contact"),
    path("print", views.page("print"), name="print"),
    path("offline", views.page("offline"), name="offline"),
    path("sign-in", views_account.SignIn.as_view(), name="sign-in"),
    path("sign-out", views_account.SignOut.as_view(), name="sign-out"),
    path("tokens", views_tokens.tokens, name="tokens"),
    path("tokens/<slug:key>/revoke", views_tokens.revoke, name="revoke-token"),
    path("desk", views.desk, name="desk"),
    path("drafts", views_drafts.drafts, name="drafts"),
    path("healthy", views.healthy, name="healthy"),
    path("api/", api.urls),
]
