"""What anybody may send without signing in has a limit by the hour, and nothing typed is lost to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from endeavour.core.models import Person, Role
from endeavour.core.slowing import HOURLY_LIMIT
from endeavour.governance.models import Contribution, Subscription

pytestmark = pytest.mark.django_db
ASKED = {"words": "Why are the buses late?", "kind": "question", "theme": "buses", "partner_class": "residents", "group": "", "publish": "yes"}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_hour() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_the_thirty_first_question_of_an_hour_waits_and_its_words_stay(client: Client) -> None:
    for _ in range(HOURLY_LIMIT):
        assert client.post("/question", ASKED).status_code == 302
    refused = client.post("/question", {**ASKED, "words": "One more thing"})
    page = refused.content.decode()
    assert refused.status_code == 429
    assert "You have sent a lot in the last hour." in page
    assert "Wait an hour" in page
    assert "One more thing" in page, "what was typed stands in the form"
    assert Contribution.objects.count() == HOURLY_LIMIT
    assert client.get("/question").status_code == 200, "reading is not slowed"


def test_half_a_question_and_reading_it_back_do_not_count(client: Client) -> None:
    for _ in range(HOURLY_LIMIT):
        assert client.post("/question", {**ASKED, "words": ""}).status_code == 422
        assert client.post("/question", {**ASKED, "_check": "yes"}).status_code == 200
    assert client.post("/question", ASKED).status_code == 302


def test_another_address_is_not_slowed_by_the_first(client: Client) -> None:
    for _ in range(HOURLY_LIMIT):
        client.post("/question", ASKED)
    assert client.post("/question", ASKED).status_code == 429
    assert client.post("/question", ASKED, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_the_secretary_types_in_what_a_room_asked_and_a_resident_is_slowed_like_anybody(
    client: Client, secretary: Person
) -> None:
    client.force_login(secretary)
    for _ in range(HOURLY_LIMIT + 1):
        assert client.post("/question", ASKED).status_code == 302
    client.force_login(Person.objects.get(role=Role.RESIDENT))
    for _ in range(HOURLY_LIMIT):
        assert client.post("/question", ASKED).status_code == 302
    assert client.post("/question", ASKED).status_code == 429


def test_one_address_cannot_send_mail_to_many(client: Client) -> None:
    for number in range(HOURLY_LIMIT):
        assert client.post("/news", {"address": f"a{number}@example.org"}).status_code == 200
    assert client.post("/news", {"address": "late@example.org"}).status_code == 429
    assert not Subscription.objects.filter(address="late@example.org").exists()
