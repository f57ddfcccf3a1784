"""Commands of the person who runs the installation."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add `up`, `doctor`, `backup` and `restore`."""
