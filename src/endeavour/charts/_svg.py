"""What the charts draw with: whole-number coordinates, escaped text, tidy ticks, and one drawing for each
width.

Every chart is drawn twice, once for a page and once for a phone (text stays readable at 320 px), and the
style sheet shows one of the two. There is no script, no style attribute and no outside address, as the
content policy asks; colour is by presentation attribute and never the only sign of anything.
"""

from __future__ import annotations

import hashlib
import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

INK, QUIET, GRID, PAPER = "#212b32", "#4c6272", "#d8dde0", "#ffffff"
BLUE, ORANGE, PURPLE, PALE = "#1d5a96", "#b34700", "#5c3d99", "#dfe9f3"

WIDE, NARROW = 760, 360
MINUS = "\u2212"


@dataclass(frozen=True)
class Scale:
    """A straight line from data to whole coordinates."""

    low: float
    high: float
    start: int
    end: int

    def __call__(self, value: float) -> int:
        """The coordinate of a value; values beyond the scale stay on it."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + (self.end - self.start) * min(1.0, max(0.0, share)))


@dataclass
class Canvas:
    """One drawing in the making. `wide` says which of the two; `size` is the ordinary text's."""

    width: int
    height: int
    parts: list[str] = field(default_factory=list)

    @property
    def wide(self) -> bool:
        """Whether this is the drawing for a page (not for a phone)."""
        return self.width >= WIDE

    @property
    def size(self) -> int:
        """Ordinary text, in the drawing's units."""
        return 16 if self.wide else 15

    def line(
        self, a: tuple[int, int], b: tuple[int, int], *, stroke: str = INK, width: int = 1, dash: str = ""
    ) -> None:
        """A straight line from one point to another."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<path d="M{a[0]} {a[1]}L{b[0]} {b[1]}" stroke="{stroke}" stroke-width="{width}"{dashed} fill="none"/>'
        )

    def path(
        self,
        points: Sequence[tuple[int, int]],
        *,
        stroke: str = INK,
        width: int = 2,
        dash: str = "",
        fill: str = "none",
    ) -> None:
        """A line through points, or with `fill` the shape they bound."""
        if len(points) < 2:
            return
        d = "M" + "L".join(f"{x} {y}" for x, y in points) + ("z" if fill != "none" else "")
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        line = f'stroke="{stroke}" stroke-width="{width}"{dashed} stroke-linejoin="round"' if stroke else ""
        self.parts.append(f'<path d="{d}" fill="{fill}" {line}/>')

    def rect(self, x: int, y: int, width: int, height: int, *, fill: str) -> None:
        """A filled rectangle."""
        self.parts.append(f'<rect x="{x}" y="{y}" width="{max(0, width)}" height="{height}" fill="{fill}"/>')

    def text(
        self,
        x: int,
        y: int,
        words: str,
        *,
        anchor: str = "start",
        fill: str = INK,
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """A line of text; `halo` keeps it readable over lines."""
        weight = ' font-weight="700"' if bold else ""
        behind = (
            ' stroke="#ffffff" stroke-width="5" stroke-linejoin="round" paint-order="stroke"' if halo else ""
        )
        self.parts.append(
            f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}"{weight}{behind}>{escape(words)}</text>'
        )

    def mark(self, kind: str, x: int, y: int, *, fill: str, size: int = 5) -> None:
        """A point: `circle`, `ring`, `square`, `diamond`, `up` or `down` (triangles), told apart without
        colour.
        """
        edge = f'fill="{fill}" stroke="#ffffff" stroke-width="1"'
        if kind in ("circle", "ring"):
            paint = f'fill="#ffffff" stroke="{fill}" stroke-width="2"' if kind == "ring" else edge
            self.parts.append(f'<circle cx="{x}" cy="{y}" r="{size}" {paint}/>')
            return
        s = size + 1
        shapes = {
            "square": f"M{x - size} {y - size}h{2 * size}v{2 * size}h{-2 * size}z",
            "diamond": f"M{x} {y - s - 1}l{s + 1} {s + 1}l{-s - 1} {s + 1}l{-s - 1} {-s - 1}z",
            "up": f"M{x} {y - s}l{s} {2 * s - 1}h{-2 * s}z",
            "down": f"M{x} {y + s}l{s} {1 - 2 * s}h{-2 * s}z",
        }
        self.parts.append(f'<path d="{shapes[kind]}" {edge}/>')


def drawings(
    draw: Callable[[Canvas], None], *, wide: int, narrow: int, title: str, description: str, kind: str
) -> str:
    """Both drawings as markup; `draw` is called with a canvas of each width and the height given for it.

    Ids are made from the words and the drawing, so that the same chart has the same markup every time and two
    charts on a page differ.
    """
    made = []
    for width, height, name in ((WIDE, wide, "wide"), (NARROW, narrow, "narrow")):
        canvas = Canvas(width, height)
        draw(canvas)
        body = "".join(canvas.parts)
        key = hashlib.sha256(f"{name}|{title}|{description}|{body}".encode()).hexdigest()[:10]
        made.append(
            f'<svg class="ce-svg ce-svg--{name} ce-{kind}" viewBox="0 0 {width} {height}" role="img" '
            f'aria-labelledby="t{key} d{key}" xmlns="http://www.w3.org/2000/svg" font-size="{canvas.size}">'
            f'<title id="t{key}">{escape(title)}</title><desc id="d{key}">{escape(description)}</desc>{body}</svg>'
        )
    return "".join(made)


def ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Round numbers from at or below `low` to at or above `high`, about `count` of them.

    >>> ticks(0, 47)
    (0.0, 10.0, 20.0, 30.0, 40.0, 50.0)
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return (0.0, 1.0)
    if high <= low:
        spread = abs(low) * 0.1 or 1.0
        low, high = low - spread, high + spread
    rough = (high - low) / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(float(round(k * step, 12)) for k in range(first, last + 1))


def number(value: float | None, places: int = 0) -> str:
    r"""A number for a reader: thousands separators and a true minus; 'not known' for none.

    >>> number(-1234.5, 1), number(None)
    ('\u22121,234.5', 'not known')
    """
    if value is None or not math.isfinite(value):
        return "not known"
    words = f"{abs(value):,.{places}f}"
    return (MINUS if value < 0 and float(words.replace(",", "")) != 0 else "") + words


def places_for(values: Sequence[float]) -> int:
    """Decimal places that tell these numbers apart (for the labels of an axis).

    >>> places_for((0.0, 2.5, 5.0)), places_for((0.0, 10.0))
    (1, 0)
    """
    return next((p for p in range(6) if all(math.isclose(v, round(v, p), abs_tol=1e-9) for v in values)), 6)


def tidy(value: float, places: int = 6) -> float | None:
    """A number for a table or CSV: rounded past any doubt, or None when it is not known."""
    return round(float(value), places) if math.isfinite(value) else None


def text_width(words: str, size: int) -> int:
    """About how wide a line of text is drawn, on the safe side."""
    return math.ceil(len(words) * size * 0.56)


def shortened(words: str, room: int, size: int) -> str:
    r"""The words, cut with an ellipsis where they would not fit (the table keeps them whole).

    >>> shortened("A long name indeed", 200, 16), shortened("A long name indeed", 110, 16)
    ('A long name indeed', 'A long nam\u2026')
    """
    if text_width(words, size) <= room:
        return words
    keep = max(3, int(room / (size * 0.56)) - 1)
    return words[: keep - 1].rstrip(" ,.:;") + "\u2026"


def wrapped(words: str, room: int, size: int) -> list[str]:
    """The words in as many lines as they need.

    >>> wrapped("hidden to protect a small group", 150, 15)
    ['hidden to protect', 'a small group']
    """
    return textwrap.wrap(words, max(1, int(room / (size * 0.56))))


def y_axis(
    canvas: Canvas, marks: Sequence[float], scale: Scale, *, left: int, right: int, suffix: str = ""
) -> None:
    """Light lines across with a number at the left of each."""
    places = places_for(marks)
    for value in marks:
        y = scale(value)
        canvas.line((left, y), (right, y), stroke=GRID)
        canvas.text(left - 8, y + 5, number(value, places) + suffix, anchor="end", fill=QUIET)


def x_labels(canvas: Canvas, labels: Sequence[str], at: Sequence[int], *, y: int) -> None:
    """As many of the labels as fit below a row of points; the last always, and as many before as leave
    room.
    """
    if not labels:
        return
    widest = max(text_width(label, canvas.size) for label in labels) + 12
    room = max(1, abs(at[-1] - at[0]))
    step = max(1, math.ceil(widest * max(1, len(labels) - 1) / room))
    for index in range(len(labels) - 1, -1, -step):
        x, half = at[index], text_width(labels[index], canvas.size) // 2
        if x - half < 0:
            continue
        anchor = "end" if x + half > canvas.width else "middle"
        canvas.line((x, y - 22), (x, y - 17), stroke=QUIET)
        canvas.text(
            min(x, canvas.width) if anchor == "middle" else canvas.width,
            y,
            labels[index],
            anchor=anchor,
            fill=QUIET,
        )
