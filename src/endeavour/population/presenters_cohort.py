"""The published cohort in words, tables and charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from endeavour.charts.bars import Bar, bars_chart
from endeavour.charts.chart import Chart
from endeavour.engine.cohort.rule import Rule

KINDS = {
    "deprivation": "deprivation (1 is the most deprived fifth of England)",
    "ethnicity": "ethnicity of the household",
    "place": "place (Alliance)",
    "tenure": "tenure",
    "composition": "who lives together",
    "children": "children in the household",
    "plus_group": "PLUS group",
}
PLACES = {
    "basildon-brentwood": "Basildon and Brentwood",
    "mid-essex": "Mid Essex",
    "south-east-essex": "South East Essex",
    "thurrock": "Thurrock",
}
GROUPS = {
    "fifth 1 of 5": "Most deprived fifth",
    "fifth 5 of 5": "Least deprived fifth",
    "gypsy_roma_traveller": "Gypsy, Roma and Traveller",
    "minoritised_ethnic": "Black, Asian and minoritised ethnic",
    "carer": "Carers",
    "learning_disability_autism": "Learning disability or autism",
    "homeless": "Homeless",
    "veteran": "Veterans",
    "armed_forces_family": "Armed forces families",
    "care_leaver": "Care leavers",
    "domestic_abuse": "Domestic abuse",
}
SOURCE = "Synthetic residents, Common Endeavour"


def group_words(group: str) -> str:
    """A group's name for a person.

    >>> group_words("lone_parent")
    'Lone parent'
    """
    return PLACES.get(group) or GROUPS.get(group) or group.replace("_", " ").capitalize()


def _ours(summary: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [
        r
        for r in summary["fairness"]
        if r["rule"] == "our rule" and r["kind"] == kind and r["group"] != "all"
    ]


def place_rows(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """Each Alliance with its households chosen, out of how many."""
    rows = [row for row in summary["areas"] if row["kind"] == "place" and row["area"] != "all"]
    return [{**row, "name": PLACES.get(row["area"], row["area"])} for row in rows]


def area_rows(summary: dict[str, Any], kind: str, names: dict[str, str]) -> list[dict[str, Any]]:
    """Each area of one kind with its households chosen, most first; hidden ones last."""
    rows = [row for row in summary["areas"] if row["kind"] == kind and row["area"] != "all"]
    named = [{**row, "name": names.get(row["area"], row["area"])} for row in rows]
    return sorted(named, key=lambda row: -(row["percent"] if row["percent"] is not None else -1))


@dataclass(frozen=True)
class Part:
    """One part of life in the rule: its weight, and what gives points, most first."""

    name: str
    weight: float
    most: float
    points: tuple[tuple[float, str], ...]


def rule_parts(rule: Rule) -> list[Part]:
    """The rule's seven parts of life in words, the heaviest first."""
    parts = [
        Part(group_words(name), part.weight, part.most, tuple((p.points, p.words) for p in part.points))
        for name, part in rule.need.items()
    ]
    return sorted(parts, key=lambda part: -part.weight)


def sensitivity_rows(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """What share of the households would change if one weight moved by a tenth; the most sensitive first."""
    rows = [{**row, "name": group_words(row["weight"])} for row in summary.get("sensitivity", ())]
    return sorted(rows, key=lambda row: -max(row["percent_changed_less"], row["percent_changed_more"]))


def fairness_charts(summary: dict[str, Any]) -> list[Chart]:
    """Chosen per 1,000 in need, by deprivation and by PLUS group."""
    charts = []
    for kind, measure in (("deprivation", "deprivation"), ("plus_group", "PLUS group")):
        rows = [r for r in _ours(summary, kind) if r["chosen_per_1000_in_need"] is not None]
        most = max(rows, key=lambda r: r["chosen_per_1000_in_need"])
        least = min(rows, key=lambda r: r["chosen_per_1000_in_need"])
        title = (
            f"{group_words(most['group'])}: {most['chosen_per_1000_in_need']:.0f} of every 1,000 in need are chosen; "
            f"{group_words(least['group'])}: {least['chosen_per_1000_in_need']:.0f}"
        )
        charts.append(
            bars_chart(
                [Bar(group_words(r["group"]), r["chosen_per_1000_in_need"]) for r in rows],
                title=title,
                subtitle=f"Households chosen per 1,000 in need, by {measure}; synthetic residents",
                source=SOURCE,
                places=0,
                value_header="Chosen per 1,000 in need",
            )
        )
    return charts


def fairness_rows(summary: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The audit by kind of group, in words."""
    return [
        (words, [{**row, "name": group_words(row["group"])} for row in _ours(summary, kind)])
        for kind, words in KINDS.items()
    ]


def limits(
    summary: dict[str, Any], names: dict[str, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The limits on the whole, on places and on groups; and apart from them the neighbourhoods that have no more room."""
    rows = [c | {"words": _named(c["words"], names)} for c in summary["constraints"]]
    near = [c for c in rows if c["limit"].startswith("neighbourhood")]
    return [c for c in rows if c not in near], [c for c in near if c["price"]]


def _named(words: str, names: dict[str, str]) -> str:
    """A limit in words with its area by name and not by code."""
    start, _, code = words.rpartition(" ")
    return f"{start} {names[code]}" if code in names else words


def rules_compared(summary: dict[str, Any]) -> list[tuple[str, float | None]]:
    """What share of those chosen live in the most deprived fifth, under our rule and three simpler ones."""
    shares = []
    for rule in dict.fromkeys(row["rule"] for row in summary["fairness"]):
        rows = {
            r["group"]: r["chosen"]
            for r in summary["fairness"]
            if r["rule"] == rule and r["kind"] == "deprivation"
        }
        poorest, everybody = rows.get("fifth 1 of 5"), rows.get("all")
        shares.append(
            (rule.capitalize(), 100 * poorest / everybody if poorest is not None and everybody else None)
        )
    return shares
