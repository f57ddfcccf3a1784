"""Partners' plans: whose they are, what they aim for, and which shared statements they serve.

The partnership never writes a partner's objective: it links to it, and a person decides whether the link holds.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from endeavour.core.public import Person, require, write_audit
from endeavour.errors import BadInput, Conflict, NotFound
from endeavour.strategy import queries
from endeavour.strategy.likeness import alike, best
from endeavour.strategy.models import Alignment, Objective, Plan, Statement
from endeavour.strategy.moments import this_moment
from endeavour.strategy.rules import require_own_plan


@transaction.atomic
def add_plan(
    *,
    by: Person | None,
    key: str,
    title: str,
    owner: str,
    period_from: date,
    period_to: date,
    objectives: dict[str, str],
    review_on: date | None = None,
    url: str = "",
    is_example: bool = False,
) -> Plan:
    """Put a partner's plan in the library with its objectives, and propose by likeness what each serves."""
    require(by, "strategy.plan")
    require_own_plan(by, owner)
    if period_to <= period_from:
        raise BadInput("The plan ends before it starts.", hint="Check the two days.")
    if not objectives:
        raise BadInput("The plan has no objectives.", hint="Give each objective a number and its words.")
    if Plan.objects.filter(key=key).exists():
        raise Conflict(f"There is a plan '{key}' already.", hint="Add the newer plan under a new key.")
    plan = Plan.objects.create(
        key=key, title=title.strip(), owner=owner, period_from=period_from, period_to=period_to,
        review_on=review_on, url=url, is_example=is_example,
    )  # fmt: skip
    made = {
        ref: Objective.objects.create(plan=plan, ref=ref, text=text.strip())
        for ref, text in objectives.items()
        if text.strip()
    }
    shared = {s.ref: s.words for s in queries.statements("we")}
    for ref, statement, score in best(alike({r: o.text for r, o in made.items()}, shared)):
        Alignment.objects.create(
            objective=made[ref], ref=statement, state="proposed", score=score, recorded_at=this_moment()
        )
    write_audit(by=by, action="strategy.plan", subject=f"plan:{key}", owner=owner, objectives=len(made))
    return plan


@transaction.atomic
def decide_alignment(*, by: Person | None, plan: str, objective: str, ref: str, serves: bool) -> Alignment:
    """A person says whether an objective serves a shared statement; earlier answers stay in the record."""
    require(by, "strategy.align")
    found = Objective.objects.filter(plan__key=plan, ref=objective).first()
    if found is None:
        raise NotFound(f"There is no objective {objective} in the plan '{plan}'.")
    queries.statement(ref)
    state = Alignment.State.CONFIRMED if serves else Alignment.State.REJECTED
    made = Alignment.objects.create(by=by, recorded_at=this_moment(), objective=found, ref=ref, state=state)
    write_audit(
        by=by,
        action="strategy.align",
        subject=f"statement:{ref}",
        plan=plan,
        objective=objective,
        state=state.value,
    )
    return made


def read_objectives(path: Path) -> dict[str, str]:
    """The objectives of a plan from a CSV with the columns ref and text; a wrong row names its line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput("could not be read as UTF-8 CSV", file=path.name, hint=str(error)[:80]) from None
    if not rows or not {"ref", "text"} <= set(rows[0]):
        raise BadInput("needs a first line 'ref,text' and a line an objective", file=path.name)
    found: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        ref, words = (row["ref"] or "").strip(), (row["text"] or "").strip()
        if not ref or not words or len(ref) > 40 or len(words) > 2_000:
            raise BadInput("needs a number of at most 40 characters and its words", file=path.name, line=line)
        if ref in found:
            raise BadInput(f"{ref} stands twice", file=path.name, line=line, column="ref")
        found[ref] = words
    return found


def person_named(username: str) -> Person:
    """Somebody who can sign in, by user name."""
    found = Person.objects.filter(username=username).first()
    if found is None:
        raise NotFound(
            f"Nobody signs in as '{username[:40]}'.", hint="Give the user name of the plan's owner."
        )
    return found


@dataclass(frozen=True)
class Matrix:
    """Which partner objectives serve which shared statements, and what has no home on either side."""

    plans: tuple[Plan, ...]
    statements: tuple[Statement, ...]
    served: dict[str, list[tuple[Objective, Alignment]]]
    proposed: tuple[tuple[Objective, Alignment], ...]
    without_plan: tuple[Statement, ...]
    without_home: tuple[Objective, ...]

    @property
    def share_served(self) -> float:
        """The share of shared statements that at least one partner plan serves, 0 to 1."""
        return 1 - len(self.without_plan) / len(self.statements) if self.statements else 0.0


def matrix(*, at: date) -> Matrix:
    """The alignment matrix on a day, over the plans whose period covers it, in four queries."""
    plans = tuple(Plan.objects.filter(period_from__lte=at, period_to__gte=at).order_by("owner", "title"))
    said = tuple(queries.statements("we", at=at))
    objectives = list(
        Objective.objects.filter(plan__in=plans).select_related("plan").order_by("plan_id", "id")
    )
    newest: dict[tuple[int, str], Alignment] = {}
    for row in Alignment.objects.filter(objective__in=objectives).order_by("recorded_at", "id"):
        newest[row.objective_id, row.ref] = row
    by_id = {o.pk: o for o in objectives}
    served: dict[str, list[tuple[Objective, Alignment]]] = defaultdict(list)
    proposed = []
    homes = set()
    for (objective, ref), row in newest.items():
        if row.state == Alignment.State.CONFIRMED:
            served[ref].append((by_id[objective], row))
            homes.add(objective)
        elif row.state == Alignment.State.PROPOSED:
            proposed.append((by_id[objective], row))
    return Matrix(
        plans=plans,
        statements=said,
        served=dict(served),
        proposed=tuple(sorted(proposed, key=lambda pair: -(pair[1].score or 0))),
        without_plan=tuple(s for s in said if not served.get(s.ref)),
        without_home=tuple(o for o in objectives if o.pk not in homes),
    )
