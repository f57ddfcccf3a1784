"""The Django app of this part."""

from django.apps import AppConfig


class FrontdoorConfig(AppConfig):
    """Endeavour's frontdoor."""

    name = "endeavour.frontdoor"
    label = "frontdoor"
