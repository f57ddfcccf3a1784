"""The Django app of this part."""

from django.apps import AppConfig


class PopulationConfig(AppConfig):
    """Endeavour's population."""

    name = "endeavour.population"
    label = "population"
