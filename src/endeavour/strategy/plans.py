"""Partners' plans: whose they are, what they aim for, and which shared statements they serve.

The partnership never writes a partner's objective: it links to it, and a person decides whether the link holds.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from endeavour.core.public import Body, Person, Role, require, write_audit
from endeavour.csv_rows import with_lines
from endeavour.errors import BadInput, Conflict, NotFound
from endeavour.strategy import queries
from endeavour.strategy.at_once import one_at_a_time
from endeavour.strategy.likeness import alike, best
from endeavour.strategy.models import Alignment, Objective, Plan, Statement
from endeavour.strategy.moments import this_moment
from endeavour.strategy.rules import require_own_body, require_own_plan


@transaction.atomic
def add_plan(
    *,
    by: Person | None,
    key: str,
    title: str,
    owner: str,
    period_from: date | None = None,
    period_to: date | None = None,
    objectives: Mapping[str, str] | None = None,
    review_on: date | None = None,
    url: str = "",
    source: str = "",
) -> Plan:
    """Put a partner's plan in the library. Anybody who may add plans can list one; its objectives only its owner adds."""
    require(by, "strategy.plan")
    if objectives or (by is not None and by.role == Role.PARTNER):
        require_own_plan(by, owner)
    if not Body.objects.filter(key=owner).exists():
        raise NotFound(f"There is no body '{owner[:40]}'.", hint="See /bodies for the bodies there are.")
    if period_from and period_to and period_to <= period_from:
        raise BadInput("The plan ends before it starts.", hint="Check the two days.")
    if url and not url.startswith(("https://", "http://")):
        raise BadInput("The address must start with https://.", hint="Copy it from the address bar.")
    if not title.strip():
        raise BadInput("The plan has no title.", hint="Say what it is called.")
    if Plan.objects.filter(key=key).exists():
        raise Conflict(f"There is a plan '{key}' already.", hint="Add the newer plan under a new key.")
    with one_at_a_time(f"listed a plan '{key}'"):
        plan = Plan.objects.create(
            key=key, title=title.strip(), owner=owner, period_from=period_from, period_to=period_to,
            review_on=review_on, url=url, source=source,
        )  # fmt: skip
    write_audit(by=by, action="strategy.plan", subject=f"plan:{key}", owner=owner)
    if objectives:
        add_objectives(by=by, plan=key, objectives=objectives)
    return plan


@transaction.atomic
def add_objectives(*, by: Person | None, plan: str, objectives: Mapping[str, str]) -> int:
    """The owner adds objectives in its own words; likeness proposes what each serves, and a person decides.

    An objective already there stays as it was first written: `Conflict` where the words differ.
    """
    require(by, "strategy.plan")
    found = plan_named(plan)
    require_own_plan(by, found.owner)
    if not objectives:
        raise BadInput("There are no objectives.", hint="Give each objective a number and its words.")
    known = dict(found.objectives.values_list("ref", "text"))
    for ref, text in objectives.items():
        if ref in known and known[ref] != text.strip():
            raise Conflict(
                f"Objective {ref} stands in other words already.",
                hint="Give the new wording a number of its own.",
            )
    made = {
        ref: Objective.objects.create(plan=found, ref=ref, text=text.strip())
        for ref, text in objectives.items()
        if ref not in known
    }
    shared = {s.ref: s.words for s in queries.statements("we")}
    Alignment.objects.bulk_create(
        Alignment(
            objective=made[ref], ref=statement, state="proposed", score=score, recorded_at=this_moment()
        )
        for ref, statement, score in best(alike({r: o.text for r, o in made.items()}, shared))
    )
    write_audit(by=by, action="strategy.objectives", subject=f"plan:{plan}", objectives=len(made))
    return len(made)


def plan_named(key: str) -> Plan:
    """A plan of the library by its key."""
    found = Plan.objects.filter(key=key).first()
    if found is None:
        raise NotFound(f"There is no plan '{key[:40]}'.", hint="See /partner-plans for the plans there are.")
    return found


