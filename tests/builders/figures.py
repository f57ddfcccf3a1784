"""A small release of published figures, as the engine writes it, for pages and the API to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.context import in_context
from endeavour.engine.measures.definition import Measure
from endeavour.engine.measures.rows import shares

YEARS = ("2021/22", "2022/23", "2023/24")
PLACES = {
    "thurrock": "Thurrock", "mid-essex": "Mid Essex", "E07000066": "Basildon", "E07000074": "Maldon",
    "U04443": "SS9 PCN", "U06243": "Tilbury and Chadwell PCN",
}  # fmt: skip
# Counted and out of, for each fifth of deprivation in the newest year: the most deprived have the least.
FIFTHS = ((765, 1530), (1140, 2050), (1180, 2120), (1075, 1790), (1195, 1915))
# The same for two districts: nobody in Maldon lives in the most deprived fifth, and Basildon hides one.
DISTRICTS: dict[str, dict[str, tuple[int | None, int]]] = {
    "E07000066": {"1": (100, 400), "2": (None, 100), "3": (200, 400), "4": (150, 250), "5": (200, 300)},
    "E07000074": {"2": (100, 500), "3": (600, 1500), "4": (500, 1000), "5": (350, 500)},
}
# And for two networks, of which one has no clear gap.
NETWORKS: dict[str, dict[str, tuple[int | None, int]]] = {
    "U04443": {"2": (250, 500), "3": (755, 1500), "4": (500, 1000), "5": (245, 500)},
    "U06243": DISTRICTS["E07000074"],
}
POPULATION = {
    "kind": "linked", "words": "people linked from the records of 5 agencies", "run": "r1", "as_at": "2021-03-21",
    "people": 1180500, "apart": 15230, "left_out": 64210,
}  # fmt: skip
LINKAGE = [
    {
        "measure": "smi-health-check", "title": "Health checks", "period": "2023/24", "denominator": 9400,
        "perfect_denominator": 9350, "denominator_moved": 50, "value": 57.0, "perfect_value": 57.3, "value_moved": -0.3,
        "sii": 12.0, "perfect_sii": None, "sii_moved": None, "words": "Linkage makes this 0.3 percentage points too low.",
    }
]  # fmt: skip
HIDDEN = "hidden to protect a small group"


def write_release(
    var: Path,
    measures: tuple[str, ...] = ("smi-health-check", "cyp-asthma-admissions"),
    *,
    districts: bool = False,
    networks: bool = False,
    by_three: bool = False,
    name: str = "0123456789abcdef",
) -> str:
    """Write the release and make it current; returns its name. Thurrock is worse than the whole, and worsening.

    `districts` and `networks` add two of them by deprivation, `by_three` the system by deprivation, ethnicity and sex. What pages keep in memory they keep by the release's `name`.
    """
    from endeavour.engine.measures.release import _write

    known = Catalogue.open("mse")
    small = {"district": DISTRICTS if districts else {}, "neighbourhood": NETWORKS if networks else {}}
    rows = [row for one in measures for row in _rows(known.named(one), small, by_three)]
    home = var / "measures"
    home.mkdir(parents=True, exist_ok=True)
    _write(rows, home / f"{name}.parquet")
    (home / f"{name}.json").write_text(json.dumps({"population": POPULATION, "linkage": LINKAGE}))
    (home / "current").write_text(f"{name}\n")
    return name


def _rows(
    measure: Measure, small: dict[str, dict[str, dict[str, tuple[int | None, int]]]], by_three: bool
) -> list[dict[str, Any]]:
    rows = []
    for at, year in enumerate(YEARS):
        rows.append(_row(measure, year, "system", "all", 5300 + 30 * at, 9400))
        rows.append(_row(measure, year, "place", "thurrock", 640 - 70 * at, 1200))
        rows.append(_row(measure, year, "place", "mid-essex", 1700, 2850))
        rows += [
            _row(
                measure,
                year,
                "system",
                "all",
                part,
                whole,
                by="imd_quintile",
                subgroup=str(n),
                words=f"fifth {n}",
            )
            for n, (part, whole) in enumerate(FIFTHS, 1)
        ]
        rows.append(
            _row(measure, year, "system", "all", None, None, by="ethnicity", subgroup="other", words="other")
        )
        rows.append(
            _row(measure, year, "system", "all", 500, 900, by="ethnicity", subgroup="white", words="White")
        )
        for kind, code, fifths in [
            (kind, code, fifths) for kind, areas in small.items() for code, fifths in areas.items()
        ]:
            rows.append(_row(measure, year, kind, code, 1600, 3500))
            rows += [
                _row(measure, year, kind, code, *terms, by="imd_quintile", subgroup=n, words=f"fifth {n}")
                for n, terms in fifths.items()
            ]
        rows += [_row(measure, year, "system", "all", *one[:2], **one[2]) for one in _by_three() if by_three]
    in_context(measure, rows)
    for row in rows:
        row["framework"] = measure.framework
        row["area"] = "E54000026" if row["area_kind"] == "system" else row["area"]
        row["area_name"] = PLACES.get(row["area"], "Mid and South Essex")
    return rows


def _by_three() -> Iterator[tuple[int | None, int | None, dict[str, str]]]:
    """Counted, out of, and the group; one group is hidden and in one is nobody."""
    for fifth, (ethnicity, more), sex in product("12345", (("asian", 20), ("white", 50)), "FM"):
        group = f"{fifth}, {ethnicity}, {sex}"
        if group == "5, asian, M":
            continue
        terms = (
            (None, None)
            if group == "1, white, M"
            else (400 - 50 * int(fifth) + more + 10 * (sex == "M"), 1000)
        )
        yield *terms, {"by": "imd_quintile by ethnicity by sex", "subgroup": group, "words": group}


def _row(
    measure: Measure, year: str, kind: str, area: str, numerator: int | None, denominator: int | None,
    *, by: str = "", subgroup: str = "", words: str = "",
) -> dict[str, Any]:  # fmt: skip
    return {
        "measure": measure.id, "period": year, "period_kind": "year", "year": year, "grouping": by or kind, "group": subgroup or area,
        "area_kind": kind, "area": area, "by": by, "subgroup": subgroup, "subgroup_words": words, "numerator": numerator,
        "denominator": denominator, "reason": HIDDEN if numerator is None else "shown, rounded to the nearest 5",
        "release": "t1", "standing": measure.standing,
    } | shares(numerator, denominator)  # fmt: skip
