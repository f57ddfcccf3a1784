"""A tiny cohort and a few doubtful pairs of records, as the engine writes them; nobody in them is real."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

Household = tuple[int, str, str, str]
HOUSEHOLDS: tuple[Household, ...] = (
    # household, place, neighbourhood, role
    (11, "thurrock", "U1", "chosen"),
    (12, "thurrock", "U2", "chosen"),
    (13, "mid-essex", "U3", "chosen"),
    (99, "thurrock", "U1", "comparison"),
)
PARTS = ("health", "care", "income", "housing", "crime", "education", "isolation")


def write_cohort(
    var: Path, *, release: str = "r1", lake: str = "lake1", households: Sequence[Household] = HOUSEHOLDS,
    numbers: str = "",
) -> None:  # fmt: skip
    """A frozen cohort: a summary of aggregates and the households beside it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = var / "cohort" / release
    folder.mkdir(parents=True)
    count = len(households)
    pq.write_table(
        pa.table(
            {
                "household_id": [h[0] for h in households],
                "lsoa21": ["E01000001"] * count,
                "district": ["E06000034"] * count,
                "place": [h[1] for h in households],
                "neighbourhood": [h[2] for h in households],
                **{f"need_{part}": [0.5] * count for part in PARTS},
                "role": [h[3] for h in households],
                "need": [47.5] * count,
                "value": [50.0] * count,
                "chance": [0.4] * count,
                "chance_reasons": [["somebody here saw the surgery often last year"]] * count,
                "emergency_admissions_before": [1] * count,
                "reasons": [["behind with the rent"]] * count,
            }
        ),
        folder / "households.parquet",
    )
    digest = hashlib.sha256((folder / "households.parquet").read_bytes()).hexdigest()
    summary = summary_of(release, lake) | {"households_sha256": digest}
    if numbers:
        summary["base"] = {"kind": "linked", "numbers": numbers, "words": "linked households"}
    (folder / "summary.json").write_text(json.dumps(summary))
    (var / "cohort" / "current").write_text(release)


def summary_of(release: str, lake: str) -> dict[str, object]:
    """What is published of it."""
    return {
        "release": release, "lake": lake, "size": 3, "households_considered": 125940, "opted_out_and_left_out": 77815,
        "gap": 0.00004, "lottery_seed": "a-public-seed", "decided_by_lottery": 0, "comparison_size": 1000,
        "rule": {"id": "first-5000", "why": "Need.", "owner": "Team", "version": "1.0.0"},
        "areas": [{"kind": "place", "area": "thurrock", "numerator": 945, "denominator": 65610, "percent": 1.4}],
        "constraints": [
            {"limit": "size", "words": "5,000 households in all", "chosen": 5000, "price": 40.9},
            {"limit": "neighbourhood U1", "words": "at most 9 of U1", "chosen": 5, "price": 0.0},
            {"limit": "neighbourhood U2", "words": "at most 8 of U2", "chosen": 10, "price": 2.0,
             "price_words": "room for one more here would meet 2.0 more points of need"},
        ],
        "sensitivity": [{"weight": "health", "percent_changed_less": 1.5, "percent_changed_more": 2.5}],
        "fairness": [
            {"rule": rule, "kind": kind, "group": group, "chosen": chosen, "in_need": 100, "chosen_per_1000_in_need": rate,
             "mean_need_of_chosen": 4.0, "need_at_threshold": 33.0,
             "reason": "hidden to protect a small group" if chosen is None else "shown"}
            for rule in ("our rule", "postcode alone")
            for kind, group, chosen, rate in (
                ("deprivation", "all", 5000, 50.0), ("deprivation", "fifth 1 of 5", 2800, 330.0),
                ("deprivation", "fifth 5 of 5", 170, 143.0), ("plus_group", "homeless", 825, 517.0),
                ("plus_group", "veteran", 310, 228.0), ("tenure", "rent_free", None, None),
            )
        ],
    }  # fmt: skip


def write_pairs(var: Path) -> None:
    """A finished linkage with two doubtful pairs."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from endeavour.engine.linkage.review import FIELDS

    def record(agency: str, forename: str) -> dict[str, str]:
        known = {"agency": agency, "forename": forename, "surname": "Ashdown", "birth_date": "1960-02-03"}
        return {name: known.get(name, "") for name in FIELDS}

    result = var / "linkage" / "results" / "one"
    result.mkdir(parents=True)
    (result.parent / "current").write_text("one")
    rows = [
        {"left_id": f"{left}:1", "right_id": f"{right}:2", "weight": weight, "probability": 0.5, "reason": "grey zone",
         "left": record(left, "Margaret"), "right": record(right, "Peggy"),
         "factors": [{"field": "surname", "words": "same rare surname", "weight": 8.0},
                     {"field": "forename", "words": "first names differ", "weight": weight - 8.0}]}
        for left, right, weight in (("housing", "nhs", 0.4), ("police_fire", "voluntary", 1.2))
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), result / "review.parquet")


def write_patterns(var: Path) -> None:
    """A finished linkage without names, with one doubtful pair of which only a pattern is known."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from endeavour.engine.linkage.queueing import schema
    from endeavour.engine.linkage.review import FIELDS

    result = var / "linkage" / "pseudonymised" / "results" / "one"
    result.mkdir(parents=True)
    (result.parent / "current").write_text("one")
    row = {
        "left_id": "nhs:1", "right_id": "voluntary:1", "weight": 0.0, "probability": 0.5, "reason": "grey zone",
        "left": dict.fromkeys(FIELDS, "") | {"agency": "nhs"}, "right": dict.fromkeys(FIELDS, "") | {"agency": "voluntary"},
        "factors": [{"field": "NHS number", "words": "not known of both", "weight": 0.0},
                    {"field": "Name and birth date", "words": "agree", "weight": 0.0}],
    }  # fmt: skip
    pq.write_table(pa.Table.from_pylist([row], schema=schema()), result / "review.parquet")
