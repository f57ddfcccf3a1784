"""The gap between the most and the least deprived, along everyone in between: slope and relative index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.text import capfirst

from endeavour.charts.chart import Chart
from endeavour.charts.words import number_words
from endeavour.errors import BadInput
from endeavour.population.presenters_health import FIFTHS
from endeavour.population.queries import comparisons, definitions, store
from endeavour.population.queries.comparisons import Band, Tenth

LIFE = {
    "life-expectancy-men": ("male", "Life expectancy of men"),
    "life-expectancy-women": ("female", "Life expectancy of women"),
}
METHOD = (
    "Slope and relative index of inequality: a line through the groups, weighted by their people, from rank 0 (most "
    "deprived) to rank 1 (least deprived); 95% intervals in closed form (Regidor 2004; Low and Low 2004; Fieller 1954)."
)
LIFE_SOURCE = (
    "Deaths and population by deprivation, Office for National Statistics; our own life tables (Chiang 1968)."
)
QOF_SOURCE = "Quality and Outcomes Framework 2019/20, NHS Digital, modelled to deprivation tenths by the House of Commons Library."


@dataclass(frozen=True)
class Group:
    """One fifth or tenth, most deprived first, with its 95% interval."""

    name: str
    people: float
    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Index:
    """An index and its 95% interval."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Sloped:
    """One measure along deprivation.

    `sii` is what the least deprived end of the line has more than the most deprived end, in `unit` (a negative one:
    the most deprived have more), and `rii` the least deprived end divided by the most deprived.
    """

    id: str
    name: str
    unit: str
    period: str
    source: str
    groups: tuple[Group, ...]
    sii: Index
    rii: Index
    most: float
    least: float

    @property
    def is_life(self) -> bool:
        """Whether it is years of life; else a share of patients."""
        return self.id in LIFE

    @property
    def finding(self) -> str:
        """One plain sentence."""
        low, high = sorted((abs(self.sii.lower), abs(self.sii.upper)))
        if self.sii.lower <= 0 <= self.sii.upper:
            return "There is no clear gap between the most and the least deprived."
        gap, sure = (
            number_words(abs(self.sii.value), 1),
            f"between {number_words(low, 1)} and {number_words(high, 1)}",
        )
        if self.is_life:
            less = "shorter" if self.sii.value > 0 else "longer"
            return f"The most deprived can expect lives {gap} years {less} than the least deprived ({sure})."
        more = "more" if self.sii.value < 0 else "fewer"
        places = 2 if abs(self.sii.value) < 1 else 1
        gap, low_words, high_words = (number_words(abs(v), places) for v in (self.sii.value, low, high))
        return (
            f"On the line, {number_words(self.most, places)} in every 100 of the most deprived are on the register and "
            f"{number_words(self.least, places)} of the least deprived: {gap} {more} (between {low_words} and "
            f"{high_words})."
        )

    @property
    def ratio_words(self) -> str:
        """The relative index in words, turned so that it is above 1."""
        value, low, high = self.rii.value, self.rii.lower, self.rii.upper
        more, fewer = "least", "most"
        if value < 1:
            value, low, high = 1 / value, 1 / high, 1 / low
            more, fewer = fewer, more
        times = f"{number_words(value, 2)} times"
        does = (
            f"live {times} as long as" if self.is_life else f"are {times} as likely to be on the register as"
        )
        return f"The {more} deprived {does} the {fewer} deprived (between {number_words(low, 2)} and {number_words(high, 2)})."


def measures() -> dict[str, str]:
    """Every measure the pack has along deprivation, id to name."""
    return dict(_measures(store.edition()))


@lru_cache(maxsize=2)
def _measures(_edition: str) -> dict[str, str]:
    known = {i: name for i, (_, name) in LIFE.items()} if store.has("calibration_life_tables") else {}
    names = {i.id: i.name for i in definitions.indicators()}
    for code in comparisons.registers_by_tenth():
        whole = names.get(f"qof_{code}", code.upper())
        name = whole.partition(": ")[2] or whole
        known[code] = capfirst(name)
    return known


def sloped(identity: str) -> Sloped:
    """One measure; `BadInput` names those there are."""
    if identity not in measures():
        raise BadInput(
            f"'{identity[:40]}' is not measured along deprivation.",
            hint="Choose a measure from the list at /inequality/slope.",
        )
    return _sloped(identity, store.edition())


def all_sloped() -> list[Sloped]:
    """Every measure, worked out once for each edition of the facts."""
    edition = store.edition()
    return [_sloped(identity, edition) for identity in _measures(edition)]


