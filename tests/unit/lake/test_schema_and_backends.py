"""The schema as data, and one SQL statement on two engines."""

from __future__ import annotations

import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders.lake import the_small_lake
from endeavour.engine.lake import schema
from endeavour.engine.lake.backends import DuckBackend, engine_name, open_backend
from endeavour.engine.lake.spark import to_spark
from endeavour.errors import BadInput, NotFound

QUERIES = {
    "count by group": "SELECT sex, ethnicity, count(*) AS n FROM person GROUP BY sex, ethnicity ORDER BY sex, ethnicity",
    "conditions by decile": (
        "SELECT p.imd2019_decile AS decile, c.condition AS code, count(*) AS n FROM condition AS c "
        "JOIN person AS p ON p.person_id = c.person_id GROUP BY p.imd2019_decile, c.condition "
        "ORDER BY p.imd2019_decile, c.condition"
    ),
    "events by year": (
        "SELECT financial_year, kind, count(DISTINCT person_id) AS people, sum(CAST(days AS BIGINT)) AS nights "
        "FROM event WHERE kind IN ('ae', 'admission') GROUP BY financial_year, kind ORDER BY financial_year, kind"
    ),
    "median age": (
        "SELECT district, CAST(percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST(age AS DOUBLE)) AS DOUBLE) AS median "
        "FROM person GROUP BY district ORDER BY district"
    ),
    "rate per 1000": (
        "SELECT h.tenure AS tenure, CAST(1000 AS DOUBLE) * sum(CASE WHEN e.person_id IS NULL THEN 0 ELSE 1 END) / "
        "count(*) AS rate FROM person AS p JOIN household AS h ON h.household_id = p.household_id "
        "LEFT JOIN (SELECT DISTINCT person_id FROM event WHERE kind = 'police') AS e ON e.person_id = p.person_id "
        "GROUP BY h.tenure ORDER BY h.tenure"
    ),
    "checked within the year": (
        "SELECT p.imd2019_decile AS decile, avg(CASE WHEN e.person_id IS NULL THEN CAST(0 AS DOUBLE) ELSE CAST(1 AS DOUBLE) END) AS share "
        "FROM condition AS c JOIN person AS p ON p.person_id = c.person_id "
        "LEFT JOIN event AS e ON e.person_id = p.person_id AND e.subtype = 'bp_check' AND e.financial_year = 2022 "
        "WHERE c.condition = 'HYP' AND (p.died_on IS NULL OR p.died_on >= DATE '2023-04-01') "
        "GROUP BY p.imd2019_decile ORDER BY p.imd2019_decile"
    ),
}


def test_every_table_has_unique_columns_and_a_key_of_its_own() -> None:
    for table in schema.TABLES.values():
        assert len(set(table.names)) == len(table.columns)
        assert set(table.key) <= set(table.names)
        assert table.partition in ("", *table.names)
        assert all(column.means for column in table.columns)


def test_an_unknown_table_or_column_lists_those_there_are() -> None:
    with pytest.raises(NotFound, match="person, household"):
        schema.table("patients")
    with pytest.raises(NotFound, match="birth_year"):
        schema.PERSON.column("dob")


