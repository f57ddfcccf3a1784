"""A question to the pack that was asked before is not asked again, and nobody can spoil its answer for the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from endeavour.population.queries import store


class Counting:
    """A database that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[list[Any]] = []
        self.description = [("code",), ("name",)]

    def cursor(self) -> Counting:
        return self

    def execute(self, sql: str, given: list[Any]) -> Counting:
        self.asked.append(given)
        return self

    def fetchall(self) -> list[tuple[str, str]]:
        return [("E1", "Here")]


def test_a_question_is_asked_once_of_each_copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    database, copy = Counting(), tmp_path / "one"
    monkeypatch.setattr(store, "current_copy", lambda name: copy)
    monkeypatch.setattr(store, "_opened", lambda copy: database)
    first = store.rows("select 1 where ?", ["E1", "E2"])
    first[0]["name"] = "spoilt"
    assert store.rows("select 1 where ?", ["E1", "E2"]) == [{"code": "E1", "name": "Here"}]
    assert database.asked == [[["E1", "E2"]]], "once, and a list is still a list"
    store.rows("select 1 where ?", ["E1"])
    copy = tmp_path / "two"
    store.rows("select 1 where ?", ["E1"])
    assert len(database.asked) == 3
