"""A lake whose people are the linked people, so that whatever counts the lake's people counts each of them once.

Somebody is in it where the agency that registers people knows them; of age, sex, ethnicity, practice and registers its
first record speaks. The neighbourhood is that of the home that linkage found, or the registered one where it found
none; PLUS groups and disability hold where any agency says so. A contact belongs to whoever the holding agency's record
was linked to. People whom only other agencies know are counted, and are in no figure: `apart` says how many.

linkage/lake/          as `engine.lake.store` describes; `accommodation` and `occupancy`, which nobody gives, are left out
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endeavour.engine.cohort.agency_facts import HOME_FACTS
from endeavour.engine.cohort.features import GROUPS
from endeavour.engine.cohort.linked import ADULT, COMPOSITION
from endeavour.engine.cohort.sources import AREA, AS_LINKED, Sources, Whose, opened, text_sql
from endeavour.engine.lake.manifest import FileEntry, Manifest
from endeavour.engine.lake.schema import (
    CONDITION,
    EVENT,
    EVENT_KINDS,
    HOUSEHOLD,
    PERSON,
    PRACTICE,
    SCHEMA_VERSION,
)
from endeavour.engine.lake.store import Lake, building, current_id, finish
from endeavour.engine.linkage.paths import linkage_dir
from endeavour.errors import BadInput, Corrupt

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.cohort.holdings import Holdings
    from endeavour.engine.lake.backends import Backend


def _listed(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{value} AS {name}" for name, value in columns.items())


NOBODY_GIVES = ("accommodation", "occupancy")
GIVEN_OF_HOUSEHOLD = replace(
    HOUSEHOLD, columns=tuple(c for c in HOUSEHOLD.columns if c.name not in NOBODY_GIVES)
)
PEOPLE_A_FILE = 1_250_000
"""Contacts of more people than this, by their numbers, are in several files a year, so that workers can share them."""

FIRST = "(length(record_id), record_id)"
"""Of an agency's several records of one person, the oldest speaks."""

TOLD = f"""
SELECT person_id,
    arg_min(lake_person, {FIRST}) FILTER (WHERE agency = {{registrar}} AND lake_person IS NOT NULL) AS lake_person,
    coalesce(bool_or(is_minoritised), false) AS in_minoritised_ethnic,
    coalesce(bool_or(is_disabled), false) AS is_disabled,
    {", ".join(f"coalesce(bool_or(in_{g}), false) AS in_{g}" for g in GROUPS if g != "minoritised_ethnic")}
FROM given_record JOIN who USING (agency, record_id) GROUP BY person_id
"""
"""Everybody of whom any agency has a record; with `lake_person` where the one that registers people has one."""

