"""Every address of the site, an app a line; the website's own come last because it holds the catch-alls."""

from django.urls import include, path

urlpatterns = [
    path("", include("endeavour.strategy.urls")),
    path("", include("endeavour.governance.urls")),
    path("", include("endeavour.population.urls")),
    path("", include("endeavour.frontdoor.urls")),
    path("", include("endeavour.website.urls")),
]
