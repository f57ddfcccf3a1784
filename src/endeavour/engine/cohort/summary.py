"""What anybody may know of a choice: its size and proof, its limits with their prices, and areas through the gate."""

from __future__ import annotations

from typing import Any

import numpy as np

from endeavour.engine.cohort.choose import Limit
from endeavour.engine.cohort.first_5000 import Cohort
from endeavour.engine.cohort.rule import DOMAINS
from endeavour.engine.cohort.texts import coded
from endeavour.engine.disclosure import ALL, About, Count, Key, publish, publish_count
from endeavour.engine.measures.earlier import installation_log

ASKED = "asking one more of these would cost the others"


def summarise(cohort: Cohort, *, name: str, lake_id: str, population: str) -> dict[str, Any]:
    """What anybody may know of the choice: size, proof, limits with their prices, and areas through the gate."""
    choice, question = cohort.choice, cohort.question
    rule = cohort.rule
    areas = _areas(cohort, population)
    return {
        "release": name,
        "rule": {
            "id": rule.id,
            "version": rule.version,
            "title": rule.title,
            "owner": rule.owner,
            "why": rule.why.strip(),
        },
        "lake": lake_id,
        "synthetic": True,
        "size": int(cohort.chosen.sum()),
        "households_considered": rounded(len(cohort.eligible)),
        "opted_out_and_left_out": rounded(int(cohort.columns["opted_out"].sum())),
        "gap": choice.gap,
        "value": round(choice.value, 1),
        "bound": round(choice.bound, 1),
        "decided_by_lottery": rounded(cohort.drawn_by_lottery),
        "lottery_seed": rule.lottery_seed,
        "comparison_size": int(cohort.comparison.sum()),
        "constraints": constraint_report(cohort, areas),
        "areas": areas,
        "weights": {domain: rule.need[domain].weight for domain in DOMAINS},
        "solver": {"rounds": choice.rounds, "columns_tried": choice.columns, "limits": len(question.limits)},
    }


def constraint_report(cohort: Cohort, areas: list[dict[str, object]]) -> list[dict[str, Any]]:
    """Each limit: what was asked, what was chosen, and its price, which is how much need each household more costs.

    A floor's price is what one household more of that group would cost the rest in value; nought means that the rule
    would have chosen as many without it. How many were chosen in an area is what `areas` shows of it. A limit with a
    price is met to the household, so that where few may be chosen the price is not told.
    """
    shown = {f"{row['kind']} {row['area']}": row["numerator"] for row in areas}
    question, kept = cohort.question, cohort.chosen[cohort.eligible]
    got = [float(kept.sum())]
    for codes, limits in zip(question.codes, question.partitions, strict=True):
        got += np.bincount(codes, weights=kept, minlength=len(limits)).tolist()
    got += [float((flag & kept).sum()) for flag in question.flags]
    report = []
    for limit, count in zip(question.limits, got, strict=True):
        price = cohort.choice.prices[limit.name]
        is_told = (
            not price
            or limit.name == "size"
            or rounded(int(limit.most if price > 0 else limit.least)) is not None
        ) and not np.isnan(price)
        report.append(
            {
                "limit": limit.name,
                "words": limit.words,
                "least": limit.least,
                "most": None if np.isinf(limit.most) else limit.most,
                "chosen": int(count)
                if limit.name == "size"
                else shown[limit.name]
                if limit.name in shown
                else rounded(int(count)),
                "is_kept": bool(limit.least - 1e-9 <= count <= limit.most + 1e-9),
                "price": round(abs(price), 2) if is_told else None,
                "price_words": price_words(limit, price) if is_told else "hidden to protect a small group",
            }
        )
    return report


def price_words(limit: Limit, price: float) -> str:
    """What a limit costs, in words; a price above nought is of the most allowed, one below of the least asked.

    >>> price_words(Limit("floor carer", "at least 1,200 carers", 1200, np.inf), -3.26)
    'asking one more of these would cost the others 3.3 points of need'
    >>> price_words(Limit("floor carer", "at least 1,200 carers", 1200, np.inf), 0.0)
    'costs nothing: as many would be chosen without it'
    """
    if abs(price) < 0.05:
        return "costs nothing: as many would be chosen without it"
    if limit.name == "size":
        return f"help for one more household would meet {price:.1f} more points of need"
    if price > 0:
        return f"room for one more here would meet {price:.1f} more points of need"
    return f"{ASKED} {-price:.1f} points of need"


def price_in(row: dict[str, Any]) -> float:
    """The price that a row of the report tells, with its sign; not a number where it is hidden.

    >>> limit = Limit("floor carer", "at least 1,200 carers", 1200, np.inf)
    >>> price_in({"price": 3.26, "price_words": price_words(limit, -3.26)}), price_in({"price": None})
    (-3.26, nan)
    """
    if row["price"] is None:
        return float("nan")
    return float(-row["price"] if row["price_words"].startswith(ASKED) else row["price"])


def _areas(cohort: Cohort, population: str) -> list[dict[str, object]]:
    """Chosen of all ordinary households by place, district and neighbourhood, through the gate and its log.

    Each household lies in one of each, and every district in one place, so the gate takes them together.
    """
    columns, rows = cohort.columns, []
    log = installation_log()
    ordinary = ~columns["is_communal"].astype(bool)
    within = dict(zip(map(str, columns["district"]), map(str, columns["place"]), strict=True))
    for kinds in (("place", "district"), ("neighbourhood",)):
        cells: dict[Key, Count] = {(ALL,): Count(int((cohort.chosen & ordinary).sum()), int(ordinary.sum()))}
        kind_of: dict[Key, str] = {(ALL,): kinds[0]}
        for kind in kinds:
            names, at = coded(columns[kind])
            for number, value in enumerate(names):
                inside = (at == number) & ordinary
                cells[(str(value),)] = Count(int((cohort.chosen & inside).sum()), int(inside.sum()))
                kind_of[(str(value),)] = kind
        about = About("first-5000 chosen by area", population, "one year", ("area",))
        parents = {"area": within} if "district" in kinds else None
        table = publish(about, cells, parents=parents, log=log)
        rows += [{"kind": kind_of[(str(row["area"]),)], **row} for row in table.rows()]
    return rows


def rounded(count: int) -> int | None:
    """A single count through the gate."""
    return publish_count(About("first-5000", "households", "one year", ()), count).numerator
