"""The Django app of this part."""

from django.apps import AppConfig


class FrontdoorConfig(AppConfig):
    """One front door to help."""

    name = "endeavour.frontdoor"
    label = "frontdoor"

    def ready(self) -> None:
        """Declare who may do what."""
        from endeavour.frontdoor import rules  # noqa: F401
