"""What people ask at the front door, rehearsed: the same figures each time, lawful, marked, and never beside real ones."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.test import Client

from endeavour.core.public import Person, Role, now, today
from endeavour.frontdoor import actions, rules
from endeavour.frontdoor.models import ContactRequest, SearchTally, Service
from endeavour.frontdoor.periods import settled_quarters
from endeavour.frontdoor.public import rehearse
from endeavour.frontdoor.queries import count_waiting
from endeavour.frontdoor.rehearsal.actions import QUARTERS, REQUESTS, SEARCHES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var", "directory")]
MARK = "invented for the demonstration"


def person(role: Role) -> Person:
    return Person.objects.create_user(username=role.value, password="a-long-password-1", role=role)


@pytest.mark.slow
def test_a_rehearsal_is_lawful_past_and_made_once() -> None:
    worker = person(Role.PRACTITIONER)
    assert rehearse(by=worker) == QUARTERS * REQUESTS
    assert rehearse(by=worker) == 0
    assert sum(SearchTally.objects.values_list("count", flat=True)) == QUARTERS * SEARCHES
    assert not SearchTally.objects.filter(on__gt=settled_quarters(today())[0].ends).exists()
    days = list(ContactRequest.objects.order_by("pk").values_list("consented_at", flat=True))
    assert days == sorted(days)
    for request in ContactRequest.objects.prefetch_related("steps"):
        assert request.name.startswith("Synthetic resident")
        steps = sorted(request.steps.all(), key=lambda s: s.pk)
        assert [s.at for s in steps] == sorted(s.at for s in steps)
        assert steps[-1].at <= now()
        assert steps[0].state == "received"
        for before, after in pairwise(steps):
            assert after.state in rules.MOVES[before.state]
    assert 0 < count_waiting(worker) < REQUESTS / 4


@pytest.mark.slow
def test_the_pages_show_it_and_say_that_nobody_made_it(client: Client) -> None:
    assert MARK not in client.get("/find-help/funnel").content.decode()
    rehearse(by=None)
    page = client.get("/find-help/funnel").content.decode()
    assert MARK in page
    assert "By area" in page
    file = client.get("/find-help/funnel.csv")
    assert "synthetic-asked-contacted-helped" in file["Content-Disposition"]
    client.force_login(person(Role.ANALYST))
    gaps = client.get("/find-help/gaps").content.decode()
    assert MARK in gaps
    assert "/find-help/gaps/" in gaps.partition("<tbody>")[2]
    assert "synthetic-searches" in client.get("/find-help/gaps.csv")["Content-Disposition"]


def test_nothing_is_invented_where_somebody_has_asked() -> None:
    actions.ask_to_be_contacted(
        service=Service.objects.get(given_id="falls_clin"), name="A", contact_by="phone", contact_value="1",
        good_time="any", need="", language="", consented=True,
    )  # fmt: skip
    assert rehearse(by=None) == 0
    assert ContactRequest.objects.count() == 1
    assert not SearchTally.objects.exists()
