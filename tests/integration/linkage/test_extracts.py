"""The synthetic extracts: the same bytes for the same seed, every mistake in them, and the truth apart."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from builders.lake import the_small_lake
from builders.linkage import the_standard_extracts
from endeavour.engine.linkage.extract_format import arrow_schema
from endeavour.engine.linkage.nhs_number import valid_sql
from endeavour.engine.linkage.reading import read_extracts
from endeavour.engine.synthetic.extracts.agencies import AGENCIES
from endeavour.engine.synthetic.extracts.build import build_extracts


def bytes_of(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.*")) if path.is_file()
    }


def asked(sql: str) -> int:
    """One number about the standard extracts joined with their truth, as `r`; `l` is the lake's person."""
    root, lake = the_standard_extracts(), the_small_lake()
    parts = " UNION ALL ".join(
        f"SELECT '{one.name}' AS agency, * FROM '{root}/extracts/{one.name}/*.parquet'" for one in AGENCIES
    )
    person = lake.files("person")[0]
    return int(
        duckdb.sql(
            f"WITH r AS (SELECT * FROM ({parts}) JOIN '{root}/truth/records.parquet' USING (agency, record_id)), "
            f"l AS (SELECT * FROM '{person}') {sql}"
        ).fetchall()[0][0]
    )


@pytest.mark.slow
def test_same_seed_same_bytes_and_another_seed_other_bytes(tmp_path: Path) -> None:
    standard = the_standard_extracts()
    kept = {
        name: data
        for name, data in bytes_of(standard).items()
        if name.split("/")[0] in ("extracts", "facts", "truth")
    }
    build_extracts(the_small_lake(), root=tmp_path / "again")
    assert bytes_of(tmp_path / "again") == kept
    build_extracts(the_small_lake(), root=tmp_path / "again", seed=7)
    other = bytes_of(tmp_path / "again")
    assert other.keys() == kept.keys()
    drawn = [name for name in kept if "part-" in name and name != "facts/addresses/part-0001.parquet"]
    assert all(other[name] != kept[name] for name in drawn)


@pytest.mark.slow
def test_csv_holds_the_same_as_parquet(tmp_path: Path) -> None:
    build_extracts(the_small_lake(), root=tmp_path, csv=True)
    tables = []
    for root in (tmp_path, the_standard_extracts()):
        connection = duckdb.connect()
        read_extracts(connection, root / "extracts")
        tables.append(
            connection.sql("SELECT * FROM given_record ORDER BY agency, record_id").to_arrow_table()
        )
    assert tables[0].equals(tables[1])


def test_sizes_are_the_agencies_own_and_the_shape_is_as_agreed() -> None:
    root, residents = the_standard_extracts(), the_small_lake().rows()["person"]
    for agency in AGENCIES:
        table = pq.read_table(root / "extracts" / agency.name / "part-0001.parquet")
        assert table.schema.equals(arrow_schema())
        assert table.num_rows == pytest.approx(residents * agency.share * (1 + agency.duplicates), rel=0.06)


def test_birth_dates_agree_with_the_lake_but_for_slips() -> None:
    same = asked(
        "SELECT count(*) FROM r JOIN l USING (person_id) WHERE agency = 'nhs' "
        "AND year(birth_date) = birth_year AND month(birth_date) IN (birth_month, 1)"
    )
    everybody = asked("SELECT count(*) FROM r WHERE agency = 'nhs'")
    assert same > 0.9 * everybody


@pytest.mark.parametrize(
    ("fault", "sql", "least"),
    [
        ("twins", "SELECT count(*) FROM r AS a JOIN r AS b ON a.birth_date = b.birth_date "
         "AND a.address = b.address AND a.postcode = b.postcode AND a.agency = 'nhs' AND b.agency = 'nhs' "
         "AND a.person_id < b.person_id", 3),
        ("duplicates", "SELECT count(*) - count(DISTINCT (agency, person_id)) FROM r", 50),
        ("surnames that differ", "SELECT count(*) FROM (SELECT person_id FROM r GROUP BY 1 "
         "HAVING count(DISTINCT upper(surname)) > 1)", 50),
        ("birth dates that differ", "SELECT count(*) FROM (SELECT person_id FROM r GROUP BY 1 "
         "HAVING count(DISTINCT birth_date) > 1)", 20),
        ("short forms", "SELECT count(*) FROM (SELECT person_id FROM r GROUP BY 1 "
         "HAVING count(DISTINCT upper(forename[1])) > 1)", 20),
        ("stale addresses", "SELECT count(*) FROM (SELECT person_id FROM r WHERE uprn IS NOT NULL GROUP BY 1 "
         "HAVING count(DISTINCT uprn) > 1)", 20),
        ("NHS numbers that do not check", f"SELECT count(*) FROM r WHERE NOT {valid_sql('nhs_number')}", 3),
        ("records without an NHS number", "SELECT count(*) FROM r WHERE nhs_number IS NULL", 500),
        ("opt-outs", "SELECT count(*) FROM r WHERE opted_out", 100),
    ],
)  # fmt: skip
def test_every_usual_mistake_is_in_them(fault: str, sql: str, least: int) -> None:
    assert asked(sql) >= least, fault


def test_whose_practice_may_not_share_is_not_in_the_nhs_extract_and_numbers_are_never_real_ones() -> None:
    assert (
        asked("SELECT count(*) FROM r JOIN l USING (person_id) WHERE agency = 'nhs' AND opt_out_type_1") == 0
    )
    assert asked("SELECT count(*) FROM r WHERE agency = 'nhs' AND nhs_number[1] <> '9'") == 0
    assert asked("SELECT count(*) FROM r WHERE postcode[1] <> 'X'") == 0
    columns = set(pq.read_schema(the_standard_extracts() / "extracts" / "nhs" / "part-0001.parquet").names)
    assert "person_id" not in columns
