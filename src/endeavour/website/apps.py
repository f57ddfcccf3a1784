"""The Django app of this part."""

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """Endeavour's website."""

    name = "endeavour.website"
    label = "website"
