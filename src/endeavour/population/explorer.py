"""The inequality explorer: which measures there are, how they are banded, and the picture they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from endeavour.charts.chart import Chart
from endeavour.charts.hexmap import Band, Hex, hexmap
from endeavour.charts.shares import Bar, shares
from endeavour.charts.words import number_words
from endeavour.errors import BadInput
from endeavour.population.presenters import census_source, decile_words
from endeavour.population.queries import provenance
from endeavour.population.queries.deprivation import (
    BASES,
    CENSUS_TABLES,
    DOMAINS,
    INDICES,
    FifthShare,
    Hexagon,
    census_hexagons,
    hexagons,
)

CENSUS_WORDS = {
    "overcrowded": ("Overcrowded homes", "households with too few bedrooms"),
    "hardship": ("Hardship of three or four kinds", "households deprived in three or four of four ways"),
    "social_rent": ("Homes rented from a council or housing association", "households"),
    "private_rent": ("Homes rented privately", "households"),
    "disabled": ("Disabled people", "residents"),
    "under_15": ("Children under 15", "residents"),
    "over_85": ("People aged 85 and over", "residents"),
    "not_white": ("People of Asian, Black, Mixed or Other ethnic groups", "residents"),
}
DECILE_BANDS = (
    Band("Most deprived fifth of England (1 and 2 of 10)", 1, 3),
    Band("3 and 4", 3, 5),
    Band("5 and 6", 5, 7),
    Band("7 and 8", 7, 9),
    Band("Least deprived fifth (9 and 10)", 9, 11),
)


@dataclass(frozen=True)
class Question:
    """What the reader asked to see; the page's address says all of it."""

    measure: str = "imd"
    edition: str = "2025"
    base: str = "census2021"

    @property
    def is_census(self) -> bool:
        """Whether the measure is a census share, which has neither edition nor choice of base."""
        return self.measure in CENSUS_WORDS

    @property
    def query(self) -> str:
        """The address's own words for it."""
        if self.is_census:
            return f"measure={self.measure}"
        return f"measure={self.measure}&edition={self.edition}&base={self.base}"


def question(measure: str, edition: str, base: str) -> Question:
    """The question these words ask, or `BadInput`; a 2025 index is always counted over the census."""
    if measure not in DOMAINS and measure not in CENSUS_WORDS:
        raise BadInput(
            f"There is no measure '{measure[:40]}' on this map.",
            hint="Choose one from the list at /inequality.",
        )
    if edition not in ("2019", "2025"):
        raise BadInput(f"There is no {edition[:10]} edition here.", hint="Choose 2019 or 2025.")
    if base not in BASES:
        raise BadInput(
            f"'{base[:20]}' is not a population we hold.", hint=f"Choose one of: {', '.join(BASES)}."
        )
    return Question(measure, edition, "census2021" if edition == "2025" or measure in CENSUS_WORDS else base)


def picture(asked: Question, place_name: str) -> tuple[Chart, tuple[Band, ...], list[Hex]]:
    """The cartogram that answers a question, with its bands and its hexagons."""
    if asked.is_census:
        return _census_picture(asked, place_name)
    cells = [_cell(h, decile_words(h.value)) for h in hexagons(asked.measure, asked.edition)]
    worst = sum(1 for c in cells if c.value is not None and c.value <= 2)
    domain = "" if asked.measure == "imd" else f" for {DOMAINS[asked.measure].lower()}"
    chart = hexmap(
        cells,
        DECILE_BANDS,
        title=f"{worst} of {len(cells)} neighbourhoods are in England’s most deprived fifth{domain}",
        subtitle=f"{DOMAINS[asked.measure]}: national deprivation tenth of each neighbourhood, {place_name}, {asked.edition} edition",
        summary=_where(cells),
        source=INDICES.format(edition=asked.edition) + ".",
        value_header="National tenth (1 is most deprived)",
        notes=_notes(asked),
    )
    return chart, DECILE_BANDS, cells


def _census_picture(asked: Question, place_name: str) -> tuple[Chart, tuple[Band, ...], list[Hex]]:
    label, unit = CENSUS_WORDS[asked.measure]
    table = CENSUS_TABLES[asked.measure][0]
    found = census_hexagons(asked.measure)
    cells = [_cell(h, "not known" if h.value is None else f"{number_words(h.value, 1)}%") for h in found]
    known = [c for c in cells if c.value is not None]
    bands = fifths([c.value for c in known if c.value is not None])
    most, least = max(known, key=lambda c: c.value or 0), min(known, key=lambda c: c.value or 0)
    chart = hexmap(
        cells,
        bands,
        title=f"{label}: from {least.words} to {most.words} between neighbourhoods",
        subtitle=f"Share of {unit}, {place_name}, {provenance.period(table)}. Each shade holds a fifth of the neighbourhoods",
        summary=f"The highest is {most.words} in {most.name} ({most.group}); the lowest is {least.words} in {least.name} ({least.group}).",
        source=census_source(table),
        value_header="Share, %",
    )
    return chart, bands, cells


