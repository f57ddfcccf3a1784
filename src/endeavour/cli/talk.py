"""Talking to the person at the terminal: always on standard error, so that standard output holds data only."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


@cache
def console() -> Console:
    """The one console, on standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def say(words: str) -> None:
    """Print a line of talk."""
    console().print(words)


def table(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table for a person."""
    from rich.table import Table

    drawn = Table(title=title, title_justify="left")
    for header in headers:
        drawn.add_column(header, overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    console().print(drawn)


@contextmanager
def step(words: str, *, draws_itself: bool = False) -> Iterator[None]:
    """Show that something is being done, unless it draws its own progress, then how long it took."""
    began = time.monotonic()
    with nullcontext() if draws_itself else console().status(f"{words} ..."):
        yield
    console().print(f"[green]✓[/green] {words} ({time.monotonic() - began:.1f} s)")
