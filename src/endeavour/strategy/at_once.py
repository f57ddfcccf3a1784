"""Two people at the same moment: the database lets one through, and the other is told in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from endeavour.errors import Conflict


@contextmanager
def one_at_a_time(what: str) -> Iterator[None]:
    """Do the work whole or not at all; a rule of the database broken by somebody else's write is a `Conflict`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict(
            f"Somebody else {what} at the same moment.", hint="Look at what is there now, then try again."
        ) from error
