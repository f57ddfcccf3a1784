"""Inequality and intersections for people with a table; rules common to all of them are in `frames`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from endeavour.engine.statistics import _frames as f
from endeavour.engine.statistics._shape import (
    DEFAULT_CONFIDENCE,
    Confidence,
    Estimate,
    Floats,
    Reason,
    reason_codes,
)
from endeavour.engine.statistics.frames import By, grouped
from endeavour.engine.statistics.maihda import indicators, proportional_change_in_variance
from endeavour.engine.statistics.maihda import maihda as model_of
from endeavour.engine.statistics.slope_index import Slope, Transform, slope_index, standard_error_of
from endeavour.engine.statistics.toolkit import MEASURES, measure
from endeavour.errors import BadInput

IndicatorType = Literal["normal", "rate", "proportion"]
_SCALES: dict[str, Transform] = {"normal": "none", "rate": "log", "proportion": "logit"}


@dataclass(frozen=True)
class _Subgroups:
    """Each group's rows in order, batch by batch of groups alike in size and in where the reference stands."""

    rows: NDArray[np.intp]
    first: NDArray[np.intp]
    size: NDArray[np.intp]
    reference: NDArray[np.intp]

    def batches(self) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], int | None]]:
        """Group numbers, their rows as (groups, subgroups), and the reference's place (None when there is none)."""
        kind = self.size * (self.size.max(initial=0) + 2) + self.reference + 1
        for each in np.unique(kind):
            groups = np.flatnonzero(kind == each)
            size, place = int(self.size[groups[0]]), int(self.reference[groups[0]])
            yield groups, self.rows[self.first[groups, None] + np.arange(size)], None if place < 0 else place


def sii(
    frame: Any, value: str, population: str, *, lower: str | None = None, upper: str | None = None,
    standard_error: str | None = None, order: str | None = None, indicator_type: IndicatorType = "normal",
    transform: bool = False, group_by: By = (), confidence: Confidence = DEFAULT_CONFIDENCE, multiplier: float = 1.0,
    index: Literal["sii", "rii"] = "sii",
) -> Any:  # fmt: skip
    """`slope_index.slope_index` of each group, a row a quantile, most deprived first by `order` (or as rows stand).

    Give the quantiles' 95% limits (`lower` and `upper`), or `standard_error` on the scale the values move on.
    A rate moves on the log scale and a proportion on the logit scale; with `transform` the line is fitted
    there too. `value` is the slope index and `rii` the relative one (or the other way round with
    `index="rii"`).

    >>> table = pa.table({"decile": [1, 2, 3], "years": [70.0, 75.0, 80.0], "n": [1, 1, 1], "se": [0.5, 0.5, 0.5]})
    >>> round(sii(table, "years", "n", standard_error="se", order="decile")["value"][0].as_py(), 6)
    15.0
    """
    table = f.load(frame)
    if indicator_type not in _SCALES:
        raise BadInput(f"'{indicator_type}' is not a type of indicator", hint=f"Use {', '.join(_SCALES)}.")
    scale = _SCALES[indicator_type]
    y, n = table.numbers(value), table.counts(population)
    groups = grouped(table, group_by)
    within = _in_order(table, groups, order, None)
    error = _errors(table, lower, upper, standard_error, scale)
    if error is None:
        raise BadInput(
            "an index needs each quantile's limits or standard error", hint="Name --lower and --upper."
        )

    def answer(rows: NDArray[np.intp], _: int | None) -> Slope:
        return slope_index(
            y[rows], n[rows], error[rows], transform=scale if transform else "none", moves=scale,
            multiplier=multiplier, confidence=confidence,
        )  # fmt: skip

    made = [(numbers, answer(rows, place)) for numbers, rows, place in within.batches()]
    main, other = ("sii", "rii") if index == "sii" else ("rii", "sii")
    columns = _gathered(groups.many, [(numbers, getattr(slope, main)) for numbers, slope in made]).columns()
    reason = columns.pop("reason")
    beside = _gathered(groups.many, [(numbers, getattr(slope, other)) for numbers, slope in made]).columns()
    for name, values in beside.items():
        if name != "reason":
            columns[other if name == "value" else f"{other}_{name}"] = values
    columns["intercept"] = np.full(groups.many, np.nan)
    for numbers, slope in made:
        columns["intercept"][numbers] = slope.intercept
    columns["reason"] = reason
    return f.give(table, columns, groups.keys)


