"""Tokens: shown once, kept as a digest, only for what was named, ended at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import RequestFactory

from endeavour.core import tokens
from endeavour.core.models import ApiToken, AuditEntry, Person, Role
from endeavour.errors import BadInput, Forbidden, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst() -> Person:
    return Person.objects.create(username="ana", role=Role.ANALYST)


def test_the_secret_is_nowhere_in_the_database(analyst: Person) -> None:
    made, secret = tokens.issue_token(by=analyst, person=analyst, name="ours", scopes=["strategy.evidence"])
    hidden = secret.rpartition(made.key + "_")[2]
    assert len(hidden) > 40
    assert hidden not in str(ApiToken.objects.filter(pk=made.pk).values())
    assert hidden not in str(list(AuditEntry.objects.values()))
    assert tokens.person_of(secret, action="strategy.evidence") == analyst


def test_it_opens_only_what_it_names(analyst: Person) -> None:
    _, secret = tokens.issue_token(by=analyst, person=analyst, name="ours", scopes=["strategy.evidence"])
    with pytest.raises(Forbidden, match=r"not for strategy\.measure"):
        tokens.person_of(secret, action="strategy.measure")


@pytest.mark.parametrize("wrong", ["", "ce_", "ce_abc_def", "xx_000000000000_secret", "ce_" + "é" * 60])
def test_an_unknown_token_is_refused(wrong: str) -> None:
    with pytest.raises(tokens.BadToken, match="not known"):
        tokens.person_of(wrong, action="strategy.evidence")


def test_a_changed_secret_is_refused(analyst: Person) -> None:
    _, secret = tokens.issue_token(by=analyst, person=analyst, name="ours", scopes=["strategy"])
    with pytest.raises(tokens.BadToken):
        tokens.person_of(secret[:-1] + ("a" if secret[-1] != "a" else "b"), action="strategy.evidence")


def test_it_ends_when_revoked_over_or_its_person_is_closed(
    analyst: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(secret: str) -> bool:
        try:
            return not tokens.person_of(secret, action="strategy.evidence")
        except tokens.BadToken as error:
            return "ended" in str(error)

    made, secret = tokens.issue_token(by=analyst, person=analyst, name="ours", scopes=["strategy"], days=1)
    _, other = tokens.issue_token(by=analyst, person=analyst, name="other", scopes=["strategy"], days=9)
    assert not ended(secret)
    tokens.revoke_token(by=analyst, key=made.key)
    tokens.revoke_token(by=analyst, key=made.key)
    assert ended(secret)
    assert not ended(other)
    assert AuditEntry.objects.filter(action="token.revoke").count() == 1
    later = tokens.now() + timedelta(days=10)
    monkeypatch.setattr(tokens, "now", lambda: later)
    assert ended(other)
    monkeypatch.undo()
    assert not ended(other)
    Person.objects.filter(pk=analyst.pk).update(is_active=False)
    assert ended(other)


def test_nobody_makes_or_ends_a_token_of_another(analyst: Person) -> None:
    chief = Person.objects.create(username="chief", role=Role.ADMINISTRATOR)
    with pytest.raises(Forbidden, match="only for yourself"):
        tokens.issue_token(by=chief, person=analyst, name="x", scopes=["strategy"])
    made, _ = tokens.issue_token(by=None, person=analyst, name="x", scopes=["strategy"])
    with pytest.raises(NotFound):
        tokens.revoke_token(by=chief, key=made.key)


@pytest.mark.parametrize(
    ("name", "scopes", "days", "words"),
    [
        ("", ["strategy"], 9, "no name"),
        ("x" * 81, ["strategy"], 9, "80"),
        ("x", [], 9, "for nothing"),
        ("x", ["strategy.release"], 9, "may do nothing"),
        ("x", ["strat"], 9, "may do nothing"),
        ("x", ["strategy"], 0, "lasts"),
        ("x", ["strategy"], 999, "lasts"),
    ],
)
def test_bad_wishes_are_refused(analyst: Person, name: str, scopes: list[str], days: int, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        tokens.issue_token(by=analyst, person=analyst, name=name, scopes=scopes, days=days)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("column", ["scopes", "expires_at", "digest", "person_id"])
def test_the_database_refuses_to_widen_a_token(analyst: Person, column: str) -> None:
    made, _ = tokens.issue_token(by=None, person=analyst, name="x", scopes=["strategy.evidence"])
    other = Person.objects.create(username="other")
    new = {
        "scopes": ["strategy"],
        "expires_at": made.expires_at + timedelta(days=9),
        "digest": "0" * 64,
        "person_id": other.pk,
    }
    with pytest.raises(IntegrityError, match="never changes"):
        ApiToken.objects.filter(pk=made.pk).update(**{column: new[column]})


def test_the_guard_reads_the_header(analyst: Person) -> None:
    made, secret = tokens.issue_token(by=None, person=analyst, name="x", scopes=["strategy"])
    guard, ask = tokens.TokenFor("strategy.evidence"), RequestFactory()
    assert guard(ask.get("/", headers={"Authorization": f"Bearer {secret}"})) == analyst
    made.refresh_from_db()
    assert made.last_used_on is not None
    for header in ({}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer "}):
        with pytest.raises(tokens.BadToken, match="needs a token"):
            guard(ask.get("/", headers=header))
