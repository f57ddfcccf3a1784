"""The published cohort in words, tables and charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from endeavour.charts.bars import Bar, bars_chart
from endeavour.charts.chart import Chart
from endeavour.charts.words import number_words
from endeavour.engine.cohort.rule import Rule
from endeavour.population.presenters_measures import few_words
from endeavour.population.queries.names import place_names

KINDS = {
    "deprivation": "deprivation (1 is the most deprived fifth of England)",
    "ethnicity": "ethnicity of the household",
    "place": "place (Alliance)",
    "tenure": "tenure",
    "composition": "who lives together",
    "children": "children in the household",
    "eldest": "age of the eldest",
    "disability": "disability or bad health",
    "plus_group": "PLUS group",
}
GROUPS = {
    "fifth 1 of 5": "Most deprived fifth",
    "fifth 2 of 5": "Second fifth",
    "fifth 3 of 5": "Middle fifth",
    "fifth 4 of 5": "Fourth fifth",
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


def effect_words(effect: dict[str, Any]) -> str:
    """What changed for a household, with how sure that is: never a sign alone.

    >>> effect_words({"estimate": -0.07, "low": -0.28, "high": 0.14})
    '0.07 fewer a household (between 0.28 fewer and 0.14 more), which could be no change at all'
    >>> effect_words({"estimate": -0.2, "low": -0.3, "high": -0.1})
    '0.20 fewer a household (between 0.30 fewer and 0.10 fewer), a change that chance hardly explains'
    """
    found, low, high = (_more_or_fewer(effect[name]) for name in ("estimate", "low", "high"))
    could_be_none = effect["low"] <= 0 <= effect["high"]
    sure = "which could be no change at all" if could_be_none else "a change that chance hardly explains"
    return f"{found} a household (between {low} and {high}), {sure}"


def proof_words(gap: float) -> str:
    """How near to the best possible choice this one is proved to be; never a nought that only rounding made.

    >>> proof_words(0.00004), proof_words(4e-9)
    ('to within 0.004%', 'to within less than 0.001%')
    """
    words = number_words(100 * gap, 3)
    return f"to within {words if float(words) else 'less than 0.001'}%"


def _more_or_fewer(change: float) -> str:
    return f"{number_words(abs(change), 2)} {'more' if change > 0 else 'fewer'}"


def group_words(group: str) -> str:
    """A group's name for a person.

    >>> group_words("lone_parent")
    'Lone parent'
    """
    return GROUPS.get(group) or place_names().get(group) or group.replace("_", " ").capitalize()


def _ours(summary: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [
        r
        for r in summary["fairness"]
        if r["rule"] == "our rule" and r["kind"] == kind and r["group"] != "all"
    ]


def place_rows(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """Each Alliance with its households chosen, out of how many."""
    rows = [row for row in summary["areas"] if row["kind"] == "place" and row["area"] != "all"]
    names = place_names()
    return [{**row, "name": names.get(row["area"], row["area"])} for row in rows]


def area_rows(summary: dict[str, Any], kind: str, names: dict[str, str]) -> list[dict[str, Any]]:
    """Each area of one kind with its households chosen, most first; hidden ones last."""
    rows = [row for row in summary["areas"] if row["kind"] == kind and row["area"] != "all"]
    named = [{**row, "name": names.get(row["area"], row["area"])} for row in rows]
    return sorted(named, key=lambda row: -(row["percent"] if row["percent"] is not None else -1))


@dataclass(frozen=True)
class Linkage:
    """What linkage gets wrong, in words: what was linked, how far the choice agrees, and missed links by group."""

    counted: str
    same: str
    missed: tuple[tuple[str, list[dict[str, Any]]], ...]


def linkage_words(summary: dict[str, Any]) -> Linkage | None:
    """The cohort's linkage in words; None where it was not chosen among linked households."""
    told = summary.get("linkage")
    if not told:
        return None
    counted = (
        f"Here {few_words(told['people'])} people were found in {few_words(told['households'])} households; "
        f"{few_words(told['usable'])} of these are fit to choose from, the others have an address that is in doubt "
        "or are homes such as care homes."
    )
    choice = told["choice"]
    same = ""
    if choice and choice["same_percent"] is not None:
        same = f"{choice['same_percent']:.1f}% of the households chosen would also be chosen had every record been linked right."
    kinds = (("ethnicity", "ethnicity"), ("deprivation", KINDS["deprivation"]))
    missed = tuple(
        (words, [row | {"name": group_words(row["group"])} for row in told["missed"] if row["kind"] == kind])
        for kind, words in kinds
    )
    return Linkage(counted, same, missed if told["missed"] else ())


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
            f"lowest {least['chosen_per_1000_in_need']:.0f} ({group_words(least['group'])})"
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
    named = [
        (words, [{**row, "name": group_words(row["group"])} for row in _ours(summary, kind)])
        for kind, words in KINDS.items()
    ]
    return [(words, rows) for words, rows in named if rows]


def limits(
    summary: dict[str, Any], names: dict[str, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The limits on the whole, on places and on groups; and apart from them the neighbourhoods that have no more room."""
    rows = [c | {"words": _named(c["words"], names), "chosen": _within(c)} for c in summary["constraints"]]
    near = [c for c in rows if c["limit"].startswith("neighbourhood")]
    return [c for c in rows if c not in near], [c for c in near if c["price"]]


def _within(limit: dict[str, Any]) -> float | None:
    """How many were chosen, to the nearest 5, but never beyond a limit that was kept: '95 of at most 94' is no count.

    >>> _within({"chosen": 95, "least": 0, "most": 94, "is_kept": True})
    94
    >>> _within({"chosen": None, "least": 0, "most": 94, "is_kept": True}) is None
    True
    """
    chosen: float | None = limit["chosen"]
    if chosen is None or not limit.get("is_kept"):
        return chosen
    most = limit["most"] if limit["most"] is not None else chosen
    kept: float = max(limit["least"], min(chosen, most))
    return kept


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
