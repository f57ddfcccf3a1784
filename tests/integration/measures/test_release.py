"""Every measure published and frozen from a small lake: rounded, reasoned, the same file for the same facts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from builders.lake import the_small_lake
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.groupings import PLUS
from endeavour.engine.measures.release import build_release, current_release, measures_dir, published_figures
from endeavour.errors import BadInput, Corrupt, Missing

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
    path = build_release(few, the_small_lake(), years=(2023,), say=quiet)
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
    path = build_release(few, the_small_lake(), years=(2023,), say=quiet)
    first = path.read_bytes()
    path.unlink()
    assert build_release(few, the_small_lake(), years=(2023,), say=quiet).read_bytes() == first
    assert sorted(p.name for p in measures_dir().iterdir()) == sorted(
        [path.name, f"{path.stem}.json", "current"]
    )
    path.write_bytes(first[:100])
    with pytest.raises(Corrupt, match="cannot be read"):
        published_figures()


@dataclass
class DamagedLake:
    """A lake whose file of people is cut short."""

    files: dict[str, list[Path]]
    id: str = "damaged"

    def sources(self) -> dict[str, list[Path]]:
        return self.files


def test_a_file_cut_short_is_named_and_the_last_good_release_stays(
    few: Catalogue, var: Path, tmp_path: Path
) -> None:
    lake = the_small_lake()
    one = Catalogue(few.pack, tuple(m for m in few.measures if m.id == "smoking"))
    build_release(one, lake, years=(2023,), say=quiet)
    good, rows = current_release(), published_figures().num_rows
    for size in (0, 100):
        broken = tmp_path / f"person-{size}.parquet"
        broken.write_bytes(lake.files("person")[0].read_bytes()[:size])
        damaged = DamagedLake({**lake.sources(), "person": [broken]}, id=f"damaged-{size}")
        with pytest.raises(Corrupt, match=broken.name):
            build_release(one, damaged, years=(2023,), say=quiet)  # type: ignore[arg-type]
    assert (current_release(), published_figures().num_rows) == (good, rows)


def test_a_measure_that_fails_half_way_leaves_the_last_good_release(few: Catalogue, var: Path) -> None:
    one = Catalogue(few.pack, tuple(m for m in few.measures if m.id == "smoking"))
    build_release(one, the_small_lake(), years=(2023,), say=quiet)
    good = current_release()
    wrong = one.measures[0].model_copy(update={"id": "zzz", "numerator": "is_smokre"})
    with pytest.raises(
        BadInput, match=r"zzz\.yaml, line \d+, column numerator: the lake has no column 'is_smokre'"
    ):
        build_release(Catalogue(few.pack, (*one.measures, wrong)), the_small_lake(), years=(2023,), say=quiet)
    assert current_release() == good
    assert len(list(measures_dir().glob("*.parquet"))) == 1


def test_what_a_page_reads_of_one_figure(few: Catalogue, var: Path) -> None:
    two = Catalogue(few.pack, tuple(m for m in few.measures if m.id != "early-cancer"))
    build_release(two, the_small_lake(), years=(2022, 2023), say=quiet)
    [whole] = published_figures("smoking", period="2023/24", area_kind="system", by="").to_pylist()
    assert (whole["area"], whole["area_name"]) == ("E54000026", "Mid and South Essex")
    assert whole["target"] == 5
    assert whole["more_to_reach"] > 0
    assert whole["gap_words"].endswith("fewer people would meet the target of 5%.")
    assert whole["previous"] is not None
    assert whole["change"] in ("better", "worse", "no clear change")
    assert whole["sii"] is not None
    assert whole["standardised_low"] <= whole["standardised"] <= whole["standardised_high"]
    months = published_figures("smi-health-check", period_kind="month", area_kind="system").to_pylist()
    assert len(months) == 24
    groups = published_figures(by="plus", area_kind="system", period="2023/24").to_pylist()
    assert {row["subgroup"] for row in groups} <= set(PLUS)
    assert any(row["note"] for row in groups)
