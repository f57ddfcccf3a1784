"""What an import finds: plain data, safe to print, compare and store."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["we", "i"]
Recurrence = Literal["none", "ongoing", "annual"]


@dataclass(frozen=True)
class Line:
    """One line of a source, with where to find it again; `marked` when the source itself sets it as a heading."""

    number: int
    text: str
    marked: bool = False
    page: int | None = None


@dataclass(frozen=True)
class Section:
    """A numbered section or an appendix, as the document heads it."""

    number: str
    title: str
    line: int


@dataclass(frozen=True)
class StatementRead:
    """One statement, word for word; only the source's own markup and its date marker are set apart."""

    id: str
    kind: Kind
    text: str
    section: str
    due: date | None
    recurrence: Recurrence
    source_line: int
    marker: str

    @property
    def due_month(self) -> str | None:
        """The month it is due, as 2023-04: the source gives no day, so none is made up."""
        return f"{self.due:%Y-%m}" if self.due else None

    def as_json(self) -> dict[str, object]:
        """The statement as the command line prints it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "text": self.text,
            "section": self.section,
            "due": self.due_month,
            "recurrence": self.recurrence,
            "source_line": self.source_line,
            "marker": self.marker,
        }


@dataclass(frozen=True)
class StrategyRead:
    """Everything read from one file, with what the file itself lacks: gaps and truncations are told, never mended."""

    title: str
    published: date | None
    period: tuple[int, int] | None
    sha256: str
    statements: tuple[StatementRead, ...]
    sections: tuple[Section, ...]
    gaps: tuple[str, ...]
    truncated: tuple[str, ...]
    undated: tuple[str, ...]
    notes: tuple[str, ...]

    def of(self, kind: Kind) -> list[StatementRead]:
        """The We or the I statements, in the order of the document."""
        return [statement for statement in self.statements if statement.kind == kind]

    def as_json(self) -> dict[str, object]:
        """The whole result as the command line prints it."""
        due = Counter(s.due_month or "no date" for s in self.statements)
        return {
            "title": self.title,
            "published": f"{self.published:%Y-%m}" if self.published else None,
            "period": list(self.period) if self.period else None,
            "sha256": self.sha256,
            "statements": [statement.as_json() for statement in self.statements],
            "sections": [{"number": s.number, "title": s.title, "line": s.line} for s in self.sections],
            "gaps": list(self.gaps),
            "truncated": list(self.truncated),
            "undated": list(self.undated),
            "notes": list(self.notes),
            "counts": {
                "we": len(self.of("we")),
                "i": len(self.of("i")),
                "statements": len(self.statements),
                "sections": len(self.sections),
                "due": dict(sorted(due.items())),
                "recurrence": dict(sorted(Counter(s.recurrence for s in self.statements).items())),
            },
        }
