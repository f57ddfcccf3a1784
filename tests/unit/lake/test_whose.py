"""Whose a lake is stays known through every rebuild, as dated data beside the builds."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from endeavour.engine.lake.manifest import Manifest
from endeavour.engine.lake.schema import SCHEMA_VERSION
from endeavour.engine.lake.store import Lake, building, finish
from endeavour.engine.lake.whose import in_todays_name, peoples
from endeavour.errors import Corrupt

REAL = {"people": "patients registered in North Place"}


def built(root: Path, **recipe: Any) -> Lake:
    with building(root) as part:
        return finish(root, part, Manifest({"schema_version": SCHEMA_VERSION} | recipe, ()))


def test_lakes_of_newer_data_are_of_the_same_people_and_another_seed_is_not(tmp_path: Path) -> None:
    lakes = [built(tmp_path, as_at=day, **REAL) for day in ("2026-01-01", "2026-02-01", "2026-03-01")]
    assert len({lake.id for lake in lakes}) == 3
    assert {lake.people for lake in lakes} == {REAL["people"]}
    drawn = [
        built(tmp_path, seed=seed, residents=10, generator_version=2, pack=pack)
        for seed, pack in ((1, "a"), (1, "b"), (2, "b"))
    ]
    assert drawn[0].people == drawn[1].people != drawn[2].people
    known = peoples(tmp_path)
    assert not lakes[0].folder.exists(), "a build is removed, and whose it was is still known"
    assert {lake.id: known[lake.id] for lake in lakes + drawn} == {
        lake.id: lake.people for lake in lakes + drawn
    }
    with (tmp_path / "people.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["lake"] for row in rows] == [lake.id for lake in lakes + drawn]
    assert all(len(row["since"]) == 10 for row in rows)


def test_a_lake_that_does_not_say_is_its_own_until_somebody_says(tmp_path: Path) -> None:
    lake = built(tmp_path, source="an older builder")
    assert lake.people == f"lake {lake.id}"
    ledger = tmp_path / "people.csv"
    ledger.write_text(ledger.read_text().replace(f"lake {lake.id}", REAL["people"]))
    newer = built(tmp_path, as_at="2026-02-01", **REAL)
    assert lake.people == newer.people == REAL["people"]
    told = in_todays_name(f"people linked from lake {lake.id}", peoples(tmp_path))
    assert told == f"people linked from {REAL['people']}"


def test_a_build_from_before_the_list_was_kept_is_put_in_it_when_it_is_replaced(tmp_path: Path) -> None:
    first = built(tmp_path, as_at="2026-01-01", **REAL)
    (tmp_path / "people.csv").unlink()
    assert peoples(tmp_path) == {first.id: REAL["people"]}
    built(tmp_path, as_at="2026-02-01", **REAL)
    built(tmp_path, as_at="2026-03-01", **REAL)
    assert peoples(tmp_path)[first.id] == REAL["people"]


def test_a_broken_list_stops_what_needs_it(tmp_path: Path) -> None:
    lake = built(tmp_path, **REAL)
    (tmp_path / "people.csv").write_text("lake\nnothing more\n")
    with pytest.raises(Corrupt, match="whose each lake is"):
        lake.people  # noqa: B018 - asking is what is tried
