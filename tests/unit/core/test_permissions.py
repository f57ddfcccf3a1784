"""Denied unless declared."""

from __future__ import annotations

import pytest

from endeavour.core import permissions
from endeavour.core.models import Person, Role
from endeavour.errors import Forbidden


@pytest.fixture(autouse=True)
def _own_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "_RULES", {})
    permissions.allow("bake", {Role.SECRETARY, Role.PARTNER}, "bake bread")


def person(role: Role, *, active: bool = True) -> Person:
    return Person(username=role.value, role=role, is_active=active)


@pytest.mark.parametrize("role", list(Role))
def test_only_named_roles_may(role: Role) -> None:
    assert permissions.may(person(role), "bake") == (role in {Role.SECRETARY, Role.PARTNER})


def test_nobody_may_do_what_is_not_declared() -> None:
    assert not any(permissions.may(person(role), "undeclared") for role in Role)


def test_a_closed_account_may_nothing() -> None:
    assert not permissions.may(person(Role.SECRETARY, active=False), "bake")


def test_refusal_says_who_to_ask() -> None:
    with pytest.raises(Forbidden) as refused:
        permissions.require(person(Role.RESIDENT), "bake")
    assert (
        str(refused.value) == "As resident you cannot bake bread. Ask somebody who is partner or secretary."
    )


def test_a_visitor_is_told_to_sign_in() -> None:
    with pytest.raises(Forbidden, match="without signing in"):
        permissions.require(None, "bake")


def test_declaring_twice_differently_is_a_fault() -> None:
    permissions.allow("bake", {Role.SECRETARY, Role.PARTNER}, "bake bread")
    with pytest.raises(AssertionError):
        permissions.allow("bake", {Role.RESIDENT}, "bake bread")
