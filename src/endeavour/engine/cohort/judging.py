"""How good a model is and for whom: ranking, calibration by group, whom one threshold finds, and the wrong label.

Every count leaves through the gate, which knows that all tables of one `population` count the same crises.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

from endeavour.engine.cohort.logistic import fit_logistic
from endeavour.engine.cohort.texts import coded
from endeavour.engine.disclosure import (
    ALL,
    About,
    Count,
    Key,
    People,
    Published,
    ReleaseLog,
    publish,
    publish_count,
    publish_mean,
)

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Groups = dict[str, npt.NDArray[Any]]

MET_A_CRISIS = People(frozenset({"met a crisis"}))
CROSSED = {"both": ("two fifths", "white or minoritised")}
"""Kinds whose groups are of two dimensions, named as 'one, other'."""


def area_under_curve(chance: Floats, happened: Bools) -> float:
    """The chance that somebody to whom it happened was ranked above somebody to whom it did not; 0.5 is guessing.

    The Mann-Whitney form of the area under the ROC curve (Hanley and McNeil 1982); ties count a half.

    >>> area_under_curve(np.array([0.1, 0.4, 0.4, 0.8]), np.array([False, False, True, True]))
    0.875
    """
    yes = int(happened.sum())
    _, at, ties = np.unique(chance, return_inverse=True, return_counts=True)
    # Of equal chances each has the mean of the ranks that they take up together.
    ranks = np.cumsum(ties) - (ties - 1) / 2
    above = ranks[at[happened]].sum() - yes * (yes + 1) / 2
    return float(above / (yes * (len(happened) - yes)))


def performance(chance: Floats, happened: Bools) -> dict[str, float | None]:
    """Ranking (`auc`), error (`brier`, `log_loss`; lower is better) and calibration over everybody.

    `calibration_slope` is 1 where chances spread as outcomes do (less: too extreme); `expected` and `observed` are
    shares of people (Van Calster and others 2019, BMC Medicine 17: 230), the latter of rounded counts.
    """
    seen, everybody = (_rounded(int(n)) for n in (happened.sum(), len(happened)))
    safe = np.clip(chance, 1e-9, 1 - 1e-9)
    odds = np.log(safe / (1 - safe)).astype(np.float32)[:, None]
    return {
        "auc": round(area_under_curve(chance, happened), 4),
        "brier": round(float(np.mean((chance - happened) ** 2)), 5),
        "log_loss": round(float(-np.mean(np.where(happened, np.log(safe), np.log1p(-safe)))), 5),
        "calibration_slope": round(float(fit_logistic(odds, happened, ridge=1e-6).weights[0]), 3),
        "expected": round(float(chance.mean()), 4),
        "observed": round(seen / everybody, 4) if seen and everybody else None,
    }


def _rounded(count: int) -> int | None:
    return publish_count(About("people scored", "people", "one year", ()), count).numerator


def calibration(
    chance: Floats, happened: Bools, groups: Groups, *, population: str, log: ReleaseLog | None = None
) -> list[dict[str, Any]]:
    """For each group, the share that met a crisis beside the share expected, in per cent, with a 95% interval.

    Kinds are those given ('both' is deprivation by ethnicity) and 'tenth': everybody in ten equal parts by chance. `ratio` above 1 means that the model
    expects too few: the group's need is passed over.
    """
    cuts = np.quantile(chance, np.arange(1, 10) / 10)
    tenth = np.array([f"tenth {i:02d} of 10" for i in range(1, 11)], dtype=object)[
        np.searchsorted(cuts, chance)
    ]
    rows: list[dict[str, Any]] = []
    for kind, members in (groups | {"tenth": tenth}).items():
        (names, at), dimensions = coded(members), CROSSED.get(kind, (kind,))
        keys = {name: tuple(str(name).split(", ")) if kind in CROSSED else (str(name),) for name in names}
        cells: dict[Key, Count] = {}
        for number, name in enumerate(names):
            inside = at == number
            _add(cells, keys[name], Count(int(happened[inside].sum()), int(inside.sum())))
        about = About("crises of people scored", population, "one year", dimensions, People(), MET_A_CRISIS)
        table = publish(about, cells, log=log)
        everybody = (ALL,) * len(dimensions)
        rows.append({"kind": kind, "group": ALL} | _beside(table[everybody], _mean(chance)))
        for number, name in enumerate(names):
            expected = _mean(chance[at == number])
            rows.append({"kind": kind, "group": name} | _beside(table[keys[name]], expected))
    return rows


def _add(cells: dict[Key, Count], key: Key, count: Count) -> None:
    """Count people in their own cell and in every total of it."""
    for total in itertools.product(*((value, ALL) for value in key)):
        held = cells.get(total, Count(0, 0))
        cells[total] = Count(
            held.numerator + count.numerator, (held.denominator or 0) + (count.denominator or 0)
        )


def _beside(cell: Published, expected: float | None) -> dict[str, Any]:
    from endeavour.engine.statistics.proportions import wilson_limits

    row: dict[str, Any] = {
        "people": cell.denominator, "happened": cell.numerator, "observed": None, "low": None, "high": None,
        "expected": None if expected is None else round(100 * expected, 2), "ratio": None, "reason": str(cell.reason),
    }  # fmt: skip
    if cell.percent is not None and cell.numerator is not None and cell.denominator:
        x, n = np.array([float(cell.numerator)]), np.array([float(cell.denominator)])
        low, high = wilson_limits(x, n, np.minimum(x / n, 1.0), 0.95)
        row |= {
            "observed": round(cell.percent, 2),
            "low": round(100 * float(low[0]), 2),
            "high": round(100 * float(high[0]), 2),
        }
        if row["expected"]:
            row["ratio"] = round(row["observed"] / row["expected"], 3)
    return row


def found_by_threshold(
    chance: Floats,
    happened: Bools,
    decile: npt.NDArray[Any],
    *,
    share: float,
    population: str,
    log: ReleaseLog | None = None,
) -> dict[str, Any]:
    """One threshold for everybody: of those who went on to a crisis in each decile, how many stood above it.

    `found_percent` is sensitivity: higher means fewer passed over. It differs between deciles because more people
    of a deprived decile stand near the top; a rule of one threshold is not one chance for all.
    """
    threshold = float(np.quantile(chance, 1 - share))
    above = chance >= threshold
    names = sorted(set(decile), key=lambda name: int(name.split()[-1]))
    # With the fifths, whose crises the calibration shows: two deciles are one of them.
    fifths = {name: f"fifth {(int(name.split()[-1]) + 1) // 2} of 5" for name in names}
    cells: dict[Key, Count] = {}
    for name in names:
        inside = happened & (decile == name)
        count = Count(int((above & inside).sum()), int(inside.sum()))
        cells[name,] = count
        _add(cells, (fifths[name],), count)
    found = People(frozenset({"above the threshold"})) & MET_A_CRISIS
    about = About("crises above the threshold", population, "one year", ("deprivation",), MET_A_CRISIS, found)
    table = publish(about, cells, parents={"deprivation": fifths}, log=log)
    rows = [
        {
            "group": name,
            "crises": table[name,].denominator,
            "found": table[name,].numerator,
            "found_percent": None if (p := table[name,].percent) is None else round(p, 1),
            "reason": str(table[name,].reason),
        }
        for name in (ALL, *names)
    ]
    return {"share_above": share, "threshold": round(threshold, 4), "rows": rows}


def label_audit(
    by_need: Floats,
    by_cost: Floats,
    happened: Bools,
    groups: Groups,
    *,
    share: float,
    population: str,
    log: ReleaseLog | None = None,
) -> list[dict[str, Any]]:
    """The same number of people chosen by a model of need and by a model of cost, by group.

    After Obermeyer, Powers, Vogeli and Mullainathan 2019 (Science 366: 447-453). `percent_of_chosen` is the group's
    share of everybody chosen by that label; `crises_percent` of its chosen met a crisis the next year.
    """
    rows: list[dict[str, Any]] = []
    size = max(1, round(share * len(happened)))
    for label, score in (("need", by_need), ("cost", by_cost)):
        chosen = np.zeros(len(score), bool)
        chosen[np.argsort(-score, kind="stable")[:size]] = True
        picked = People(frozenset({f"chosen by {label}"}))
        for kind in ("deprivation", "ethnicity"):
            names, at = coded(groups[kind])
            cells = {(ALL,): Count(int((chosen & happened).sum()), int(chosen.sum()))}
            for number, name in enumerate(names):
                inside = chosen & (at == number)
                cells[name,] = Count(int((inside & happened).sum()), int(inside.sum()))
            about = About(
                f"chosen by {label}", population, "one year", (kind,), picked, picked & MET_A_CRISIS
            )
            table = publish(about, cells, log=log)
            whole = table[ALL,].denominator
            for name in (ALL, *names):
                cell = table[name,]
                rows.append(
                    {
                        "label": label, "kind": kind, "group": name, "chosen": cell.denominator,
                        "percent_of_chosen": _percent(cell.denominator, whole),
                        "crises_percent": None if cell.percent is None else round(cell.percent, 1),
                        "reason": str(cell.reason),
                    }
                )  # fmt: skip
    return rows


def _percent(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else round(100 * part / whole, 1)


def _mean(values: Floats) -> float | None:
    if not len(values):
        return None
    top = float(values.max())
    return publish_mean(float(values.sum()), len(values), largest=top, second=top).mean
