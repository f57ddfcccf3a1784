"""Addresses of the pages behind the front door: trust, duplicates, referrals, the funnel and gaps."""

from django.urls import URLPattern, path

from endeavour.frontdoor.duplicates import views as duplicates
from endeavour.frontdoor.funnel import views as funnel
from endeavour.frontdoor.gaps import views as gaps

urlpatterns: list[URLPattern] = [
    path("find-help/duplicates", duplicates.duplicates),
    path("find-help/funnel", funnel.funnel),
    path("find-help/funnel.csv", funnel.funnel_csv),
    path("find-help/gaps", gaps.gaps),
    path("find-help/gaps.csv", gaps.gaps_csv),
    path("find-help/gaps/<str:key>", gaps.gap),
    path("find-help/none-helps", gaps.none_helps),
]
