"""The population pages' words and pictures, made from what the queries found."""

from __future__ import annotations

from collections.abc import Sequence

from endeavour.charts.chart import Chart
from endeavour.charts.shares import Bar, shares
from endeavour.charts.words import number_words
from endeavour.population.queries import provenance
from endeavour.population.queries.areas import Area
from endeavour.population.queries.deprivation import DomainShare
from endeavour.population.queries.people import Share, Topic

CHANGED = "Small counts were changed by the publisher to protect people."
_FINDINGS = {
    "age": ("Under 15", "under 15"),
    "ethnicity": ("White", "White"),
    "disability": ("Disabled", "disabled"),
    "tenure": (
        "Rent from the council or a housing association",
        "rented from the council or a housing association",
    ),
    "overcrowding": ("Too few bedrooms", "short of bedrooms"),
    "dimensions": ("Three or four", "in hardship of three or four kinds"),
}


def topic_chart(topic: Topic, area: Area, system_name: str) -> Chart:
    """One census question as bars, titled by the group a reader would ask about first."""
    label, words = _FINDINGS[topic.key]
    found = next((share for share in topic.shares if share.label == label), topic.shares[0])
    return shares(
        [
            Bar(s.label, s.share, None if area.kind == "system" else s.system_share, s.count)
            for s in topic.shares
        ],
        title=_finding(found, topic.unit, words),
        subtitle=f"{topic.title}, share of {topic.unit}, {area.name}, {provenance.period(topic.table)}",
        summary=_beside(found, topic.unit, words, area, system_name),
        source=census_source(topic.table),
        here=area.name,
        wider=system_name,
        unit=topic.unit,
    )


def census_source(table: str) -> str:
    """Who counted a census table and when, and what they changed."""
    return f"{provenance.credit(table)}. {CHANGED}"


def _finding(share: Share, unit: str, words: str) -> str:
    if share.share is None:
        return f"Nobody knows how many {unit} are {words}"
    return f"{number_words(share.share * 100, 1)}% of {unit} here are {words}"


def _beside(share: Share, unit: str, words: str, area: Area, system_name: str) -> str:
    if share.share is None:
        return "The census counted nobody here."
    here = f"{number_words(share.count)} of {number_words(share.total)} {unit} in {area.name} are {words}"
    if area.kind == "system":
        return f"{here}."
    return f"{here}. Across {system_name} the share is {number_words(share.system_share * 100, 1)}%."


def deprivation_rows(domains: Sequence[DomainShare]) -> list[dict[str, str]]:
    """One row a domain: the decile in words for one neighbourhood, else the share of people in the worst fifth."""
    return [
        {
            "label": domain.label,
            "in_2019": _standing(domain.decile_2019, domain.share_2019),
            "in_2025": _standing(domain.decile_2025, domain.share_2025),
        }
        for domain in domains
    ]


def _standing(decile: int | None, share: float | None) -> str:
    if decile is not None:
        return decile_words(decile)
    return "not known" if share is None else f"{number_words(share * 100, 1)}%"


def decile_words(decile: float | None) -> str:
    """A national decile in words: 1 is the most deprived tenth of England.

    >>> decile_words(1), decile_words(10), decile_words(4)
    ('most deprived tenth (1 of 10)', 'least deprived tenth (10 of 10)', '4 of 10')
    """
    if decile is None:
        return "not known"
    number = int(decile)
    return {1: "most deprived tenth (1 of 10)", 10: "least deprived tenth (10 of 10)"}.get(
        number, f"{number} of 10"
    )
