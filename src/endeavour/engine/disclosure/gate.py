"""The one gate: a table of exact counts goes in, and only what can identify nobody comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from endeavour.engine.disclosure.attack import Attacker
from endeavour.engine.disclosure.log import ReleaseLog
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
from endeavour.engine.disclosure.rules import SMALLEST_SHOWN, is_dominated, is_small, rounded
from endeavour.engine.disclosure.structure import Count, System, Table, build
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
    `Refused` where they could not be made safe together.

    Source: NHS England's small-number rule (1 to 7 hidden, others to the nearest 5); Fischetti and Salazar (2001) for
    the complementary figures.

    >>> about = About("falls", "residents", "2025", ("place",))
    >>> table = publish(about, {("all",): Count(503), ("north",): Count(3), ("south",): Count(500)})
    >>> table[("north",)].words, table[("all",)].words
    ('hidden to protect a small group', '505')
    """
    exact = Table(about, dict(cells), parents or {}, overlapping)
    _check(exact)
    before = list(log.earlier(about.statistic)) if log is not None else []
    ordered = _in_order(exact)
    system = build([*before, ordered])
    attacker = Attacker(system)
    attacker.protect()
    if before and attacker.known_before() and attacker.exposed_by_history():
        raise Refused(
            f"This table of {about.measure} beside the {len(before)} already released would give a small group away.",
            hint="Publish it with fewer breakdowns, or give the breakdowns of the earlier release.",
        )
    table = _let_out(exact, system, attacker, len(before))
    if log is not None:
        log.record(exact, table)
    return table


def publish_count(about: About, count: int, *, log: ReleaseLog | None = None) -> Published:
    """A single figure through the same gate.

    >>> publish_count(About("looks", "residents", "2025", ()), 43).words
    '45'
    """
    return publish(About(about.measure, about.population, about.period, ()), {(): Count(count)}, log=log)[()]


def publish_mean(total: float, count: int, *, largest: float, second: float) -> PublishedMean:
    """A mean of at least eight people in which no one person stands out, else the reason it is hidden.

    `largest` and `second` are the two largest single contributions to `total`, in the same unit.

    >>> publish_mean(900.0, 90, largest=20.0, second=18.0).mean
    10.0
    >>> str(publish_mean(900.0, 90, largest=700.0, second=18.0).reason)
    'hidden because one case makes up most of it'
    """
    if count == 0:
        return PublishedMean(None, 0, Shown.EMPTY, _SEAL)
    if count < SMALLEST_SHOWN:
        return PublishedMean(None, None, Shown.SMALL, _SEAL)
    if is_dominated(total, largest, second):
        return PublishedMean(None, rounded(count), Shown.DOMINATED, _SEAL)
    # Three significant figures: a mean to many places times a rounded count would give the exact total.
    return PublishedMean(float(f"{total / count:.3g}"), rounded(count), Shown.SHOWN, _SEAL)


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


def _let_out(exact: Table, system: System, attacker: Attacker, before: int) -> PublishedTable:
    cells: dict[Key, Published] = {}
    small = beside = 0
    for key, count in exact.cells.items():
        top, base = system.places[key]
        hide_base = base is not None and bool(system.hidden[base])
        cells[key] = cell = _cell(count, hide_top=bool(system.hidden[top]), hide_base=hide_base)
        small += cell.reason is Shown.SMALL
        beside += cell.reason is Shown.SECONDARY
    audit = Audit(len(cells), small, beside, len(system.sensitive), before, attacker.solves)
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
        small = is_small(count.numerator) or (
            count.denominator is not None
            and (is_small(count.denominator) or is_small(count.denominator - count.numerator))
        )
        return Published(None, denominator, Shown.SMALL if small else Shown.SECONDARY, _SEAL)
    return Published(
        rounded(count.numerator), denominator, Shown.ZERO if count.numerator == 0 else Shown.SHOWN, _SEAL
    )
