"""One measure becomes one SQL statement: read once, grouped every way at once with GROUPING SETS.

The statement is in DuckDB's dialect and keeps to what sqlglot can write for Spark. Every grouping is text, so that
NULL in the answer can only mean 'all of them'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from endeavour.engine.measures.definition import Measure
from endeavour.engine.measures.predicates import Predicate, Reads, contact_name, parse
from endeavour.errors import BadInput

LATEST_YEAR = 2023
ALL = "all"

GROUPINGS = {
    "place": "p.place",
    "district": "p.district",
    "lsoa21": "p.lsoa21",
    "sub_icb": "p.sub_icb",
    "neighbourhood": "coalesce(g.pcn, 'not known')",
    "imd_decile": "CAST(p.imd2025_decile AS VARCHAR)",
    "imd_quintile": "CAST((p.imd2025_decile + 1) // 2 AS VARCHAR)",
    "core20": "CASE WHEN p.imd2025_decile <= 2 THEN 'core20' ELSE 'others' END",
    "ethnicity": "p.ethnicity",
    "sex": "p.sex",
    "age_band": (
        "CASE WHEN p.age < 18 THEN '0-17' WHEN p.age < 40 THEN '18-39' WHEN p.age < 65 THEN '40-64' "
        "WHEN p.age < 80 THEN '65-79' ELSE '80+' END"
    ),
    "tenure": "h.tenure",
    "condition": "r.condition",
}
"""What each grouping is, in SQL over the statement's tables."""


@dataclass(frozen=True)
class Compiled:
    """The statement, and the grouping columns of its answer in order."""

    measure: Measure
    sql: str
    groupings: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    year: int


def compile_measure(
    measure: Measure, *, year: int = LATEST_YEAR, by: Sequence[str] | None = None
) -> Compiled:
    """The one statement of a measure, for one financial year (2023: April 2023 to March 2024).

    Its answer has a text column for each grouping (NULL: all), then `numerator` and `denominator`. `by` keeps only
    some groupings. `BadInput` names what a predicate may not say.
    """
    file = f"{measure.id}.yaml"
    reads = Reads()
    denominator, numerator = (
        parse(text, counts=measure.counts, reads=reads, where=field, file=file)
        for field, text in (("denominator", measure.denominator), ("numerator", measure.numerator))
    )
    groupings, sets = _sets(measure, by)
    if "condition" in groupings and measure.counts != "conditions":
        raise BadInput(
            "only a measure that counts conditions is grouped by them", file=file, column="groupings"
        )
    sql = _statement(measure, reads, denominator, numerator, groupings, sets, year)
    return Compiled(measure, sql, groupings, sets, year)


def for_spark(sql: str) -> str:
    """The same statement in Spark's dialect."""
    import sqlglot

    return str(sqlglot.transpile(sql, read="duckdb", write="spark", pretty=True)[0])


def _sets(measure: Measure, by: Sequence[str] | None) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    single = [(g,) for g in measure.groupings if g != "system"]
    crossed = [tuple(group.of) for group in measure.crossed]
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
    measure: Measure,
    reads: Reads,
    denominator: Predicate,
    numerator: Predicate,
    groupings: tuple[str, ...],
    sets: tuple[tuple[str, ...], ...],
    year: int,
) -> str:
    tables = [*_registers(reads), *_contacts(reads, year)]
    columns = "".join(f"{GROUPINGS[g]} AS {g},\n    " for g in groupings)
    base = (
        f"base AS (\n  SELECT\n    {columns}"
        f"CASE WHEN {numerator.sql} THEN 1 ELSE 0 END AS counted\n"
        f"  {_from(measure, reads, groupings)}\n"
        f"  WHERE ({denominator.sql})\n    AND {_present(measure, year)}\n)"
    )
    grouped = ",\n  ".join(f"({', '.join(group)})" for group in sets)
    chosen = "".join(f"{g}, " for g in groupings)
    return (
        "WITH "
        + ",\n".join([*tables, base])
        + f"\nSELECT {chosen}CAST(sum(counted) AS BIGINT) AS numerator, count(*) AS denominator\n"
        + f"FROM base\nGROUP BY GROUPING SETS (\n  {grouped}\n)"
    )


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


def _contacts(reads: Reads, year: int) -> list[str]:
    if not reads.contacts:
        return []
    parts, wanted = [], []
    for kind, subtype in sorted(reads.contacts):
        test = f"kind = '{kind}'" + (f" AND subtype = '{subtype}'" if subtype else "")
        parts.append(f"sum(CASE WHEN {test} THEN 1 ELSE 0 END) AS {contact_name(kind, subtype)}")
        wanted.append(f"({test})")
    return [
        f"contacts AS (\n  SELECT person_id, {', '.join(parts)}\n  FROM event\n"
        f"  WHERE financial_year = {year} AND ({' OR '.join(wanted)})\n  GROUP BY person_id\n)"
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
    alive = f"(p.died_on IS NULL OR p.died_on >= CAST('{year}-04-01' AS DATE))"
    return f"{alive} AND r.financial_year = {year}" if measure.counts == "events" else alive
