"""The model card as Markdown, from the summary: what a board member reads before the model is used (Mitchell and others 2019)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

KIND_WORDS = {
    "logistic": "a logistic regression, whose weights are published",
    "lightgbm": "gradient boosting, whose reasons are published but which cannot be redone by hand",
}


def whose(population: dict[str, Any]) -> str:
    """Whose contacts a model learnt from, in words for its card and its page.

    >>> whose({"kind": "residents", "words": "the lake's own residents"})
    "Counted: the lake's own residents."
    """
    if population["kind"] == "residents":
        return f"Counted: {population['words']}."
    return (
        f"Counted: {population['words']}, as at {population['as_at']}. A contact is the person's whose record linkage "
        "says it is: where records of one person were left apart, each part looks like somebody who met fewer services."
    )


def as_markdown(summary: dict[str, Any]) -> str:
    """The whole card; figures that the gate hides are written as their reason."""
    learnt, tested, found = summary["learnt_from"], summary["tested_on"], summary["performance"]
    lines = [
        f"# {summary['title']}",
        "",
        f"Version {summary['version']}, release {summary['release']}. Owner: {summary['owner']}. Synthetic residents.",
        "",
        f"**What it says.** The chance that {summary['label']}. It is {KIND_WORDS[summary['model']]}.",
        "",
        f"**Why this label.** {summary['why']}",
        "",
        f"**Use it** {_lower(summary['use'])}",
        "",
        f"**Never use it for** {_lower(summary['not_for'])}",
        "",
        "## Who it learnt from",
        "",
        f"{learnt['people']:,} people at the end of the year that began in April {learnt['year']}, and what the next year "
        f"brought them. It was tested on {tested['people']:,} people a year later. Many of them are the same people: the "
        "test is of another time, not of another place. Nobody who opted out is in either.",
        "",
        whose(summary["population"]),
        "",
        "## How good it is",
        "",
        f"Shown two people, one who met a crisis and one who did not, it ranks the first higher {found['auc']:.1%} of the "
        f"time. It expected {found['expected']:.2%} of people to meet a crisis; {found['observed']:.2%} did. "
        f"The calibration slope is {found['calibration_slope']:.2f} (1 is right).",
        "",
        *(
            f"The other learner ({other}) ranks {figures['auc']:.1%}, with log loss {figures['log_loss']:.4f} beside our "
            f"{found['log_loss']:.4f}."
            for other, figures in summary["other_kind"].items()
        ),
        "",
        "## Is it right for everybody?",
        "",
        "Per cent who met a crisis, expected and observed. A ratio above 1 means that the group's need is passed over.",
        "",
        *_table(
            ["kind", "group", "people", "expected", "observed", "low", "high", "ratio"],
            (row for row in summary["calibration"] if row["group"] != "all"),
        ),
        "",
        "## Whom one threshold finds",
        "",
        f"With one line for everybody, drawn so that {summary['threshold']['share_above']:.0%} stand above it, the share "
        "of crises that it finds differs by deprivation. Decile 1 is the most deprived.",
        "",
        *_table(["group", "crises", "found", "found_percent"], summary["threshold"]["rows"]),
        "",
        "## What a model of cost would have done",
        "",
        "As many people chosen by the chance of high cost instead. The group's share of those chosen, in per cent.",
        "",
        *_table(
            ["label", "kind", "group", "chosen", "percent_of_chosen", "crises_percent"],
            (row for row in summary["label_audit"] if row["group"] != "all"),
        ),
        "",
        "## What it cannot know",
        "",
        "Need that no service ever saw; what was written down wrongly; the year ahead, where it differs from those behind. "
        "Ethnicity is in the model so that care not given is not read as health; the table above shows what that does.",
        "",
    ]
    return "\n".join(lines)


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _table(columns: list[str], rows: Iterable[dict[str, Any]]) -> list[str]:
    head = ["| " + " | ".join(c.replace("_", " ") for c in columns) + " |", "|" + " --- |" * len(columns)]
    return head + ["| " + " | ".join(_shown(row, c) for c in columns) + " |" for row in rows]


def _shown(row: dict[str, Any], column: str) -> str:
    value = row[column]
    if value is None:
        return str(row["reason"])
    return f"{value:,}" if isinstance(value, int) else str(value)
