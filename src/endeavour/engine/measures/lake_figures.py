"""A lake measure's figures: the compiled statement's exact answer goes through the gate, and only that comes out."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from endeavour.engine.disclosure import (
    ALL,
    About,
    Count,
    Key,
    PublishedTable,
    ReleaseLog,
    Table,
    publish_together,
)
from endeavour.engine.measures.compiler import NEWEST, Compiled, compile_measure, compile_months
from endeavour.engine.measures.crossings import mostly_shown
from endeavour.engine.measures.definition import Figures, Measure
from endeavour.engine.measures.earlier import BY_PERIOD, installation_log
from endeavour.engine.measures.groupings import GROUPINGS, NESTED, PLUS
from endeavour.engine.measures.population import population_of
from endeavour.engine.measures.rows import financial_year, rows_of
from endeavour.engine.measures.who import meanings, people_of

if TYPE_CHECKING:
    from endeavour.engine.lake.backends import Backend
    from endeavour.engine.lake.store import Lake

COLUMNS = ["grouping", "group", "numerator", "denominator", "value", "low", "high", "reason"]
PERIOD = "period"
Groups = tuple[tuple[str, str], ...]


def lake_figures(
    measure: Measure, lake: Lake, *, year: int | None = None, by: Sequence[str] | None = None
) -> Figures:
    """The figures of one year from a lake, newest year by default, through the gate and its log."""
    from endeavour.engine.lake.backends import by_system, open_backend

    compiled = compile_measure(measure, years=NEWEST if year is None else (year,), by=by)
    each = []
    for sources in by_system(lake.sources()):
        with open_backend(sources) as backend:
            each.append(whole(compiled, backend, population=lake.people))
    [table] = publish_together([mostly_shown(added(each))], log=installation_log([measure]))
    return Figures(measure.title, COLUMNS, rows_of(measure, table), _words(measure, compiled, table, lake))


def exact(compiled: Compiled, backend: Backend) -> dict[int, dict[Groups, Count]]:
    """The statement's answer for each year, keyed by the groups each row belongs to; private, for the gate and tests only."""
    answer = backend.run(compiled.sql).to_pydict()
    keys = _keys(compiled, answer)
    found: dict[int, dict[Groups, Count]] = {}
    for year in compiled.years:
        terms = answer[f"numerator_{year}"], answer[f"denominator_{year}"]
        # A group that has nobody in one year may have somebody in another; everybody is a group all the same.
        found[year] = {
            key: Count(int(terms[0][at] or 0), int(terms[1][at] or 0))
            for key, at in keys.items()
            if terms[1][at] or not key
        }
    return found


def _keys(compiled: Compiled, answer: Mapping[str, Sequence[Any]]) -> dict[Groups, int]:
    """The groups that each row of an answer belongs to, and where the row stands; in the order of the groupings."""
    plus = {column: group for group, column in PLUS.items() if column in answer}
    keys: dict[Groups, int] = {}
    for at in range(len(answer[f"numerator_{compiled.years[0]}"])):
        # Those outside a PLUS group are no group of their own, and their row is not asked for.
        if any(answer[column][at] == "no" for column in plus):
            continue
        key = tuple((g, str(answer[g][at])) for g in compiled.groupings if g != "plus" and answer[g][at])
        keys[key + tuple(("plus", group) for column, group in plus.items() if answer[column][at])] = at
    order = {frozenset(group): at for at, group in enumerate(compiled.sets)}

    def place(key: Groups) -> tuple[int, list[tuple[int, str]]]:
        at = order[frozenset(name for name, _ in key)]
        return at, [(len(value) if value.isdigit() else 0, value) for _, value in key]

    return {key: keys[key] for key in sorted(keys, key=place)}


def exact_months(measure: Measure, years: Sequence[int], backend: Backend) -> dict[tuple[str, str], Count]:
    """A measure by (month, place) over the years given, place `all` for the system; private, as `exact`."""
    sql = compile_months(measure, years)
    if sql is None:
        return {}
    found: dict[tuple[str, str], Count] = {}
    for row in backend.run(sql).to_pylist():
        month = f"{row['period'][:4]}-{row['period'][4:]}"
        found[month, row["place"] or ALL] = Count(row["numerator"], row.get("denominator"))
    if measure.counts == "people":
        # A month in which nobody was seen has no row, and is a nought all the same.
        for month, place in itertools.product(_months(years), {place for _, place in found}):
            found.setdefault((month, place), Count(0))
    return dict(sorted(found.items()))


def _months(years: Sequence[int]) -> list[str]:
    """The months of some financial years, as 2023-04."""
    return [f"{year + (m > 12)}-{(m - 1) % 12 + 1:02d}" for year in years for m in range(4, 16)]


def published(
    compiled: Compiled,
    backend: Backend,
    *,
    population: str,
    log: ReleaseLog | None = None,
    months: bool = False,
) -> PublishedTable:
    """A measure's whole answer, and by month where asked, as one table through the gate.

    Beside other measures of the same people it must stand in their log, or be published with them.
    """
    exact_table = whole(compiled, backend, population=population, months=months)
    return publish_together([mostly_shown(exact_table)], log=log)[0]


