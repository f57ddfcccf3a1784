"""Addresses of the pages behind the front door: trust, duplicates, referrals, the funnel and gaps."""

from django.urls import URLPattern, path

from endeavour.frontdoor.duplicates import views as duplicates
from endeavour.frontdoor.funnel import views as funnel
from endeavour.frontdoor.gaps import views as gaps
from endeavour.frontdoor.referral import views as referral
from endeavour.frontdoor.trust import views as trust

urlpatterns: list[URLPattern] = [
    path("find-help/desk", trust.desk),
    path("find-help/freshness", trust.freshness),
    path("find-help/freshness.csv", trust.freshness_csv),
    path("find-help/feedback", trust.feedback),
    path("find-help/lines", trust.lines),
    path("service/<slug:key>/history", trust.history),
    path("find-help/refer/<slug:key>", referral.refer),
    path("find-help/places/<slug:key>", referral.places),
    path("find-help/duplicates", duplicates.duplicates),
    path("find-help/funnel", funnel.funnel),
    path("find-help/funnel.csv", funnel.funnel_csv),
    path("find-help/gaps", gaps.gaps),
    path("find-help/gaps.csv", gaps.gaps_csv),
    path("find-help/gaps/<str:key>", gaps.gap),
    path("find-help/none-helps", gaps.none_helps),
]
