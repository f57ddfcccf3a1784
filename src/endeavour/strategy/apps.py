"""The Django app of this part."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    """Endeavour's strategy."""

    name = "endeavour.strategy"
    label = "strategy"
