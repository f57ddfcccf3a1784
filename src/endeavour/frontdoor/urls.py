"""Addresses of this part."""

from django.urls import URLPattern, URLResolver, path, re_path

from endeavour.frontdoor import views, views_staff

urlpatterns: list[URLPattern | URLResolver] = [
    path("find-help", views.home),
    path("find-help/search", views.search),
    path("find-help/topic/<slug:key>", views.topic),
    path("find-help/how-it-works", views.ladder),
    path("find-help/all", views.everything),
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
    re_path(r"^find-help/(?P<rest>.+)$", views.nothing_here),
    re_path(r"^service/(?P<rest>.+)$", views.nothing_here),
    re_path(r"^receipt/(?P<rest>.+)$", views.nothing_here),
]
