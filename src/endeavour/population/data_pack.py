"""The data pack of one area: who lives there, how deprived it is, and where every measure stands, each with its source.

One list of rows is behind the page, the print, the CSV and the PDF, so that they cannot differ.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from endeavour.charts.words import number_words
from endeavour.engine.measures.definition import Measure
from endeavour.errors import Missing, NotFound
from endeavour.population.data_pack_groups import group_lines
from endeavour.population.data_pack_lines import MEASURES, Apart, Line, Topic
from endeavour.population.presenters_measures import (
    LISTS,
    target_words,
    trend_words,
    unit_of,
    value_words,
    why_words,
    widest_gaps,
)
from endeavour.population.queries import areas, deprivation, figures, people, provenance
from endeavour.population.queries.areas import Area
from endeavour.population.queries.figures import Figure

MOST = 5
"""How many measures that stand out are named each way."""


@dataclass(frozen=True)
class Pack:
    """Everything of one area; `digest` is the same for the same figures."""

    area: Area
    system: str
    persons: int
    households: int
    neighbourhoods: int
    core20: int
    census: str
    release: str
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        return f"Data pack: {self.area.name}"

    @property
    def address(self) -> str:
        """The area's own page."""
        return f"/area/{self.area.code}"

    @property
    def sections(self) -> list[tuple[str, list[Topic]]]:
        """The lines by section and topic, in order."""
        found: dict[str, dict[str, list[Line]]] = {}
        for line in self.lines:
            found.setdefault(line.section, {}).setdefault(line.topic, []).append(line)
        return [
            (section, [Topic(title, lines) for title, lines in topics.items()])
            for section, topics in found.items()
        ]

    @property
    def _wholes(self) -> list[Line]:
        """The lines that are of everybody."""
        return [line for line in self.lines if not line.group]

    @property
    def widest_gaps(self) -> list[Line]:
        """The measures with the widest clear gap between the area's own most and least deprived, as the ratio of the two."""
        return widest_gaps(self._wholes)[:MOST]

    @property
    def compared(self) -> int:
        """How many measures stand beside the whole system's with their interval."""
        return sum(bool(line.beside_system) for line in self._wholes)

    @property
    def stands_out(self) -> list[Apart]:
        """What is worse here than across the whole system by more than chance, and what is better."""
        found = []
        for way in ("worse", "better"):
            lines = sorted(
                (line for line in self._wholes if line.beside_system == way), key=_apart, reverse=True
            )
            found.append(Apart(way, len(lines), lines[:MOST]))
        return found

    @property
    def digest(self) -> str:
        """SHA-256 of every figure."""
        told = json.dumps(
            [self.area.code, self.release, [asdict(line) for line in self.lines]], sort_keys=True
        )
        return hashlib.sha256(told.encode()).hexdigest()


def data_pack(code: str) -> Pack:
    """The pack of one area of any kind that has residents."""
    area = areas.area(code)
    if not area.lsoas:
        raise NotFound(f"No figures are published for {area.name}.", hint="Choose a place, district or ward.")
    size = people.size(area.lsoas)
    release, measured = _measures(area.code)
    system = next((a.name for a in area.wider if a.kind == "system"), area.name)
    return Pack(
        area, system, size.persons, size.households, size.neighbourhoods, size.core20_2025, provenance.period(), release,
        (*_census(area), *_deprivation(area), *measured, *group_lines(area.code)),
    )  # fmt: skip


def _census(area: Area) -> list[Line]:
    return [
        Line(
            "Who lives here", topic.title, share.label, provenance.period(topic.table), _percent(share.share), _percent(share.system_share),
            share.count, share.total, None if share.share is None else round(100 * share.share, 2), None, None,
            f"% of {topic.unit}", round(100 * share.system_share, 2), "", provenance.credit(topic.table),
        )
        for topic in people.topics(area.lsoas)
        for share in topic.shares
    ]  # fmt: skip


def _deprivation(area: Area) -> list[Line]:
    whole = {d.domain: d for d in deprivation.by_domain(areas.system_lsoas())}
    lines = []
    for domain in deprivation.by_domain(area.lsoas):
        for edition in ("2019", "2025"):
            here = getattr(domain, f"share_{edition}")
            system = getattr(whole[domain.domain], f"share_{edition}")
            lines.append(
                Line(
                    "Deprivation", f"People in England’s most deprived fifth, index of {edition}", domain.label, edition,
                    _percent(here), _percent(system), None, None, round(100 * here, 2), None, None, "% of people",
                    round(100 * system, 2), "", deprivation.INDICES.format(edition=edition),
                )
            )  # fmt: skip
    return sorted(lines, key=lambda line: line.period, reverse=True)


def _measures(code: str) -> tuple[str, list[Line]]:
    """The release and its figures for this area; none where nothing was published, or the area is too small."""
    try:
        release, found = figures.release(), figures.of_area(code)
    except Missing:
        return "", []
    wholes = {f.measure: f for f in figures.wholes()}
    titles = {framework: title for title, framework in LISTS}
    lines = []
    for figure in found:
        measure = figures.definition(figure.measure)
        whole = wholes.get(figure.measure)
        lines.append(
            Line(
                titles.get(measure.framework, "Other measures"), MEASURES, measure.title, figure.period,
                value_words(measure, figure.value, "hidden"), "" if whole is None else value_words(measure, whole.value, "hidden"),
                figure.numerator, figure.denominator, figure.value, figure.low, figure.high, unit_of(measure).strip(),
                None if whole is None else whole.value, _note(measure, figure), measure.source, figure.beside_system or "",
                "", figure.sii, figure.sii_low, figure.sii_high, figure.rii, figure.rii_low, figure.rii_high, figure.slope_words or "",
            )
        )  # fmt: skip
    order = [title for title, _ in LISTS]
    lines.sort(
        key=lambda line: (order.index(line.section) if line.section in order else len(order), line.row)
    )
    return release, lines


def _note(measure: Measure, figure: Figure) -> str:
    """Target, trend, and why a figure is hidden; of a source that publishes no interval only what it was before."""
    trend = ""
    if figure.change and figure.low is not None:
        trend = trend_words(measure, figure)
    elif figure.previous is not None:
        trend = f"It was {value_words(measure, figure.previous, '')} the year before."
    target = target_words(measure, figure) if _says_why(measure) else ""
    gap = (
        f"By deprivation: {figure.slope_words[0].lower()}{figure.slope_words[1:]}"
        if figure.slope_words
        else ""
    )
    why = f"{why_words(figure.reason).capitalize()}." if figure.value is None else ""
    return " ".join(filter(None, (target, trend, gap, why)))


def _apart(line: Line) -> float:
    """How far a figure is from the whole system's, as a share of it."""
    return abs((line.value or 0.0) - (line.system_value or 0.0)) / (line.system_value or 1.0)


def _says_why(measure: Measure) -> bool:
    """Whether a measure has a target, or a reason of its own for having none, as those of Core20PLUS5 do."""
    return measure.target is not None or measure.framework in figures.FRAMEWORKS.values()


def _percent(share: float | None) -> str:
    return "not known" if share is None else f"{number_words(100 * share, 1)}%"


def as_data(pack: Pack) -> dict[str, object]:
    """Everything of the pack as plain data."""
    return {
        "area": pack.area.code, "name": pack.area.name, "kind": pack.area.kind, "persons": pack.persons,
        "households": pack.households, "neighbourhoods": pack.neighbourhoods, "core20_2025": pack.core20,
        "release": pack.release, "digest": pack.digest, "figures": [asdict(line) for line in pack.lines],
    }  # fmt: skip
