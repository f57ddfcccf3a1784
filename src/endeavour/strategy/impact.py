"""Health equality impact assessments: for each group, the effect, what softens it and how we shall know.

The shape follows the Health Equity Assessment Tool. A decision without an assessment shows that it has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import yaml
from django.conf import settings
from django.db import transaction

from endeavour.core.public import Person, require, write_audit
from endeavour.errors import BadInput
from endeavour.paths import pack_dir
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


def groups() -> tuple[str, ...]:
    """The groups that an assessment should look at: the most deprived fifth, then the pack's local and national ones."""
    return ("People in the most deprived fifth of neighbourhoods", *_named_groups(settings.PACK))


@lru_cache(maxsize=2)
def _named_groups(pack: str) -> tuple[str, ...]:
    path = pack_dir(pack) / "plus_groups.yaml"
    if not path.is_file():
        return ()
    return tuple(row["name"] for row in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"])


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
        left, loose = len(self.not_assessed), len(self.unmonitored)
        said = [f"The effect on {_count(len(self.lines), 'group')} was assessed."]
        if left:
            said.append(f"{_count(left, 'group')} {'was' if left == 1 else 'were'} not looked at.")
        if loose:
            said.append(
                f"{_count(loose, 'effect')} {'has' if loose == 1 else 'have'} no measure to watch {'it' if loose == 1 else 'them'}."
            )
        return " ".join(said)


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


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
