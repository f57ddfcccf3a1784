"""A day and a moment as programs write them; a number is neither, though a library would read it as seconds since 1970."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _read(value: object, *, whole: bool) -> object:
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or not (_DAY.fullmatch(value) if whole else _DAY.match(value)):
        raise ValueError("write it as 2026-03-31" if whole else "write it as 2026-03-31T14:00:00+01:00")
    return value


def written_day(value: object) -> object:
    """The value where it may be a day; `ValueError` for a number or another way of writing.

    >>> written_day("2026-03-31")
    '2026-03-31'
    >>> written_day(0)
    Traceback (most recent call last):
    ...
    ValueError: write it as 2026-03-31
    """
    return _read(value, whole=True)


def written_moment(value: object) -> object:
    """The value where it may be a day with a time; `ValueError` otherwise.

    >>> written_moment("2026-03-31T14:00:00Z")
    '2026-03-31T14:00:00Z'
    >>> written_moment("1767225600")
    Traceback (most recent call last):
    ...
    ValueError: write it as 2026-03-31T14:00:00+01:00
    """
    return _read(value, whole=False)


Day = Annotated[date, BeforeValidator(written_day)]
Moment = Annotated[datetime, BeforeValidator(written_moment)]
