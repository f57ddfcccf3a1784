"""Every measure published and frozen from a small lake: rounded, reasoned, the same file for the same facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.lake import the_small_lake
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.release import build_release, current_release, measures_dir, published_figures
from endeavour.errors import Corrupt, Missing

pytestmark = pytest.mark.slow
FEW = ("smi-health-check", "smoking", "early-cancer")


@pytest.fixture
def few() -> Catalogue:
    whole = Catalogue.open("mse")
    return Catalogue(whole.pack, tuple(m for m in whole.measures if m.id in FEW))


def quiet(_: str) -> None:
    """Say nothing."""


def test_a_release_holds_only_what_the_gate_let_out(few: Catalogue, var: Path) -> None:
    with pytest.raises(Missing, match="No measures"):
        current_release()
    path = build_release(few, the_small_lake(), say=quiet)
    assert path.stem == current_release()
    rows = published_figures().to_pylist()
    assert {row["measure"] for row in rows} == set(FEW)
    for row in rows:
        assert row["numerator"] is None or row["numerator"] % 5 == 0, row
        assert row["denominator"] is None or row["denominator"] % 5 == 0, row
        assert (row["numerator"] is None) <= ("hidden" in row["reason"] or "nobody" in row["reason"]), row
        if row["value"] is not None:
            assert row["low"] <= row["value"] <= row["high"]
    assert {row["grouping"] for row in rows} >= {"system", "place", "imd_quintile by ethnicity"}


def test_the_same_facts_give_the_same_file_and_a_broken_one_is_named(few: Catalogue, var: Path) -> None:
    path = build_release(few, the_small_lake(), say=quiet)
    first = path.read_bytes()
    path.unlink()
    assert build_release(few, the_small_lake(), say=quiet).read_bytes() == first
    assert sorted(p.name for p in measures_dir().iterdir()) == sorted([path.name, "current"])
    path.write_bytes(first[:100])
    with pytest.raises(Corrupt, match="cannot be read"):
        published_figures()
