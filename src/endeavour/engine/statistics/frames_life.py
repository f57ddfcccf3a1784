"""Healthy years, years lost, what each age adds, and comparison with a benchmark, for people with a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from endeavour.engine.statistics import _frames as f
from endeavour.engine.statistics._shape import DEFAULT_CONFIDENCE, Confidence, Reason, reason_codes
from endeavour.engine.statistics.benchmark import Comparison, Polarity, compare_with_benchmark
from endeavour.engine.statistics.frames import By, grouped
from endeavour.engine.statistics.health_expectancy import health_expectancy as healthy_years
from endeavour.engine.statistics.standard_populations import standard_population
from endeavour.engine.statistics.years_lost import arriaga as contributions_of
from endeavour.engine.statistics.years_lost import years_left
from endeavour.engine.statistics.years_lost import years_of_life_lost as lost
from endeavour.errors import BadInput


def health_expectancy(
    frame: Any, deaths: str, population: str, healthy: str, surveyed: str, age: str, *, at: float = 0,
    group_by: By = (), confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Any:  # fmt: skip
    """`health_expectancy.health_expectancy` of each group, a row an age band in any order, from the age `at`.

    >>> table = pa.table({"age": [0, 15, 50, 80], "d": [60, 40, 600, 1300], "n": [40000, 80000, 60000, 9000],
    ...     "well": [95, 180, 140, 40], "asked": [100, 200, 200, 100]})
    >>> round(health_expectancy(table, "d", "n", "well", "asked", "age")["value"][0].as_py(), 2)
    64.02
    """
    table, groups, strata = _bands(frame, age, group_by)
    d, n, h, s = (strata.lay(table.counts(name), np.nan) for name in (deaths, population, healthy, surveyed))
    made = healthy_years(d, n, h, s, strata.labels.tolist(), at=at, confidence=confidence)
    made.reason[~strata.filled.all(axis=1)] = Reason.MISSING_BANDS
    return f.give(table, made.columns(), groups.keys)


def years_of_life_lost(
    frame: Any, deaths: str, age: str, *, population: str | None = None, standard: str | None = None,
    limit: float = 75, group_by: By = (), confidence: Confidence = DEFAULT_CONFIDENCE,
    multiplier: float = 100_000.0,
) -> Any:  # fmt: skip
    """`years_lost.years_of_life_lost` of each group: the years before `limit`, a row an age band.

    With `population` the years for each `multiplier` people, and with `standard` ('esp2013' or a column of weights)
    as they would be at its ages.

    >>> table = pa.table({"age": [0, 25, 50, 75], "d": [2, 3, 20, 90]})
    >>> years_of_life_lost(table, "d", "age")["value"][0].as_py()
    487.5
    """
    table, groups, strata = _bands(frame, age, group_by)
    people = None if population is None else strata.lay(table.counts(population, above_zero=True), 1.0)
    weights = None
    if standard is not None and standard in table.arrow.column_names:
        weights = strata.lay(table.counts(standard), 0.0)
    elif standard is not None:
        weights = standard_population(standard, strata.labels.tolist())
    made = lost(
        strata.lay(table.counts(deaths), np.nan), years_left(strata.labels.tolist(), limit), population=people,
        standard=weights, confidence=confidence, multiplier=multiplier,
    )  # fmt: skip
    made.reason[~strata.filled.all(axis=1)] = Reason.MISSING_BANDS
    return f.give(table, made.columns(), groups.keys)


def arriaga(
    frame: Any, deaths: str, population: str, other_deaths: str, other_population: str, age: str, *, group_by: By = (),
) -> Any:  # fmt: skip
    """`years_lost.arriaga` of each group: the years each age adds to the other population's life expectancy.

    A row an age band; `value` sums over a group to its `difference`.

    >>> table = pa.table({"age": [0, 60], "d": [10, 40], "n": [1000, 500], "d2": [5, 30], "n2": [1000, 500]})
    >>> [round(v, 3) for v in arriaga(table, "d", "n", "d2", "n2", "age")["value"].to_pylist()]
    [10.84, 2.543]
    """
    table, groups, strata = _bands(frame, age, group_by)
    d, n, other, others = (
        strata.lay(table.counts(name), np.nan)
        for name in (deaths, population, other_deaths, other_population)
    )
    made = contributions_of(d, n, other, others, strata.labels.tolist())
    made.reason[~strata.filled.all(axis=1)] = Reason.MISSING_BANDS
    bands = strata.labels.size
    keys = groups.keys.take(pa.array(np.repeat(np.arange(groups.many), bands)))
    columns = {
        **{name: keys[name] for name in keys.column_names},
        age: table.column(age).take(pa.array(np.tile(strata.first, groups.many))),
        "value": made.by_age.reshape(-1),
        "difference": np.repeat(made.difference, bands),
        "reason": pa.array(reason_codes(np.repeat(made.reason, bands))),
    }
    return f.give(table, columns)


def benchmark(
    frame: Any, value: str, lower: str, upper: str, benchmark: str, *, polarity: Polarity = "neutral"
) -> Any:
    """`benchmark.compare_with_benchmark` of each row's 95% limits with a column, or one number, in words.

    >>> table = pa.table({"area": ["A", "B"], "v": [8.5, 10.0], "low": [8.0, 9.0], "high": [9.0, 11.0]})
    >>> benchmark(table, "v", "low", "high", "10", polarity="low-is-good")["comparison"].to_pylist()
    ['better (95%)', 'similar']
    """
    table = f.load(frame)
    if table.rows == 0:
        raise BadInput("the table has no rows")
    try:
        line: Any = float(benchmark)
    except ValueError:
        line = table.numbers(benchmark)
    codes = compare_with_benchmark({0.95: table.numbers(lower)}, {0.95: table.numbers(upper)}, line)
    words = [Comparison(code).label(polarity) for code in codes]
    numbers = {"value": table.numbers(value), "benchmark": np.broadcast_to(line, codes.shape)}
    return f.give(table, numbers | {"comparison": pa.array(words)}, table.arrow)


def _bands(frame: Any, age: str, group_by: By) -> tuple[f.Table, f.Groups, f.Grid]:
    table = f.load(frame)
    groups = grouped(table, group_by)
    return table, groups, f.grid(table, groups, f.start_ages(table, age), age)
