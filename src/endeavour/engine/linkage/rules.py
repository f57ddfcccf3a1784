"""Exact rules: pairs so plain that no model need weigh them. Each is an assertion with its reason in words.

Within a group of records that share the rule's columns each record is tied to the first, so that a group of n costs
n - 1 pairs. The guard still has the last word (`resolve.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from endeavour.engine.linkage.guard import LIKE_FORENAMES

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Rule:
    """Records that share `columns` (none empty), and meet `also`, are of one person."""

    name: str
    columns: tuple[str, ...]
    reason: str
    also: str = "TRUE"


RULES = (
    Rule(
        "nhs number",
        ("nhs_number", "birth_date"),
        "The same valid NHS number and birth date, and forenames that are alike: the number alone could have been "
        "copied to a relative.",
        also=LIKE_FORENAMES,
    ),
    Rule(
        "name, birth date and property",
        ("root", "surname", "birth_date", "uprn"),
        "The same name (short forms counted as the full name), birth date and property number.",
    ),
    Rule(
        "name, birth date and address",
        ("root", "surname", "birth_date", "postcode", "house"),
        "The same name (short forms counted as the full name), birth date, postcode and house number.",
    ),
)


def exact_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `exact_pair` (left_id, right_id, rule): left before right, no pair twice, the first rule that holds."""
    queries = []
    for number, rule in enumerate(RULES):
        key = ", ".join(rule.columns)
        queries.append(
            f"SELECT l.unique_id AS left_id, r.unique_id AS right_id, {number} AS rule FROM ("
            f"SELECT *, min(unique_id) OVER (PARTITION BY {key}) AS first_id FROM record "
            f"WHERE {' AND '.join(f'{name} IS NOT NULL' for name in rule.columns)}) AS r "
            f"JOIN record AS l ON l.unique_id = r.first_id AND r.unique_id > r.first_id WHERE {rule.also}"
        )
    connection.execute(
        "CREATE TABLE exact_pair AS SELECT left_id, right_id, min(rule) AS rule FROM ("
        + " UNION ALL ".join(queries)
        + ") GROUP BY left_id, right_id ORDER BY rule, left_id, right_id"
    )
