"""What imperfect linkage does to the choice: whose records are not brought together, and who is chosen because of it.

Linkage errs more for some people than for others, and an error there is a person passed over here (Bohensky and others
2010, BMC Health Services Research 10:346). Only synthetic extracts have a truth to say by how much: with it, the same
rule chooses again as if every record had been put under the right person and home. Everything leaves through the gate.

In a cohort's summary, under `linkage`:

    run, as_at, people, households, usable          the result chosen from
    missed[]      kind (ethnicity, deprivation), group, people (known by two records or more), apart (their records do not
                  all bear one number), percent_apart, mixed (their number also holds somebody else's record), reason
    choice        null, or: same_percent (of the chosen, who would also be with perfect linkage), passed_over_for_doubts,
                  passed_over_otherwise (of those whom perfect linkage would choose instead)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.cohort.fairness import audit
from endeavour.engine.cohort.first_5000 import Cohort, last_of, select_from
from endeavour.engine.cohort.linked import true_base
from endeavour.engine.cohort.people import FIFTH
from endeavour.engine.cohort.sources import Sources
from endeavour.engine.disclosure import ALL, About, Count, FileLog, People, publish, publish_count
from endeavour.engine.linkage.results import PEOPLE

if TYPE_CHECKING:
    from endeavour.engine.lake.store import Lake

KNOWN_TWICE = People(frozenset({"known by two records or more"}))
PERFECT = "our rule with perfect linkage"
KINDS = {"ethnicity": "CAST(ethnicity AS VARCHAR)", "deprivation": FIFTH}
ERRORS = """
CREATE TABLE erred AS
WITH owned AS (
    SELECT t.person_id, p.counted_as, count(DISTINCT t.person_id) OVER (PARTITION BY p.counted_as) > 1 AS is_mixed
    FROM read_parquet($people) AS p JOIN read_parquet($truth) AS t USING (agency, record_id) WHERE p.left_on IS NULL
)
SELECT person_id, count(DISTINCT counted_as) > 1 AS is_apart, bool_or(is_mixed) AS is_mixed
FROM owned GROUP BY person_id HAVING count(*) > 1
"""


def linkage_told(lake: Lake, sources: Sources, cohort: Cohort, release: str) -> dict[str, Any]:
    """`linkage` of the summary and, as rows of `fairness`, the audit of the choice that perfect linkage would make."""
    summary = sources.result.summary
    told: dict[str, Any] = {
        "run": sources.result.name,
        "as_at": summary["as_at"],
        "people": _rounded("people", summary["people"]),
        "households": _rounded("households", summary["households"]["households"]),
        "usable": _rounded("households without doubts", summary["households"]["usable"]),
        "missed": [],
        "choice": None,
    }
    if not sources.has_truth:
        return {"linkage": told}
    told["missed"] = missed_links(lake, sources, release=release)
    base = true_base(cohort.rule, lake, sources)
    perfect = select_from(cohort.rule, base.columns)
    told["choice"] = _compared(cohort, perfect)
    rows = audit(
        PERFECT,
        perfect.columns,
        in_need=~perfect.columns["is_communal"].astype(bool)
        & ~perfect.columns["opted_out"].astype(bool)
        & (perfect.need >= cohort.rule.in_need_at),
        chosen=perfect.chosen,
        last=last_of(perfect),
        need=perfect.need,
        population=f"perfect linkage, {release}",
        log=FileLog.of_installation(),
    ).rows()
    return {"linkage": told, "fairness": rows}


def missed_links(lake: Lake, sources: Sources, *, release: str) -> list[dict[str, object]]:
    """By group, of people whom two or more records speak of: whose records lie apart, and whose are mixed with another's."""
    connection = lake.connect()
    try:
        files = {
            "people": str(sources.result.path(PEOPLE)),
            "truth": str(sources.root / "truth" / "records.parquet"),
        }
        connection.execute(ERRORS, files)
        rows: list[dict[str, object]] = []
        for kind, group in KINDS.items():
            found = connection.execute(
                f"SELECT {group}, count(*), count_if(is_apart), count_if(is_mixed) FROM erred JOIN person USING (person_id) "
                "GROUP BY 1 ORDER BY 1"
            ).fetchall()
            rows += _published(kind, found, release)
    finally:
        connection.close()
    return rows


def _published(kind: str, found: list[tuple[Any, ...]], release: str) -> list[dict[str, object]]:
    tables, log = {}, FileLog.of_installation()
    for error, at in (("apart", 2), ("mixed", 3)):
        cells = {(ALL,): Count(sum(row[at] for row in found), sum(row[1] for row in found))}
        cells |= {(row[0],): Count(row[at], row[1]) for row in found}
        # Those of two records or more are the same people in both, so the gate takes the two together.
        about = About(
            f"linkage, records {error}",
            release,
            "one year",
            (kind,),
            KNOWN_TWICE,
            People(frozenset({error})) & KNOWN_TWICE,
        )
        tables[error] = publish(about, cells, log=log)
    rows: list[dict[str, object]] = []
    for (group,), cell in tables["apart"].items():
        percent = None if cell.percent is None else round(cell.percent, 2)
        rows.append(
            {
                "kind": kind, "group": group, "people": cell.denominator, "apart": cell.numerator,
                "percent_apart": percent, "mixed": tables["mixed"][(group,)].numerator, "reason": str(cell.reason),
            }
        )  # fmt: skip
    return rows


def _compared(cohort: Cohort, perfect: Cohort) -> dict[str, Any]:
    """How far the two choices agree; households have one number in both."""
    ours = cohort.columns["household_id"][cohort.chosen]
    theirs = perfect.columns["household_id"][perfect.chosen]
    same = int(np.isin(ours, theirs).sum())
    # One figure, of the whole choice: no part of it is shown anywhere.
    about = About("chosen with perfect linkage too", "households chosen", "one year", ())
    agreed = publish(about, {(): Count(same, len(ours))}, log=FileLog.of_installation())[()]
    known = cohort.columns["household_id"][cohort.columns["is_usable"].astype(bool)]
    passed = theirs[~np.isin(theirs, ours)]
    doubtful = int((~np.isin(passed, known)).sum())
    return {
        "same_percent": None if agreed.percent is None else round(agreed.percent, 1),
        "passed_over_for_doubts": _rounded("households passed over for doubts", doubtful),
        "passed_over_otherwise": _rounded("households passed over otherwise", len(passed) - doubtful),
    }


def _rounded(what: str, count: int) -> int | None:
    return publish_count(About(f"linkage, {what}", what, "one year", ()), count).numerator
