"""A measure of the catalogue in words: where it stands, how far from its target, for whom it is worse, where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from endeavour.charts.words import day_words, number_words
from endeavour.engine.measures.definition import Measure, Target
from endeavour.engine.measures.groupings import NOBODY
from endeavour.errors import NotFound
from endeavour.population.queries import figures
from endeavour.population.queries.figures import RELEASED, Figure
from endeavour.population.rules import Due, review_due

TITLES = {"adults": "Core20PLUS5 for adults", "children": "Core20PLUS5 for children and young people"}
# The five clinical areas of each framework, in its own order, with how our measures' ids begin; then what was added here.
CLINICAL = {
    "adults": (
        ("Maternity", ("maternity",)),
        ("Severe mental illness", ("smi", "prevalence-severe-mental-illness")),
        ("Chronic lung disease", ("copd", "prevalence-copd")),
        ("Cancer found early", ("early-cancer", "prevalence-cancer")),
        (
            "High blood pressure and blood fats",
            ("hypertension", "lipids", "blood-pressure", "prevalence-hypertension"),
        ),
        ("Smoking, which runs through all five", ("smoking",)),
        ("Weight, added here", ("obesity",)),
    ),
    "children": (
        ("Asthma", ("cyp-asthma",)),
        ("Diabetes", ("cyp-diabetes",)),
        ("Epilepsy", ("cyp-epilepsy",)),
        ("Teeth", ("cyp-tooth",)),
        ("Mental health", ("cyp-mental-health",)),
    ),
}
METHOD = (
    "Each value is worked out from its published terms, to the nearest 5: shares with Wilson's 95% interval (Wilson 1927); "
    "figures at the same ages directly standardised to the European Standard Population of 2013 (Dobson 1991); slope and "
    "relative index of inequality by a line through the groups, weighted by their people (Regidor 2004; Low and Low 2004). "
    "Figures of an outside publisher are as published."
)
GROUPINGS = {
    "imd_quintile": "Deprivation, in fifths", "imd_decile": "Deprivation, in tenths", "core20": "Core20 or not",
    "ethnicity": "Ethnicity", "age_band": "Age", "sex": "Sex", "plus": "PLUS group", "tenure": "Tenure",
    "condition": "Condition",
}  # fmt: skip
KINDS = {
    "system": "The whole system", "place": "Places (Alliances)", "district": "Districts",
    "neighbourhood": "Neighbourhoods (primary care networks)",
}  # fmt: skip
NONE_COUNTED = "none counted, out of a hidden number"
CHANGES = {
    "better": "Better than the year before.",
    "worse": "Worse than the year before.",
    "higher": "Higher than the year before.",
    "lower": "Lower than the year before.",
    "no clear change": "No clear change from the year before.",
}
BESIDE = {
    "better": "better than the whole system",
    "worse": "worse than the whole system",
    "higher": "higher than the whole system",
    "lower": "lower than the whole system",
    "similar": "no clear difference from the whole system",
}


@dataclass(frozen=True)
class Standing:
    """One measure on a dashboard, in words throughout; `figure` has the numbers."""

    measure: Measure
    figure: Figure
    value: str
    interval: str
    target: str
    course: str
    inequality: str
    ratio: str
    trend: str
    months: str
    review: Due

    @property
    def is_local(self) -> bool:
        """Whether it is our own definition and not the national one."""
        return is_local(self.measure)


def is_local(measure: Measure) -> bool:
    """Whether a definition is our own and not the national one."""
    return measure.standing == "local definition"


def board(who: str, as_at: date) -> list[Standing]:
    """Every measure of a framework, for "adults" or for "children"; `NotFound` names the two."""
    if who not in figures.FRAMEWORKS:
        raise NotFound(
            f"There is no Core20PLUS5 for '{who[:20]}'.",
            hint="See /core20plus5/adults or /core20plus5/children.",
        )
    return [
        standing(figures.definition(f.measure), f, as_at) for f in figures.headlines(figures.FRAMEWORKS[who])
    ]


def standing(measure: Measure, figure: Figure, as_at: date) -> Standing:
    """One measure's newest figure in words."""
    return Standing(
        measure=measure,
        figure=figure,
        value=value_words(measure, figure.value, figure.reason),
        interval=interval_words(measure, figure),
        target=target_words(measure, figure),
        course=course_words(measure, figure),
        inequality=figure.slope_words or no_slope_words(measure, figure),
        ratio=ratio_words(figure),
        trend=trend_words(measure, figure),
        months="" if (figure.spc or "").startswith("No change") else figure.spc or "",
        review=review_due(measure.reviewed_on, None, as_at),
    )


