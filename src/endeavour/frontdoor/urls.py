"""Addresses of this part."""

from django.urls import URLPattern, URLResolver, path, re_path

from endeavour.frontdoor import urls_staff, views, views_contact, views_paper, views_search, views_staff
from endeavour.frontdoor.oruk import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("find-help", views_search.home),
    path("find-help/search", views_search.search),
    path("find-help/topic/<slug:key>", views_search.topic),
    path("find-help/how-it-works", views.ladder),
    path("find-help/how-it-works/<slug:key>", views.kind),
    path("find-help/all", views_paper.everything),
    path("find-help/guide", views_paper.guide),
    path("find-help/guide.pdf", views_paper.guide_file),
    path("find-help/guide.txt", views_paper.guide_text),
    path("find-help/forms", views_paper.forms),
    path("find-help/form/<slug:part>/<slug:key>/<slug:kind>/<slug:language>", views_paper.form),
    path("find-help/operator", views_search.operator),
    path("find-help/kiosk", views_search.kiosk),
    path("find-help/contact/<slug:key>", views_contact.contact),
    path("find-help/requests", views_staff.requests),
    path("find-help/requests/<str:number>", views_staff.one_request),
    path("find-help/edit/<slug:key>", views_staff.edit),
    path("find-help/approve", views_staff.approve),
    path("find-help/gaps", views_staff.gaps),
    *urls_staff.urlpatterns,
    path("service/<slug:key>", views.service),
    path("service/<slug:key>/feedback", views.feedback),
    path("receipt", views_contact.follow),
    path("receipt/<str:number>", views_contact.receipt),
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
