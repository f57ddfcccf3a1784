"""One measure becomes one SQL statement: read once, counted by every combination there is, then added up every way.

The statement is in DuckDB's dialect and keeps to what sqlglot can write for Spark. Every grouping is text, so that
NULL in the answer can only mean 'all of them'.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from endeavour.engine.measures.definition import Measure
from endeavour.engine.measures.groupings import FIVE_YEARS, columns_of, counted_by
from endeavour.engine.measures.predicates import Predicate, Reads, asks_for_one_contact, contact_name, parse
from endeavour.errors import BadInput

LATEST_YEAR = 2023
NEWEST = (LATEST_YEAR,)
ALL = "all"


@dataclass(frozen=True)
class Compiled:
    """The statement, the grouping columns of its answer in order, and the years it counts."""

    measure: Measure
    sql: str
    groupings: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    years: tuple[int, ...]


def compile_measure(
    measure: Measure, *, years: Sequence[int] = NEWEST, by: Sequence[str] | None = None
) -> Compiled:
    """The one statement of a measure, for some financial years (2023: April 2023 to March 2024).

    Its answer has a text column for each grouping (NULL: all), then `numerator_2023` and `denominator_2023` for each
    year. `by` keeps only some groupings. `BadInput` names what a predicate may not say.
    """
    groupings, sets = _sets(measure, by)
    if "condition" in groupings and measure.counts != "conditions":
        raise BadInput(
            "only a measure that counts conditions is grouped by them",
            file=f"{measure.id}.yaml",
            column="groupings",
        )
    return Compiled(measure, _statement(measure, groupings, sets, years), groupings, sets, tuple(years))


def compile_ages(measure: Measure, *, years: Sequence[int] = NEWEST) -> Compiled:
    """The same statement with every group told by five years of age instead of broad bands: private, to standardise."""
    columns, sets = _sets(measure, None)
    sets = tuple((*group, FIVE_YEARS) for group in sets if "age_band" not in group)
    groupings = (*(column for column in columns if column != "age_band"), FIVE_YEARS)
    return Compiled(measure, _statement(measure, groupings, sets, years), groupings, sets, tuple(years))


def compile_months(measure: Measure, years: Sequence[int]) -> str | None:
    """One statement that counts a measure by month and place over several years; None where months mean nothing.

    A measure of events is counted by the month of the event, and its answer has both terms. Of people, only one whose
    numerator asks whether they met a service at all can be told by month: its answer has the people counted in each
    month, and no denominator, for that is the year's. Columns: period (such as 2023-07), place (NULL: all), numerator
    and, for events, denominator.
    """
    reads = Reads()
    denominator, numerator = _conditions(measure, reads)
    month = "CAST(year({0}.occurred_on) * 100 + month({0}.occurred_on) AS VARCHAR) AS period"
    if measure.counts == "events" and not reads.contacts:
        tables, start = _registers(reads), month.format("r")
        source = _from(measure, reads, ())
        year_of, base = "r.financial_year", ", count(*) AS denominator"
    elif measure.counts == "people" and asks_for_one_contact(measure.numerator, measure.denominator):
        also = [month.format("event"), "financial_year AS year_of"]
        tables, start = [*_registers(reads), *_contacts(reads, years, also)], "e.period AS period"
        source = _from(measure, reads, ()).replace("LEFT JOIN contacts AS e", "JOIN contacts AS e")
        year_of, base = "e.year_of", ""
    else:
        return None
    present = " OR ".join(f"({year_of} = {year} AND {_alive(year)})" for year in years)
    rows = (
        f"base AS (\n  SELECT {start}, p.place AS place, CASE WHEN {numerator.sql} THEN 1 ELSE 0 END AS counted\n"
        f"  {source}\n  WHERE ({denominator.sql})\n    AND ({present})\n)"
    )
    return (
        "WITH "
        + ",\n".join([*tables, rows])
        + f"\nSELECT period, place, CAST(sum(counted) AS BIGINT) AS numerator{base}\n"
        + "FROM base\nGROUP BY GROUPING SETS ((period), (period, place))"
    )


def _conditions(measure: Measure, reads: Reads, year: int | None = None) -> tuple[Predicate, Predicate]:
    denominator, numerator = (
        parse(
            text,
            counts=measure.counts,
            reads=reads,
            year=year,
            where=field,
            file=f"{measure.id}.yaml",
            line=measure.line_of(field),
        )
        for field, text in (("denominator", measure.denominator), ("numerator", measure.numerator))
    )
    return denominator, numerator


def _sets(measure: Measure, by: Sequence[str] | None) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    single = [(g,) for g in measure.groupings if g != "system"]
    crossed = [tuple(group.of) for group in measure.crossed if set(group.of) <= set(measure.groupings)]
    wanted: list[tuple[str, ...]] = [*single, *crossed]
    if by is not None:
        unknown = [g for g in by if g not in measure.groupings]
        if unknown:
            raise BadInput(
                f"{measure.id} is not grouped by {', '.join(unknown)}.",
                hint=f"It is grouped by {', '.join(measure.groupings)}.",
            )
        wanted = [group for group in wanted if set(group) <= set(by)]
    columns = tuple(dict.fromkeys(g for group in wanted for g in group))
    return columns, ((), *wanted)


def _statement(
    measure: Measure, groupings: tuple[str, ...], sets: tuple[tuple[str, ...], ...], years: Sequence[int]
) -> str:
    reads = Reads()
    conditions = {year: _conditions(measure, reads, year) for year in years}
    tables = [*_registers(reads), *_contacts(reads, years)]
    sql_of = {column: sql for g in groupings for column, sql in columns_of(g).items()}
    short, told = counted_by(sql_of)
    people = {year: f"({den.sql}) AND {_present(measure, year)}" for year, (den, _) in conditions.items()}
    columns = [f"{sql} AS {column}" for column, sql in short.items()]
    for year, (_, numerator) in conditions.items():
        columns += [
            f"CASE WHEN {people[year]} THEN 1 END AS people_{year}",
            f"CASE WHEN {people[year]} AND ({numerator.sql}) THEN 1 END AS counted_{year}",
        ]
    base = (
        "base AS (\n  SELECT\n    "
        + ",\n    ".join(columns)
        + f"\n  {_from(measure, reads, groupings)}\n  WHERE "
        + "\n    OR ".join(people.values())
        + "\n)"
    )
    terms = [f"{term}_{year}" for year in years for term in ("counted", "people")]
    each = ", ".join(f"count({term}) AS {term}" for term in terms)
    names = ", ".join(short)
    counts = f"counts AS (\n  SELECT {names + ', ' if names else ''}{each} FROM base" + (
        f"\n  GROUP BY {names}\n)" if names else "\n)"
    )
    texts = [f"{sql} AS {column}" if sql != column else column for column, sql in told.items()]
    cells = f"cells AS (\n  SELECT {', '.join([*texts, *terms])} FROM counts\n)"
    grouped = ",\n  ".join(f"({', '.join(group)})" for one in sets for group in _column_sets(one))
    answer = [*sql_of]
    for year in years:
        answer += [
            f"CAST(sum(counted_{year}) AS BIGINT) AS numerator_{year}",
            f"CAST(sum(people_{year}) AS BIGINT) AS denominator_{year}",
        ]
    return (
        "WITH "
        + ",\n".join([*tables, base, counts, cells])
        + f"\nSELECT {', '.join(answer)}\nFROM cells\nGROUP BY GROUPING SETS (\n  {grouped}\n)"
    )


def _column_sets(group: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The sets of columns one grouping needs: one, or one for each PLUS group where they are among them."""
    return list(itertools.product(*[list(columns_of(g)) for g in group]))


