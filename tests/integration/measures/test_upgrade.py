"""An installation that an older version published from, and its first start with this one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import rich.progress  # noqa: F401  (its import draws a number from the global generator; ours may not)

from builders.lake import the_small_lake
from endeavour.cli import results
from endeavour.cli.built import Built, fingerprint
from endeavour.engine.disclosure import FileLog
from endeavour.engine.lake.backends import open_backend
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.compiler import compile_measure
from endeavour.engine.measures.earlier import installation_log, left_words
from endeavour.engine.measures.lake_figures import whole
from endeavour.engine.measures.release import YEARS, current_release, measures_dir, published_figures
from endeavour.paths import pack_dir

pytestmark = pytest.mark.slow
FEW = ("cyp-mental-health-access",)
OLD = "f595bd7130c3b5e1"


def near(count: int) -> int:
    return 5 * round((count + 0.01) / 5)


def let_out_by_an_older_version(var: Path, catalogue: Catalogue) -> dict[Path, bytes]:
    """Its release and its log: 1 to 7 hidden and nothing besides, no word of whose people, and the lake by its build."""
    lake = the_small_lake()
    with open_backend(lake.sources()) as backend:
        for measure in catalogue.measures:
            compiled = compile_measure(measure, years=YEARS)
            table = whole(compiled, backend, population=f"lake {lake.id}", months=True)
            rows: list[list[Any]] = []
            for key, count in table.cells.items():
                shown = [
                    None if n is None or 0 < n < 8 else near(n) for n in (count.numerator, count.denominator)
                ]
                rows.append([list(key), count.numerator, count.denominator, *shown])
            told = {
                "measure": measure.id, "population": f"lake {lake.id}", "period": "by period",
                "dimensions": table.about.dimensions, "parents": {d: dict(v) for d, v in table.parents.items()},
                "overlapping": sorted(table.overlapping), "cells": rows,
            }  # fmt: skip
            folder = hashlib.sha256(f"{measure.id}|lake {lake.id}|by period".encode()).hexdigest()[:16]
            path = var / "disclosure" / folder / f"{measure.id}.json"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(told))
    (var / "measures").mkdir()
    (var / "measures" / f"{OLD}.parquet").write_bytes(b"of another shape")
    (var / "measures" / "current").write_text(f"{OLD}\n")
    built = {"measures": f"{lake.id} {fingerprint(pack_dir('mse') / 'measures')} 5"}
    (var / "built.json").write_text(json.dumps(built))
    return {path: path.read_bytes() for path in var.rglob("*") if path.is_file() and path.name != "current"}


def test_the_first_start_publishes_again_beside_the_old_and_says_what_that_gave_away(
    var: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    opened = Catalogue.open("mse")
    few = Catalogue(opened.pack, tuple(m for m in opened.measures if m.id in FEW))
    monkeypatch.setattr(Catalogue, "open", classmethod(lambda _cls, _pack: few))
    var.mkdir(exist_ok=True)
    (var / "lake").symlink_to(the_small_lake().folder.parents[1])
    before = let_out_by_an_older_version(var, few)
    results.build_measures(Built(), "mse")
    said = " ".join(capfd.readouterr().err.split())
    assert current_release() != OLD, (
        "a permalink's ETag is the release's name, so no reader keeps the old one"
    )
    assert {row["measure"] for row in published_figures().to_pylist()} == set(FEW)
    for path, content in before.items():
        if path.name != "built.json":
            assert path.read_bytes() == content, path
    assert (measures_dir() / f"{OLD}.parquet").is_file()
    log = installation_log(few.measures)
    [count] = [n for n in range(1, 5_000) if left_words(n) in said]
    assert count > 3
    name, logged = current_release(), sorted(FileLog.of_installation().folder.rglob("*.json"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in logged if path not in before)
    results.build_measures(Built(), "mse")
    assert "already done" in capfd.readouterr().err
    assert (current_release(), sorted(log.folder.rglob("*.json"))) == (name, logged)
