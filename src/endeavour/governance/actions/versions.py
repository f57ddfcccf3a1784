"""What every dated entry has in common when a version of it is recorded: its days, its name, its number, its bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from endeavour.core.public import Body, today
from endeavour.errors import BadInput, Conflict
from endeavour.governance.findings import in_words

# Short enough that the entry has a name in the thread, whatever its register.
LONGEST_KEY = 45


def check_days(starts_on: date, ends_on: date | None, review_on: date) -> None:
    """Raise where an entry would end, or be looked at again, before it starts."""
    if ends_on and ends_on < starts_on:
        raise BadInput("It cannot end before it starts.")
    if review_on <= starts_on:
        raise BadInput("The review must come after the day it starts.")


def next_version(key: str, title: str, known: Mapping[str, int], see: str) -> tuple[str, int]:
    """The key and number of the version to record: the next of `key`, or without one the first under the title.

    `known` gives the newest version of each key. Raises `BadInput` for a key that nobody knows, `Conflict` for a title
    that is taken.
    """
    if key:
        if key not in known:
            raise BadInput(f"There is no entry '{key[:60]}'.", hint=f"See {see}.")
        return key, known[key] + 1
    chosen = slugify(title)[:LONGEST_KEY].strip("-")
    if chosen in known or chosen in {"", "new"}:
        raise Conflict("An entry of that title is known.", hint=f"See {see}.")
    return chosen, 1


def check_bodies(bodies: Iterable[Body], starts_on: date, version: int) -> None:
    """Raise where a body did not exist when an entry starts; a later version binds those that exist today."""
    day = max(starts_on, today()) if version > 1 else starts_on
    if absent := [body.name for body in bodies if not body.held_on(day)]:
        raise Conflict(f"{', '.join(absent)} did not exist on {in_words(day)}.", hint="Name its successor.")


@contextmanager
def one_version_at_a_time(see: str) -> Iterator[None]:
    """Of two who record the same version at once, the second is told so and nothing of theirs is written."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict(
            "Somebody recorded another version at the same moment.", hint=f"See {see} first."
        ) from error
