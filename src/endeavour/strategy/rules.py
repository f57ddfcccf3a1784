"""Who may do what with the strategy."""

from __future__ import annotations

from endeavour.core.public import Person, Role, allow
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
allow("strategy.glossary", _EDITORS, "agree what a word means")
allow("strategy.variant", _EDITORS, "publish an Easy Read version or a translation")
allow("strategy.narrate", _EDITORS, "write the annual report's words")
allow("strategy.release", _EDITORS, "freeze the annual report")


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