def test_subtypes_are_one_kinds_only_where_they_say() -> None:
    assert set(schema.EVENT.column("kind").values) == set(schema.EVENT_KINDS)
    assert {s for kind in schema.EVENT_KINDS.values() for s in kind} == set(
        schema.EVENT.column("subtype").values
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", list(schema.TABLES))
def test_the_files_have_the_schemas_columns_types_and_values(name: str) -> None:
    lake, table = the_small_lake(), schema.TABLES[name]
    read = lake.connect(threads=1).sql(f"SELECT * FROM {name}").to_arrow_table()
    assert tuple(read.column_names) == table.names
    for path in lake.files(name):
        assert pq.read_schema(path).equals(table.arrow(in_file=True))
    for column in table.columns:
        if not column.nullable:
            assert read[column.name].null_count == 0, column.name
        if column.values:
            found = set(read[column.name].unique().to_pylist())
            assert found <= set(column.values), column.name
    if table.key:
        assert read.group_by(list(table.key)).aggregate([]).num_rows == read.num_rows


@pytest.mark.slow
def test_kind_and_subtype_are_lawful_pairs_inside_the_right_year() -> None:
    engine = the_small_lake().connect(threads=1)
    for kind, subtype in engine.sql("SELECT DISTINCT kind, subtype FROM event").fetchall():
        assert subtype in schema.EVENT_KINDS[kind]
    wrong = engine.sql(
        "SELECT count(*) FROM event WHERE occurred_on < make_date(financial_year, 4, 1) "
        "OR occurred_on >= make_date(financial_year + 1, 4, 1)"
    ).fetchall()
    assert wrong == [(0,)]
    late = engine.sql(
        "SELECT count(*) FROM event JOIN person USING (person_id) WHERE occurred_on > died_on"
    ).fetchall()
    assert late == [(0,)]
    strays = engine.sql(
        "SELECT count(*) FROM event e JOIN person p USING (person_id) WHERE e.household_id <> p.household_id"
    ).fetchall()
    assert strays == [(0,)]


def test_the_engine_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENDEAVOUR_ENGINE", raising=False)
    assert engine_name() == "duckdb"
    monkeypatch.setenv("ENDEAVOUR_ENGINE", "SPARK")
    assert engine_name() == "spark"
    monkeypatch.setenv("ENDEAVOUR_ENGINE", "oracle")
    with pytest.raises(BadInput, match="duckdb or spark"):
        engine_name()


def test_threads_are_limited_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDEAVOUR_THREADS", "1")
    with DuckBackend({}) as engine:
        assert engine.run("SELECT current_setting('threads') AS n")["n"].to_pylist() == [1]
    for wrong in ("0", "many", "-2"):
        monkeypatch.setenv("ENDEAVOUR_THREADS", wrong)
        with pytest.raises(BadInput, match="ENDEAVOUR_THREADS"):
            DuckBackend({})


def test_a_wrong_statement_is_a_plain_error() -> None:
    with DuckBackend({"t": pa.table({"a": [1]})}) as engine:
        with pytest.raises(BadInput, match="cannot be run"):
            engine.run("SELECT b FROM t")
        with pytest.raises(BadInput, match="cannot be run"):
            engine.run("SELEC")
    with pytest.raises(BadInput, match="translated"):
        to_spark("SELECT FROM WHERE (")


def test_each_thread_has_its_own_cursor() -> None:
    with DuckBackend({"t": pa.table({"a": list(range(100))})}, threads=1) as engine:
        cursors, answers = {id(engine.cursor())}, []

        def ask() -> None:
            cursors.add(id(engine.cursor()))
            answers.append(engine.run("SELECT sum(a) AS s FROM t")["s"][0].as_py())

        workers = [threading.Thread(target=ask) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert answers == [4950] * 4
        assert len(cursors) > 1


def test_nothing_is_fetched_from_outside() -> None:
    with DuckBackend({}, threads=1) as engine:
        settings = engine.run(
            "SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%known_extensions' ORDER BY name"
        )
        assert settings["value"].to_pylist() == ["false", "false"]


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_spark_gives_the_same_answers_as_duckdb(tmp_path: Path) -> None:
    sources = the_small_lake().sources()
    with (
        open_backend(sources, engine="duckdb", threads=2) as duck,
        open_backend(sources, engine="spark") as spark,
    ):
        for name, sql in QUERIES.items():
            ours, theirs = duck.run(sql).to_pylist(), spark.run(sql).to_pylist()
            assert len(ours) == len(theirs) > 0, name
            for one, other in zip(ours, theirs, strict=True):
                assert one.keys() == other.keys()
                for key in one:
                    wanted = (
                        pytest.approx(float(one[key]), rel=1e-12) if isinstance(one[key], float) else one[key]
                    )
                    assert other[key] == wanted, (name, one, other)


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_spark_takes_a_table_for_as_large_as_its_rows_are_in_memory() -> None:
    """By its files alone a system's people are ten megabytes, which Spark would send to every worker, and burst."""
    files = the_small_lake().files("person")
    with open_backend({"person": files}, engine="spark") as engine:
        plan = engine.session.table("person")._jdf.queryExecution().analyzed()  # type: ignore[attr-defined]
        taken_for = int(str(plan.stats().sizeInBytes()))
    assert taken_for >= 20 * sum(path.stat().st_size for path in files)


def test_the_reference_lists_every_column_as_the_schema_has_it() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "lake.md").read_text(encoding="utf-8")
    for table in schema.TABLES.values():
        section = page.split(f"\n### {table.name}\n")[1].split("\n### ")[0]
        listed = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
        assert listed == list(table.names)
        for column in table.columns:
            assert f"| {column.means}" in section
