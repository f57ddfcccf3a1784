"""What the report says, in the order it says it: headings, paragraphs, the figures, and points with their notes.

Plain text and OpenDocument are both made from this, so neither can say what the other leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heading:
    """The title of the report (level 1) or of a part of it (level 2)."""

    words: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Words of their own; a line break in them starts a new paragraph where the form can show it."""

    words: str


@dataclass(frozen=True)
class Figure:
    """One number, what it counts, out of how many, and the page that shows those."""

    label: str
    value: int
    of: int
    href: str


@dataclass(frozen=True)
class Figures:
    """The report's table of numbers."""

    rows: tuple[Figure, ...]


@dataclass(frozen=True)
class Point:
    """One thing in a list, the page that shows it, and what is to be said of it."""

    words: str
    href: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Points:
    """A list."""

    items: tuple[Point, ...]


Block = Heading | Paragraph | Figures | Points


def blocks(content: dict[str, Any]) -> list[Block]:
    """The whole report, block by block; a part with nothing to say has no heading."""
    out: list[Block] = [Heading(content["title"], 1), Paragraph(content["headline"])]
    for part in content["narrative"]:
        if part["words"]:
            out += [Heading(part["title"]), Paragraph(part["words"])]
    figures = (Figure(f["label"], f["value"], f["of"], f["href"]) for f in content["figures"])
    out += [Heading("The figures"), Figures(tuple(figures))]
    observations = content.get("observations", [])
    faults = [*content["gaps"], *content["notes"]]
    for title, points in (
        ("What the measures say", [_observed(seen) for seen in observations]),
        ("What pulls against what", [_pulls(pair) for pair in content.get("tensions", [])]),
        ("What we promised", [_said(row) for row in content["promises"]]),
        ("What you should notice", [_said(row) for row in content["outcomes"]]),
        ("Faults in the strategy itself", [Point(f"{f['id']}: {f['note']}") for f in faults]),
        (
            "What people told us that has no answer",
            [Point(f"{s['id']}: {s['words']}") for s in content["unanswered"]],
        ),
    ):
        if points:
            out += [Heading(title), Points(tuple(points))]
    return out


def _said(row: dict[str, Any]) -> Point:
    """One promise or outcome: its words, how it stands, and why it does not go well."""
    standing = [f"due {row['due']}", row["standing"], *row["also"]]
    notes = [" ".join(f"{_upper(words)}." for words in standing)]
    if row["not_going_well"]:
        by = f", in the words of {row['why_by']}" if row.get("why_by") else ""
        notes.append(f"Why{by}: {row['why']}")
    more = (("What we do", row["we_do"]), ("What you can do", row["you_can"]))
    notes += [f"{title}: {words}" for title, words in more if words]
    return Point(f"{row['id']} {row['words']}", row["href"], tuple(notes))


def _observed(seen: dict[str, Any]) -> Point:
    """One observation: its figure, its interval and what may be said of it."""
    figure = "not known" if seen["value"] is None else f"{seen.get('figure', seen['value'])} {seen['unit']}"
    if seen.get("about") == "synthetic residents":
        figure += " (synthetic residents)"
    between = "" if seen["low"] is None else f", between {seen['low']:,.1f} and {seen['high']:,.1f}"
    words = f"{seen['period'] or 'No period'}: {figure}{between}. {' '.join(seen['words'])}"
    return Point(f"{seen['statement']}: {seen['title']}", seen["href"], (words,))


def _pulls(pair: dict[str, Any]) -> Point:
    """One pair: each side with its newest figure, or that there is none yet, and what may be said of it."""
    notes = []
    for side in pair["sides"]:
        about = " (synthetic residents)" if side["about"] == "synthetic residents" else ""
        notes.append(f"{side['words']}: {side['figure']}{about}. {side['said']}".strip())
    return Point(pair["title"], pair["href"], tuple(notes))


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