def fifths(values: Sequence[float]) -> tuple[Band, ...]:
    """Five bands that each hold about a fifth of the values, the highest first; fewer where values repeat.

    >>> [band.label for band in fifths([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])]
    ['8.0% or more', '6.0% to 7.9%', '4.0% to 5.9%', '2.0% to 3.9%', 'under 2.0%']
    """
    ordered = sorted(values)
    cuts = sorted({round(ordered[len(ordered) * n // 5], 1) for n in range(1, 5)}) if ordered else []
    edges = [float("-inf"), *cuts, float("inf")]
    pairs = list(pairwise(edges))
    return tuple(Band(_band_words(low, high), low, high) for low, high in reversed(pairs))


def _band_words(low: float, high: float) -> str:
    if low == float("-inf"):
        return "all" if high == float("inf") else f"under {number_words(high, 1)}%"
    if high == float("inf"):
        return f"{number_words(low, 1)}% or more"
    return f"{number_words(low, 1)}% to {number_words(high - 0.1, 1)}%"


def by_area(asked: Question, found: Sequence[FifthShare], kind: str, place_name: str) -> Chart:
    """Districts or places as bars: their people's share in the most deprived fifth, beside the system's."""
    system = next(f for f in found if f.kind == "system")
    inside = [f for f in found if f.kind == kind]
    top = inside[0]
    words = {"district": "districts", "place": "places (Alliances)"}[kind]
    domain = "" if asked.measure == "imd" else f" for {DOMAINS[asked.measure].lower()}"
    return shares(
        [Bar(f.name, f.share, system.share, f.people) for f in inside],
        title=f"{_pc(top.share)} of people in {top.name} live in the most deprived fifth{domain}",
        subtitle=f"Share of {BASES[asked.base]} in England’s most deprived fifth of neighbourhoods, {asked.edition} edition, by {words[:-1] if kind == 'district' else 'place (Alliance)'}",
        summary=f"Across {place_name} it is {number_words(system.people)} of {number_words(system.total)} people, {_pc(system.share, 2)}.",
        source=INDICES.format(edition=asked.edition)
        + f"; {BASES[asked.base]}, Office for National Statistics.",
        here="Here",
        wider=place_name,
        unit="people",
    )


def finding(asked: Question, found: Sequence[FifthShare], place_name: str) -> str:
    """How unequal it is in a sentence or two: how many of all people, and between which districts it lies.

    Ends that share a value are told as 'none' where it is nought.
    """
    system = next(f for f in found if f.kind == "system")
    districts = sorted((f for f in found if f.kind == "district"), key=lambda f: -(f.share or 0.0))
    most, least = districts[0], districts[-1]
    none = [f.name for f in districts if not f.people]
    low = f"nobody in {' or '.join(none)}" if none else f"{_pc(least.share)} of people in {least.name}"
    kind = "" if asked.measure == "imd" else f", by {DOMAINS[asked.measure].lower()}"
    return (
        f"{number_words(system.people)} people, {_pc(system.share)} of {place_name}, live in England’s most deprived fifth of "
        f"neighbourhoods{kind}: {_pc(most.share)} of people in {most.name}, {low}."
    )


def _cell(h: Hexagon, words: str) -> Hex:
    return Hex(code=h.code, name=h.name, group=h.district, q=h.q, r=h.r, value=h.value, words=words)


def _where(cells: Sequence[Hex]) -> str:
    tally: dict[str, int] = {}
    for cell in cells:
        if cell.value is not None and cell.value <= 2:
            tally[cell.group] = tally.get(cell.group, 0) + 1
    if not tally:
        return "None of these neighbourhoods is in England’s most deprived fifth."
    ordered = sorted(tally.items(), key=lambda item: (-item[1], item[0]))
    words = [f"{name} {count}" for name, count in ordered]
    return (
        f"They are in {', '.join(words[:-1])} and {words[-1]}."
        if len(words) > 1
        else f"They are all in {ordered[0][0]}."
    )


def _notes(asked: Question) -> tuple[str, ...]:
    if asked.edition == "2025":
        return ()
    return (
        "The 2019 index is on the neighbourhoods of 2011. Where one was split since, each part shows its parent’s tenth.",
    )


def _pc(share: float | None, places: int = 1) -> str:
    return "not known" if share is None else f"{number_words(share * 100, places)}%"
