"""The one gate: a table of exact counts goes in, and only what can identify nobody comes out."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from endeavour.engine.disclosure.attack import Attacker
from endeavour.engine.disclosure.interior import TooMany
from endeavour.engine.disclosure.log import ReleaseLog
from endeavour.engine.disclosure.people import People
from endeavour.engine.disclosure.published import (
    _SEAL,
    About,
    Audit,
    Key,
    Published,
    PublishedMean,
    PublishedTable,
    Shown,
)
from endeavour.engine.disclosure.rules import SMALLEST_SHOWN, is_dominated, is_small, rounded, tells_of_few
from endeavour.engine.disclosure.structure import build
from endeavour.engine.disclosure.tables import Count, Table, breakdowns, people_of
from endeavour.errors import BadInput, Conflict


class Refused(Conflict):
    """No hiding in this table could make it safe beside what is already public; nothing was released."""


def publish(
    about: About,
    cells: Mapping[Any, Count],
    *,
    parents: Mapping[str, Mapping[str, str]] | None = None,
    overlapping: frozenset[str] = frozenset(),
    log: ReleaseLog | None = None,
) -> PublishedTable:
    """Round what may be shown, hide what is small, and hide what would let anybody work it out.

    `cells` is keyed by one value for each of `about.dimensions`, with `ALL` for a total; counts are of people, a
    rate's denominator being the larger. Totals are checked against their parts: `parents` nests values within a
    dimension (a district under its place), and a dimension whose groups overlap must be named, or `BadInput`. With a
    `log` the table is attacked together with every earlier table of the same statistic, and then remembered;
    `Refused` where they could not be made safe together. What earlier tables alone give away is counted in the audit
    (`left_by_earlier`) and is never made more.

    Source: NHS England's small-number rule (1 to 7 hidden, others to the nearest 5); Fischetti and Salazar (2001) for
    the complementary figures.

    >>> about = About("falls", "residents", "2025", ("place",))
    >>> table = publish(about, {("all",): Count(503), ("north",): Count(3), ("south",): Count(500)})
    >>> table[("north",)].words, table[("all",)].words
    ('hidden to protect a small group', '505')
    """
    return publish_together([Table(about, dict(cells), parents or {}, overlapping)], log=log)[0]


@contextmanager
def _no_walks() -> Iterator[None]:
    """Rest Python's collector of cycles: none arise here, and its walks over every figure grow faster than the table."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_no_walks()
def publish_together(
    tables: Sequence[Table],
    *,
    log: ReleaseLog | None = None,
    among: Callable[..., Iterable[Any]] = map,
    or_as_before: bool = False,
) -> list[PublishedTable]:
    """Several tables through the gate, those of one statistic as one, so that none gives away what another hides.

    Each says who its people are (`About.base` and `counted`, `Table.meanings`); wherever two count the same people, or
    some of one another's, the attacker knows it. Nothing is remembered unless all can be released. `among` goes
    through the statistics as `map` does; the `map` of a pool of processes shares them out. With `or_as_before`, tables
    that are not safe beside earlier ones are published by the earlier breakdowns alone (`Audit.left_out` counts what is
    not). Otherwise as `publish`.

    >>> from endeavour.engine.disclosure import People
    >>> ill = People(frozenset({"ill"}))
    >>> illness = About("illness", "x", "2025", ("place",), People(), ill)
    >>> check = About("checks of ill adults", "x", "2025", ("place",), ill & People(ages=(18, 200)), People())
    >>> cells = {("north",): Count(200, 4000)}, {("north",): Count(198, 198)}
    >>> first, second = publish_together([Table(illness, cells[0]), Table(check, cells[1])])
    >>> first[("north",)].numerator, second[("north",)].denominator  # or 2 children would be a subtraction away
    (200, None)
    """
    alike: dict[str, list[int]] = defaultdict(list)
    exact = [_in_order(table) for table in tables]
    for number, table in enumerate(exact):
        alike[table.about.statistic].append(number)
    # The largest first, so that no process has one left when the others are done.
    families = sorted(
        alike.values(), key=lambda numbers: -sum(len(exact[number].cells) for number in numbers)
    )
    given = [[exact[number] for number in numbers] for numbers in families]
    before = [log.earlier(family[0].about.statistic) if log is not None else () for family in given]
    found: dict[int, tuple[Hidden, _Verdict]] = {}
    judge = _judge_or_as_before if or_as_before else _judge
    for numbers, verdict in zip(families, among(judge, given, before), strict=True):
        found |= {number: (one, verdict) for number, one in zip(numbers, verdict.hidden, strict=True)}
    hidden = _hidden_everywhere(exact, [found[number][0] for number in range(len(exact))])
    released = [_let_out(table, hidden[n], found[n][1]) for n, table in enumerate(exact)]
    if log is not None:
        for table, safe in zip(exact, released, strict=True):
            log.record(replace(table, cells={key: table.cells[key] for key in safe}), safe)
    return released


