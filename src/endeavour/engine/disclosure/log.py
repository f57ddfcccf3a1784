"""The release log: every table that has been let out, so that the next is checked against all of them.

It holds exact counts, which the check needs, so it lives with the person-level data, is readable by its owner only,
and is never published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from endeavour.engine.disclosure.people import People
from endeavour.engine.disclosure.published import About, PublishedTable
from endeavour.engine.disclosure.rules import GATE
from endeavour.engine.disclosure.tables import Count, Table
from endeavour.errors import Corrupt
from endeavour.paths import var_dir, write_atomically


class ReleaseLog(Protocol):
    """What the gate needs of a log."""

    def earlier(self, statistic: str) -> Sequence[Table]:
        """The tables already released about the same statistic."""

    def record(self, exact: Table, released: PublishedTable) -> None:
        """Remember one more; recording the same release twice changes nothing."""


class MemoryLog:
    """A log that lasts as long as the process; for tests and for one run's tables."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, Table]] = {}

    def earlier(self, statistic: str) -> Sequence[Table]:
        """The tables already released about the same statistic."""
        return list(self._tables.get(statistic, {}).values())

    def record(self, exact: Table, released: PublishedTable) -> None:
        """Remember one more."""
        self._tables.setdefault(exact.about.statistic, {})[released.release_id] = with_shown(exact, released)


class FileLog:
    """One JSON file a release under a folder; the name is the release's own, so a repeat is the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of_installation(cls) -> FileLog:
        """The one log of everything that this installation has published."""
        return cls(var_dir() / "disclosure")

    def earlier(self, statistic: str) -> Sequence[Table]:
        """The tables already released about the same statistic; `Corrupt` if one cannot be read."""
        folder = self._folder(statistic)
        return [_read(path) for path in sorted(folder.glob("*.json"))] if folder.is_dir() else []

    def record(self, exact: Table, released: PublishedTable) -> None:
        """Write the release whole or not at all."""
        self._write(with_shown(exact, released), f"{released.release_id}.json")

    def retell(self, told: Callable[[About], tuple[About, Mapping[tuple[str, str], People]]]) -> None:
        """Remember under today's names what was logged under others, so that the next tables are checked against it.

        `told` gives what a logged table counts as it would be said today, and who is in its groups. What was written
        stays as it is, and beside it; doing it again changes nothing. `Corrupt` as for `earlier`.
        """
        for path in sorted(self.folder.glob("*/*.json")):
            with _reading(path) as data:
                before = _about(data)
                about, meanings = told(before)
                if about.statistic != before.statistic:
                    again = replace(_table(data), about=about, meanings={**_meanings(data), **meanings})
                    self._write(again, path.name)

    def _write(self, table: Table, name: str) -> None:
        path = self._folder(table.about.statistic) / name
        if path.exists():
            return
        with write_atomically(path, mode=0o600) as part:
            part.write_text(json.dumps(_as_json(table)), encoding="utf-8")

    def _folder(self, statistic: str) -> Path:
        return self.folder / hashlib.sha256(statistic.encode()).hexdigest()[:16]


def with_shown(exact: Table, released: PublishedTable) -> Table:
    """The exact table beside what was shown of it."""
    shown = {key: (cell.numerator, cell.denominator) for key, cell in released.items()}
    return replace(exact, shown=shown)


def _as_json(table: Table) -> dict[str, Any]:
    assert table.shown is not None, "only released tables are logged"
    return {
        "gate": 0 if table.by_older_gate else GATE,
        "measure": table.about.measure,
        "population": table.about.population,
        "period": table.about.period,
        "dimensions": table.about.dimensions,
        "base": _people_as_json(table.about.base),
        "counted": _people_as_json(table.about.counted),
        "meanings": [[*group, _people_as_json(people)] for group, people in table.meanings.items()],
        "parents": {dimension: dict(values) for dimension, values in table.parents.items()},
        "overlapping": sorted(table.overlapping),
        "cells": [
            [list(key), count.numerator, count.denominator, *table.shown[key]]
            for key, count in table.cells.items()
        ],
    }


def _people_as_json(people: People | None) -> list[Any] | None:
    return None if people is None else [sorted(people.conditions), *people.ages]


def _people(told: list[Any]) -> People:
    return People(frozenset(told[0]), (told[1], told[2]))


def _read(path: Path) -> Table:
    with _reading(path) as data:
        return _table(data)


@contextmanager
def _reading(path: Path) -> Iterator[dict[str, Any]]:
    """What a file of the log says; `Corrupt` where it is not what the log writes."""
    try:
        yield json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError) as error:
        raise Corrupt(
            f"The release log's {path.name} cannot be read ({error}).",
            hint="Restore it from a backup: without it the next table cannot be checked against it.",
        ) from error


def _about(data: dict[str, Any]) -> About:
    base, counted = (_people(data[name]) if data.get(name) else None for name in ("base", "counted"))
    dimensions = tuple(data["dimensions"])
    return About(data["measure"], data["population"], data["period"], dimensions, base, counted)


def _meanings(data: dict[str, Any]) -> dict[tuple[str, str], People]:
    return {(name, value): _people(people) for name, value, people in data.get("meanings", [])}


def _table(data: dict[str, Any]) -> Table:
    cells = {tuple(key): Count(n, d) for key, n, d, _, _ in data["cells"]}
    shown = {tuple(key): (sn, sd) for key, _, _, sn, sd in data["cells"]}
    overlapping, is_older = frozenset(data["overlapping"]), data.get("gate", 0) < GATE
    return Table(_about(data), cells, data["parents"], overlapping, _meanings(data), shown, is_older)