OF_PERSON = (
    {name: f"p.{name}" for name in PERSON.names}
    | {
        "person_id": "t.person_id",
        "household_id": "coalesce(l.household_id, t.person_id)",
        "lsoa21": "a.lsoa21",
    }
    | {"is_disabled": "t.is_disabled", "opt_out_national": "false", "opt_out_type_1": "false"}
    | {name: f"a.{name}" for name in AREA}
    | {f"plus_{group}": f"t.in_{group}" for group in GROUPS}
)
PEOPLE = f"""
SELECT {_listed(OF_PERSON)}, 1 AS part FROM told AS t JOIN person AS p ON p.person_id = t.lake_person
LEFT JOIN lives AS l ON l.person_id = t.person_id LEFT JOIN house AS h ON h.household_id = l.household_id
LEFT JOIN place_of AS d ON d.uprn = h.home LEFT JOIN area AS found ON found.lsoa21 = d.lsoa21
JOIN area AS a ON a.lsoa21 = coalesce(found.lsoa21, p.lsoa21)
"""
# Somebody without a home bears their own number as a household's, which nobody else can: it is that of a member.
OF_HOUSEHOLD = (
    {name: f"m.{name}" for name in GIVEN_OF_HOUSEHOLD.names}
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
SELECT {_listed(OF_HOUSEHOLD)}, 1 AS part FROM (
    SELECT household_id, count(*) AS size, count(*) FILTER (WHERE age < {ADULT}) AS children,
        bool_or(is_disabled) AS is_disabled,
        {", ".join(f"arg_min({name}, person_id) AS {name}" for name in ("lsoa21", *AREA))}
    FROM linked GROUP BY household_id
) AS m LEFT JOIN house AS h ON h.household_id = m.household_id LEFT JOIN place_of AS d ON d.uprn = h.home
LEFT JOIN home_fact AS f ON f.uprn = h.home
"""
PRACTICES = "SELECT *, 1 AS part FROM practice"
CONDITIONS = """
SELECT r.person_id, c.condition, min(c.since) AS since, bool_or(c.is_controlled) AS is_controlled, 1 AS part
FROM condition AS c JOIN (
    SELECT DISTINCT person_id, lake_person FROM given_record JOIN who USING (agency, record_id)
    WHERE agency = {registrar} AND lake_person IS NOT NULL
) AS r ON r.lake_person = c.person_id GROUP BY r.person_id, c.condition
"""
CONTACT = f"""
SELECT o.agency, o.lake_person, p.person_id, p.household_id,
    CAST(ceil(p.person_id / {{people_a_file}}) AS SMALLINT) AS part
FROM (
    SELECT agency, lake_person, arg_min(person_id, {FIRST}) AS person_id
    FROM given_record JOIN who USING (agency, record_id) WHERE lake_person IS NOT NULL GROUP BY agency, lake_person
) AS o JOIN linked AS p ON p.person_id = o.person_id
"""
"""Whose the contacts are that an agency holds under a number of the lake's."""

SERVICES = tuple((kind, subtype) for kind, subtypes in EVENT_KINDS.items() for subtype in subtypes)
SORTS = f"SELECT kind, subtype, min({EVENT.partition}) AS year FROM event GROUP BY kind, subtype ORDER BY year, kind, subtype"
OF_EVENT = {name: f"e.{name}" for name in EVENT.names} | {
    "person_id": "o.person_id",
    "household_id": "o.household_id",
}
EVENTS = f"""
SELECT {_listed(OF_EVENT)}, o.part, CAST({len(SERVICES)} * o.part + s.nth AS SMALLINT) AS place FROM event AS e
JOIN service AS s ON s.kind = e.kind AND s.subtype = e.subtype
JOIN contact AS o ON o.agency = s.agency AND o.lake_person = e.person_id
"""
IN_ORDER = ("place", "person_id", "occurred_on", "days")
"""File after file, and in each service by service, as the lake has them: a measure then reads its own service's rows only."""


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
    where an agency that holds contacts does not say whose they are, or a contact is of no sort that there is.
    """
    root = root or linked_lake_dir()
    with building(root) as part, opened(lake, sources, whose) as backend:
        _check_numbers(backend, sources)
        _check_sorts(backend, lake)
        files = _written(backend, sources.holdings, part, _years(lake, years))
        recipe = {
            "schema_version": SCHEMA_VERSION,
            "of": lake.id,
            "of_people": lake.people,
            "population": _population(backend, sources),
        }
        return finish(root, part, Manifest(recipe, tuple(files)))


def _years(lake: Lake, wanted: Iterable[int] | None) -> list[int]:
    """The financial years of the lake's contacts, all or some."""
    there = {int(path.parent.name.removeprefix(f"{EVENT.partition}=")) for path in lake.files("event")}
    return sorted(there if wanted is None else there & set(wanted))


def _check_numbers(backend: Backend, sources: Sources) -> None:
    """That every agency which holds contacts says under which number the lake holds them."""
    numbered = backend.run("SELECT DISTINCT agency FROM given_record WHERE lake_person IS NOT NULL")
    for agency in sources.holdings.holds:
        if agency not in numbered["agency"].to_pylist():
            raise BadInput(
                f"no record of {agency} says under which number the lake holds its contacts", file="linked-people.yaml",
                column="holds", hint="Give lake_person in its facts, or say who else holds them.",
            )  # fmt: skip


def _check_sorts(backend: Backend, lake: Lake) -> None:
    """That every contact is of a sort that there is: of any other nobody could say who holds it, and it would be lost."""
    for row in backend.run(SORTS).to_pylist():
        if (row["kind"], row["subtype"]) not in SERVICES:
            raise _no_such_sort(lake, row["kind"], row["subtype"], row["year"])


def _no_such_sort(lake: Lake, kind: str | None, subtype: str | None, year: int) -> BadInput:
    """The error that says where the first such contact of a year stands; of what is wrong nothing is quoted."""
    paths = [path for path in lake.files("event") if path.parent.name == f"{EVENT.partition}={year}"]
    with lake.connect() as connection:
        [(file, line)] = connection.execute(
            f"SELECT filename, min(file_row_number) + 1 FROM read_parquet([{', '.join(text_sql(str(p)) for p in paths)}], "
            "filename = true, file_row_number = true) WHERE kind IS NOT DISTINCT FROM ? AND subtype IS NOT DISTINCT FROM ? "
            "GROUP BY filename ORDER BY filename LIMIT 1",
            [kind, subtype],
        ).fetchall()
    known = EVENT_KINDS.get(kind or "", ())
    return BadInput(
        f"contacts of the kind '{kind}' have no such subtype" if known else "there is no such kind of contact",
        file=file, line=line, column="subtype" if known else "kind",
        hint=f"There are {', '.join(known or EVENT_KINDS)}. Correct it, and build the lake again.",
    )  # fmt: skip


def _written(backend: Backend, holdings: Holdings, part: Path, years: list[int]) -> list[FileEntry]:
    """Every table's files. People come first: households and contacts are those of the people who are in."""
    registrar = text_sql(holdings.registered_by)
    backend.keep("told", TOLD.format(registrar=registrar))
    people = backend.write(PEOPLE, PERSON, part, order=PERSON.key)
    backend.add("linked", [part / entry.path for entry in people])
    backend.keep("contact", CONTACT.format(people_a_file=PEOPLE_A_FILE))
    backend.add("service", _services(holdings))
    return [
        *people,
        *backend.write(HOUSEHOLDS, GIVEN_OF_HOUSEHOLD, part, order=HOUSEHOLD.key),
        *backend.write(PRACTICES, PRACTICE, part, order=PRACTICE.key),
        *backend.write(CONDITIONS.format(registrar=registrar), CONDITION, part, order=CONDITION.key),
        *backend.write(EVENTS, EVENT, part, order=IN_ORDER, years=years),
    ]


def _services(holdings: Holdings) -> pa.Table:
    """Every sort of contact, in the schema's order, with the agency that holds it."""
    import pyarrow as pa

    holder = {kind: agency for agency, kinds in holdings.holds.items() for kind in kinds}
    return pa.table(
        {
            "kind": [kind for kind, _ in SERVICES],
            "subtype": [subtype for _, subtype in SERVICES],
            "agency": [holder[kind] for kind, _ in SERVICES],
            "nth": pa.array(range(len(SERVICES)), pa.int16()),
        }
    )


def _population(backend: Backend, sources: Sources) -> dict[str, Any]:
    """Who is in this lake and who is not; exact counts, so private."""
    [counted] = backend.run(
        "SELECT count(lake_person) AS people, count(*) - count(lake_person) AS apart FROM told"
    ).to_pylist()
    return {
        "kind": "linked",
        "words": f"people linked from {sources.words}",
        "run": sources.result.name,
        "as_at": sources.result.summary["as_at"],
        "is_keyed": sources.is_keyed,
        "people": counted["people"],
        "apart": counted["apart"],
        "left_out": sources.result.summary["opted_out"],
    }