def _registers(reads: Reads) -> list[str]:
    codes = sorted(reads.registers | reads.controls)
    if not codes:
        return []
    parts = [f"bool_or(condition = '{code}') AS has_{code.lower()}" for code in sorted(reads.registers)]
    parts += [
        f"bool_or(condition = '{code}' AND coalesce(is_controlled, FALSE)) AS controlled_{code.lower()}"
        for code in sorted(reads.controls)
    ]
    listed = ", ".join(f"'{code}'" for code in codes)
    return [
        f"registers AS (\n  SELECT person_id, {', '.join(parts)}\n  FROM condition\n"
        f"  WHERE condition IN ({listed})\n  GROUP BY person_id\n)"
    ]


def _contacts(reads: Reads, years: Sequence[int], also: Sequence[str] = ()) -> list[str]:
    """How often each person met each service in each year, or in all of them by further columns of the event."""
    if not reads.contacts:
        return []
    parts, wanted = [], []
    for kind, subtype in sorted(reads.contacts):
        test = f"kind = '{kind}'" + (f" AND subtype = '{subtype}'" if subtype else "")
        for year in [None] if also else years:
            when = "" if year is None else f" AND financial_year = {year}"
            parts.append(
                f"sum(CASE WHEN {test}{when} THEN 1 ELSE 0 END) AS {contact_name(kind, subtype, year)}"
            )
        wanted.append(f"({test})")
    listed = ", ".join(str(year) for year in years)
    by = ", ".join(str(n) for n in range(1, 2 + len(also)))
    return [
        f"contacts AS (\n  SELECT {', '.join(['person_id', *also, *parts])}\n  FROM event\n"
        f"  WHERE financial_year IN ({listed}) AND ({' OR '.join(wanted)})\n  GROUP BY {by}\n)"
    ]


def _from(measure: Measure, reads: Reads, groupings: tuple[str, ...]) -> str:
    lines = {
        "people": ["FROM person AS p"],
        "events": ["FROM event AS r", "JOIN person AS p ON p.person_id = r.person_id"],
        "conditions": ["FROM condition AS r", "JOIN person AS p ON p.person_id = r.person_id"],
    }[measure.counts]
    if reads.household or "tenure" in groupings:
        lines.append("JOIN household AS h ON h.household_id = p.household_id")
    if "neighbourhood" in groupings:
        lines.append("LEFT JOIN practice AS g ON g.practice = p.practice")
    if reads.registers or reads.controls:
        lines.append("LEFT JOIN registers AS c ON c.person_id = p.person_id")
    if reads.contacts:
        lines.append("LEFT JOIN contacts AS e ON e.person_id = p.person_id")
    return "\n  ".join(lines)


def _present(measure: Measure, year: int) -> str:
    """Alive when the year began; an event must also lie in the year."""
    return f"{_alive(year)} AND r.financial_year = {year}" if measure.counts == "events" else _alive(year)


def _alive(year: int) -> str:
    return f"(p.died_on IS NULL OR p.died_on >= CAST('{year}-04-01' AS DATE))"
