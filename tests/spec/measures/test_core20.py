"""Core20: the figures everybody quotes, worked from the publishers' own files and from the pack."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from endeavour.engine.measures.core20 import Core20, Edition, Geography, PopulationBase, core20

GOLDEN = [
    ("IoD2019", "mid-2020", 120_992, 1_199_296, 10.09),
    ("IoD2019", "Census 2021", 119_654, 1_199_519, 9.98),
    ("IoD2025", "Census 2021", 143_841, 1_199_519, 11.99),
]
PLACES = {"Basildon and Brentwood": 16.8, "South East Essex": 14.5, "Thurrock": 11.1, "Mid Essex": 1.2}
DISTRICTS = {
    "Basildon": 23.8,
    "Southend-on-Sea": 23.5,
    "Thurrock": 11.1,
    "Castle Point": 8.6,
    "Brentwood": 0.0,
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def found(shared: Path) -> list[Core20]:
    data = shared / "data"
    old, new = (rows(data / f"02_lookups/mse_lsoa{v}_lookup.csv") for v in (11, 21))
    within = {
        row[f"lsoa{v}_code"]: {
            "system": "E54000026",
            "place": row["alliance"],
            "district": row[f"ltla{y}_name"],
        }
        for v, y, lookup in ((11, 22, old), (21, 24, new))
        for row in lookup
    }
    parents = {r["lsoa21_code"]: r["lsoa11_code"] for r in rows(data / "02_lookups/mse_lsoa11_to_lsoa21.csv")}
    iod19 = rows(data / "01_deprivation/mse_iod2019_lsoa11.csv")
    iod25 = rows(data / "01_deprivation/mse_iod2025_lsoa21.csv")
    mid20 = rows(data / "03_population/mse_mye2020_lsoa11_single_year_persons.csv")
    census = rows(data / "03_population/mse_census_ts007a_age5_lsoa21.csv")
    return core20(
        [
            Edition("IoD2019", 2011, {r["lsoa11_code"]: int(r["IMD_decile"]) for r in iod19}),
            Edition("IoD2025", 2021, {r["lsoa21_code"]: int(r["IMD_decile"]) for r in iod25}),
        ],
        [
            PopulationBase("mid-2020", 2011, {r["lsoa11_code"]: int(r["total_population"]) for r in mid20}),
            PopulationBase("Census 2021", 2021, {r["lsoa21_code"]: int(r["Total"]) for r in census}),
        ],
        Geography(within, {"E54000026": "Mid and South Essex"}, parents),
    )


@pytest.mark.parametrize(("edition", "base", "numerator", "denominator", "percent"), GOLDEN)
def test_the_system(
    found: list[Core20], edition: str, base: str, numerator: int, denominator: int, percent: float
) -> None:
    [figure] = [
        f for f in found if (f.edition, f.population_base, f.geography_kind) == (edition, base, "system")
    ]
    assert (figure.numerator, figure.denominator) == (numerator, denominator)
    assert figure.as_json()["value"] == percent


@pytest.mark.parametrize(("kind", "golden"), [("place", PLACES), ("district", DISTRICTS)])
def test_places_and_districts_differ(found: list[Core20], kind: str, golden: dict[str, float]) -> None:
    shares = {
        f.geography_name: round(f.value, 1)
        for f in found
        if (f.edition, f.population_base, f.geography_kind) == ("IoD2019", "mid-2020", kind)
    }
    assert {name: shares[name] for name in golden} == golden


def test_parts_add_to_the_whole_for_every_pair(found: list[Core20]) -> None:
    for pair in {(f.edition, f.population_base) for f in found}:
        totals = {
            kind: sum(
                f.numerator
                for f in found
                if (f.edition, f.population_base, f.geography_kind) == (*pair, kind)
            )
            for kind in ("system", "place", "district")
        }
        assert len(set(totals.values())) == 1, (pair, totals)


def test_a_new_index_never_meets_an_old_count(found: list[Core20]) -> None:
    assert ("IoD2025", "mid-2020") not in {(f.edition, f.population_base) for f in found}


def test_every_figure_names_its_edition_base_and_geography(found: list[Core20]) -> None:
    for figure in found:
        told = figure.as_json()
        assert all(told[name] for name in ("edition", "population_base", "geography_kind", "geography_name"))


def test_an_area_without_a_decile_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        core20(
            [Edition("e", 2011, {})],
            [PopulationBase("b", 2011, {"a": 1})],
            Geography({"a": {"system": "S"}}, {}),
        )
