"""Is the choice fair? Chosen for each 1,000 in need, group by group, beside three simpler rules.

Everything here leaves through the gate: each table is published, and only published values are kept. Those in need are
the same households whichever rule chooses among them, so with a log all rules are attacked together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from endeavour.engine.cohort.features import GROUPS
from endeavour.engine.cohort.texts import coded
from endeavour.engine.disclosure import (
    ALL,
    About,
    Count,
    Key,
    People,
    PublishedTable,
    ReleaseLog,
    Table,
    publish_mean,
    publish_together,
)

Bools = npt.NDArray[np.bool_]
Columns = dict[str, npt.NDArray[Any]]
Groups = dict[str, list[tuple[str, Bools]]]

IN_NEED = People(frozenset({"in need"}))
KINDS = (
    "deprivation", "ethnicity", "place", "tenure", "composition", "children", "eldest", "disability", "plus_group",
)  # fmt: skip
ELDEST = ((0, "under 40"), (40, "40 to 64"), (65, "65 to 79"), (80, "80 or over"))


@dataclass(frozen=True)
class Fairness:
    """One rule's published tables, by kind of group: chosen (numerator) of those in need (denominator)."""

    rule: str
    tables: dict[str, PublishedTable]
    mean_need: dict[str, dict[str, float | None]]
    need_at_threshold: dict[str, dict[str, float | None]]

    def rows(self) -> list[dict[str, object]]:
        """One plain row a group."""
        found: list[dict[str, object]] = []
        for kind, table in self.tables.items():
            for (group,), cell in table.items():
                # Whole, as pages say it: a tenth rounded again is not always the nearest.
                rate = None if cell.percent is None else float(round(10 * cell.percent))
                found.append(
                    {
                        "rule": self.rule,
                        "kind": kind,
                        "group": group,
                        "chosen": cell.numerator,
                        "in_need": cell.denominator,
                        "chosen_per_1000_in_need": rate,
                        "mean_need_of_chosen": self.mean_need[kind].get(group),
                        "need_at_threshold": self.need_at_threshold[kind].get(group),
                        "reason": str(cell.reason),
                    }
                )
        return found


def groups_of(columns: Columns, kind: str) -> list[tuple[str, Bools]]:
    """The groups of one kind with their members."""
    if kind == "plus_group":
        return [(group, columns[f"in_{group}"].astype(bool)) for group in GROUPS]
    if kind == "children":
        has = columns["children"] > 0
        return [("with children", has), ("without children", ~has)]
    if kind == "disability":
        ill = columns["deprived_health"].astype(bool)
        return [("a member disabled or in bad health", ill), ("nobody disabled or in bad health", ~ill)]
    if kind == "eldest":
        band = np.searchsorted([start for start, _ in ELDEST], columns["oldest"], side="right") - 1
        return [(name, band == at) for at, (_, name) in enumerate(ELDEST)]
    values = (columns["imd2025_decile"] + 1) // 2 if kind == "deprivation" else columns[kind]
    names, codes = coded(values)
    return [
        (f"fifth {name} of 5" if kind == "deprivation" else str(name), codes == at)
        for at, name in enumerate(names)
    ]


def every_group(columns: Columns) -> Groups:
    """The groups of every kind, to be found once for all the choices that are audited among the same households."""
    return {kind: groups_of(columns, kind) for kind in KINDS}


def audit(
    rule: str,
    columns: Columns,
    *,
    in_need: Bools,
    chosen: Bools,
    last: Bools,
    need: npt.NDArray[np.float64],
    population: str,
    log: ReleaseLog | None = None,
    groups: Groups | None = None,
) -> Fairness:
    """The audit of one choice among the households that `population` names. `need` is 0 to 100; households chosen but not in need are left out of both terms.

    `last` are the chosen nearest the line. Their mean need by group, `need_at_threshold`, is the test of outcome: were
    the line the same for all, the last chosen of each group would need help alike. A group whose last chosen need more
    was asked more of (Simoiu, Corbett-Davies and Goel 2017, on threshold tests).
    """
    groups = groups or every_group(columns)
    tables: list[Table] = []
    means: dict[str, dict[str, float | None]] = {}
    lines: dict[str, dict[str, float | None]] = {}
    counted, picked = chosen & in_need, IN_NEED & People(frozenset({f"chosen by {rule}"}))
    for kind in KINDS:
        cells: dict[Key, Count] = {(ALL,): Count(int(counted.sum()), int(in_need.sum()))}
        means[kind], lines[kind] = {ALL: _mean(need[counted])}, {ALL: _mean(need[last])}
        for name, members in groups[kind]:
            cells[(name,)] = Count(int((counted & members).sum()), int((in_need & members).sum()))
            means[kind][name] = _mean(need[counted & members])
            lines[kind][name] = _mean(need[last & members])
        about = About(f"first-5000 chosen by {rule}", population, "one year", (kind,), IN_NEED, picked)
        tables.append(Table(about, cells, overlapping=frozenset({"plus_group"} & {kind})))
    published = publish_together(tables, log=log)
    return Fairness(rule, dict(zip(KINDS, published, strict=True)), means, lines)


def _mean(values: npt.NDArray[np.float64]) -> float | None:
    top = np.sort(values)[-2:]
    largest, second = (float(top[-1]), float(top[0])) if len(top) == 2 else (0.0, 0.0)
    return publish_mean(float(values.sum()), len(values), largest=largest, second=second).mean
