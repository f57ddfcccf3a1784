"""The figures the pack must give, from the official tables (GUIDE section 1) and the strategy's own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.compute as pc
import pytest

from endeavour.pack import Pack
from endeavour.pack.checks import check_pack
from endeavour.pack.compile.people import AREAS_2019, imd_score
from endeavour.pack.schema.codes import DOMAINS
from endeavour.pack.store import compile_store, connect


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Pack.open("mse")


@pytest.fixture(scope="module")
def cursor(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    var = tmp_path_factory.mktemp("var")
    compile_store(pack, var)
    connection = connect("mse", var)
    yield connection
    connection.close()


def test_the_whole_pack_is_well(pack: Pack) -> None:
    rows = check_pack(pack)
    assert (rows["lsoa21"], rows["lsoa11"]) == (720, 705)
    assert (rows["pcns"], rows["practices"]) == (26, 146)
    assert pack.manifest.not_compiled == {}


@pytest.mark.parametrize(
    ("kind", "count"),
    [("system", 1), ("place", 4), ("district", 9), ("upper_tier", 3), ("sub_icb", 5), ("pcn", 26), ("lsoa21", 720), ("lsoa11", 705)],
)  # fmt: skip
def test_areas_by_kind(cursor: duckdb.DuckDBPyConnection, kind: str, count: int) -> None:
    assert cursor.execute("SELECT count(*) FROM area_kinds WHERE kind = ?", [kind]).fetchone() == (count,)


def test_neighbourhoods_of_2011_and_2021(cursor: duckdb.DuckDBPyConnection) -> None:
    by_sub_icb = dict(cursor.execute("SELECT sub_icb, count(*) FROM lsoa11 GROUP BY sub_icb").fetchall())
    assert by_sub_icb == {"06Q": 234, "07G": 98, "99E": 156, "99F": 110, "99G": 107}
    same = cursor.execute("SELECT count(*) FROM lsoa21 JOIN lsoa11 USING (code)").fetchone()
    split = cursor.execute("SELECT change, count(*) FROM lsoa11 GROUP BY ALL ORDER BY ALL").fetchall()
    assert same == (690,)
    assert dict(split) == {"S": 15, "U": 690}


@pytest.mark.parametrize(
    ("edition", "base", "people", "core20", "share"),
    [
        ("2019", "iod2019_mid2015", 1_163_798, 116_347, 10.00),
        ("2019", "mid2019", 1_195_348, 120_840, 10.11),
        ("2019", "mid2020", 1_199_296, 120_992, 10.09),
        ("2025", "census2021", 1_199_519, 143_841, 11.99),
    ],
)
def test_core20(
    cursor: duckdb.DuckDBPyConnection, edition: str, base: str, people: int, core20: int, share: float
) -> None:
    vintage = "lsoa11" if edition == "2019" else "lsoa21"
    found = cursor.execute(
        f"SELECT sum(persons), sum(persons) FILTER (d.imd_decile <= 2) FROM population AS p "
        f"JOIN {vintage} AS l ON l.code = p.area_code JOIN deprivation AS d ON d.area_code = p.area_code "
        "WHERE d.edition = ? AND p.base = ?",
        [edition, base],
    ).fetchone()
    assert found == (people, core20)
    assert round(100 * core20 / people, 2) == share


def test_core20_of_2019_over_census_residents(cursor: duckdb.DuckDBPyConnection) -> None:
    found = cursor.execute(
        "SELECT sum(persons), sum(persons) FILTER (d.imd_decile <= 2) FROM population AS p "
        "JOIN area_overlaps AS o ON o.to_code = p.area_code AND o.basis = 'persons_census2021' "
        "JOIN deprivation AS d ON d.area_code = o.from_code AND d.edition = '2019' WHERE p.base = 'census2021'"
    ).fetchone()
    assert found == (1_199_519, 119_654)


def shares(
    cursor: duckdb.DuckDBPyConnection, kind: str, edition: str, base: str, vintage: str
) -> dict[str, float]:
    found = cursor.execute(
        "SELECT n.name, 100.0 * sum(persons) FILTER (d.imd_decile <= 2) / sum(persons) FROM population AS p "
        "JOIN deprivation AS d ON d.area_code = p.area_code AND d.edition = ? "
        "JOIN lsoa_areas AS a ON a.lsoa = p.area_code AND a.vintage = ? AND a.kind = ? "
        "JOIN area_kinds AS n ON n.code = a.area AND n.kind = a.kind WHERE p.base = ? GROUP BY n.name",
        [edition, vintage, kind, base],
    ).fetchall()
    return {name: round(share or 0, 1) for name, share in found}


def test_core20_by_alliance_and_district(cursor: duckdb.DuckDBPyConnection) -> None:
    assert shares(cursor, "place", "2019", "mid2020", "lsoa11") == {
        "Basildon and Brentwood": 16.8, "South East Essex": 14.5, "Thurrock": 11.1, "Mid Essex": 1.2,
    }  # fmt: skip
    assert shares(cursor, "district", "2019", "mid2020", "lsoa11") == {
        "Basildon": 23.8, "Southend-on-Sea": 23.5, "Thurrock": 11.1, "Castle Point": 8.6, "Braintree": 1.9,
        "Rochford": 1.8, "Chelmsford": 1.0, "Brentwood": 0, "Maldon": 0,
    }  # fmt: skip
    newer = shares(cursor, "district", "2025", "census2021", "lsoa21")
    assert {name: newer[name] for name in ("Southend-on-Sea", "Basildon", "Thurrock", "Castle Point", "Chelmsford")} == {
        "Southend-on-Sea": 24.9, "Basildon": 24.7, "Thurrock": 14.8, "Castle Point": 10.4, "Chelmsford": 4.3,
    }  # fmt: skip


def test_households_and_the_pool_of_the_first_5000(cursor: duckdb.DuckDBPyConnection) -> None:
    found = cursor.execute(
        "SELECT sum(households), sum(households) FILTER (imd_decile <= 2), sum(households) FILTER (imd_decile = 1), "
        "count(*) FILTER (imd_decile = 1) FROM households JOIN deprivation USING (area_code) WHERE edition = '2025'"
    ).fetchone()
    assert found == (494_652, 59_616, 18_626, 26)


@pytest.mark.parametrize(
    ("table", "column", "category", "count"),
    [
        ("census_ethnicity", "ethnic_group", "white", 1_064_295),
        ("census_ethnicity", "ethnic_group", "asian", 49_685),
        ("census_ethnicity", "ethnic_group", "black", 45_336),
        ("census_ethnicity", "ethnic_group", "mixed", 29_616),
        ("census_ethnicity", "ethnic_group", "other", 10_603),
        ("census_disability", "disability", "disabled", 194_327),
    ],
)
def test_residents_by_group(pack: Pack, table: str, column: str, category: str, count: int) -> None:
    rows = pack.table(table)
    assert pc.sum(rows.filter(pc.equal(rows[column], category))["persons"]).as_py() == count


def test_households_overcrowded_and_deprived(pack: Pack) -> None:
    crowded = pack.table("census_overcrowding")
    wanted = pc.starts_with(crowded["occupancy"], "minus")
    assert pc.sum(crowded.filter(wanted)["households"]).as_py() == 18_024
    dimensions = pack.table("census_deprivation_dimensions")
    deep = dimensions.filter(pc.greater_equal(dimensions["dimensions"], 3))
    assert pc.sum(deep["households"]).as_py() == 16_861


def test_the_formula_of_the_index_gives_the_published_scores_of_2025(pack: Pack) -> None:
    rows = [row for row in pack.table("deprivation").to_pylist() if row["edition"] == "2025"]
    worst = max(
        abs(imd_score({d: row[f"{d}_rank"] for d in DOMAINS}, 33755) - row["imd_score"]) for row in rows
    )
    assert worst < 0.001


def test_the_rebuilt_scores_of_2019_put_areas_in_the_published_order(pack: Pack) -> None:
    rows = [row for row in pack.table("deprivation").to_pylist() if row["edition"] == "2019"]
    assert all(row["imd_decile"] == min(10, (row["imd_rank"] - 1) * 10 // AREAS_2019 + 1) for row in rows)
    ranked = sorted(rows, key=lambda row: row["imd_rank"])
    falls = [a["imd_score"] - b["imd_score"] for a, b in pairwise(ranked)]
    assert min(falls) > -0.01


def test_networks_by_sub_icb(cursor: duckdb.DuckDBPyConnection) -> None:
    found = dict(cursor.execute("SELECT sub_icb, count(*) FROM pcns GROUP BY sub_icb").fetchall())
    assert found == {"06Q": 8, "07G": 4, "99E": 6, "99F": 4, "99G": 4}
    counted = cursor.execute("SELECT count(*) FILTER (in_qof), count(*) FROM practices").fetchone()
    assert counted == (144, 146)
    outside = cursor.execute("SELECT code FROM practices WHERE NOT in_qof ORDER BY code").fetchall()
    assert outside == [("F81684",), ("Y06389",)]


@pytest.mark.parametrize(
    ("year", "patients"),
    [("2024-25", 1_266_512), ("2025-26", 1_294_419)],
)
def test_registered_patients(cursor: duckdb.DuckDBPyConnection, year: str, patients: int) -> None:
    found = cursor.execute("SELECT sum(registered) FROM practice_lists WHERE year = ?", [year]).fetchone()
    assert found is not None
    assert round(found[0]) == patients


def test_practice_registers(cursor: duckdb.DuckDBPyConnection) -> None:
    found = cursor.execute(
        "SELECT count(*), sum(list_size), avg(prevalence) FROM practice_registers WHERE condition = 'HYP'"
    ).fetchone()
    assert found is not None
    assert found[:2] == (144, 1_243_772)
    assert round(found[2], 1) == 15.4


def test_diabetes_by_sub_icb_is_register_over_list(pack: Pack) -> None:
    rows = [
        r
        for r in pack.table("calibration_registers").to_pylist()
        if r["condition"] == "DM" and r["year"] == "2019-20"
    ]
    assert all(abs(r["register"] / r["list_size"] - r["prevalence"]) < 1e-6 for r in rows)
    assert (
        round(100 * min(r["prevalence"] for r in rows), 1),
        round(100 * max(r["prevalence"] for r in rows), 1),
    ) == (6.6, 7.5)


def test_life_expectancy_by_quintile(pack: Pack) -> None:
    rows = [r for r in pack.table("calibration_life_tables").to_pylist() if r["age"] == 0]
    men = [round(r["ex"], 1) for r in sorted(rows, key=lambda r: r["imd_quintile"]) if r["sex"] == "male"]
    women = [round(r["ex"], 1) for r in sorted(rows, key=lambda r: r["imd_quintile"]) if r["sex"] == "female"]
    assert men == [75.0, 78.2, 80.1, 81.3, 82.7]
    assert women == [79.6, 82.1, 83.4, 84.4, 85.6]


def test_the_standard_population_adds_up_to_100_000(pack: Pack) -> None:
    assert pc.sum(pack.table("calibration_esp2013")["persons"]).as_py() == 100_000


def observed(cursor: duckdb.DuckDBPyConnection, indicator: str, area: str, start: str) -> tuple[float, ...]:
    found = cursor.execute(
        "SELECT value, numerator, denominator FROM observations "
        "WHERE indicator = ? AND area_code = ? AND period_start = ? AND subgroup IS NULL",
        [indicator, area, start],
    ).fetchall()
    assert len(found) == 1
    return tuple(found[0])


def test_the_pressures_of_summer_2025(cursor: duckdb.DuckDBPyConnection) -> None:
    assert observed(cursor, "ae_attendances", "RAJ", "2025-07-01")[0] == 35_689
    _, within, seen = observed(cursor, "ae_within_4_hours", "RAJ", "2025-07-01")
    assert seen - within == 8_339
    share, taken, there = observed(cursor, "beds_general_acute_occupied", "RAJ", "2025-08-01")
    assert (round(share, 1), taken, there) == (93.9, 1622, 1727)


def test_waiting_lists_are_the_total_row_alone(cursor: duckdb.DuckDBPyConnection) -> None:
    assert observed(cursor, "rtt_over_18_weeks", "RAJ", "2025-02-01")[0] == 102_535
    assert observed(cursor, "rtt_over_52_weeks", "RAJ", "2025-02-01")[0] == 15_018
    assert observed(cursor, "rtt_incomplete", "E54000026", "2025-02-01")[0] == 200_728


def test_getting_to_care(cursor: duckdb.DuckDBPyConnection) -> None:
    booked = "SELECT sum(value) FROM observations WHERE indicator = 'gp_appointments'"
    assert cursor.execute(booked).fetchone() == (12_643_102 + 412_598 + 796_862,)
    missed = (
        "SELECT sum(numerator), sum(denominator) FROM observations WHERE indicator = 'gp_appointments_missed'"
    )
    assert cursor.execute(missed).fetchone() == (412_598, 12_643_102 + 412_598)
    assert observed(cursor, "talking_therapies_started", "06Q", "2022-07-01")[0] == 535


def test_weeks_that_were_not_reported_have_no_value(cursor: duckdb.DuckDBPyConnection) -> None:
    found = cursor.execute(
        "SELECT count(*), min(value), list(DISTINCT year(period_start)) FILTER (status = 'not_reported') FROM observations "
        "WHERE indicator = 'discharges' AND area_code = 'RAJ'"
    ).fetchone()
    assert found is not None
    assert found[0] == 178, "whole weeks of 1,249 days"
    assert found[1] > 0, "never a zero"
    assert sorted(found[2]) == [2022, 2025], "zeros of 2022, and a week of August 2025 with no rows"


def test_the_health_index_has_no_gap(cursor: duckdb.DuckDBPyConnection) -> None:
    found = cursor.execute(
        "SELECT count(*), count(DISTINCT indicator) FROM observations WHERE indicator LIKE 'health_index_%'"
    ).fetchone()
    assert found == (3528, 56)
    overweight = cursor.execute(
        "SELECT a.name FROM observations AS o JOIN areas AS a ON a.code = o.area_code WHERE "
        "indicator = 'health_index_overweight_and_obesity_in_adults' AND period_end = '2021-12-31' ORDER BY value DESC LIMIT 1"
    ).fetchone()
    assert overweight == ("Thurrock",)


@pytest.mark.parametrize(
    ("area", "percent"), [("E06000033", 16.7), ("E06000034", 16.1), ("E07000066", 15.6), ("E92000001", 14.7)]
)
def test_smoking(cursor: duckdb.DuckDBPyConnection, area: str, percent: float) -> None:
    assert round(observed(cursor, "smoking_qof", area, "2022-04-01")[0], 1) == percent


def test_every_table_says_where_it_comes_from(pack: Pack) -> None:
    for name in pack.table_names():
        known = pack.provenance(name)
        assert known.publisher, name
        assert known.licence, name
        assert known.attribution, name


def test_bodies_and_groups(pack: Pack) -> None:
    bodies = {row["id"]: row for row in pack.table("bodies").to_pylist()}
    assert len([b for b in bodies if b.startswith("hwb-")]) == 3
    assert len([b for b in bodies if b.startswith("healthwatch-")]) == 3
    assert len([b for b in bodies if b.startswith("ccg-")]) == 5
    commission = {b["legal_form"] for b in bodies.values() if b["can_commission"]}
    assert commission <= {"statutory_body", "local_authority"}
    assert bodies["essex-icb"]["certainty"] == "announced"
    assert str(bodies["icb"]["valid_to"]) == "2026-04-01"
    assert len([g for g in pack.plus_groups if g.origin == "local"]) == 9


def test_the_pack_is_small() -> None:
    folder = Pack.open("mse").folder
    size = sum(path.stat().st_size for path in (folder / "tables").rglob("*") if path.is_file())
    assert size < 12_000_000
    assert not list(Path(folder).rglob("*.geojson"))
