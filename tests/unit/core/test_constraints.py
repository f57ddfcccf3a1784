"""Invariants are put on a database, and taken off it, without Django building a single model."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from endeavour.core.constraints import append_only


class Editor:
    """A schema editor that only remembers."""

    def __init__(self, vendor: str) -> None:
        self.connection = SimpleNamespace(vendor=vendor)
        self.told: list[str] = []

    def execute(self, statement: str, params: None) -> None:
        self.told.append(statement)


class NoModels:
    """A state whose models nobody may ask for: each time, Django would build all of them."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"asked for {name}")


@pytest.mark.parametrize(("vendor", "made"), [("sqlite", 1), ("postgresql", 2)])
def test_no_models_are_built_for_an_invariant(vendor: str, made: int) -> None:
    kept = append_only("core_event")[0]
    on, off = Editor(vendor), Editor(vendor)
    kept.database_forwards("core", on, NoModels(), NoModels())
    kept.database_backwards("core", off, NoModels(), NoModels())
    assert len(on.told) == len(off.told) == made
    assert all(statement.startswith("CREATE") for statement in on.told)
    assert all(statement.startswith("DROP") for statement in off.told)
    lifted, back = Editor(vendor), Editor(vendor)
    kept.taken_off().database_forwards("core", lifted, NoModels(), NoModels())
    kept.taken_off().database_backwards("core", back, NoModels(), NoModels())
    assert (lifted.told, back.told) == (off.told, on.told)