def no_slope_words(measure: Measure, figure: Figure) -> str:
    """Why the gap by deprivation is not known."""
    kind = figure.area_kind
    if measure.reads != "lake":
        return "Its source publishes it for whole districts only, so the gap by deprivation is not known."
    if kind == "system":
        return "The gap by deprivation cannot be worked out: too much of it is hidden."
    if all(set(group.of) != {kind, "imd_quintile"} for group in measure.crossed):
        return f"It is not published by deprivation within a {kind}, so the gap is not known."
    return "The gap by deprivation cannot be worked out here: too much of it is hidden, or fewer than three of the fifths have people."


def nobody_note(figure: Figure) -> str:
    """The fifths of deprivation that nobody of an area is counted in, in a sentence; empty where there are none."""
    _, said, which = (figure.slope_words or "").partition(NOBODY)
    return said + which


def here(figure: Figure) -> str:
    """The word that keeps an area's own gap apart from the whole system's."""
    return "" if figure.area_kind == "system" else " here"


def way(sii: float) -> str:
    """Whether a figure is lower or higher for the most deprived, from what the least deprived have more.

    >>> way(12.5), way(-12.5)
    ('lower', 'higher')
    """
    return "lower" if sii > 0 else "higher"


def points_words(sii: float) -> str:
    """A gap in few words, for a table; never a nought that only rounding made.

    >>> points_words(-15.04), points_words(0.04)
    ('15.0 points higher', '0.04 points lower')
    """
    return f"{number_words(abs(sii), decimals(sii))} points {way(sii)}"


def dashboard(who: str, standings: Sequence[Standing]) -> list[tuple[str, list[Standing]]]:
    """The measures by clinical area; one that fits none comes last."""
    left = {one.measure.id: one for one in standings}
    found = []
    for title, starts in CLINICAL[who]:
        ids = [i for start in starts for i in left if i.startswith(start)]
        found.append((title, [left.pop(i) for i in dict.fromkeys(ids)]))
    if left:
        found.append(("Other measures", list(left.values())))
    return [(title, ones) for title, ones in found if ones]


def summary(standings: Sequence[Standing]) -> str:
    """The dashboard in three sentences."""
    aimed = [s for s in standings if s.figure.target is not None]
    met = sum(s.figure.more_to_reach == 0 for s in aimed)
    gaps = sum((s.figure.slope_words or "").find("deprived than") >= 0 for s in standings)
    better, worse = (sum(s.figure.change == way for s in standings) for way in ("better", "worse"))
    targets = (
        f"{len(aimed)} of {len(standings)} measures {'has' if len(aimed) == 1 else 'have'} a target, and "
        f"{met or 'none'} of them {'meets' if met == 1 else 'meet'} it."
        if aimed
        else f"None of the {len(standings)} measures has a target."
    )
    changed = (
        f"Beside the year before, {better or 'none'} {'is' if better == 1 else 'are'} better and {worse or 'none'} "
        f"{'is' if worse == 1 else 'are'} worse."
        if better or worse
        else "None has clearly changed since the year before."
    )
    return (
        f"{targets} {_all_or(gaps, len(standings))} {'has' if gaps == 1 else 'have'} a clear gap between the "
        f"most and the least deprived. {changed}"
    )


def _all_or(count: int, of: int) -> str:
    return f"All {of}" if count == of > 1 else str(count or "None")


OWN = "Our own measures of adults and children"
LISTS = (
    ("Core20PLUS5 for adults", "core20plus5-adults"),
    ("Core20PLUS5 for children and young people", "core20plus5-children"),
    (OWN, "local"),
    ("What shapes health", "determinants"),
)


def apart(measures: Sequence[Measure]) -> list[tuple[str, list[Measure]]]:
    """What `by_strategy` leaves: those of Core20PLUS5, and those that answer to no part of the strategy."""
    none = [m for m in measures if not any(part.partition(" ")[0] in CHAPTERS for part in m.strategy)]
    return [(title if title != OWN else "Other measures of our own", ones) for title, ones in listed(none)]


def listed(measures: Sequence[Measure]) -> list[tuple[str, list[Measure]]]:
    """The catalogue's own measures by framework, each by its title."""
    ours = [m for m in measures if m.reads in RELEASED]
    found = [
        (title, sorted((m for m in ours if m.framework == name), key=lambda m: m.title))
        for title, name in LISTS
    ]
    return [(title, ones) for title, ones in found if ones]


CHAPTERS = {
    "4.3": "Adults’ health and care, as section 4.3 of the strategy asks",
    "4.4": "Babies, children and young people, as section 4.4 asks",
    "4.1": "What shapes health, as section 4.1 asks",
}


