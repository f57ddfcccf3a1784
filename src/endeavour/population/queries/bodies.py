"""The bodies that serve an area, from the core's map of bodies."""

from __future__ import annotations

from collections.abc import Sequence

from endeavour.core.public import Body, today


def serving(codes: Sequence[str]) -> list[Body]:
    """Bodies of today whose area is one of these, the given order first: nearest area, then name."""
    found = list(Body.objects.at(today()).filter(area_code__in=codes).order_by("name"))  # type: ignore[attr-defined]
    return sorted(found, key=lambda body: codes.index(body.area_code))
