"""Counting searches without making each one wait for the disk.

A search reads; only its count is written. While a server runs (`count_together`), the counts of some seconds are
written in one transaction, so that a search neither waits for the disk nor makes everything kept from the data stale.
A process that is killed outright loses the counts of those seconds; one that is stopped writes them first.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import Counter
from datetime import date

from django.db import DatabaseError, connection, transaction

from endeavour.core.public import today
from endeavour.frontdoor import actions

_Kind = tuple[date, str, str, str, bool]


class _Together:
    """The counts that wait to be written."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._lock = threading.Lock()
        self._waiting: Counter[_Kind] = Counter()
        self._timer: threading.Timer | None = None

    def takes(self, kind: _Kind) -> bool:
        """Whether it was taken to be written later."""
        if not self.seconds:
            return False
        with self._lock:
            self._waiting[kind] += 1
            if self._timer is None:
                self._timer = threading.Timer(self.seconds, self._in_time)
                self._timer.daemon = True
                self._timer.start()
        return True

    def _in_time(self) -> None:
        try:
            self.write()
        finally:
            connection.close()

    def write(self) -> None:
        """Write what waits; what cannot be written now waits for the next time."""
        with self._lock:
            waiting, self._waiting, self._timer = self._waiting, Counter(), None
        if not waiting:
            return
        try:
            with transaction.atomic():
                for (on, topic, district, language, found), times in waiting.items():
                    actions.tally_search(
                        topic=topic, district=district, language=language, found=found, on=on, times=times
                    )
        except DatabaseError:
            logging.getLogger(__name__).warning("%s searches wait to be counted.", waiting.total())
            with self._lock:
                self._waiting.update(waiting)


_TOGETHER = _Together()


def count_together(seconds: float = 20.0) -> None:
    """From now on write counts every few seconds, and the last ones when this process stops."""
    _TOGETHER.seconds = seconds
    atexit.register(_TOGETHER.write)


def count_search(*, topic: str, district: str, language: str, found: bool) -> None:
    """Count one search by topic, district and language; see `actions.tally_search` for what is never kept."""
    kind = (today(), topic, district, language, found)
    if connection.in_atomic_block or not _TOGETHER.takes(kind):
        actions.tally_search(topic=topic, district=district, language=language, found=found)
