"""How the installation's data stand: a short text that differs whenever something was committed or rebuilt.

What was made from the data may be used again while the text is the same. It is exact, not a matter of waiting: a change
that somebody has been told of is in the next answer.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import connection

from endeavour.core.clock import today
from endeavour.paths import var_dir

MOST_ANSWERS = 100
P = ParamSpec("P")
T = TypeVar("T")


class _Watch:
    """One reader of a SQLite file, kept open: `data_version` differs when any other connection has committed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: tuple[tuple[int, str, int], sqlite3.Connection] | None = None

    def version(self, path: str) -> str:
        file = (os.getpid(), path, Path(path).stat().st_ino)
        with self._lock:
            if self._held is None or self._held[0] != file:
                # A connection does not survive a fork, nor a restored file that took the old one's place.
                self.close()
                opened = sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True, check_same_thread=False)
                self._held = (file, opened)
            return f"{file[2]}.{self._held[1].execute('pragma data_version').fetchone()[0]}"

    def close(self) -> None:
        """Let go of the file."""
        if self._held is not None and self._held[0][0] == os.getpid():
            self._held[1].close()
        self._held = None


_WATCH = _Watch()


def data_standing() -> str:
    """The standing of the database and of every built file; empty where what is read is not yet committed.

    Read it *before* what it is to stand for, so that a change made meanwhile is met as a change.
    """
    database = _database()
    return f"{database} {_files()}" if database else ""


def while_data_stand(function: Callable[P, T]) -> Callable[P, T]:
    """The function, answering a question it was asked before with what it made then, while the data stand.

    What it makes is shared: nobody may change it. Its arguments, and the day, tell one question from another.
    """
    held: tuple[str, dict[object, T]] = ("", {})

    @wraps(function)
    def answered(*args: P.args, **kwargs: P.kwargs) -> T:
        nonlocal held
        standing = data_standing()
        if not standing:
            return function(*args, **kwargs)
        if held[0] != standing or len(held[1]) >= MOST_ANSWERS:
            held = (standing, {})  # replaced whole, so that no thread puts an old answer among the new
        answers = held[1]
        key = (today(), args, tuple(sorted(kwargs.items())))
        if key not in answers:
            answers[key] = function(*args, **kwargs)
        return answers[key]

    return answered


def _database() -> str:
    if connection.in_atomic_block:
        return ""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_current_snapshot()::text")
            return str(cursor.fetchone()[0])
    path = str(connection.settings_dict["NAME"])
    try:
        return _WATCH.version(path)
    except (OSError, sqlite3.Error):
        return ""  # no file of its own, as in memory: there is nothing to watch


def _files() -> str:
    """When each built part last changed: its folder, and the pointer to the one in use, of its own or of the pack's."""
    try:
        with os.scandir(var_dir()) as entries:
            parts = sorted((entry.path, entry.stat().st_mtime_ns) for entry in entries if entry.is_dir())
    except OSError:
        return ""
    pointers = ("current", f"{settings.PACK}/current")
    return " ".join(
        f"{path}{changed}" + "".join(f".{_changed(f'{path}/{pointer}')}" for pointer in pointers)
        for path, changed in parts
    )


def _changed(path: str) -> int:
    try:
        return Path(path).stat().st_mtime_ns
    except OSError:
        return 0
