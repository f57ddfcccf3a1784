"""Groups by sex, age, ethnicity and deprivation at once, in words and as a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.text import capfirst

from endeavour.charts.chart import Chart
from endeavour.charts.words import number_words
from endeavour.errors import BadInput, Missing
from endeavour.population.queries import figures
from endeavour.population.queries.names import partnership_name
from endeavour.population.queries.strata import Strata, Stratum

WORDS = {
    "F": "women", "M": "men",
    "17_44": "17–44", "45_64": "45–64", "65_over": "65+",
    "asian": "Asian", "black": "Black", "mixed": "mixed", "white": "white", "other": "other-ethnicity",
    "most_deprived_fifth": ", deprived", "elsewhere": "",
}  # fmt: skip
MEASURE = "Diabetes among synthetic residents aged 17 and over"
METHOD = (
    "MAIHDA: a logistic model with a random intercept for each group, fitted to published counts only (Merlo 2018; "
    "Evans and others 2018)."
)
SOURCE = "Synthetic residents of our own making, matched to published tables."
NO_LAKE = "The synthetic residents have not been made yet, so there are no groups to compare."
BUILD_LAKE = "Make them with: endeavour lake build"
TOO_FEW = "Too few groups can be told here: most are hidden to protect small groups, or have nobody to count, so none are compared."
BUILD_MORE = "Make everybody with: endeavour lake build --force"
PLURAL = {"person": "people", "case": "cases"}
THREE = ("imd_quintile", "ethnicity", "sex")
"""The characteristics that every measure is published by at once."""
HEADERS = (
    "Predicted %",
    "Lower limit",
    "Upper limit",
    "Beside the average",
)


@dataclass(frozen=True)
class Asked:
    """What is compared: who is counted in words, the characteristics, what a mark of the picture is of, and its source."""

    measure: str
    question: str
    counted: str
    traits: str
    one: str
    subtitle: str
    source: str
    release: str
    better: int
    notes: tuple[str, ...]
    header: str


@dataclass(frozen=True)
class Group:
    """One group with its characteristics; both counts are public, or None with the reason."""

    name: str
    traits: tuple[str, ...]
    events: int | None
    people: int | None
    reason: str


@dataclass(frozen=True)
class Groups:
    """The picture with its two shares in per cent: VPC and PCV (None where it cannot be worked out).

    `standing_out` counts groups unlike what their characteristics add up to.
    """

    asked: Asked
    chart: Chart
    vpc: float
    pcv: float | None
    standing_out: int
    fitted: int
    groups: tuple[Group, ...]

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """The groups that are not compared, each with why."""
        return tuple((g.name, g.reason) for g in self.groups if not _is_known(g))

    @property
    def vpc_words(self) -> str:
        """What the VPC says."""
        one = self.asked.one
        return (
            f"{number_words(self.vpc, 1)}% of the difference between one {one} and another in {self.asked.counted} lies "
            f"between these {self.fitted} groups. The rest lies between {PLURAL[one]} of the same group."
        )

    @property
    def pcv_words(self) -> str:
        """What the PCV says."""
        if self.pcv is None:
            return "How much each characteristic explains by itself cannot be worked out here."
        apart = (
            f"{self.standing_out or 'none'} of the groups "
            f"{'stands' if self.standing_out == 1 else 'stand'} apart from what their characteristics add up to."
        )
        share, rest = number_words(self.pcv, 1), number_words(100 - self.pcv, 1)
        if float(rest) == 0:
            return f"{self.asked.traits}, each by itself, explain all of the difference between the groups: {apart}"
        return (
            f"{self.asked.traits}, each by itself, explain {share}% of the difference between the groups. "
            f"The other {rest}% is particular to combinations: {apart}"
        )


def label(one: Stratum) -> str:
    """A group in words.

    >>> label(Stratum("F", "65_over", "asian", "most_deprived_fifth", 50, 200, "shown"))
    '65+ Asian women, deprived'
    """
    return f"{WORDS[one.age]} {WORDS[one.ethnicity]} {WORDS[one.sex]}{WORDS[one.deprivation]}"


def measures() -> dict[str, str]:
    """The measures whose groups are published by three characteristics at once, id to title, by title.

    None where the pack's facts were never compiled.
    """
    try:
        known = figures.catalogue()
    except Missing:
        return {}
    ours = [m for m in known if m.reads == "lake" and THREE in [tuple(g.of) for g in m.crossed]]
    return {m.id: m.title for m in sorted(ours, key=lambda m: m.title)}


def choices(asked: str) -> dict[str, str]:
    """What there is to choose from: those measures whose groups can mostly be told, and the one that was asked for."""
    try:
        told = figures.mostly_told(" by ".join(THREE))
    except Missing:
        told = set()
    known = {
        identity: title for identity, title in measures().items() if identity in told or identity == asked
    }
    return {"": MEASURE} | known


@lru_cache(maxsize=2)
def groups(found: Strata) -> Groups:
    """Diabetes by four characteristics; worked out once for each build of the lake. `Missing` as for `of_measure`."""
    asked = Asked(
        measure="",
        question="Who has diabetes, by sex, age, ethnicity and deprivation together?",
        counted="who has diabetes",
        traits="Sex, age, ethnicity and deprivation",
        one="person",
        subtitle=f"{MEASURE}, predicted per cent, by sex, age, ethnicity and deprivation, {partnership_name()}, {found.as_at:%B %Y}",
        source=SOURCE,
        release=found.release,
        better=-1,
        notes=(
            "‘Deprived’: living in England’s most deprived fifth of neighbourhoods (2025 index); others live elsewhere.",
            "These are synthetic residents, not patients’ records. Lower is better.",
        ),
        header="With diabetes",
    )
    told = tuple(
        Group(label(s), (s.sex, s.age, s.ethnicity, s.deprivation), s.events, s.people, s.reason)
        for s in found.strata
    )
    return _compared(asked, told, title="Diabetes (synthetic residents)")


def of_measure(identity: str) -> Groups:
    """One measure by deprivation, ethnicity and sex, from its published figures of the newest year.

    Raises `BadInput` where it is not published so, and `Missing` where the gate hides so many that the characteristics
    cannot be told apart.
    """
    if identity not in measures():
        raise BadInput(
            f"'{identity[:60]}' is not published by several characteristics at once.",
            hint="Choose a measure from the list at /inequality/groups.",
        )
    return _of_measure(identity, figures.release())


@lru_cache(maxsize=64)
def _of_measure(identity: str, release: str) -> Groups:
    measure = figures.definition(identity)
    whole = figures.whole(identity)
    told = tuple(
        Group(_short(f.subgroup), tuple(f.subgroup.split(", ")), f.numerator, f.denominator, f.reason)
        for f in figures.groups(identity, whole.area, " by ".join(THREE))
    )  # fmt: skip
    title = measure.title[:1].lower() + measure.title[1:]
    asked = Asked(
        measure=identity,
        question=f"{measure.title}, by deprivation, ethnicity and sex together",
        counted=f"the measure ‘{title}’",
        traits="Deprivation, ethnicity and sex",
        one="person" if measure.counts == "people" else "case",
        subtitle=f"{measure.title}, predicted per cent, by deprivation, ethnicity and sex, {whole.area_name}, {whole.period}, synthetic residents",
        source=f"{measure.source}.",
        release=release,
        better={"higher is better": 1, "lower is better": -1, "neither": 0}[measure.polarity],
        notes=(
            "Fifth 1 is the most deprived fifth of England’s neighbourhoods, fifth 5 the least (2025 index).",
            *([f"{measure.polarity.capitalize()}."] if measure.polarity != "neither" else []),
        ),
        header="Counted",
    )
    return _compared(asked, told, title=measure.title)


def _short(subgroup: str) -> str:
    """A group by three characteristics in few words, so that it can stand in a picture on a phone.

    >>> _short("1, asian, F")
    'Asian, female, fifth 1'
    """
    fifth, ethnicity, sex = subgroup.split(", ")
    name = f"{WORDS[ethnicity].replace('-', ' ')}, {'female' if sex == 'F' else 'male'}, fifth {fifth}"
    return capfirst(name)


def _is_known(group: Group) -> bool:
    return group.events is not None and bool(group.people)


def _too_few(asked: Asked) -> Missing:
    """That nothing can be compared, and where the figures are that can be."""
    at = f"See it by one or two characteristics at /measure/{asked.measure}." if asked.measure else BUILD_MORE
    return Missing(TOO_FEW, hint=at)


def _compared(asked: Asked, told: tuple[Group, ...], *, title: str) -> Groups:
    """Fit the groups whose counts are public, and draw them."""
    from endeavour.charts.strata import strata_chart
    from endeavour.engine.statistics.maihda import indicators, maihda, proportional_change_in_variance

    known = [group for group in told if _is_known(group)]
    # Both counts are rounded, so in a tiny group the part may come out above the whole.
    people = [group.people or 0 for group in known]
    events = [min(group.events or 0, n) for group, n in zip(known, people, strict=True)]
    # What is hidden is small but not nought: a picture that is mostly of noughts would mislead.
    if 2 * sum(count > 0 for count in events) <= len(known):
        raise _too_few(asked)
    try:
        null = maihda(events, people)
    except BadInput as error:
        raise _too_few(asked) from error
    try:
        columns = indicators(*zip(*(group.traits for group in known), strict=True))
        main = maihda(events, people, columns)
        pcv = proportional_change_in_variance(null, main)
    except BadInput as error:
        # All or none of those with one characteristic are counted: what it does by itself has no answer, and where the
        # rest are alike there is nothing else to tell.
        if len({n / whole for n, whole in zip(events, people, strict=True) if 0 < n < whole}) < 2:
            raise _too_few(asked) from error
        columns, main, pcv = None, null, math.nan
    chart = strata_chart(
        [group.name for group in known],
        events,
        people,
        measure=title,
        subtitle=asked.subtitle,
        source=asked.source,
        main_effects=None if columns is None else columns.tolist(),
        better=asked.better,
        notes=asked.notes,
    )
    predicted = [(str(row[0]), float(row[3] or 0)) for row in chart.rows]
    (top, most), (bottom, least) = predicted[0], predicted[-1]
    found = Groups(
        asked=asked,
        chart=chart,
        vpc=float(null.vpc),
        pcv=max(0.0, min(100.0, float(pcv))) if math.isfinite(pcv) else None,
        standing_out=int(main.distinct.sum()),
        fitted=len(known),
        groups=told,
    )
    rows = chart.rows + tuple((name, None, None, None, None, None, reason) for name, reason in found.hidden)
    headers = ("Group", "People" if asked.one == "person" else "Cases", asked.header, *HEADERS)
    summary = f"From {number_words(most, 1)}% ({top}) to {number_words(least, 1)}% ({bottom}), by the model."
    return replace(found, chart=replace(chart, summary=summary, headers=headers, rows=rows))
