"""Who may do what with the strategy."""

from __future__ import annotations

from endeavour.core.public import Person, Role, allow, may
from endeavour.errors import Forbidden

_EDITORS = (Role.SECRETARY, Role.ADMINISTRATOR)

allow("strategy.import", _EDITORS, "import a strategy")
allow("strategy.evidence", (*_EDITORS, Role.PARTNER, Role.ANALYST), "record evidence")
allow("strategy.answer", _EDITORS, "say which promise answers what was heard")
allow("strategy.explain", (*_EDITORS, Role.PARTNER), "say why a promise is late")
allow("strategy.measure", (*_EDITORS, Role.ANALYST), "set a measure or a target")
allow("strategy.plan", (*_EDITORS, Role.PARTNER), "add a partner's plan")
allow("strategy.align", (*_EDITORS, Role.PARTNER), "confirm what a partner's objective serves")
allow("strategy.resource", (*_EDITORS, Role.PARTNER), "record time, skills or money")
allow("strategy.theory", _EDITORS, "publish a version of the theory of change")
allow("strategy.review_theory", (Role.ANALYST, Role.ADMINISTRATOR), "sign off the theory of change")
allow("strategy.assess", (*_EDITORS, Role.ANALYST), "record an impact assessment")
allow("strategy.propose", (*_EDITORS, Role.PARTNER), "list what a partner proposes")
allow(
    "strategy.assess_proposal",
    (*_EDITORS, Role.ANALYST, Role.PARTNER),
    "say what a proposal does to a group",
)
allow("strategy.campaign", _EDITORS, "change a campaign or show what people promised")
allow("strategy.join_campaign", (*_EDITORS, Role.PARTNER), "own a campaign or hand in promises for it")
allow("strategy.glossary", _EDITORS, "agree what a word means")
allow("strategy.variant", _EDITORS, "publish an Easy Read version or a translation")
allow("strategy.narrate", _EDITORS, "write the annual report's words")
allow("strategy.release", _EDITORS, "freeze the annual report")


def edits(person: Person | None) -> bool:
    """Whether this person keeps the strategy for everybody."""
    return person is not None and person.role in _EDITORS


def owns(person: Person | None, owner: str) -> bool:
    """Whether this person signs in for the body that owns a plan."""
    return person is not None and person.body is not None and person.body.key == owner


def require_own_plan(person: Person | None, owner: str) -> None:
    """Raise unless the plan is this person's body's: nobody else, of whatever role, writes a partner's objectives."""
    if not owns(person, owner):
        raise Forbidden(
            "Only the body that owns a plan may add to it.",
            hint="Ask somebody who signs in for that body to do it.",
        )


def require_another(person: Person | None, proposed_by: int | None) -> None:
    """Raise where somebody would agree to what they proposed themselves; what a pack proposed anybody may agree."""
    if person is not None and proposed_by is not None and person.pk == proposed_by:
        raise Forbidden(
            "You proposed this, so somebody else must agree.", hint="Ask a colleague to look at it and agree."
        )


def may_explain(person: Person | None, owner: str) -> bool:
    """Whether somebody may say why a promise of this owner is late."""
    return may(person, "strategy.explain") and (edits(person) or owns(person, owner))


def may_align(person: Person | None, owner: str) -> bool:
    """Whether somebody may say what an objective of this owner's plan serves."""
    return may(person, "strategy.align") and (edits(person) or owns(person, owner))


def voice_of(person: Person | None, owner: str) -> str:
    """For whom somebody gives a reason: the body that answers for a promise, or the secretariat, marked as such.

    Nobody of another body may say why a promise of this one is late.
    """
    if edits(person):
        return "secretariat"
    if owns(person, owner):
        return "owner"
    raise Forbidden(
        "Only the body that answers for this promise, or the secretariat, may say why it is late.",
        hint="Ask somebody who signs in for that body.",
    )


def require_own_body(person: Person | None, body: str) -> None:
    """Raise where a partner would pledge, give or decide for another body; the secretariat records for anybody."""
    if not edits(person) and not owns(person, body):
        raise Forbidden(
            "You can speak only for the body that you sign in for.",
            hint="Ask somebody of that body, or the secretariat.",
        )
