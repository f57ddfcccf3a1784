"""The Django app of this part."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Endeavour's core."""

    name = "endeavour.core"
    label = "core"
