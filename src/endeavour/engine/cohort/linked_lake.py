"""A lake whose people are the linked people, so that whatever counts the lake's people counts each of them once.

Somebody is in it where the agency that registers people knows them; of age, sex, ethnicity, practice and registers its
first record speaks. The neighbourhood is that of the home that linkage found, or the registered one where it found
none; PLUS groups and disability hold where any agency says so. A contact belongs to whoever the holding agency's record
was linked to. People whom only other agencies know are counted, and are in no figure: `apart` says how many.

linkage/lake/          as `engine.lake.store` describes; `accommodation` and `occupancy`, which nobody gives, are left out
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endeavour.engine.cohort.agency_facts import HOME_FACTS
from endeavour.engine.cohort.features import GROUPS
from endeavour.engine.cohort.linked import ADULT, COMPOSITION
from endeavour.engine.cohort.sources import AREA, AS_LINKED, Sources, Whose, file_sql, opened
from endeavour.engine.lake.manifest import FileEntry, Manifest, describe
from endeavour.engine.lake.schema import CONDITION, EVENT, HOUSEHOLD, PERSON, PRACTICE, SCHEMA_VERSION, Table
from endeavour.engine.lake.store import Lake, building, current_id, finish
from endeavour.engine.linkage.paths import linkage_dir
from endeavour.errors import BadInput, Corrupt

if TYPE_CHECKING:
    import duckdb

SQL_TYPES = {
    "bool": "BOOLEAN", "int8": "TINYINT", "int16": "SMALLINT", "int32": "INTEGER", "int64": "BIGINT",
    "float32": "FLOAT", "date": "DATE", "string": "VARCHAR", "category": "VARCHAR",
}  # fmt: skip
NOBODY_GIVES = ("accommodation", "occupancy")
FIRST = "(length(record_id), record_id)"
"""Of an agency's several records of one person, the oldest speaks."""

