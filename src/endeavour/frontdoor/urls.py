"""Addresses of this part."""

from django.urls import URLPattern, URLResolver, path, re_path

from endeavour.frontdoor import views, views_staff
from endeavour.frontdoor.oruk import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("find-help", views.home),
    path("find-help/search", views.search),
    path("find-help/topic/<slug:key>", views.topic),
    path("find-help/how-it-works", views.ladder),
    path("find-help/all", views.everything),
    path("find-help/guide", views.guide),
    path("find-help/guide.pdf", views.guide_file),
    path("find-help/operator", views.operator),
    path("find-help/kiosk", views.kiosk),
    path("find-help/contact/<slug:key>", views.contact),
    path("find-help/requests", views_staff.requests),
    path("find-help/requests/<str:number>", views_staff.one_request),
    path("find-help/edit/<slug:key>", views_staff.edit),
    path("find-help/approve", views_staff.approve),
    path("find-help/gaps", views_staff.gaps),
    path("service/<slug:key>", views.service),
    path("service/<slug:key>/feedback", views.feedback),
    path("receipt", views.follow),
    path("receipt/<str:number>", views.receipt),
    path("openreferral/v3/", api.root),
    path("openreferral/v3/openapi.json", api.openapi),
    path("openreferral/v3/services", api.services),
    path("openreferral/v3/services/<str:key>", api.service),
    path("openreferral/v3/service_at_locations", api.offers),
    path("openreferral/v3/service_at_locations/<str:key>", api.offer),
    path("openreferral/v3/taxonomies", api.taxonomies),
    path("openreferral/v3/taxonomies/<str:key>", api.taxonomy),
    path("openreferral/v3/taxonomy_terms", api.terms),
    path("openreferral/v3/taxonomy_terms/<str:key>", api.term),
    path("openreferral/v3/organizations", api.organisations),
    path("openreferral/v3/organizations/<str:key>", api.organisation),
    re_path(r"^find-help/(?P<rest>.+)$", views.nothing_here),
    re_path(r"^service/(?P<rest>.+)$", views.nothing_here),
    re_path(r"^receipt/(?P<rest>.+)$", views.nothing_here),
]
