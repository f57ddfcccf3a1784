"""The Django app of governance."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Boards and forums, meetings in public, decisions, duties."""

    name = "endeavour.governance"
    label = "governance"

    def ready(self) -> None:
        from endeavour.governance import rules  # noqa: F401 - declares who may do what
