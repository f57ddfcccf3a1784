"""The Django app of this part."""

import importlib

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    """Promises kept in public: statements, how they stand, the theory of change and the annual report."""

    name = "endeavour.strategy"
    label = "strategy"

    def ready(self) -> None:
        """Declare who may do what."""
        importlib.import_module("endeavour.strategy.rules")
