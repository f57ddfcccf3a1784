"""Demonstration sign-ins, whose password is public: never in production, and closed at once when told so."""

from __future__ import annotations

import pytest
from django.test import Client

from endeavour.core.accounts import (
    DEMO_PASSWORD,
    deactivate_demo_people,
    ensure_demo_people,
    refuse_demo_people_in_production,
)
from endeavour.core.models import AuditEntry, Person, Role
from endeavour.core.public import issue_token
from endeavour.errors import Conflict

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


def test_outside_a_demonstration_none_is_made(settings) -> None:
    settings.DEMO = False
    with pytest.raises(Conflict, match="only for a demonstration"):
        ensure_demo_people()
    assert not Person.objects.exists()


def test_making_them_twice_makes_one_of_each_role_and_changes_nobody(settings) -> None:
    ensure_demo_people()
    secretary = Person.objects.get(role=Role.SECRETARY)
    secretary.set_password("one of their own, and long")
    secretary.save()
    assert len(ensure_demo_people()) == Person.objects.count() == len(Role)
    secretary.refresh_from_db()
    assert secretary.check_password("one of their own, and long")
    assert AuditEntry.objects.filter(action="person.create_demo").count() == len(Role)


def test_a_production_server_does_not_start_while_one_is_open(settings) -> None:
    ensure_demo_people()
    refuse_demo_people_in_production()
    settings.PRODUCTION = True
    with pytest.raises(Conflict, match="whose password is public"):
        refuse_demo_people_in_production()
    assert deactivate_demo_people(by=None) == len(Role)
    refuse_demo_people_in_production()
    assert deactivate_demo_people(by=None) == 0


def test_closing_them_ends_what_is_open_and_leaves_real_people_alone(client: Client) -> None:
    ensure_demo_people()
    own = Person.objects.create_user("own", password="a long one of their own", role=Role.SECRETARY)
    secretary = Person.objects.get(username="secretary")
    _, secret = issue_token(by=None, person=secretary, name="x", scopes=["strategy"])
    client.force_login(secretary)
    assert client.get("/desk").status_code == 200
    deactivate_demo_people(by=None)
    assert client.get("/desk").status_code != 200, "whoever is signed in is out"
    assert not client.login(username="secretary", password=DEMO_PASSWORD)
    sent = client.post(
        "/api/strategy/meanings",
        {},
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert (sent.status_code, sent.json()["error"]) == (401, "bad-token")
    assert client.login(username="own", password="a long one of their own")
    own.refresh_from_db()
    assert own.is_active
    [entry] = AuditEntry.objects.filter(action="person.deactivate_demo")
    assert entry.detail["closed"] == len(Role)
