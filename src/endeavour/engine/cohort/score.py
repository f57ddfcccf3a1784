"""Every household's need in each part of life, by the rule: points summed, capped and weighed in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from endeavour.engine.cohort.features import LATEST_YEAR, household_features_sql
from endeavour.engine.cohort.rule import DOMAINS, Condition, Rule

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.lake.backends import Backend

PART_IN_NEED = "0.3333"
"""A part of life is in need from a third of its points."""


def scored_households(rule: Rule, backend: Backend, *, year: int = LATEST_YEAR) -> pa.Table:
    """One row a household: its features, `need_health` ... (0 to 1), `parts_in_need`, `factor` and `is_eligible`.

    `need` and the value are left to `needs`, so that moving a weight reads nothing again. Opted-out households are
    scored by nothing: `opted_out` is true and they are not eligible.
    """
    return backend.run(scoring_sql(rule, year=year))


def scoring_sql(rule: Rule, *, year: int = LATEST_YEAR) -> str:
    """The statement behind `scored_households`."""
    return score_sql(rule, household_features_sql(year))


def score_sql(rule: Rule, features: str) -> str:
    """The same over any query that gives one row a household with every column of FEATURES but `parts_in_need`."""
    parts = ",\n  ".join(
        f"least({_double(rule.need[d].most)}, {_points(rule, d)}) / {_double(rule.need[d].most)} AS need_{d}"
        for d in DOMAINS
    )
    in_need = " + ".join(f"CASE WHEN need_{d} >= {PART_IN_NEED} THEN 1 ELSE 0 END" for d in DOMAINS)
    factor = " * ".join(["1.0", *(f"CASE WHEN {b.when} THEN {b.factor} ELSE 1.0 END" for b in rule.benefit)])
    opted = " OR ".join(rule.honour_opt_outs) or "FALSE"
    eligible = " AND ".join([f"({c.when})" for c in rule.eligible] + [f"NOT ({opted})"])
    return f"""WITH features AS (
{features}
),
points AS (
SELECT *,
  {parts}
FROM features
),
counted AS (SELECT *, {in_need} AS parts_in_need FROM points)
SELECT *, CAST({factor} AS DOUBLE) AS factor, ({opted}) AS opted_out, ({eligible}) AS is_eligible
FROM counted ORDER BY household_id"""


def reasons_sql(rule: Rule, table: str) -> str:
    """For each household of a scored table, the words of every condition that gave it points, in the rule's order."""
    words = [_case(condition) for domain in DOMAINS for condition in rule.need[domain].points]
    listed = ", ".join(words)
    return f"SELECT household_id, list_filter([{listed}], lambda w : w IS NOT NULL) AS reasons FROM {table}"


def _case(condition: Condition) -> str:
    text = condition.words.replace("'", "''")
    return f"CASE WHEN {condition.when} THEN '{text}' END"


def _double(number: float) -> str:
    """A number that both engines divide alike; Spark would round a decimal to six places."""
    return f"CAST({number} AS DOUBLE)"


def _points(rule: Rule, domain: str) -> str:
    points = rule.need[domain].points  # type: ignore[index]
    return " + ".join(f"CASE WHEN {p.when} THEN {p.points} ELSE 0 END" for p in points)
