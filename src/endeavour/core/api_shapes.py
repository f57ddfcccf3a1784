"""What every part's API has in common: the one shape of error, bodies without unknown fields, and words that must be said.

Beside `core.public` and not in it, because ninja takes a second to load and no command needs it: only the modules that
answer under /api/ import this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Choices
from django.http import HttpRequest
from ninja import Field, Schema
from pydantic import ConfigDict

from endeavour.core.models import Person

# Words that must not be empty: the document says so, and the action refuses spaces in plain words.
NOT_EMPTY = {"pattern": r"\S"}


class Problem(Schema):
    """Why there is no answer, or nothing was written; `error` is the kind, `message` the words, `hint` what to do."""

    error: str
    message: str
    hint: str


ERRORS = dict.fromkeys((404, 422, 503), Problem)
WRITE_ERRORS = dict.fromkeys((401, 403, 404, 409, 422), Problem)


class Strict(Schema):
    """A body whose every field is known; anything else is refused."""

    model_config = ConfigDict(extra="forbid")


def between(least: int, most: int) -> Any:
    """A whole number within bounds, told so in the document; the action refuses another in words.

    >>> between(15, 600).json_schema_extra
    {'minimum': 15, 'maximum': 600}
    """
    return Field(json_schema_extra={"minimum": least, "maximum": most})


def one_of(choices: Iterable[str] | type[Choices]) -> Any:
    """Text that is one of these, and told so in the document; the action refuses anything else in words.

    >>> one_of(["residents", "services"]).json_schema_extra
    {'enum': ['residents', 'services']}
    """
    values = choices.values if isinstance(choices, type) else list(choices)
    return Field(json_schema_extra={"enum": values})


def pattern_of(names: Iterable[str]) -> str:
    """A pattern that lets exactly these names through, for what no action refuses later.

    >>> pattern_of(["imd", "income"])
    '^(imd|income)$'
    """
    return f"^({'|'.join(map(re.escape, names))})$"


def token_holder(request: HttpRequest) -> Person:
    """The person whose token this is, and for whom a program writes."""
    person: Person = request.auth  # type: ignore[attr-defined]
    return person