Hidden = Mapping[Key, tuple[bool, bool]]
"""Whether the counted and the base of each cell that a table may let out must be hidden."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the attacker found of the tables of one statistic, in order; it can be sent from one process to another."""

    hidden: list[Hidden]
    sensitive: int
    before: int
    solves: int
    left: int


def _judge_or_as_before(tables: Sequence[Table], before: Sequence[Table]) -> _Verdict:
    """As `_judge`, by the earlier tables' breakdowns alone where new ones would not be safe beside them."""
    try:
        return _judge(tables, before)
    except Refused:
        fewer = _as_before(tables, before)
        if fewer == list(tables):
            raise
        return _judge(fewer, before)


def _as_before(tables: Sequence[Table], before: Sequence[Table]) -> list[Table]:
    """The tables with those breakdowns alone that earlier ones of the same measure had."""
    had = {(table.about.measure, one) for table in before for one in breakdowns(table).values()}
    return [
        replace(
            table,
            cells={
                key: table.cells[key]
                for key, one in breakdowns(table).items()
                if (table.about.measure, one) in had
            },
        )
        for table in tables
    ]


@_no_walks()
def _judge(tables: Sequence[Table], before: Sequence[Table]) -> _Verdict:
    """What must be hidden for tables of one statistic to be safe beside each other and the earlier ones."""
    for table in tables:
        _check(table)
    try:
        system = build([*before, *tables])
    except TooMany:
        raise Refused(
            f"{tables[0].about.measure} is cut in too many ways for anybody to say what they tell together.",
            hint="Publish it with fewer crossings, or with the table of all those groups at once.",
        ) from None
    attacker = Attacker(system)
    older = [table for table in before if table.by_older_gate]
    left = 0
    if system.is_news or older:
        attacker.protect()
        if before and attacker.known_before():
            left, lost = attacker.exposed_by_history()
            # Narrowed by what this gate let out: then the new tables ask about people whom the earlier did not name.
            if lost or (left and not older):
                names = ", ".join(table.about.measure for table in tables[:3]) + (
                    ", ..." if tables[3:] else ""
                )
                raise Refused(
                    f"{names} beside the {len(before)} tables already released would give a small group away.",
                    hint="Publish it with fewer breakdowns, or give the breakdowns of the earlier release.",
                )
    is_hidden = system.hidden.tolist()
    hidden: list[Hidden] = [
        {key: (is_hidden[top], base is not None and is_hidden[base]) for key, (top, base) in places.items()}
        for places in system.places
    ]
    solves = attacker.solves
    if older:
        # What an older gate showed is public, but need not be shown again: who reads only this learns no more of it.
        alone = _judge(tables, [table for table in before if not table.by_older_gate])
        hidden = [_either(one, other) for one, other in zip(hidden, alone.hidden, strict=True)]
        solves += alone.solves
    return _Verdict(hidden, len(system.sensitive), len(before), solves, left)


def _either(one: Hidden, other: Hidden) -> Hidden:
    """What either hides; to hide more undoes no proof."""
    return {key: (top or other[key][0], base or other[key][1]) for key, (top, base) in one.items()}


def _hidden_everywhere(tables: Sequence[Table], hidden: Sequence[Hidden]) -> list[Hidden]:
    """What one statistic must hide of some people, no other may show: all adults stand in a dozen of them.

    To hide more undoes no proof.
    """
    withheld: set[tuple[str, str, frozenset[tuple[str, str]], People]] = set()
    names: list[dict[Key, tuple[Any, Any]]] = []
    for table, cells in zip(tables, hidden, strict=True):
        told: dict[Key, tuple[Any, Any]] = {}
        if table.about.base is not None:
            where = table.about.population, table.about.period
            for key, (hide_top, hide_base) in cells.items():
                _, named, counted, base = people_of(table, key)
                has_base = table.cells[key].denominator is not None
                told[key] = (*where, named, counted), (*where, named, base) if has_base else None
                withheld.update(
                    name for name, hide in zip(told[key], (hide_top, hide_base), strict=True) if hide
                )
        names.append(told)
    return [
        {
            key: (top or told[key][0] in withheld, base or told[key][1] in withheld) if told else (top, base)
            for key, (top, base) in cells.items()
        }
        for cells, told in zip(hidden, names, strict=True)
    ]


