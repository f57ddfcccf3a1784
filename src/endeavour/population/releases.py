"""What the site now serves, by names made of its contents, and the ETag that follows from them.

Everything published stands in a release, so an answer changes only with one: whoever asks again with the tag is told that
nothing did, before anything is worked out. What also rests on the database (registers, what was promised) does not use it;
its tag is made of the answer itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import condition
from ninja.decorators import decorate_view

from endeavour import __version__
from endeavour.errors import Missing
from endeavour.paths import var_dir
from endeavour.population.queries import store

# Each part that is built on its own has a folder with a pointer to the one in use.
BUILT = ("measures", "cohort", "model", "segments", "follow-up", "lake")


def served() -> dict[str, str]:
    """The names of the facts and of every built part now in use; empty where one was not built."""
    return {"facts": _facts()} | {part: _current(part) for part in BUILT}


def _facts() -> str:
    try:
        return store.edition()
    except Missing:
        return ""


def _current(part: str) -> str:
    try:
        return (var_dir() / part / "current").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def tag(request: HttpRequest, *_given: object, **_named: object) -> str:
    """The ETag of an answer that rests on releases alone; the address says the rest.

    The version is in it because other code may write the same figures another way. Not for pages: each of those carries a
    nonce of its own.
    """
    told = " ".join([__version__, *served().values()])
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def unchanged(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that is not asked again while the releases stand: 304."""
    return condition(etag_func=tag)(view)


unchanged_operation = decorate_view(unchanged)
"""The same for an operation of the API."""
