"""What a data pack is made of: one figure a line, and the tables that the lines stand in."""

from __future__ import annotations

from dataclasses import dataclass

from endeavour.charts.words import number_words
from endeavour.population.presenters_measures import decimals

MEASURES = "Measures"
GROUPS = "Each measure by group"
COLUMNS = {
    "area": "the area's code",
    "section": "part of the pack",
    "topic": "what is asked",
    "row": "the group or measure",
    "group": "the group of people whom a measure is of; empty for everybody",
    "period": "of when",
    "numerator": "how many; empty where not known or hidden",
    "denominator": "out of how many",
    "value": "per cent, unless the measure's own unit is another; empty where hidden",
    "low": "lower end of the 95% interval",
    "high": "upper end of the 95% interval",
    "unit": "the value's unit",
    "system_value": "the same for the whole system",
    "beside_system": "better, worse, higher or lower than the whole system by more than chance, or similar; empty where not known",
    "sii": "slope index of inequality within the area, percentage points, least deprived end less most deprived; empty where not known",
    "sii_low": "lower end of its 95% interval",
    "sii_high": "upper end of its 95% interval",
    "rii": "relative index of inequality within the area, least deprived end divided by most deprived",
    "rii_low": "lower end of its 95% interval",
    "rii_high": "upper end of its 95% interval",
    "gap": "the same gap in words",
    "note": "target, trend, or why a figure is hidden",
    "source": "who counted it",
}


@dataclass(frozen=True)
class Line:
    """One figure of the pack, with its words for a reader and its numbers for a spreadsheet."""

    section: str
    topic: str
    row: str
    period: str
    words: str
    system_words: str
    numerator: int | None
    denominator: int | None
    value: float | None
    low: float | None
    high: float | None
    unit: str
    system_value: float | None
    note: str
    source: str
    beside_system: str = ""
    group: str = ""
    sii: float | None = None
    sii_low: float | None = None
    sii_high: float | None = None
    rii: float | None = None
    rii_low: float | None = None
    rii_high: float | None = None
    gap: str = ""

    @property
    def interval(self) -> str:
        """How sure the value is, in words; empty where that is not known."""
        if self.low is None or self.high is None:
            return ""
        places = decimals(self.value)
        return f"{number_words(self.low, places)} to {number_words(self.high, places)}"


@dataclass(frozen=True)
class Topic:
    """One table of the pack."""

    title: str
    lines: list[Line]

    @property
    def is_measures(self) -> bool:
        """Whether its lines are measures, each with its own period and note, and not groups of one question."""
        return self.title == MEASURES

    @property
    def is_groups(self) -> bool:
        """Whether its lines are each one group of a measure: measures down, groups across."""
        return bool(self.lines and self.lines[0].group)

    @property
    def groups(self) -> list[str]:
        """The groups across, in the order in which they were first met."""
        return list(dict.fromkeys(line.group for line in self.lines))

    @property
    def by_measure(self) -> list[tuple[str, list[Line | None]]]:
        """Each measure by title with its line of every group; None where nobody of a group is counted."""
        rows: dict[str, dict[str, Line]] = {}
        for line in self.lines:
            rows.setdefault(line.row, {})[line.group] = line
        return [(name, [row.get(group) for group in self.groups]) for name, row in sorted(rows.items())]

    @property
    def has_counts(self) -> bool:
        """Whether anybody was counted; of deprivation only shares are known."""
        return any(line.numerator is not None for line in self.lines)

    @property
    def has_system(self) -> bool:
        """Whether any line has the whole system's figure to stand beside."""
        return any(line.system_words for line in self.lines)

    @property
    def sources(self) -> str:
        """Everybody who counted a line of it."""
        return "; ".join(dict.fromkeys(line.source for line in self.lines))


@dataclass(frozen=True)
class Apart:
    """The measures that differ from the whole system one way, by more than chance: how many, and the farthest few."""

    way: str
    count: int
    first: list[Line]