KNOWN = f"""
CREATE TABLE registered AS SELECT DISTINCT person_id, lake_person FROM given_record JOIN who USING (agency, record_id)
WHERE agency = $registrar AND lake_person IS NOT NULL;
CREATE TABLE known AS SELECT person_id, arg_min(lake_person, {FIRST}) AS lake_person
FROM given_record JOIN who USING (agency, record_id)
WHERE agency = $registrar AND lake_person IS NOT NULL GROUP BY person_id;
CREATE TABLE told AS SELECT person_id, coalesce(bool_or(is_minoritised), false) AS in_minoritised_ethnic,
    coalesce(bool_or(is_disabled), false) AS is_disabled,
    {", ".join(f"coalesce(bool_or(in_{g}), false) AS in_{g}" for g in GROUPS if g != "minoritised_ethnic")}
FROM given_record JOIN who USING (agency, record_id) GROUP BY person_id;
CREATE TABLE contact_of AS SELECT agency, lake_person, arg_min(person_id, {FIRST}) AS person_id
FROM given_record JOIN who USING (agency, record_id) WHERE lake_person IS NOT NULL GROUP BY agency, lake_person
"""
OF_PERSON = (
    {name: f"p.{name}" for name in PERSON.names}
    | {
        "person_id": "k.person_id",
        "household_id": "coalesce(l.household_id, k.person_id)",
        "lsoa21": "a.lsoa21",
    }
    | {"is_disabled": "t.is_disabled", "opt_out_national": "false", "opt_out_type_1": "false"}
    | {name: f"a.{name}" for name in AREA}
    | {f"plus_{group}": f"t.in_{group}" for group in GROUPS}
)
PEOPLE = """
SELECT {columns} FROM known AS k JOIN told AS t ON t.person_id = k.person_id
JOIN {person} AS p ON p.person_id = k.lake_person
LEFT JOIN lives AS l ON l.person_id = k.person_id LEFT JOIN house AS h ON h.household_id = l.household_id
LEFT JOIN place_of AS d ON d.uprn = h.home LEFT JOIN area AS found ON found.lsoa21 = d.lsoa21
JOIN area AS a ON a.lsoa21 = coalesce(found.lsoa21, p.lsoa21) ORDER BY k.person_id
"""
# Somebody without a home bears their own number as a household's, which nobody else can: it is that of a member.
OF_HOUSEHOLD = (
    {name: f"m.{name}" for name in HOUSEHOLD.names}
    | {f.name: f"coalesce(f.{f.name}, false)" for f in HOME_FACTS if f.type == "bool"}
    | {
        "is_communal": "coalesce(d.is_communal, false)",
        "adults": "m.size - m.children",
        "composition": COMPOSITION,
        "tenure": "coalesce(f.tenure, 'not known')",
        "deprived_health": "m.is_disabled",
        "deprivation_dimensions": "CAST(coalesce(f.deprived_education, false) AS TINYINT) "
        "+ CAST(coalesce(f.deprived_employment, false) AS TINYINT) + CAST(m.is_disabled AS TINYINT) "
        "+ CAST(coalesce(f.deprived_housing, false) AS TINYINT)",
    }
)
HOUSEHOLDS = f"""
SELECT {{columns}} FROM (
    SELECT household_id, count(*) AS size, count(*) FILTER (WHERE age < {ADULT}) AS children,
        bool_or(is_disabled) AS is_disabled,
        {", ".join(f"arg_min({name}, person_id) AS {name}" for name in ("lsoa21", *AREA))}
    FROM person GROUP BY household_id
) AS m LEFT JOIN house AS h ON h.household_id = m.household_id LEFT JOIN place_of AS d ON d.uprn = h.home
LEFT JOIN home_fact AS f ON f.uprn = h.home ORDER BY m.household_id
"""
CONDITIONS = """
SELECT {columns} FROM (
    SELECT r.person_id, c.condition, min(c.since) AS since, bool_or(c.is_controlled) AS is_controlled
    FROM {condition} AS c JOIN registered AS r ON r.lake_person = c.person_id GROUP BY r.person_id, c.condition
) ORDER BY person_id, condition
"""
OF_EVENT = {name: f"e.{name}" for name in EVENT.names if name != EVENT.partition} | {
    "person_id": "p.person_id",
    "household_id": "p.household_id",
}
EVENTS = """
SELECT {columns} FROM {event} AS e JOIN holds USING (kind)
JOIN contact_of AS o ON o.agency = holds.agency AND o.lake_person = e.person_id
JOIN (SELECT person_id, household_id FROM person) AS p ON p.person_id = o.person_id
"""


def linked_lake_dir() -> Path:
    """Where the lake of linked people stands; person plane, though it holds no name."""
    return linkage_dir() / "lake"


def people_in_use(lake: Lake) -> Lake:
    """The lake of linked people that was made from this one, or this one itself where no records were linked."""
    root = linked_lake_dir()
    if current_id(root) is None:
        return lake
    try:
        linked = Lake.open(root)
    except Corrupt as error:
        raise Corrupt(error.message, hint="Make it again with: endeavour cohort from-extracts") from error
    return linked if linked.manifest.recipe["of"] == lake.id else lake


def build_linked_lake(
    lake: Lake,
    sources: Sources,
    *,
    whose: Whose = AS_LINKED,
    years: Iterable[int] | None = None,
    root: Path | None = None,
) -> Lake:
    """Bring everybody's records together as a lake of their own and make it the one in use.

    `years` keeps the contacts of some financial years only. The same lake, links and facts give the same lake. BadInput
    where an agency that holds contacts does not say whose they are.
    """
    root = root or linked_lake_dir()
    with building(root) as part, opened(lake, sources, whose) as connection:
        _check(connection, sources)
        registrar = sources.holdings.registered_by
        for statement in KNOWN.split(";"):
            asks = "$registrar" in statement
            connection.execute(statement, {"registrar": registrar} if asks else None)
        files = [
            _person(connection, lake, part),
            _write(connection, part, HOUSEHOLD, HOUSEHOLDS, OF_HOUSEHOLD),
            _write(
                connection,
                part,
                PRACTICE,
                f"SELECT {{columns}} FROM {_lake(lake, 'practice')} ORDER BY practice",
            ),
            _write(connection, part, CONDITION, CONDITIONS, condition=_lake(lake, "condition")),
            *_events(connection, lake, sources, part, years),
        ]
        recipe = {
            "schema_version": SCHEMA_VERSION,
            "of": lake.id,
            "of_people": lake.people,
            "population": _population(connection, sources),
        }
        return finish(root, part, Manifest(recipe, tuple(files)))


