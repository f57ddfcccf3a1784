"""How each comparison moves the evidence about a pair: Splink's arithmetic, told in words.

The weight of a pair is the prior odds plus, for each comparison, log2(m / u) of the outcome; where names are equal, the
commoness of the name takes the place of the average. A test holds this equal to Splink's own weight.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from endeavour.engine.linkage.comparisons import COMPARED, Compared
from endeavour.engine.linkage.review import Factor

if TYPE_CHECKING:
    import duckdb

UNKNOWN = "not known for one of them, or both"


def level_sql(compared: Compared) -> str:
    """SQL: the outcome of a comparison: -1 where a side is not known, else the place in its levels."""
    cases = " ".join(f"WHEN {level.sql} THEN {at}" for at, level in enumerate(compared.levels))
    return f"CASE WHEN {compared.null} THEN -1 {cases} ELSE {len(compared.levels)} END"


def waterfalls(
    connection: duckdb.DuckDBPyConnection, pairs: str, weights: dict[str, Any]
) -> list[tuple[int, int, tuple[Factor, ...]]]:
    """The factors of each pair of `pairs` (a table of left_id and right_id), the prior first; from `record`.

    `name_share` (column_name, value, share) must hold how common each forename and surname is.
    """
    columns = ("forename", "root", "surname", "birth_date", "sex", "postcode", "house", "uprn", "nhs_number")
    sides = ", ".join(f"{side}.{name} AS {name}_{side}" for side in "lr" for name in columns)
    levels = ", ".join(f"{level_sql(compared)} AS {compared.name}" for compared in COMPARED)
    shares = ", ".join(
        f"(SELECT share FROM name_share WHERE column_name = '{name}' AND value = {name}_l) AS {name}_share"
        for name in ("forename", "surname")
    )
    rows = connection.execute(
        f"SELECT left_id, right_id, {levels}, {shares} FROM (SELECT left_id, right_id, {sides} FROM {pairs} "
        "JOIN record AS l ON l.unique_id = left_id JOIN record AS r ON r.unique_id = right_id) ORDER BY left_id, right_id"
    ).fetchall()
    return [
        (row[0], row[1], _factors(row[2 : 2 + len(COMPARED)], row[2 + len(COMPARED) :], weights))
        for row in rows
    ]


def _factors(
    levels: tuple[int, ...], shares: tuple[float | None, ...], weights: dict[str, Any]
) -> tuple[Factor, ...]:
    factors = [
        Factor("prior", "two records drawn at random", math.log2(weights["prior"] / (1 - weights["prior"])))
    ]
    share_of = dict(zip(("forename", "surname"), shares, strict=True))
    for compared, at in zip(COMPARED, levels, strict=True):
        if at < 0:
            factors.append(Factor(compared.name, UNKNOWN, 0.0))
            continue
        m, u = weights["comparisons"][compared.name][at]
        level = compared.levels[at] if at < len(compared.levels) else None
        words = level.words if level else compared.otherwise
        share = share_of.get(compared.name) if level and level.tf_column and weights["weighs_names"] else None
        if share:
            u, words = share, f"{words}, borne by {_one_in(share)}"
        factors.append(Factor(compared.name, words, math.log2(m / u)))
    return tuple(factors)


def _one_in(share: float) -> str:
    return f"1 in {round(1 / share):,}"


def weight_of(factors: tuple[Factor, ...]) -> float:
    """The pair's weight in bits: the sum of its factors."""
    return sum(factor.weight for factor in factors)


def probability(weight: float) -> float:
    """The chance that the pair is of one person, from its weight.

    >>> probability(0.0), round(probability(10.0), 4)
    (0.5, 0.999)
    """
    return 1 / (1 + 2.0**-weight) if weight > -1000 else 0.0


def name_shares(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `name_share` from `record`: of records with a forename (surname), how many bear it."""
    parts = (
        f"SELECT '{name}' AS column_name, {name} AS value, count(*) / sum(count(*)) OVER () AS share "
        f"FROM record WHERE {name} IS NOT NULL GROUP BY {name}"
        for name in ("forename", "surname")
    )
    connection.execute(
        f"CREATE TABLE name_share AS SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY 1, 2"
    )
