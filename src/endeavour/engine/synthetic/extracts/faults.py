"""Mistakes as people make them at keyboards, for whole columns at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.str_]
Days = NDArray[np.datetime64]

LETTERS = np.frombuffer("abcdefghijklmnopqrstuvwxyz".encode("utf-32-le"), np.uint32)
DIGITS = np.frombuffer("0123456789".encode("utf-32-le"), np.uint32)


def mistype(words: Words, rng: np.random.Generator, *, alphabet: NDArray[np.uint32] = LETTERS) -> Words:
    """Make one slip in each word: a letter doubled, dropped, changed, or swapped with the next. The first stays.

    Words of under three letters stay as they are; digits stay digits when `alphabet` is DIGITS (changed or swapped).

    >>> mistype(np.array(["Margaret", "Jo"]), np.random.default_rng(3)).tolist()[1]
    'Jo'
    """
    if not len(words):
        return words
    width = words.dtype.itemsize // 4 + 1
    wide = np.ascontiguousarray(words.astype(f"U{width}"))
    letters = wide.view(np.uint32).reshape(len(words), width).copy()
    length = (letters != 0).sum(axis=1)
    at = 1 + (rng.random(len(words)) * np.maximum(length - 2, 1)).astype(np.int64)
    kind = rng.integers(0, 2 if alphabet is DIGITS else 4, len(words))
    new = alphabet[rng.integers(0, len(alphabet), len(words))]
    new = np.where(
        new == letters[np.arange(len(words)), at], alphabet[(new - alphabet[0] + 1) % len(alphabet)], new
    )
    columns = np.arange(width)
    source = np.broadcast_to(columns, letters.shape).copy()
    source = np.where((kind == 2)[:, None] & (columns > at[:, None]), columns - 1, source)  # doubled
    source = np.where((kind == 3)[:, None] & (columns >= at[:, None]), columns + 1, source)  # dropped
    swapped = (kind == 1)[:, None]
    source = np.where(swapped & (columns == at[:, None]), columns + 1, source)
    source = np.where(swapped & (columns == at[:, None] + 1), columns - 1, source)
    source = np.clip(source, 0, width - 1)
    out = np.take_along_axis(letters, source, axis=1)
    changed = kind == 0
    out[np.flatnonzero(changed), at[changed]] = new[changed]
    out = np.where((length >= 3)[:, None], out, letters)
    return np.ascontiguousarray(out).view(f"U{width}").ravel()


def misdate(days: Days, rng: np.random.Generator) -> Days:
    """Make one slip in each date: day and month swapped where that is a date, a day, a month, or a year near it."""
    months = days.astype("datetime64[M]")
    year = months.astype("datetime64[Y]")
    month = (months - year).astype(np.int64)
    day = (days - months).astype(np.int64)
    kind = rng.integers(0, 5, len(days))
    swap = (kind <= 1) & (day < 12) & (day != month)
    out = np.where(swap, _day(year, day, month), days)
    nudge = rng.integers(1, 10, len(days))
    out = np.where(~swap & (kind <= 2), _day(year, month, (day + nudge) % 28), out)
    out = np.where(kind == 3, _day(year, (month + nudge) % 12, np.minimum(day, 27)), out)
    return np.where(kind == 4, _day(year - np.where(nudge % 2, 1, 10), month, np.minimum(day, 27)), out)


def _day(year: Any, month: Any, day: Any) -> Days:
    """The day with a month and a day of month counted from nought."""
    months = year.astype("datetime64[M]") + month.astype("timedelta64[M]")
    made: Days = months.astype("datetime64[D]") + day.astype("timedelta64[D]")
    return made
