"""What each commitment needs, what was pledged and what was given: the gap is counted, never entered (W26)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from endeavour.core.public import Person, require, write_audit
from endeavour.errors import BadInput
from endeavour.strategy import queries
from endeavour.strategy.models import Resource
from endeavour.strategy.moments import this_moment
from endeavour.strategy.rules import require_own_body

MOST = Decimal(10) ** 11


@transaction.atomic
def record_resource(
    *, by: Person | None, ref: str, kind: str, stage: str, amount: Decimal, body: str = "", note: str = ""
) -> Resource:
    """Record a need, a pledge or a gift. A mistake is put right by another row, which may be negative."""
    require(by, "strategy.resource")
    queries.statement(ref)
    if kind not in Resource.Kind.values or stage not in Resource.Stage.values:
        raise BadInput(
            f"'{kind}, {stage}' is not known.",
            hint="Kinds: time, skills, money. Stages: required, pledged, given.",
        )
    if not amount.is_finite() or amount == 0 or abs(amount) > MOST:
        raise BadInput(f"'{amount}' is not an amount.", hint="Give days, people or pounds, other than 0.")
    if stage != Resource.Stage.REQUIRED and not body:
        raise BadInput("Say which body it comes from.")
    if stage != Resource.Stage.REQUIRED:
        require_own_body(by, body)
    made = Resource.objects.create(
        by=by,
        recorded_at=this_moment(),
        ref=ref,
        kind=kind,
        stage=stage,
        amount=amount,
        body=body,
        note=note[:300],
    )
    write_audit(by=by, action="strategy.resource", subject=f"statement:{ref}", kind=kind, stage=stage)
    return made


@dataclass(frozen=True)
class Balance:
    """One kind of resource for one commitment; `required` is None while nobody has said what is needed."""

    kind: str
    label: str
    required: Decimal | None
    pledged: Decimal
    given: Decimal

    @property
    def gap(self) -> Decimal | None:
        """What is required and neither pledged nor given; None while the need is not known."""
        if self.required is None:
            return None
        return max(Decimal(0), self.required - max(self.pledged, self.given))


def balances(refs: Iterable[str], *, at: date) -> dict[str, list[Balance]]:
    """What stood recorded by a day for each commitment; one with nothing recorded is left out. One query."""
    sums: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for row in Resource.objects.filter(ref__in=list(refs)).order_by("id"):
        if timezone.localdate(row.recorded_at) <= at:
            stages = sums[row.ref, row.kind]
            stages[row.stage] = stages.get(row.stage, Decimal(0)) + row.amount
    found: dict[str, list[Balance]] = defaultdict(list)
    for (ref, kind), stages in sorted(sums.items()):
        label = Resource.Kind(kind).label
        zero = Decimal(0)
        found[ref].append(
            Balance(
                kind, label, stages.get("required"), stages.get("pledged", zero), stages.get("given", zero)
            )
        )
    return dict(found)