def publish_count(about: About, count: int, *, log: ReleaseLog | None = None) -> Published:
    """A single figure through the same gate.

    >>> publish_count(About("looks", "residents", "2025", ()), 43).words
    '45'
    """
    return publish(About(about.measure, about.population, about.period, ()), {(): Count(count)}, log=log)[()]


def publish_mean(
    total: float, count: int, *, largest: float, second: float, is_of_things: bool = False
) -> PublishedMean:
    """A mean of at least eight people in which no one person stands out, else the reason it is hidden.

    `largest` and `second` are the two largest single contributions to `total`, in the same unit. Where `total` is
    itself a number of things, stays or conditions, few of them are hidden as few people are, and the mean is of the
    rounded terms.

    >>> publish_mean(3.0, 20, largest=1.0, second=1.0, is_of_things=True).mean  # 0.15 of 20 people are 3 stays
    >>> publish_mean(33.0, 98, largest=2.0, second=2.0, is_of_things=True).mean
    0.35
    >>> publish_mean(900.0, 90, largest=20.0, second=18.0).mean
    10.0
    >>> str(publish_mean(900.0, 90, largest=700.0, second=18.0).reason)
    'hidden because one case makes up most of it'
    """
    if count == 0:
        return PublishedMean(None, 0, Shown.EMPTY, _SEAL)
    if count < SMALLEST_SHOWN:
        return PublishedMean(None, None, Shown.SMALL, _SEAL)
    if is_of_things and is_small(round(total)):
        return PublishedMean(None, rounded(count), Shown.SMALL, _SEAL)
    if is_dominated(total, largest, second):
        return PublishedMean(None, rounded(count), Shown.DOMINATED, _SEAL)
    # Three significant figures: a mean to many places times a rounded count would give the exact total.
    mean = rounded(round(total)) / rounded(count) if is_of_things else total / count
    return PublishedMean(float(f"{mean:.3g}"), rounded(count), Shown.SHOWN, _SEAL)


def _in_order(table: Table) -> Table:
    """The same table by key, so that what is hidden does not hang on the order the rows came in."""
    return replace(table, cells=dict(sorted(table.cells.items())))


def _check(table: Table) -> None:
    width = len(table.about.dimensions)
    for key, count in table.cells.items():
        if len(key) != width:
            raise BadInput(f"{key} does not give one value for each of {', '.join(table.about.dimensions)}.")
        if count.numerator < 0:
            raise BadInput(f"{key}: {count.numerator} is not a count.")


def _let_out(exact: Table, hidden: Hidden, verdict: _Verdict) -> PublishedTable:
    cells: dict[Key, Published] = {}
    small = beside = 0
    for key, (hide_top, hide_base) in hidden.items():
        count = exact.cells[key]
        cells[key] = cell = _cell(count, hide_top=hide_top, hide_base=hide_base)
        small += cell.reason is Shown.SMALL
        beside += cell.reason is Shown.SECONDARY
    audit = Audit(
        len(cells), small, beside, verdict.sensitive, verdict.before, verdict.solves, verdict.left,
        left_out=len(exact.cells) - len(cells),
    )  # fmt: skip
    return PublishedTable(exact.about, cells, audit, _SEAL)


def _cell(count: Count, *, hide_top: bool, hide_base: bool) -> Published:
    denominator = None if count.denominator is None or hide_base else rounded(count.denominator)
    if count.denominator == 0:
        return Published(None, 0, Shown.EMPTY, _SEAL)
    if count.numerator == 0:
        # Noughts are shown even where the base is not: then 'hidden' always means at least one, to the attacker and
        # to our own audit alike.
        return Published(0, denominator, Shown.ZERO, _SEAL)
    if hide_top or hide_base:
        small = tells_of_few(count.numerator, count.denominator)
        return Published(None, denominator, Shown.SMALL if small else Shown.SECONDARY, _SEAL)
    return Published(
        rounded(count.numerator), denominator, Shown.ZERO if count.numerator == 0 else Shown.SHOWN, _SEAL
    )
