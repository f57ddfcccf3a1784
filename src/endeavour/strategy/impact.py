"""Health equality impact assessments of decisions and proposals: for each group, the effect, what softens it and how we shall know.

The shape follows the Health Equity Assessment Tool. A decision without an assessment shows that it has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import yaml
from django.conf import settings
from django.db import transaction

from endeavour.core.public import Link, Person, end_of, entry, may, require, today, write_audit
from endeavour.errors import BadInput, NotFound
from endeavour.paths import pack_dir
from endeavour.strategy import proposals
from endeavour.strategy.models import ImpactAssessment
from endeavour.strategy.moments import this_moment
from endeavour.strategy.rules import require_own_body


@transaction.atomic
def assess_impact(
    *,
    by: Person | None,
    about: str,
    group: str,
    effect: str,
    words: str,
    mitigation: str = "",
    measure_key: str = "",
) -> ImpactAssessment:
    """Record what a decision or a proposal does to one group. A worse effect needs what will be done about it.

    Who made a proposal may assess it too, so that a council can do so without waiting for the partnership.
    """
    _require_assessor(by, about)
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
        by=by, recorded_at=this_moment(), about=about, group=group.strip(), effect=effect, words=words.strip(),
        mitigation=mitigation.strip(), measure_key=measure_key,
    )  # fmt: skip
    write_audit(by=by, action="strategy.assess", subject=about, group=group[:80], effect=effect)
    return made


def _require_assessor(by: Person | None, about: str) -> None:
    """Raise unless this names a decision or a known proposal, and this person may assess it."""
    kind, _, key = about.partition(":")
    if kind == "proposal":
        require(by, "strategy.assess_proposal")
        found = proposals.proposal(key)
        if not may(by, "strategy.assess"):
            require_own_body(by, found.now.body)
        return
    require(by, "strategy.assess")
    if kind != "decision" or not key or len(about) > 100:
        raise BadInput(
            f"'{about[:40]}' names no decision and no proposal.",
            hint="Names look like decision:2026-12-03-icp-4.",
        )
    name_of_decision(key)


def name_of_decision(key: str) -> str:
    """The name in the thread of a decision that was taken; `NotFound` where none has this key.

    Another part keeps the decisions. Each is tied to the item that it decided when it is recorded, so the thread knows.
    """
    name = entry("decision", key)
    if not Link.objects.filter(kind=Link.Kind.DECIDED_BY, target=name).exists():
        raise NotFound(f"There is no decision '{key[:60]}'.", hint="See /decisions.")
    return name


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


def lines_of(among: Iterable[str], *, at: date) -> dict[str, list[ImpactAssessment]]:
    """The newest line for each group of each of these decisions or proposals by a day; one query."""
    newest: dict[str, dict[str, ImpactAssessment]] = {}
    rows = ImpactAssessment.objects.filter(about__in=list(among), recorded_at__lt=end_of(at))
    for line in rows.order_by("recorded_at", "id"):
        newest.setdefault(line.about, {})[line.group] = line
    return {about: list(lines.values()) for about, lines in newest.items()}


def assessment(about: str, groups: Iterable[str] = (), *, at: date | None = None) -> Assessment:
    """What is known of one decision or proposal on a day, beside the groups that should have been looked at."""
    lines = lines_of([about], at=at or today()).get(about, [])
    known = {line.group.casefold() for line in lines}
    return Assessment(
        lines=tuple(lines),
        not_assessed=tuple(g for g in groups if g.casefold() not in known),
        unmonitored=tuple(line.group for line in lines if not line.measure_key),
    )


def assessment_of_decision(key: str) -> Assessment:
    """What is known of one decision's effects, beside every group that should have been looked at."""
    return assessment(f"decision:{key}", groups())


def assessed_groups(among: Iterable[str], *, at: date) -> dict[str, set[str]]:
    """Which groups of each of these decisions or proposals somebody had looked at by a day; one query."""
    return {about: {line.group for line in lines} for about, lines in lines_of(among, at=at).items()}


def assessed_decisions(among: Iterable[str], *, at: date) -> frozenset[str]:
    """Which of these decisions, by name, had their effect on some group assessed by a day."""
    return frozenset(assessed_groups(among, at=at))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