@transaction.atomic
def decide_alignment(*, by: Person | None, plan: str, objective: str, ref: str, serves: bool) -> Alignment:
    """The plan's owner or the secretariat says whether an objective serves a promise; earlier answers stay."""
    require(by, "strategy.align")
    found = Objective.objects.filter(plan__key=plan, ref=objective).first()
    if found is None:
        raise NotFound(f"There is no objective {objective} in the plan '{plan}'.")
    require_own_body(by, found.plan.owner)
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
        return parse_objectives(path.read_text(encoding="utf-8-sig"), name=path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("could not be read as UTF-8 CSV", file=path.name, hint=str(error)[:80]) from None


def parse_objectives(text: str, *, name: str = "objectives") -> dict[str, str]:
    """Objectives by their numbers from CSV text with a first line 'ref,text'.

    >>> parse_objectives('ref,text\\n1.1,"Fewer falls, at home"')
    {'1.1': 'Fewer falls, at home'}
    """
    try:
        rows = [
            (line, cells)
            for line, cells in with_lines(
                csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")), file=name
            )
            if cells
        ]
    except csv.Error as error:
        raise BadInput("could not be read as UTF-8 CSV", file=name, hint=str(error)[:80]) from None
    header = rows[0][1] if rows else []
    if len(rows) < 2 or not {"ref", "text"} <= set(header):
        raise BadInput("needs a first line 'ref,text' and a line an objective", file=name)
    found: dict[str, str] = {}
    for line, cells in rows[1:]:
        row = dict(zip(header, cells, strict=False))
        ref, words = row.get("ref", "").strip(), row.get("text", "").strip()
        if not ref or not words or len(ref) > 40 or len(words) > 2_000:
            raise BadInput("needs a number of at most 40 characters and its words", file=name, line=line)
        if ref in found:
            raise BadInput(f"{ref} stands twice", file=name, line=line, column="ref")
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
    counted: dict[int, int]

    @property
    def share_served(self) -> float:
        """The share of shared statements that at least one partner plan serves, 0 to 1."""
        return 1 - len(self.without_plan) / len(self.statements) if self.statements else 0.0


def matrix(*, at: date) -> Matrix:
    """The alignment matrix on a day, over the plans not known to be over or still to come, in four queries."""
    begun = Q(period_from__isnull=True) | Q(period_from__lte=at)
    going = Q(period_to__isnull=True) | Q(period_to__gte=at)
    plans = tuple(Plan.objects.filter(begun, going).order_by("owner", "title"))
    said = tuple(queries.statements("we", at=at))
    objectives = list(
        Objective.objects.filter(plan__in=plans).select_related("plan").order_by("plan_id", "id")
    )
    newest: dict[tuple[int, str], Alignment] = {}
    for row in Alignment.objects.filter(objective__in=objectives).order_by("recorded_at", "id"):
        if timezone.localdate(row.recorded_at) <= at:
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
        counted=Counter(o.plan_id for o in objectives),
    )


@dataclass(frozen=True)
class PlanPage:
    """One plan with what each of its objectives might serve or serves."""

    plan: Plan
    objectives: tuple[tuple[Objective, tuple[Alignment, ...]], ...]


def plan_page(key: str) -> PlanPage:
    """A plan with the newest word on each objective and promise, what was rejected left out."""
    plan = plan_named(key)
    objectives = list(plan.objectives.order_by("id"))
    newest: dict[tuple[int, str], Alignment] = {}
    for row in Alignment.objects.filter(objective__in=objectives).order_by("recorded_at", "id"):
        newest[row.objective_id, row.ref] = row
    standing = [row for row in newest.values() if row.state != Alignment.State.REJECTED]
    return PlanPage(
        plan, tuple((o, tuple(a for a in standing if a.objective_id == o.pk)) for o in objectives)
    )


def library() -> list[dict[str, object]]:
    """Every plan with its objectives, as plain data."""
    names = ("key", "title", "owner", "period_from", "period_to", "review_on", "url", "source")
    return [
        {name: getattr(plan, name) for name in names}
        | {"objectives": [{"ref": o.ref, "text": o.text} for o in plan.objectives.all()]}
        for plan in Plan.objects.prefetch_related("objectives").order_by("owner", "title")
    ]
