"""News by e-mail: nothing before the owner confirms, nothing twice, and leaving forgets."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from endeavour.core.models import AuditEntry, Body, Person
from endeavour.core.public import now
from endeavour.errors import BadInput, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.models import Meeting, Subscription
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(client: Client, django_capture_on_commit_callbacks) -> str:  # type: ignore[no-untyped-def]
    """The key in the e-mail that asks an address to confirm."""
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/news", {"address": "Ann@Example.org"}).status_code == 200
    found = re.search(r"/news/(\S+)", mail.outbox[0].body)
    assert found is not None
    return found[1]


def test_nothing_comes_until_the_owner_confirms_and_a_visit_confirms_nothing(
    client: Client, key: str, secretary: Person, held: Meeting
) -> None:
    assert mail.outbox[0].to == ["ann@example.org"]
    client.get(f"/news/{key}")
    assert Subscription.objects.get().confirmed_at is None
    actions.publish_minutes(by=secretary, meeting=held, words="We met.")
    assert actions.send_digests() == 0
    client.post(f"/news/{key}", {"confirm": "yes"})
    assert actions.send_digests() == 0, "what came before is not news"


def test_a_digest_tells_what_is_new_once(
    client: Client, key: str, secretary: Person, icp: Body, held: Meeting
) -> None:
    actions.confirm_subscription(key=key)
    decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    coming = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now() + timedelta(days=30), minutes=60, place="Town Hall"
    )
    actions.give_notice(by=secretary, meeting=coming)
    hidden = actions.contribute(by=None, words="My secret", may_publish=False)
    actions.reply(by=secretary, contribution=hidden, outcome="answered", words="Only for you")
    assert actions.send_digests() == 1
    body = mail.outbox[-1].body
    assert f"/decision/{decision.key}" in body
    assert "Town Hall" in body
    assert "secret" not in body
    assert "Only for you" not in body
    assert "List-Unsubscribe" in mail.outbox[-1].extra_headers
    assert actions.send_digests() == 0
    actions.publish_minutes(by=secretary, meeting=held, words="We met.")
    assert actions.send_digests() == 1
    assert f"/decision/{decision.key}" not in mail.outbox[-1].body


def test_leaving_forgets_the_address_and_the_audit_never_held_it(client: Client, key: str) -> None:
    actions.confirm_subscription(key=key)
    assert "stopped" in client.post(f"/news/{key}", {"stop": "yes"}).content.decode()
    assert not Subscription.objects.exists()
    assert client.get(f"/news/{key}").status_code == 404
    assert "example.org" not in str(list(AuditEntry.objects.values_list("subject", "detail")))
    with pytest.raises(NotFound):
        actions.confirm_subscription(key=key)


def words_of(client: Client) -> str:
    return client.post("/news", {"address": "ann@example.org"}).content.decode().partition("<main")[2]


def test_asking_again_says_the_same_and_sends_nothing_more(client: Client, key: str) -> None:
    first = words_of(client)
    actions.confirm_subscription(key=key)
    assert words_of(client) == first
    assert len(mail.outbox) == 1


def test_who_never_confirms_is_forgotten_after_a_week(key: str) -> None:
    Subscription.objects.update(asked_at=now() - timedelta(days=8))
    actions.subscribe(address="bert@example.org")
    assert list(Subscription.objects.values_list("address", flat=True)) == ["bert@example.org"]


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@", "a b@example.org", "ann@example.org\nBcc: x@example.org"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadInput):
        actions.subscribe(address=address)
    assert queries.news_since(now(), now()).is_empty
