"""A hex cartogram: every neighbourhood the same size, so that none is lost; each one a link with its name and value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from endeavour.charts.chart import Cell, Chart

# Half a hexagon's width, its corner's height and a row's height, in whole units, so that no path needs a decimal.
HALF, CORNER, STEP = 14, 8, 24
MARGIN = 6
# Dark to light in even steps of lightness: readable in grey, and to any colour vision.
FILLS = ("#08306b", "#2a6ba5", "#62a3cf", "#aecfe6", "#e6eff7")
UNKNOWN = "#ffffff"
_NEIGHBOURS = (((1, 0), (HALF, -CORNER, 0, 2 * CORNER)), ((0, 1), (HALF, CORNER, -HALF, CORNER)),
               ((-1, 1), (0, 2 * CORNER, -HALF, -CORNER)))  # fmt: skip


@dataclass(frozen=True)
class Hex:
    """One neighbourhood: axial position (pointy top, `r` grows downwards), the group it is labelled by, its value."""

    code: str
    name: str
    group: str
    q: int
    r: int
    value: float | None
    words: str


@dataclass(frozen=True)
class Band:
    """Values from `lower` up to but not including `upper` share a fill; bands are given in the order of `FILLS`."""

    label: str
    lower: float
    upper: float

    def holds(self, value: float) -> bool:
        """Whether a value lies in this band."""
        return self.lower <= value < self.upper


def hexmap(
    cells: Sequence[Hex],
    bands: Sequence[Band],
    *,
    title: str,
    subtitle: str,
    summary: str,
    source: str,
    value_header: str,
    href: str = "/area/{code}",
    notes: tuple[str, ...] = (),
) -> Chart:
    """The cartogram of `cells`, each filled by the band its value lies in; a value outside every band is refused.

    At most five bands. The key is part of the page (`key`), not of the picture, so that it wraps on a phone.
    """
    if len(bands) > len(FILLS):
        raise ValueError(f"{len(bands)} bands cannot be told apart; use {len(FILLS)} or fewer.")
    return Chart(
        svg=_svg(cells, bands, title, href),
        title=title,
        subtitle=subtitle,
        summary=summary,
        headers=("Neighbourhood", "District", "Code", value_header),
        rows=tuple(_row(cell) for cell in sorted(cells, key=lambda c: (c.group, c.name))),
        source=source,
        notes=notes,
        numeric_columns=frozenset({3}),
    )


def key(bands: Sequence[Band], cells: Sequence[Hex]) -> list[tuple[str, str, int]]:
    """Fill, label and number of neighbourhoods for each band, and for the unknown where there are any."""
    placed = [_band(cell, bands) for cell in cells]
    entries = [(FILLS[n], band.label, placed.count(n)) for n, band in enumerate(bands)]
    unknown = placed.count(None)
    return [*entries, (UNKNOWN, "Not known", unknown)] if unknown else entries


def _row(cell: Hex) -> tuple[Cell, ...]:
    return (cell.name, cell.group, cell.code, None if cell.value is None else round(cell.value, 1))


def _band(cell: Hex, bands: Sequence[Band]) -> int | None:
    if cell.value is None:
        return None
    for number, band in enumerate(bands):
        if band.holds(cell.value):
            return number
    raise ValueError(f"{cell.code} has the value {cell.value}, which lies in no band.")


def _svg(cells: Sequence[Hex], bands: Sequence[Band], title: str, href: str) -> str:
    if not cells:
        return '<svg viewBox="0 0 200 40" role="img"><title>No neighbourhoods</title></svg>'
    left = min(2 * c.q + c.r for c in cells)
    top = min(c.r for c in cells)
    at = {
        c.code: (HALF * (2 * c.q + c.r - left + 1) + MARGIN, STEP * (c.r - top) + 2 * CORNER + MARGIN)
        for c in cells
    }
    width = max(x for x, _ in at.values()) + HALF + MARGIN
    height = max(y for _, y in at.values()) + 2 * CORNER + MARGIN
    shape = f"M0-{2 * CORNER}l{HALF} {CORNER}v{2 * CORNER}l-{HALF} {CORNER}-{HALF}-{CORNER}v-{2 * CORNER}z"
    layers: dict[int | None, list[str]] = defaultdict(list)
    for cell in sorted(cells, key=lambda c: (c.r, c.q)):
        x, y = at[cell.code]
        layers[_band(cell, bands)].append(
            f'<a href="{href.format(code=cell.code)}"><title>{escape(cell.name)}: {escape(cell.words)}</title>'
            f'<use href="#hex" x="{x}" y="{y}"/></a>'
        )
    order: list[int | None] = [*range(len(bands)), None]
    groups = "".join(
        f'<g fill="{UNKNOWN if n is None else FILLS[n]}">{"".join(layers[n])}</g>' for n in order if layers[n]
    )
    return (
        f'<svg class="ce-hexmap" viewBox="0 0 {width} {height}" role="group" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg"><defs><path id="hex" d="{shape}"/></defs>'
        f'<g stroke="#8fa3b0" stroke-width="1">{groups}</g>'
        f'<path d="{_borders(cells, at)}" fill="none" stroke="#ffffff" stroke-width="7" stroke-linecap="round"/>'
        f'<path d="{_borders(cells, at)}" fill="none" stroke="#17324d" stroke-width="3" stroke-linecap="round"/>'
        f"{_labels(cells, at)}</svg>"
    )


def _borders(cells: Sequence[Hex], at: dict[str, tuple[int, int]]) -> str:
    """The edges between neighbours of different groups, each drawn once."""
    by_place = {(c.q, c.r): c for c in cells}
    parts = []
    for cell in cells:
        x, y = at[cell.code]
        for (dq, dr), (sx, sy, dx, dy) in _NEIGHBOURS:
            other = by_place.get((cell.q + dq, cell.r + dr))
            if other is not None and other.group != cell.group:
                parts.append(f"M{x + sx} {y + sy}l{dx} {dy}")
    return "".join(parts)


def _labels(cells: Sequence[Hex], at: dict[str, tuple[int, int]]) -> str:
    """Each group's name at the middle of its neighbourhoods, with a halo; said already by every link's name."""
    members: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for cell in cells:
        members[cell.group].append(at[cell.code])
    words = []
    for group, places in members.items():
        x = round(sum(p[0] for p in places) / len(places))
        y = round(sum(p[1] for p in places) / len(places))
        words.append(f'<text x="{x}" y="{y}">{escape(group)}</text>')
    return (
        '<g class="ce-hexmap__names" aria-hidden="true" text-anchor="middle" font-weight="700" fill="#0f2438" '
        f'stroke="#ffffff" stroke-width="7" stroke-linejoin="round" paint-order="stroke" pointer-events="none">{"".join(words)}</g>'
    )
