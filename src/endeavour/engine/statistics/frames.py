"""The statistics for people with a table: name the columns, get one row a group.

Every function takes a Polars, pandas or Arrow frame, or a DuckDB relation, and gives back the same kind
(Arrow for a relation), with the grouping columns, `value`, `lower_0.95`, `upper_0.95`, ... for each level of
confidence, the method's other columns, and `reason`, which is empty when the figure is shown. Rules common to
all of them:

* an empty cell in a grouping column is an error naming the row; no group is ever dropped in silence;
* an empty number makes its own group's figure empty with a reason and leaves the others alone;
* `confidence=None` gives values without limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from endeavour.engine.statistics import _frames as f
from endeavour.engine.statistics import (
    funnel as funnels,
)
from endeavour.engine.statistics import (
    means,
    proportions,
    quantiles,
    rates,
    standardisation,
)
from endeavour.engine.statistics._shape import BOTH, DEFAULT_CONFIDENCE, Confidence, Estimate, Floats, Reason
from endeavour.engine.statistics.life_expectancy import life_expectancy as life_table_of
from endeavour.engine.statistics.standard_populations import standard_population
from endeavour.errors import BadInput

By = str | Sequence[str]


def proportion(
    frame: Any, numerator: str, denominator: str, *, group_by: By = (), confidence: Confidence = DEFAULT_CONFIDENCE,
    multiplier: float = 1.0,
) -> Any:  # fmt: skip
    """`proportions.proportion` of each group's summed columns, or of each row when there is no grouping.

    >>> table = pa.table({"area": ["A", "A", "B"], "smokers": [3, 4, 0], "adults": [10, 10, 5]})
    >>> proportion(table, "smokers", "adults", group_by="area").select(["area", "value"]).to_pylist()
    [{'area': 'A', 'value': 0.35}, {'area': 'B', 'value': 0.0}]
    """
    table = f.load(frame)
    x, n = table.counts(numerator), table.counts(denominator, above_zero=True)
    table.refuse(x > n, f"'{numerator}' is above '{denominator}'", hint="For repeat events, use a rate.")
    x, n, base = _sums(table, group_by, x, n)
    return _give(table, proportions.proportion(x, n, confidence=confidence, multiplier=multiplier), base)


def rate(
    frame: Any, events: str, population: str, *, group_by: By = (), confidence: Confidence = DEFAULT_CONFIDENCE,
    multiplier: float = 100_000.0,
) -> Any:  # fmt: skip
    """`rates.rate` of each group's summed columns, or of each row when there is no grouping.

    >>> table = pa.table({"area": ["A", "B"], "deaths": [20, 0], "people": [1000, 1000]})
    >>> rate(table, "deaths", "people", group_by="area", multiplier=1000)["upper_0.95"].to_pylist()[0].__round__(1)
    30.9
    """
    table = f.load(frame)
    x, n = table.counts(events), table.counts(population, above_zero=True)
    x, n, base = _sums(table, group_by, x, n)
    return _give(table, rates.rate(x, n, confidence=confidence, multiplier=multiplier), base)


def mean(frame: Any, value: str, *, group_by: By = (), confidence: Confidence = DEFAULT_CONFIDENCE) -> Any:
    """`means.mean` of each group of rows.

    >>> mean(pa.table({"ward": ["A", "A", "B"], "days": [2.0, 4.0, 7.0]}), "days", group_by="ward")["value"].to_pylist()
    [3.0, 7.0]
    """
    table = f.load(frame)
    values = table.numbers(value)
    groups = grouped(table, group_by)
    return _give(table, means.mean(values, groups.which, confidence=confidence), groups.keys)


def dsr(
    frame: Any, events: str, population: str, standard: str, *, age: str | None = None,
    event_frequency: str | None = None, group_by: By = (), confidence: Confidence = DEFAULT_CONFIDENCE,
    multiplier: float = 100_000.0,
) -> Any:  # fmt: skip
    """`standardisation.dsr` of each group, one row an age band.

    `standard` is a column of weights or the name of a standard population ('esp2013', which needs `age`).
    Groups may have different bands. With `event_frequency`, `events` counts people who had that many events,
    one row for each age and frequency, and `age` is needed.

    >>> table = pa.table({"age": ["0-64", "65+"], "deaths": [12, 40], "people": [900, 100]})
    >>> round(dsr(table, "deaths", "people", "esp2013", age="age", multiplier=1000)["value"][0].as_py(), 2)
    88.73
    """
    table = f.load(frame)
    x, n = table.counts(events), table.counts(population, above_zero=True)
    ages = f.start_ages(table, age) if age else None
    groups = grouped(table, group_by)
    if event_frequency is not None:
        if ages is None or age is None:
            raise BadInput("repeat events need the age column", hint="Name it with --age.")
        return _repeat_events(
            table,
            groups,
            (x, n, ages),
            age,
            standard,
            event_frequency,
            confidence=confidence,
            multiplier=multiplier,
        )
    strata = f.grid(table, groups, ages, age or "row")
    weights = _weights(table, strata, standard, ages)
    made = standardisation.dsr(
        strata.lay(x, 0.0), strata.lay(n, 1.0), weights, confidence=confidence, multiplier=multiplier
    )
    missing_people = np.where(strata.filled, 0.0, 1.0).sum(axis=1)
    made.extra["total_population"][...] -= missing_people
    return _give(table, made, groups.keys)


def _weights(table: f.Table, strata: f.Grid, standard: str, ages: Floats | None) -> Floats:
    if standard in table.arrow.column_names:
        return strata.lay(table.counts(standard), 0.0)
    if ages is None:
        raise BadInput(
            f"there is no column '{standard}', and a named standard population needs ages",
            hint="Name the column of ages, or of weights.",
        )
    return np.where(strata.filled, standard_population(standard, strata.labels.tolist()), 0.0)


def _repeat_events(
    table: f.Table, groups: f.Groups, columns: tuple[Floats, Floats, Floats], age: str, standard: str,
    event_frequency: str, *, confidence: Confidence, multiplier: float,
) -> Any:  # fmt: skip
    x, n, ages = columns
    often = table.counts(event_frequency, above_zero=True)
    table.refuse(np.isnan(often), f"'{event_frequency}' is empty")
    frequencies, which = np.unique(often, return_inverse=True)
    bands, first, band = np.unique(ages, return_index=True, return_inverse=True)
    each = (which * bands.size + band).astype(np.float64)
    f.grid(table, groups, each, f"{age} and {event_frequency}")  # refuses a pair met twice
    people = np.zeros((groups.many, frequencies.size, bands.size))
    people[groups.which, which, band] = x
    population = np.ones((groups.many, bands.size))
    population[groups.which, band] = n
    table.refuse(population[groups.which, band] != n, "one group and age has two populations")
    filled = np.zeros((groups.many, bands.size), dtype=bool)
    filled[groups.which, band] = True
    strata = f.Grid(groups.which, band.astype(np.intp), filled.shape, filled, bands, first)
    weights = _weights(table, strata, standard, ages)
    if standard in table.arrow.column_names:
        given = table.numbers(standard)
        table.refuse(weights[groups.which, band] != given, "one group and age has two standard populations")
    made = standardisation.dsr(
        people, population, weights, event_frequency=frequencies, confidence=confidence, multiplier=multiplier
    )
    made.extra["total_population"][...] -= (~filled).sum(axis=1)
    return _give(table, made, groups.keys)


def indirect_rate(
    frame: Any, events: str, population: str, reference_events: str, reference_population: str, *,
    age: str | None = None, group_by: By = (), confidence: Confidence = DEFAULT_CONFIDENCE,
    multiplier: float = 100_000.0,
) -> Any:  # fmt: skip
    """`standardisation.indirect_rate` of each group, one row an age band, the reference in columns of its own."""
    table, groups, arrays = _indirect(
        frame, events, population, reference_events, reference_population, age, group_by
    )
    made = standardisation.indirect_rate(*arrays, confidence=confidence, multiplier=multiplier)
    return _give(table, made, groups.keys)


def indirect_ratio(
    frame: Any, events: str, population: str, reference_events: str, reference_population: str, *,
    age: str | None = None, group_by: By = (), confidence: Confidence = DEFAULT_CONFIDENCE, multiplier: float = 1.0,
) -> Any:  # fmt: skip
    """`standardisation.indirect_ratio` of each group, one row an age band, the reference in columns of its own."""
    table, groups, arrays = _indirect(
        frame, events, population, reference_events, reference_population, age, group_by
    )
    made = standardisation.indirect_ratio(*arrays, confidence=confidence, multiplier=multiplier)
    return _give(table, made, groups.keys)


def _indirect(
    frame: Any, events: str, population: str, reference_events: str, reference_population: str, age: str | None,
    group_by: By,
) -> tuple[f.Table, f.Groups, list[Floats]]:  # fmt: skip
    table = f.load(frame)
    groups = grouped(table, group_by)
    strata = f.grid(table, groups, f.start_ages(table, age) if age else None, age or "row")
    given = [table.counts(name) for name in (events, population, reference_events)]
    reference = table.counts(reference_population, above_zero=True)
    arrays = [strata.lay(values, 0.0) for values in given]
    # A band this group does not have must add nothing to the reference's crude rate: no events among (almost) nobody.
    laid = strata.lay(reference, 0.0)
    if not strata.filled.all():
        return table, groups, _packed(arrays, laid)
    return table, groups, [*arrays, laid]


def _packed(arrays: list[Floats], reference: Floats) -> list[Floats]:
    """Groups of unequal bands: a band without reference people is given a vanishing share of one."""
    return [*arrays, np.where(reference == 0, np.finfo(np.float64).tiny, reference)]


def life_expectancy(
    frame: Any, deaths: str, population: str, age: str, *, at: float | None = None, group_by: By = (),
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Any:  # fmt: skip
    """`life_expectancy.life_expectancy` of each group: a row for each age band, or one a group with `at`.

    Rows may stand in any order. A group without one of the bands has `missing-age-bands`.
    """
    table = f.load(frame)
    d, n = table.counts(deaths), table.counts(population)
    ages = f.start_ages(table, age)
    groups = grouped(table, group_by)
    strata = f.grid(table, groups, ages, age)
    made = life_table_of(
        strata.lay(d, np.nan),
        strata.lay(n, np.nan),
        strata.labels.tolist(),
        at=at,
        totals=True,
        confidence=confidence,
    )
    short = ~strata.filled.all(axis=1)
    if at is not None:
        made.reason[short] = Reason.MISSING_BANDS
        return _give(table, made, groups.keys)
    made.reason[short, :] = Reason.MISSING_BANDS
    keys = groups.keys.take(pa.array(np.repeat(np.arange(groups.many), strata.labels.size)))
    labels = table.column(age).take(pa.array(np.tile(strata.first, groups.many)))
    return _give(table, made, pa.table({**{name: keys[name] for name in keys.column_names}, age: labels}))


def quantile(
    frame: Any,
    value: str,
    *,
    quantiles_wanted: int = 10,
    invert: bool | str = True,
    result: str = "quantile",
    group_by: By = (),
) -> Any:
    """`quantiles.quantile` of each row within its group; `invert` may name a true-or-false column.

    The table comes back whole, in its own order, with `quantile` (or the name in `result`) and `reason`
    added.

    >>> table = pa.table({"area": ["A", "B", "C"], "imd": [10.0, 30.0, 20.0]})
    >>> quantile(table, "imd", quantiles_wanted=3)["quantile"].to_pylist()
    [3.0, 1.0, 2.0]
    """
    table = f.load(frame)
    groups = grouped(table, group_by)
    inverted: Any = invert
    if isinstance(invert, str):
        rows = table.flags(invert)
        inverted = np.zeros(groups.many, dtype=bool)
        inverted[groups.which] = rows
        table.refuse(inverted[groups.which] != rows, f"'{invert}' differs within a group")
    values = table.numbers(value)
    made = quantiles.quantile(values, groups.which, quantiles=quantiles_wanted, invert=inverted)
    columns = made.columns()
    columns[result] = columns.pop("value")
    columns["reason"] = columns.pop("reason")
    return f.give(table, columns, table.arrow)


def funnel(
    frame: Any, numerator: str, denominator: str | None = None, *, statistic: funnels.Statistic = "proportion",
    rate_column: str | None = None, rate_type: funnels.RateType = "crude", years: float = 1.0, group_by: By = (),
    confidence: Confidence = BOTH, multiplier: float | None = None,
) -> Any:  # fmt: skip
    """`funnel.funnel_points` of each row (one an area), with its control limits and significance."""
    table = f.load(frame)
    x, n, r, base = _funnel_columns(table, numerator, denominator, statistic, rate_column, group_by)
    made = funnels.funnel_points(
        x, n, statistic=statistic, rate=r, rate_type=rate_type, years=years, multiplier=multiplier,
        confidence=confidence,
    )  # fmt: skip
    return _give(table, made, base)


def funnel_lines(
    frame: Any, numerator: str, denominator: str | None = None, *, statistic: funnels.Statistic = "proportion",
    rate_column: str | None = None, rate_type: funnels.RateType = "crude", ratio_type: funnels.RatioType = "count",
    years: float = 1.0, confidence: Confidence = BOTH, multiplier: float | None = None,
) -> Any:  # fmt: skip
    """`funnel.funnel_limits` of the table's areas: the 100 points of each line, to draw."""
    table = f.load(frame)
    x, n, r, _ = _funnel_columns(table, numerator, denominator, statistic, rate_column, ())
    lines = funnels.funnel_limits(
        x, n, statistic=statistic, rate=r, rate_type=rate_type, ratio_type=ratio_type, years=years,
        multiplier=multiplier, confidence=confidence,
    )  # fmt: skip
    return f.give(table, lines.columns())


