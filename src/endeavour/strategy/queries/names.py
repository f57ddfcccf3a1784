"""The names of bodies and places, for showing them."""

from __future__ import annotations

from endeavour.core.public import Area, Body, today


def body_names() -> dict[str, str]:
    """The names of bodies by their keys, for showing owners."""
    return dict(Body.objects.values_list("key", "name"))


def places() -> dict[str, str]:
    """The names of the places of today by their codes, in order of name."""
    found = Area.objects.at(today()).filter(kind="place").order_by("name")  # type: ignore[attr-defined]
    return dict(found.values_list("code", "name"))
