"""Whatever may be read may be asked about: calendars, monitors and checkers of links send HEAD first."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getclosurevars, unwrap
from types import FunctionType

from django.urls import URLPattern, URLResolver, get_resolver


def views(resolver: URLResolver) -> Iterator[FunctionType]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry)
        elif isinstance(entry, URLPattern) and isinstance(entry.callback, FunctionType):
            yield entry.callback


def methods(view: FunctionType) -> list[str] | None:
    """The methods that a decorator of the framework lets through to a view; None where nothing was said."""
    step: object = view
    while isinstance(step, FunctionType):
        said = getclosurevars(step).nonlocals.get("request_method_list")
        if said is not None:
            return said
        step = getattr(step, "__wrapped__", None)
    return None


def test_every_address_that_answers_get_answers_head() -> None:
    asked = [(unwrap(view), said) for view in views(get_resolver()) if (said := methods(view))]
    assert len(asked) > 150
    assert [
        f"{view.__module__}.{view.__name__}" for view, said in asked if "GET" in said and "HEAD" not in said
    ] == []