def by_strategy(measures: Sequence[Measure]) -> list[tuple[str, list[tuple[str, list[Measure]]]]]:
    """The measures by the parts of the strategy that they answer to: (section, [(part, its measures by title)]).

    A measure that answers to two parts stands in both; those of Core20PLUS5 have dashboards of their own.
    """
    chapters: dict[str, dict[str, list[Measure]]] = {number: {} for number in CHAPTERS}
    for measure in sorted(measures, key=lambda m: m.title):
        for part in measure.strategy if measure.reads in RELEASED else ():
            number, _, name = part.partition(" ")
            if number in chapters:
                chapters[number].setdefault(name, []).append(measure)
    return [(CHAPTERS[number], sorted(parts.items())) for number, parts in chapters.items() if parts]


def unit_of(measure: Measure) -> str:
    """What follows a number; where its source names no unit, that it does not.

    >>> from types import SimpleNamespace
    >>> [unit_of(SimpleNamespace(unit=unit)) for unit in ("per cent", "years", "publisher's unit")]
    ['%', ' years', ' in its source’s own unit']
    """
    if measure.unit == "publisher's unit":
        return " in its source’s own unit"
    return "%" if measure.unit == "per cent" else f" {measure.unit}"


def decimals(value: float | None) -> int:
    """How many decimals a value needs to be read: one, but more where one would make it 0.0.

    One where the value has no more to give.

    >>> decimals(57.0), decimals(0.83), decimals(0.004), decimals(0.3), decimals(0.0), decimals(None)
    (1, 2, 3, 1, 1, 1)
    """
    size = abs(value or 0.0)
    if size >= 1 or size == round(size, 1):
        return 1
    return 2 if size >= 0.01 else 3


def how(measure: Measure) -> str:
    """How one measure's values and intervals were worked out, and by whose method."""
    if measure.reads != "lake":
        return "as its source publishes it"
    return "share of published terms to the nearest 5, with Wilson's 95% interval (Wilson 1927)"


def why_words(reason: str) -> str:
    """Why a figure has no value; one that counts nobody, of a number that the gate hid, has no share either.

    >>> why_words("none"), why_words("hidden to protect a small group")
    ('none counted, out of a hidden number', 'hidden to protect a small group')
    """
    return NONE_COUNTED if reason == "none" else reason


def value_words(measure: Measure, value: float | None, reason: str) -> str:
    """A value with its unit, or why there is none."""
    return why_words(reason) if value is None else f"{number_words(value, decimals(value))}{unit_of(measure)}"


def interval_words(measure: Measure, figure: Figure, said: str = "between {} and {}") -> str:
    """How sure it is, in words, `said` with both ends; empty where there is no interval."""
    if figure.low is None or figure.high is None:
        return ""
    unit, places = unit_of(measure), decimals(figure.value)
    return said.format(*(f"{number_words(end, places)}{unit}" for end in (figure.low, figure.high)))


def aim_words(measure: Measure) -> str:
    """The target with its day and who set it, or that none was set and why."""
    target = measure.target
    if target is None:
        return f"No target has been set here. {measure.no_target}".strip()
    by = f" by {day_words(target.by)}" if target.by else ""
    return f"The target is {aim_value(measure, target)}{by} ({target.set_by})."


def aim_value(measure: Measure, target: Target) -> str:
    """The target's own value with its unit."""
    return f"{number_words(target.value, 1 if target.value % 1 else 0)}{unit_of(measure)}"


def short_of(measure: Measure, target: Target, value: float) -> float:
    """How far a value is from the target, in the measure's unit; nought or less where it is met."""
    return (target.value - value) * (-1 if is_ceiling(measure) else 1)


def is_ceiling(measure: Measure) -> bool:
    """Whether a target is met from below."""
    return measure.polarity == "lower is better"


def counted_words(population: dict[str, Any]) -> str:
    """Who was counted, in a sentence or two; empty where nobody had to be linked.

    >>> told = {"kind": "linked", "words": "people linked from the records of 5 agencies", "people": 18580, "apart": 490}
    >>> counted_words(told | {"left_out": None})
    'Counted: 18,580 people linked from the records of 5 agencies. 490 more are known only to agencies that register nobody, and are in no figure. Few records were left out because somebody opted out.'
    """
    if population["kind"] != "linked":
        return ""
    people, apart, out = (few_words(population[name]) for name in ("people", "apart", "left_out"))
    return (
        f"Counted: {people} {population['words']}. {apart.capitalize()} more are known only to agencies that register "
        f"nobody, and are in no figure. {out.capitalize()} records were left out because somebody opted out."
    )