def whole(compiled: Compiled, backend: Backend, *, population: str, months: bool = False) -> Table:
    """A measure's exact answer, and by month where asked, as one table for the gate; private.

    Months stand in the same table as their year, so that the one cannot give the other away.
    """
    measure, groupings = compiled.measure, compiled.groupings
    dimensions = _dimensions((PERIOD, *groupings))
    cells: dict[Key, Count] = {}
    for year, counts in exact(compiled, backend).items():
        for groups, count in counts.items():
            cells[_key(((PERIOD, str(year)), *groups), dimensions)] = count
    parents, overlapping = _parents(groupings, backend), {"condition", "plus"} & set(dimensions)
    if months:
        by_month = exact_months(measure, compiled.years, backend)
        for (month, place), count in by_month.items():
            where: Groups = () if place == ALL else (("place", place),)
            cells[_key(((PERIOD, month), *where), dimensions)] = count
        parents[PERIOD] = {month: str(year_of(month)) for month, _ in by_month}
        if measure.counts != "events":
            overlapping.add(PERIOD)  # one person may be seen in many months
    about = About(measure.id, population, BY_PERIOD, tuple(dimensions), *people_of(measure))
    return Table(about, cells, parents, frozenset(overlapping), meanings())


def added(systems: Sequence[Table]) -> Table:
    """One measure's exact tables of several systems as that of all: nobody lives in two, so the counts add up."""
    cells: dict[Key, Count] = {}
    parents: dict[str, dict[str, str]] = {}
    for table in systems:
        for key, count in table.cells.items():
            cells[key] = _plus(cells[key], count) if key in cells else count
        for dimension, links in table.parents.items():
            parents.setdefault(dimension, {}).update(links)
    return replace(systems[0], cells=cells, parents=parents)


def _plus(one: Count, other: Count) -> Count:
    bases = one.denominator, other.denominator
    return Count(one.numerator + other.numerator, None if None in bases else sum(base or 0 for base in bases))


def year_of(month: str) -> int:
    """The first year of the financial year a month lies in.

    >>> year_of("2024-03"), year_of("2024-04")
    (2023, 2024)
    """
    return int(month[:4]) - (int(month[5:]) < 4)


def _dimensions(groupings: Sequence[str]) -> dict[str, list[str]]:
    """The gate's dimensions, each with the groupings it nests."""
    dimensions: dict[str, list[str]] = {}
    for grouping in groupings:
        home = next((name for name, nested in NESTED.items() if grouping in nested), grouping)
        dimensions.setdefault(home, []).append(grouping)
    return dimensions


def _key(groups: Groups, dimensions: Mapping[str, list[str]]) -> Key:
    """A row's place in the table; of two nested groupings the narrower says both."""
    told = dict(groups)
    key = []
    for name, nested in dimensions.items():
        inner = [g for g in nested if g in told]
        narrow = max(inner, key=_depth) if inner else None
        key.append(ALL if narrow is None else told[narrow] if name == PERIOD else f"{narrow}:{told[narrow]}")
    return tuple(key)


def _depth(grouping: str) -> int:
    return next((nested.index(grouping) for nested in NESTED.values() if grouping in nested), 0)


def _parents(groupings: Sequence[str], backend: Backend) -> dict[str, dict[str, str]]:
    """Which value lies in which, for the nested groupings this measure has."""
    parents: dict[str, dict[str, str]] = {}
    for name, order in NESTED.items():
        have = [g for g in order if g in groupings]
        links = parents.setdefault(name, {})
        for outer, inner in itertools.pairwise(have):
            links |= {f"{inner}:{i}": f"{outer}:{o}" for o, i in _pairs(outer, inner, backend)}
    return parents


_known: WeakKeyDictionary[Backend, dict[tuple[str, str], list[tuple[str, str]]]] = WeakKeyDictionary()
"""What lies in what is the same for every measure of a lake, so that each opened lake is asked once."""


def _pairs(outer: str, inner: str, backend: Backend) -> list[tuple[str, str]]:
    known = _known.setdefault(backend, {})
    if (outer, inner) not in known:
        found = backend.run(
            f"SELECT DISTINCT {GROUPINGS[outer]} AS o, {GROUPINGS[inner]} AS i FROM person AS p"
        )
        known[outer, inner] = list(zip(found["o"].to_pylist(), found["i"].to_pylist(), strict=True))
    return known[outer, inner]


def _words(measure: Measure, compiled: Compiled, table: PublishedTable, lake: Lake) -> list[str]:
    counted = population_of(lake)["words"]
    words = [
        f"Synthetic residents, {financial_year(compiled.years[-1])}. Counted: {counted}. {table.audit.words}"
    ]
    if measure.standing == "local definition":
        words.append(f"Local definition: {measure.local_because}")
    if measure.target:
        by = f" by {measure.target.by:%-d %B %Y}" if measure.target.by else ""
        words.append(f"Target: {measure.target.value:g} {measure.unit}{by} ({measure.target.set_by}).")
    else:
        words.append(f"No target has been set here. {measure.no_target}".strip())
    return words
