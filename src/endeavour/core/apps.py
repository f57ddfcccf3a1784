"""The Django app of the core."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Areas, bodies, people, the thread, events and audit."""

    name = "endeavour.core"
    label = "core"

    def ready(self) -> None:
        from endeavour.core import checks  # noqa: F401 - registers the system checks