@lru_cache(maxsize=64)
def _sloped(identity: str, _edition: str) -> Sloped:
    if identity in LIFE:
        sex, name = LIFE[identity]
        groups = _life_groups(comparisons.deaths_by_fifth(sex))
        return _fitted(identity, name, "years", "2014 to 2016", LIFE_SOURCE, groups)
    groups = _register_groups(comparisons.registers_by_tenth()[identity])
    return _fitted(identity, measures()[identity], "percentage points", "2019/20", QOF_SOURCE, groups)


def _life_groups(bands: Sequence[Band]) -> tuple[Group, ...]:
    """Life expectancy at birth by fifth; people are those of one year."""
    from endeavour.engine.statistics.life_expectancy import life_expectancy

    fifths = sorted({b.quintile for b in bands})
    ages = sorted({b.age for b in bands})
    cells = {(b.quintile, b.age): b for b in bands}
    found = life_expectancy(
        [[cells[q, age].deaths for age in ages] for q in fifths],
        [[cells[q, age].person_years for age in ages] for q in fifths],
        ages,
        at=0,
    )
    people = [sum(cells[q, age].person_years for age in ages) / 3 for q in fifths]
    return tuple(
        Group(FIFTHS[q - 1], round(people[i]), *(float(v[i]) for v in (found.value, found.lower[0.95], found.upper[0.95])))
        for i, q in enumerate(fifths)
    )  # fmt: skip


def _register_groups(tenths: Sequence[Tenth]) -> tuple[Group, ...]:
    """Per cent of patients on a register by tenth."""
    from endeavour.engine.statistics.proportions import proportion

    found = proportion([t.register for t in tenths], [t.list_size for t in tenths], multiplier=100)
    ends = {1: "1, most deprived tenth", 10: "10, least deprived tenth"}
    return tuple(
        Group(ends.get(t.decile, str(t.decile)), t.list_size, *(float(v[i]) for v in (found.value, found.lower[0.95], found.upper[0.95])))
        for i, t in enumerate(tenths)
    )  # fmt: skip


def _fitted(
    identity: str, name: str, unit: str, period: str, source: str, groups: tuple[Group, ...]
) -> Sloped:
    from endeavour.engine.statistics.slope_index import Transform, slope_index, standard_error_of

    transform: Transform = "none" if identity in LIFE else "logit"
    per = 1.0 if identity in LIFE else 100.0
    value, lower, upper = ([getattr(g, of) / per for g in groups] for of in ("value", "lower", "upper"))
    error = standard_error_of(lower, upper, transform=transform)
    slope = slope_index(value, [g.people for g in groups], error, transform=transform, multiplier=per)
    sii, rii = (
        Index(float(e.value), float(e.lower[0.95]), float(e.upper[0.95])) for e in (slope.sii, slope.rii)
    )
    return Sloped(
        identity, name, unit, period, source, groups, sii, rii,
        per * float(slope.intercept), per * float(slope.top),
    )  # fmt: skip


def slope_chart(found: Sloped) -> Chart:
    """The groups with their intervals, and the line."""
    from endeavour.charts.inequality import Quantile, inequality_chart

    of = "at birth, years" if found.is_life else "share of patients on the practice register, %"
    kind = "fifth" if found.is_life else "tenth"
    places = 1 if found.is_life or abs(found.sii.value) >= 1 else 2
    notes = (
        ("England’s figures: deaths by deprivation fifth within this system are not published.",)
        if found.is_life
        else (
            "Not adjusted for age. People in deprived places are younger on average, so real gaps at the same age are wider.",
            "England’s figures, estimated for tenths; the intervals allow for chance only, not for the estimating.",
        )
    )
    chart = inequality_chart(
        [Quantile(g.name, g.people, g.value, g.lower, g.upper) for g in found.groups],
        measure=found.name,
        subtitle=f"{found.name}, {of}, England, by deprivation {kind} of the neighbourhood, {found.period}",
        source=found.source,
        higher_is_better=True if found.is_life else None,
        transform="none" if found.is_life else "logit",
        percent=not found.is_life,
        unit="years" if found.is_life else "",
        places=places,
        notes=notes,
    )
    rows = tuple(
        (g.name, round(g.people), round(g.value, 3), round(g.lower, 3), round(g.upper, 3))
        for g in found.groups
    )
    return replace(chart, summary=f"{found.finding} {found.ratio_words}", rows=rows)