def _check(connection: duckdb.DuckDBPyConnection, sources: Sources) -> None:
    """That every agency which holds contacts says under which number the lake holds them."""
    numbered = dict(
        connection.execute(
            "SELECT agency, bool_or(lake_person IS NOT NULL) FROM given_record GROUP BY 1"
        ).fetchall()
    )
    for agency in sources.holdings.holds:
        if not numbered.get(agency):
            raise BadInput(
                f"no record of {agency} says under which number the lake holds its contacts", file="linked-people.yaml",
                column="holds", hint="Give lake_person in its facts, or say who else holds them.",
            )  # fmt: skip


def _population(connection: duckdb.DuckDBPyConnection, sources: Sources) -> dict[str, Any]:
    """Who is in this lake and who is not; exact counts, so private."""
    people, apart = connection.execute(
        "SELECT (SELECT count(*) FROM known), (SELECT count(*) FROM told ANTI JOIN known USING (person_id))"
    ).fetchall()[0]
    return {
        "kind": "linked",
        "words": f"people linked from {sources.words}",
        "run": sources.result.name,
        "as_at": sources.result.summary["as_at"],
        "is_keyed": sources.is_keyed,
        "people": people,
        "apart": apart,
        "left_out": sources.result.summary["opted_out"],
    }


def _person(connection: duckdb.DuckDBPyConnection, lake: Lake, part: Path) -> FileEntry:
    entry = _write(connection, part, PERSON, PEOPLE, OF_PERSON, person=_lake(lake, "person"))
    connection.execute(f"CREATE VIEW person AS SELECT * FROM {file_sql(part / entry.path)}")
    return entry


def _events(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    sources: Sources,
    part: Path,
    years: Iterable[int] | None,
) -> list[FileEntry]:
    """The contacts, one financial year at a time, in the lake's own order; the last thing this connection writes.

    On one thread, with the joins in the order written, the rows come as the lake has them, run after run; sorting them
    takes three times the work.
    """
    connection.execute("SET threads = 1")
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    held = ", ".join(f"('{kind}', '{a}')" for a, kinds in sources.holdings.holds.items() for kind in kinds)
    connection.execute(f"CREATE TABLE holds AS SELECT * FROM (VALUES {held}) AS one (kind, agency)")
    wanted = None if years is None else {f"{EVENT.partition}={year}" for year in years}
    folders = sorted({path.parent.name for path in lake.files("event")})
    return [
        _write(
            connection, part, EVENT, EVENTS, OF_EVENT, folder=folder,
            event=_files([path for path in lake.files("event") if path.parent.name == folder]),
        )
        for folder in folders
        if wanted is None or folder in wanted
    ]  # fmt: skip


def _write(
    connection: duckdb.DuckDBPyConnection,
    part: Path,
    table: Table,
    query: str,
    columns: Mapping[str, str] | None = None,
    *,
    folder: str = "",
    **files: str,
) -> FileEntry:
    """Write one file of a table, every column of the lake's own type."""
    import pyarrow.parquet as pq

    given = columns or {name: name for name in table.names}
    listed = ", ".join(
        f"CAST({given[c.name]} AS {SQL_TYPES[c.type]}) AS {c.name}"
        for c in table.columns
        if c.name in given and c.name not in NOBODY_GIVES
    )
    path = part / table.name / folder / "part-0001.parquet"
    path.parent.mkdir(parents=True)
    written = str(path).replace("'", "''")
    connection.execute(
        f"COPY ({query.format(columns=listed, **files)}) TO '{written}' (FORMAT parquet, COMPRESSION snappy)"
    )
    return describe(part, path, table.name, pq.read_metadata(path).num_rows)


def _lake(lake: Lake, table: str) -> str:
    return _files(lake.files(table))


def _files(paths: list[Path]) -> str:
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false)"
