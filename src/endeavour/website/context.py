"""What every page's shell needs."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """The mode of the installation, for the banner and the sign-in page."""
    return {"demo": settings.DEMO}
