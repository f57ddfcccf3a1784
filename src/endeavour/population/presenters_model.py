"""The model of need and the segments in words and pictures: how good, for whom, and whom a model of cost would pass over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from endeavour.charts.bars import Bar, bars_chart
from endeavour.charts.chart import Chart
from endeavour.charts.words import number_words
from endeavour.population.presenters_cohort import SOURCE, group_words

KINDS = {
    "deprivation": "deprivation (1 is the most deprived fifth of England)",
    "ethnicity": "ethnicity",
    "sex": "sex",
    "tenth": "tenths of the chance itself (10 is highest)",
}
LEARNERS = {
    "logistic": "A logistic regression: its weights are published, and anybody can work a chance out by hand.",
    "lightgbm": "Gradient boosting: its reasons are published, but it cannot be redone by hand.",
}

WEIGHT_COLUMNS = {
    "term": "the term's id",
    "words": "what is true of somebody where it counts",
    "weight": "log odds for one unit of it; of the intercept for everybody",
    "low": "lower end of the 95% interval",
    "high": "upper end of it",
    "odds_ratio": "the odds times this for one unit more",
    "mean": "its average among everybody",
    "gain": "how much it improved the fit; not a weight",
    "splits": "how often it was used; not a weight",
}


@dataclass(frozen=True)
class Calibrated:
    """One kind of group: expected and observed, side by side."""

    title: str
    rows: tuple[dict[str, Any], ...]


def performance_words(card: dict[str, Any]) -> str:
    """How good it is, in two sentences."""
    found = card["performance"]
    return (
        f"Shown one person who met a crisis and one who did not, it ranks the first higher {100 * found['auc']:.0f} times "
        f"in 100; a coin would 50 times. It expected {100 * found['expected']:.1f}% of people to meet a crisis, and "
        f"{100 * found['observed']:.1f}% did."
    )


def calibration(card: dict[str, Any]) -> list[Calibrated]:
    """Expected beside observed, by kind of group."""
    rows = [r | {"name": group_words(str(r["group"]))} for r in card["calibration"] if r["group"] != "all"]
    return [
        Calibrated(words, found)
        for kind, words in KINDS.items()
        if (found := tuple(r for r in rows if r["kind"] == kind))
    ]


def threshold_chart(card: dict[str, Any]) -> Chart | None:
    """Of those who went on to a crisis, how many stood above one line for everybody, by tenth of deprivation."""
    rows = [r for r in card["threshold"]["rows"] if r["group"] != "all"]
    known = [r for r in rows if r["found_percent"] is not None]
    if len(known) < 2:
        return None
    first, last = known[0], known[-1]
    share = f"{100 * card['threshold']['share_above']:.0f}%"
    return bars_chart(
        [Bar(_tenth(str(r["group"])), r["found_percent"], why=r["reason"]) for r in rows],
        title=f"One line for everybody finds {first['found_percent']:.0f}% of crises in the most deprived tenth and "
        f"{last['found_percent']:.0f}% in the least",
        subtitle=f"Share of those who met a crisis that stood above one line, with {share} of all people above it, %; synthetic residents",
        source=SOURCE,
        suffix="%",
        places=0,
        summary="A line that is the same for everybody is not the same for every place: need that no service has seen is "
        "not seen by a model either.",
        value_header="Found, %",
    )


def _tenth(group: str) -> str:
    digits = "".join(c for c in group.partition(" of ")[0] if c.isdigit())
    ends = {"1": "1, most deprived tenth", "10": "10, least deprived tenth"}
    return ends.get(str(int(digits)), str(int(digits))) if digits else group_words(group)


def label_rows(card: dict[str, Any]) -> list[dict[str, Any]]:
    """For each group of deprivation and ethnicity: its share of those chosen by need and by cost."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for r in card["label_audit"]:
        if r["group"] != "all":
            row = found.setdefault(
                (r["kind"], r["group"]), {"name": group_words(str(r["group"])), "kind": r["kind"]}
            )
            row[r["label"]] = r["percent_of_chosen"]
    return list(found.values())


def strongest(card: dict[str, Any], most: int = 12) -> list[dict[str, Any]]:
    """The weights that move a chance most, either way."""
    rows = [r for r in card["weights"] if isinstance(r.get("weight"), int | float)]
    return sorted(rows, key=lambda r: -abs(r["weight"]))[:most]


def segments_chart(found: dict[str, Any]) -> Chart:
    """How many people are in each segment."""
    most = max(found["segments"], key=lambda s: s["percent"] or 0.0)
    return bars_chart(
        [Bar(s["name"], s["percent"], why=s["reason"]) for s in found["segments"]],
        title=f"{most['name']}: {number_words(most['percent'], 1)}% of people",
        subtitle="Share of people in each segment, %, synthetic residents",
        source=SOURCE,
        suffix="%",
        summary=f"{number_words(found['people'])} people, each in one segment. {number_words(found['left_out'])} who asked "
        "that their record is not used are not counted.",
        value_header="Share, %",
    )


def segment_tables(
    found: dict[str, Any], names: dict[str, str]
) -> list[tuple[str, list[str], list[tuple[str, list[tuple[str, str]]]]]]:
    """For each kind of group a table: its columns, and a row a group of column and per cent of the group's people."""
    columns = [s["name"] for s in found["segments"]]
    ids = [s["id"] for s in found["segments"]]
    tables = []
    for kind in dict.fromkeys(r["kind"] for r in found["rows"]):
        groups: dict[str, dict[str, str]] = {}
        for r in found["rows"]:
            if r["kind"] == kind:
                words = "hidden" if r["percent"] is None else f"{r['percent']:.1f}"
                groups.setdefault(r["group"], {})[r["segment"]] = words
        rows = [
            (
                names.get(group) or group_words(group),
                [(name, cells.get(i, "not counted")) for i, name in zip(ids, columns, strict=True)],
            )
            for group, cells in groups.items()
        ]
        tables.append((kind, columns, rows))
    return tables
