"""A lake measure's figures: the compiled statement's exact answer goes through the gate, and only that comes out."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from endeavour.engine.disclosure import ALL, About, Count, FileLog, Key, PublishedTable, ReleaseLog, publish
from endeavour.engine.measures.compiler import Compiled, compile_measure
from endeavour.engine.measures.definition import Figures, Measure

if TYPE_CHECKING:
    from endeavour.engine.lake.backends import Backend

NESTED = {"area": ("place", "district", "lsoa21"), "deprivation": ("core20", "imd_quintile", "imd_decile")}
"""Groupings that nest, widest first: they are one dimension to the gate, so that sums across them are known to it."""
COLUMNS = ["grouping", "group", "numerator", "denominator", "value", "low", "high", "reason"]


def lake_figures(
    measure: Measure, *, pack: str = "mse", year: int | None = None, by: Sequence[str] | None = None
) -> Figures:
    """The figures of one year from the installation's lake, newest year by default, through the gate and its log."""
    from endeavour.engine.lake.backends import open_backend
    from endeavour.engine.lake.store import Lake
    from endeavour.paths import var_dir

    lake = Lake.open()
    compiled = compile_measure(measure, by=by) if year is None else compile_measure(measure, year=year, by=by)
    with open_backend(lake.sources()) as backend:
        table = published(
            compiled, backend, population=f"lake {lake.id}", log=FileLog(var_dir() / "disclosure")
        )
    return Figures(measure.title, COLUMNS, rows_of(compiled, table), _words(measure, compiled, table))


def exact(compiled: Compiled, backend: Backend) -> dict[tuple[tuple[str, str], ...], Count]:
    """The statement's answer, keyed by the groups each row belongs to; private, for the gate and tests only."""
    answer = backend.run(compiled.sql).to_pydict()
    rows: dict[tuple[tuple[str, str], ...], Count] = {}
    for i, (numerator, denominator) in enumerate(
        zip(answer["numerator"], answer["denominator"], strict=True)
    ):
        key = tuple((g, str(answer[g][i])) for g in compiled.groupings if answer[g][i] is not None)
        rows[key] = Count(int(numerator or 0), int(denominator))
    order = {group: at for at, group in enumerate(compiled.sets)}

    def place(key: tuple[tuple[str, str], ...]) -> tuple[int, list[tuple[int, str]]]:
        names = tuple(name for name, _ in key)
        at = next((at for group, at in order.items() if set(group) == set(names)), len(order))
        return at, [(len(value) if value.isdigit() else 0, value) for _, value in key]

    return {key: rows[key] for key in sorted(rows, key=place)}


def published(
    compiled: Compiled, backend: Backend, *, population: str, log: ReleaseLog | None = None
) -> PublishedTable:
    """The whole of a measure's answer as one table through the gate."""
    rows = exact(compiled, backend)
    dimensions = _dimensions(compiled.groupings)
    about = About(compiled.measure.id, population, str(compiled.year), tuple(dimensions))
    cells = {_key(groups, dimensions): count for groups, count in rows.items()}
    overlapping = frozenset({"condition"} & set(dimensions))
    return publish(about, cells, parents=_parents(compiled, backend), overlapping=overlapping, log=log)


def rows_of(compiled: Compiled, table: PublishedTable) -> list[dict[str, Any]]:
    """One plain row a figure: its groups in words, both terms, the share and its interval."""
    rows = []
    for key, cell in table.items():
        groups = [value.split(":", 1) for value in key if value != ALL]
        share = cell.percent
        low, high = (None, None) if share is None else wilson(cell.numerator or 0, cell.denominator or 0)
        rows.append(
            {
                "measure": compiled.measure.id,
                "year": f"{compiled.year}/{(compiled.year + 1) % 100:02d}",
                "grouping": " by ".join(name for name, _ in groups) or "system",
                "group": ", ".join(value for _, value in groups) or ALL,
                "numerator": cell.numerator,
                "denominator": cell.denominator,
                "value": None if share is None else round(share, 1),
                "low": None if low is None else round(low, 1),
                "high": None if high is None else round(high, 1),
                "reason": str(cell.reason),
                "release": table.release_id,
                "standing": compiled.measure.standing,
            }
        )
    return rows


def wilson(numerator: int, denominator: int) -> tuple[float, float]:
    """The 95% interval of a share in per cent (Wilson 1927), from the rounded terms.

    >>> [round(end, 1) for end in wilson(10, 100)]
    [5.5, 17.4]
    """
    z = 1.959964
    share = min(1.0, numerator / denominator)
    spread = z * ((share * (1 - share) + z * z / (4 * denominator)) / denominator) ** 0.5
    middle, scale = share + z * z / (2 * denominator), 1 + z * z / denominator
    return 100 * (middle - spread) / scale, 100 * (middle + spread) / scale


def _dimensions(groupings: Sequence[str]) -> dict[str, list[str]]:
    """The gate's dimensions, each with the groupings it nests."""
    dimensions: dict[str, list[str]] = {}
    for grouping in groupings:
        home = next((name for name, nested in NESTED.items() if grouping in nested), grouping)
        dimensions.setdefault(home, []).append(grouping)
    return dimensions


def _key(groups: tuple[tuple[str, str], ...], dimensions: Mapping[str, list[str]]) -> Key:
    """A row's place in the table; of two nested groupings the narrower says both."""
    told = dict(groups)
    key = []
    for nested in dimensions.values():
        inner = [g for g in nested if g in told]
        narrow = max(inner, key=_depth) if inner else None
        key.append(ALL if narrow is None else f"{narrow}:{told[narrow]}")
    return tuple(key)


def _depth(grouping: str) -> int:
    return next((nested.index(grouping) for nested in NESTED.values() if grouping in nested), 0)


def _parents(compiled: Compiled, backend: Backend) -> dict[str, dict[str, str]]:
    """Which value lies in which, for the nested groupings this measure has."""
    parents: dict[str, dict[str, str]] = {}
    for name, order in NESTED.items():
        have = [g for g in order if g in compiled.groupings]
        links = parents.setdefault(name, {})
        for outer, inner in itertools.pairwise(have):
            links |= {f"{inner}:{i}": f"{outer}:{o}" for o, i in _pairs(outer, inner, backend)}
    return parents


def _pairs(outer: str, inner: str, backend: Backend) -> list[tuple[str, str]]:
    from endeavour.engine.measures.compiler import GROUPINGS

    found = backend.run(f"SELECT DISTINCT {GROUPINGS[outer]} AS o, {GROUPINGS[inner]} AS i FROM person AS p")
    return list(zip(found["o"].to_pylist(), found["i"].to_pylist(), strict=True))


def _words(measure: Measure, compiled: Compiled, table: PublishedTable) -> list[str]:
    words = [f"Synthetic residents, {compiled.year}/{(compiled.year + 1) % 100:02d}. {table.audit.words}"]
    if measure.standing == "local definition":
        words.append(f"Local definition: {measure.local_because}")
    if measure.target:
        by = f" by {measure.target.by:%-d %B %Y}" if measure.target.by else ""
        words.append(f"Target: {measure.target.value:g} {measure.unit}{by} ({measure.target.set_by}).")
    return words
