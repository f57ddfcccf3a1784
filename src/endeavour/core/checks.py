"""Wrong combinations of settings, as Django system checks with an id."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def production_is_configured(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Production needs its hosts named and a long secret."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if not any(settings.ALLOWED_HOSTS):
        found.append(
            Error("No host is allowed.", hint="Set ENDEAVOUR_HOSTS=your.address", id="endeavour.E001")
        )
    if len(settings.SECRET_KEY) < 50:
        found.append(
            Error(
                "The secret is short.", hint="Set SECRET_KEY to 50 or more characters.", id="endeavour.E002"
            )
        )
    return found
