"""Health equality impact assessments: for each group, the effect, what softens it and how we shall know.

The shape follows the Health Equity Assessment Tool. A decision without an assessment shows that it has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from endeavour.core.public import Person, require, write_audit
from endeavour.errors import BadInput
from endeavour.strategy.models import ImpactAssessment
from endeavour.strategy.moments import this_moment


@transaction.atomic
def assess_impact(
    *,
    by: Person | None,
    decision: str,
    group: str,
    effect: str,
    words: str,
    mitigation: str = "",
    measure_key: str = "",
) -> ImpactAssessment:
    """Record what a decision does to one group. A worse effect needs what will be done about it."""
    require(by, "strategy.assess")
    if not decision.startswith("decision:") or len(decision) > 100:
        raise BadInput(
            f"'{decision[:40]}' does not name a decision.", hint="Names look like decision:2026-12-03-icp/4."
        )
    if effect not in ImpactAssessment.Effect.values:
        raise BadInput(
            f"'{effect}' is not an effect.", hint=f"One of {', '.join(ImpactAssessment.Effect.values)}."
        )
    if not group.strip() or not words.strip():
        raise BadInput("Name the group, and say what the effect is.")
    if effect == ImpactAssessment.Effect.WORSE and not mitigation.strip():
        raise BadInput(
            "An effect for the worse needs what will be done about it.", hint="Write the mitigation."
        )
    made = ImpactAssessment.objects.create(
        by=by, recorded_at=this_moment(), decision=decision, group=group.strip(), effect=effect, words=words.strip(),
        mitigation=mitigation.strip(), measure_key=measure_key,
    )  # fmt: skip
    write_audit(by=by, action="strategy.assess", subject=decision, group=group[:80], effect=effect)
    return made


@dataclass(frozen=True)
class Assessment:
    """What is known of a decision's effect by group, and the groups nobody looked at."""

    lines: tuple[ImpactAssessment, ...]
    not_assessed: tuple[str, ...]
    unmonitored: tuple[str, ...]

    @property
    def words(self) -> str:
        """The state in a sentence."""
        if not self.lines:
            return "No impact assessment was made."
        left = f" {len(self.not_assessed)} groups were not looked at." if self.not_assessed else ""
        loose = f" {len(self.unmonitored)} effects have no measure to watch them." if self.unmonitored else ""
        return f"The effect on {len(self.lines)} groups was assessed.{left}{loose}"


def assessment(decision: str, groups: Iterable[str] = ()) -> Assessment:
    """The newest line for each group of a decision, beside the groups that should have been looked at."""
    newest: dict[str, ImpactAssessment] = {}
    for line in ImpactAssessment.objects.filter(decision=decision).order_by("recorded_at", "id"):
        newest[line.group] = line
    known = {name.casefold() for name in newest}
    return Assessment(
        lines=tuple(newest.values()),
        not_assessed=tuple(g for g in groups if g.casefold() not in known),
        unmonitored=tuple(line.group for line in newest.values() if not line.measure_key),
    )
