"""The Django app of this part."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Endeavour's governance."""

    name = "endeavour.governance"
    label = "governance"
