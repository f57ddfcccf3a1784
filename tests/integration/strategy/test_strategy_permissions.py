"""Who may do what with the strategy: one table, every action and every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from endeavour.core.public import Person, Role, may, rules

pytestmark = pytest.mark.django_db

S, A, P, N = Role.SECRETARY, Role.ADMINISTRATOR, Role.PARTNER, Role.ANALYST
TABLE = {
    "strategy.import": {S, A},
    "strategy.evidence": {S, A, P, N},
    "strategy.answer": {S, A},
    "strategy.explain": {S, A, P},
    "strategy.measure": {S, A, N},
    "strategy.plan": {S, A, P},
    "strategy.align": {S, A, P},
    "strategy.resource": {S, A, P},
    "strategy.theory": {S, A},
    "strategy.review_theory": {N, A},
    "strategy.assess": {S, A, N},
    "strategy.propose": {S, A, P},
    "strategy.assess_proposal": {S, A, P, N},
    "strategy.campaign": {S, A},
    "strategy.join_campaign": {S, A, P},
    "strategy.glossary": {S, A},
    "strategy.variant": {S, A},
    "strategy.narrate": {S, A},
    "strategy.release": {S, A},
}


def test_the_table_names_every_action() -> None:
    assert {name for name in rules() if name.startswith("strategy.")} == set(TABLE)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", TABLE)
def test_only_these_roles_may(person: Callable[[str], Person], action: str, role: Role) -> None:
    assert may(person(role), action) is (role in TABLE[action])


@pytest.mark.parametrize("action", TABLE)
def test_nobody_may_anything_without_signing_in_or_when_closed(
    person: Callable[[str], Person], action: str
) -> None:
    assert not may(None, action)
    closed = person(Role.ADMINISTRATOR)
    closed.is_active = False
    assert not may(closed, action)
