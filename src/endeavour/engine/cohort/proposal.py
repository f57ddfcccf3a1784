"""One proposal: the households to work with first, among linked ones where agencies' records were linked; and its telling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from endeavour.engine.cohort.base import lake_base
from endeavour.engine.cohort.first_5000 import Cohort, Say
from endeavour.engine.cohort.linkage_bias import linkage_told
from endeavour.engine.cohort.linked import linked_base
from endeavour.engine.cohort.linked_lake import people_in_use
from endeavour.engine.cohort.release import Extra, build_release, chances_of, current_summary
from endeavour.engine.cohort.retelling import retell, rule_of
from endeavour.engine.cohort.rule import Rule
from endeavour.engine.cohort.sources import Sources, sources_of
from endeavour.engine.lake.backends import open_backend

if TYPE_CHECKING:
    from endeavour.engine.lake.store import Lake


def sources_in_use(lake: Lake, *, pack: str = "mse") -> Sources | None:
    """The linked records to choose from: those whose people are counted, else any of this lake; None without."""
    people = people_in_use(lake)
    if people is not lake:
        return sources_of(lake, pack=pack, keyed=people.manifest.recipe["population"]["is_keyed"])
    return sources_of(lake, pack=pack) or sources_of(lake, pack=pack, keyed=True)


def is_linked_by(people: Lake, sources: Sources) -> bool:
    """Whether a lake's people are those that this run of linkage found: a number means one person only beside it."""
    told = people.manifest.recipe.get("population")
    return told is not None and told["run"] == sources.result.name and told["is_keyed"] == sources.is_keyed


def propose(
    rule: Rule, lake: Lake, *, sources: Sources | None, with_sensitivity: bool, say: Say
) -> dict[str, Any]:
    """Choose, audit and freeze among the households of `sources`, or the lake's own without any; returns the summary.

    `InfeasibleRule` where nobody could keep the rule; the release in use then stays.
    """
    with open_backend(lake.sources()) as backend:
        return build_release(
            rule,
            backend,
            lake_id=lake.id,
            whose=lake.people,
            with_sensitivity=with_sensitivity,
            say=say,
            base=linked_base(rule, lake, sources) if sources else None,
            extra=_told_of_linkage(lake, sources, say),
            people=_scored(lake, sources),
        )


def tell_again(rule: Rule, lake: Lake, *, sources: Sources | None, say: Say) -> dict[str, Any]:
    """Tell the choice in force again through today's gate; returns the summary. Who was chosen does not change.

    `sources` are the linked records in use; a choice among the lake's own households is told of those. `Conflict` where
    the households it was made among are here no more: the release in use then stays.
    """
    summary = current_summary()
    if summary.get("base", {}).get("kind", "lake") == "lake":
        sources = None
    rule = rule_of(summary, rule)
    with open_backend(lake.sources()) as backend:
        base = linked_base(rule, lake, sources) if sources else lake_base(rule, backend, lake_id=lake.id)
    people = _scored(lake, sources)
    return retell(
        rule,
        base,
        population=lake.people,
        chances=chances_of(base, people, lake.id),
        say=say,
        extra=_told_of_linkage(lake, sources, say),
    )


def _scored(lake: Lake, sources: Sources | None) -> Lake | None:
    """The lake of linked people whom a model of need may score; None where the households' people are not those."""
    people = people_in_use(lake)
    return people if sources and is_linked_by(people, sources) else None


def _told_of_linkage(lake: Lake, sources: Sources | None, say: Say) -> Extra | None:
    """What says, of a choice among linked households, what linkage does to it."""
    if sources is None:
        return None

    def told(cohort: Cohort, choice: str) -> dict[str, Any]:
        say("Comparing with the choice that perfect linkage would make.")
        return linkage_told(lake, sources, cohort, choice)

    return told
