"""Addresses of the pages behind the front door: trust, duplicates, referrals, the funnel and gaps."""

from django.urls import URLPattern, path

from endeavour.frontdoor.duplicates import views as duplicates

urlpatterns: list[URLPattern] = [
    path("find-help/duplicates", duplicates.duplicates),
]