def inequality(
    frame: Any, code: str, value: str, population: str, *, lower: str | None = None, upper: str | None = None,
    standard_error: str | None = None, order: str | None = None, favourable: bool = True,
    reference: str | None = None, group_by: By = (), confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Any:  # fmt: skip
    """`toolkit.measure` of each group, a row a subgroup.

    `order` names the column that puts subgroups in order, most disadvantaged first; without it they have
    none. `reference` is the label of the reference subgroup in that column (or its place, from 0, without
    one).

    >>> table = pa.table({"income": [1, 2], "rate": [10.0, 20.0], "people": [3, 1]})
    >>> inequality(table, "MDMW", "rate", "people", order="income")["value"].to_pylist()
    [3.75]
    """
    table = f.load(frame)
    if code.upper() not in MEASURES:
        raise BadInput(f"'{code}' is not a measure of inequality", hint=f"Use {', '.join(MEASURES)}.")
    y, n = table.numbers(value), table.counts(population)
    groups = grouped(table, group_by)
    within = _in_order(table, groups, order, reference)
    error = _errors(table, lower, upper, standard_error, "none")
    made = [
        (
            numbers,
            measure(
                code, y[rows], n[rows], None if error is None else error[rows],
                ordered=order is not None, favourable=favourable, reference=place, confidence=confidence,
            ),
        )
        for numbers, rows, place in within.batches()
    ]  # fmt: skip
    return f.give(table, _gathered(groups.many, made).columns(), groups.keys)


def maihda(
    frame: Any, events: str, people: str, *, group_by: By, confidence: Confidence = DEFAULT_CONFIDENCE
) -> Any:
    """`maihda.maihda` of a table of strata, a row each, told apart by the characteristics in `group_by`.

    Two models are fitted: the null one, and one with each characteristic's main effects. `value` is a
    stratum's predicted proportion, and `effect` (log odds, with limits) what is particular to its
    intersection, both from the second; `vpc_null`, `vpc` and `pcv` (percentages) are the same on every row.
    """
    table = f.load(frame)
    x, n = table.counts(events), table.counts(people)
    table.refuse(x > n, f"'{events}' is above '{people}'")
    groups = grouped(table, group_by)
    if not groups.names:
        raise BadInput("name the characteristics that make the strata", hint="Repeat --group-by.")
    x, n = f.add_up(x, groups), f.add_up(n, groups)
    null = model_of(x, n, confidence=confidence)
    labels = [np.asarray(groups.keys.column(name).cast(pa.string()).to_pylist()) for name in groups.names]
    main = model_of(x, n, indicators(*labels), confidence=confidence)
    columns = main.probability.columns()
    del columns["reason"]
    for name, values in main.effect.columns().items():
        if name != "reason":
            columns["effect" if name == "value" else f"effect_{name}"] = values
    reason = main.reason if main.reason != Reason.SHOWN else null.reason
    every = np.ones(groups.many)
    columns |= {
        "distinct": np.asarray(main.distinct),
        "vpc_null": every * null.vpc,
        "vpc": every * main.vpc,
        "pcv": every * proportional_change_in_variance(null, main),
        "reason": reason_codes(np.full(groups.many, reason)),
    }
    return f.give(table, columns, groups.keys)


def _in_order(table: f.Table, groups: f.Groups, order: str | None, reference: str | None) -> _Subgroups:
    rank = np.arange(table.rows, dtype=np.float64)
    texts: list[str] | None = None
    if order is not None:
        column = table.column(order)
        empty = np.asarray(pc.is_null(column, nan_is_null=True).to_numpy(), dtype=np.bool_)
        table.refuse(empty, f"'{order}' is empty")
        texts = column.cast(pa.string()).to_pylist()
        if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
            rank = table.numbers(order)
        else:
            rank = f.first_seen(table, order)
        f.grid(table, groups, rank, order)  # refuses one subgroup met twice
    rows = np.lexsort((rank, groups.which))
    size = np.bincount(groups.which, minlength=groups.many)
    first = np.cumsum(size) - size
    place = np.full(groups.many, -1, dtype=np.intp)
    if reference is not None:
        within = np.arange(table.rows) - np.repeat(first, size)
        labels = [texts[row] for row in rows] if texts is not None else [str(number) for number in within]
        found = np.flatnonzero(np.asarray(labels) == reference)
        place[groups.which[rows[found]]] = within[found]
        if (place < 0).any():
            raise BadInput(f"a group has no subgroup '{reference}'")
    return _Subgroups(rows, first, size, place)


def _errors(
    table: f.Table, lower: str | None, upper: str | None, standard_error: str | None, scale: Transform
) -> Floats | None:
    if standard_error is not None:
        return table.counts(standard_error)
    if lower is None or upper is None:
        return None
    low, high = table.numbers(lower), table.numbers(upper)
    table.refuse(low > high, f"'{lower}' is above '{upper}'")
    return standard_error_of(low, high, transform=scale)


def _gathered(many: int, parts: list[tuple[NDArray[np.intp], Estimate]]) -> Estimate:
    """One estimate of all the groups from those of the batches."""

    def together(pick: Callable[[Estimate], NDArray[Any]], kind: type[Any]) -> NDArray[Any]:
        out = np.zeros(many, dtype=kind)
        for numbers, part in parts:
            out[numbers] = pick(part)
        return out

    levels = parts[0][1].confidence
    return Estimate(
        together(lambda part: part.value, np.float64),
        {level: together(lambda part, level=level: part.lower[level], np.float64) for level in levels},  # type: ignore[misc]
        {level: together(lambda part, level=level: part.upper[level], np.float64) for level in levels},  # type: ignore[misc]
        together(lambda part: part.reason, np.uint8),
    )
