"""The one place that decides who may do what: denied unless a rule says otherwise.

Each app declares its actions in its `rules.py`; nothing else asks about roles.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from endeavour.core.models import Person, Role
from endeavour.errors import Forbidden


@dataclass(frozen=True)
class Rule:
    """Who may do an action, and the words shown to somebody who may not."""

    action: str
    roles: frozenset[Role]
    words: str


_RULES: dict[str, Rule] = {}


def allow(action: str, roles: Iterable[Role], words: str) -> None:
    """Declare that `roles` may do `action`; `words` completes 'You cannot ...' for everyone else."""
    rule = Rule(action, frozenset(roles), words)
    if _RULES.setdefault(action, rule) != rule:
        assert False, f"{action} is declared twice"


def rules() -> dict[str, Rule]:
    """Every declared action, for the permission page and for the test that tries each with each role."""
    return dict(sorted(_RULES.items()))


def may(person: Person | None, action: str) -> bool:
    """Whether this person may do this; nobody may do what is not declared."""
    rule = _RULES.get(action)
    return bool(rule and person is not None and person.is_active and person.role in rule.roles)


def require(person: Person | None, action: str) -> None:
    """Raise `Forbidden`, in words, unless this person may do this."""
    if may(person, action):
        return
    rule = _RULES.get(action)
    words = rule.words if rule else "do this"
    if person is None:
        raise Forbidden(f"You cannot {words} without signing in.", hint="Sign in and try again.")
    allowed = " or ".join(sorted(Role(r).label for r in rule.roles)) if rule else "nobody"
    raise Forbidden(f"As {person.role} you cannot {words}.", hint=f"Ask somebody who is {allowed}.")