def few_words(count: int | None) -> str:
    """A count with thousands separators, or that it is too small to be told.

    >>> few_words(18580), few_words(None)
    ('18,580', 'few')
    """
    return "few" if count is None else f"{count:,}"


def linkage_of(who: str) -> list[dict[str, Any]]:
    """What linkage did to each measure of one framework, in numbers and in words; nothing where it is not known."""
    ids = {m.id for m in figures.catalogue() if m.framework == figures.FRAMEWORKS[who]}
    return [row | _linkage_words(row) for row in figures.about()["linkage"] if row["measure"] in ids]


def _linkage_words(row: dict[str, Any]) -> dict[str, str]:
    places = 1 if max(row["value"] or 0, row["perfect_value"] or 0) >= 1 else 3
    return {
        f"{name}_words": "hidden" if row[name] is None else number_words(row[name], places)
        for name in ("value", "perfect_value", "sii", "perfect_sii")
    }


def target_words(measure: Measure, figure: Figure) -> str:
    """The target and the gap to it, in the measure's unit and in people."""
    aim, target = aim_words(measure), measure.target
    if target is None or figure.value is None:
        return aim
    gap = abs(target.value - figure.value)
    points = "percentage points" if measure.unit == "per cent" else measure.unit
    if figure.more_to_reach == 0 or short_of(measure, target, figure.value) <= 0:
        return f"{aim} It is met."
    return f"{aim} It is {number_words(gap, 1)} {points} away. {figure.gap_words or ''}".strip()


def course_words(measure: Measure, figure: Figure) -> str:
    """Whether it stands where its trajectory says it should by now; empty where there is none."""
    if figure.expected is None or figure.value is None:
        return ""
    ahead = (figure.value - figure.expected) * (1 if measure.polarity == "higher is better" else -1)
    should = f"{number_words(figure.expected, 1)}{unit_of(measure)}"
    return (
        f"On course: it should be {should} by now."
        if ahead >= 0
        else f"Behind its course: it should be {should} by now."
    )


class Ratio(Protocol):
    """Whatever has a relative index of inequality with its interval."""

    @property
    def rii(self) -> float | None: ...
    @property
    def rii_low(self) -> float | None: ...
    @property
    def rii_high(self) -> float | None: ...


Told = TypeVar("Told", bound=Ratio)


def times_apart(one: Ratio) -> float:
    """The wider end of deprivation divided by the other, above 1; 0 where chance may make the gap, or it is not known."""
    low, high = one.rii_low, one.rii_high
    if one.rii is None or low is None or high is None or one.rii <= 0 or low <= 0 or low <= 1 <= high:
        return 0.0
    return max(one.rii, 1 / one.rii)


def widest_gaps(told: Sequence[Told]) -> list[Told]:
    """Those with a clear gap by deprivation, the widest first, as one end divided by the other."""
    return sorted((one for one in told if times_apart(one)), key=lambda one: -times_apart(one))


def ratio_words(figure: Figure) -> str:
    """The relative index in words, turned so that it is above 1; empty where no gap is clear.

    The index divides the least deprived end by the most deprived.
    """
    low, high = figure.rii_low, figure.rii_high
    if figure.rii is None or low is None or high is None or low <= 1 <= high or figure.rii <= 0 or low <= 0:
        return ""
    more = "least" if figure.rii > 1 else "most"
    ratios = sorted(r if figure.rii > 1 else 1 / r for r in (figure.rii, low, high))
    return (
        f"The figure of the {more} deprived{here(figure)} is {number_words(ratios[1], 2)} times that of the "
        f"{'most' if more == 'least' else 'least'} deprived (between {number_words(ratios[0], 2)} and {number_words(ratios[2], 2)})."
    )


def trend_words(measure: Measure, figure: Figure) -> str:
    """Beside the year before, with that year's value."""
    if figure.change is None or figure.previous is None:
        return "The year before is not known."
    was = f"{number_words(figure.previous, decimals(figure.value))}{unit_of(measure)}"
    return f"{CHANGES[figure.change]} It was {was}. {figure.note or ''}".strip()


def grouping_words(by: str) -> str:
    """A grouping's name; a crossed one names both.

    >>> grouping_words("imd_quintile by ethnicity")
    'Deprivation, in fifths, by ethnicity'
    """
    first, *others = by.split(" by ")
    return ", by ".join([GROUPINGS.get(first, first), *(GROUPINGS.get(o, o).lower() for o in others)])


def source_of(measure: Measure, figure: Figure) -> str:
    """Who counted it, from what, in which release."""
    return f"{measure.source}. {figure.period}."