def _funnel_columns(
    table: f.Table,
    numerator: str,
    denominator: str | None,
    statistic: str,
    rate_column: str | None,
    group_by: By,
) -> tuple[Floats, Floats | None, Floats | None, pa.Table]:
    x = table.counts(numerator)
    n = None if denominator is None else table.counts(denominator, above_zero=True)
    r = None if rate_column is None else table.counts(rate_column)
    if statistic == "proportion" and n is not None:
        table.refuse(x > n, f"'{numerator}' is above '{denominator}'", hint="For repeat events, use a rate.")
    groups = grouped(table, group_by)
    if group_by and groups.many < table.rows:
        again = np.bincount(groups.which)[groups.which] > 1
        table.refuse(again, "an area comes twice", hint="A funnel takes one row an area.")
    return x, n, r, groups.keys if group_by else table.arrow


def grouped(table: f.Table, group_by: By) -> f.Groups:
    """The table's groups; a table without rows is refused."""
    if table.rows == 0:
        raise BadInput("the table has no rows")
    return f.group_rows(table, [group_by] if isinstance(group_by, str) else list(group_by))


def _sums(table: f.Table, group_by: By, x: Floats, n: Floats) -> tuple[Floats, Floats, pa.Table]:
    groups = grouped(table, group_by)
    if not group_by:
        return x, n, table.arrow
    return f.add_up(x, groups), f.add_up(n, groups), groups.keys


def _give(table: f.Table, made: Estimate, base: pa.Table) -> Any:
    return f.give(table, made.columns(), base)
