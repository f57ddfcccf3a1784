"""Objectives, campaigns, what they hand out and the reading of promises, each written over HTTP by who may and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from endeavour.core.models import Body, Person, Role
from endeavour.core.public import issue_token
from endeavour.strategy import campaign_reading, campaigns, plans
from endeavour.strategy.models import Campaign, Material, Objective, PledgeStep

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WAYS = [
    {"key": "walk", "side": "residents", "words": "I will walk."},
    {"key": "answer", "side": "services", "words": "We will answer in a week."},
]
CAMPAIGN: dict[str, Any] = {
    "key": "move", "title": "Move more", "words": "Move a little more.", "residents_ask": "Walk.",
    "services_ask": "Answer.", "covenant": "We do both.", "ways": WAYS, "statement": "W1", "starts_on": "2026-11-01",
    "source": "Board paper",
}  # fmt: skip
MATERIAL = {"title": "A poster", "words": "Walk to the shop."}
Sends = Callable[[Person, str, object], tuple[int, dict[str, Any]]]


@pytest.fixture
def bodies(pack: dict[str, int]) -> dict[str, Body]:
    return {
        key: Body.objects.create(key=key, name=key.title(), legal_form="charity", partner_class="vcse")
        for key in ("ours", "theirs")
    }


@pytest.fixture
def member(bodies: dict[str, Body], person: Callable[[str], Person]) -> Person:
    """Somebody who signs in for one of the two bodies."""
    found = person(Role.PARTNER)
    found.body = bodies["ours"]
    found.save(update_fields=["body"])
    return found


@pytest.fixture
def send(client: Client) -> Sends:
    def sends(who: Person, address: str, given: object) -> tuple[int, dict[str, Any]]:
        _, secret = issue_token(by=who, person=who, name="x", scopes=["strategy"])
        answer = client.post(
            f"/api/strategy/{address}", given, content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip
        return answer.status_code, answer.json()

    return sends


def test_only_its_owner_sends_the_objectives_of_a_plan(
    client: Client, send: Sends, member: Person, secretary: Person
) -> None:
    for owner in ("ours", "theirs"):
        plans.add_plan(by=secretary, key=owner, title=f"Plan of {owner}", owner=owner)
    said = {"objectives": [{"ref": "1", "text": "Fewer falls at home"}, {"ref": "2", "text": "More walks"}]}
    status, made = send(member, "plans/ours/objectives", said)
    assert (status, made["see"]) == (201, "/partner-plan/ours")
    assert "Fewer falls at home" in client.get(made["see"]).content.decode()
    assert send(member, "plans/theirs/objectives", said)[0] == 403
    assert (
        send(secretary, "plans/ours/objectives", {"objectives": [{"ref": "3", "text": "Ours now"}]})[0] == 403
    )
    assert send(member, "plans/ours/objectives", {"objectives": []})[0] == 422
    assert send(member, "plans/none/objectives", said)[0] == 404
    changed = {"objectives": [{"ref": "1", "text": "Other words"}]}
    assert send(member, "plans/ours/objectives", changed)[0] == 409, "what was written stays"
    assert send(member, "plans/ours/objectives", said)[0] == 201, "the same twice changes nothing"
    assert list(Objective.objects.values_list("plan__key", "text")) == [
        ("ours", "Fewer falls at home"), ("ours", "More walks")
    ]  # fmt: skip


def test_a_campaign_and_its_next_version_are_published_and_half_a_one_is_not(
    client: Client, send: Sends, member: Person, secretary: Person
) -> None:
    assert send(member, "campaigns", CAMPAIGN)[0] == 403
    assert (
        client.post("/api/strategy/campaigns", CAMPAIGN, content_type="application/json").status_code == 401
    )
    for wrong in ({"ways": WAYS[:1]}, {"covenant": " "}, {"ends_on": "2026-10-01"}, {"colour": "red"}):
        status, told = send(secretary, "campaigns", {**CAMPAIGN, **wrong})
        assert (status, set(told)) == (422, {"error", "message", "hint"}), wrong
    assert send(secretary, "campaigns", {**CAMPAIGN, "statement": "W99"})[0] == 404
    assert not Campaign.objects.filter(key="move").exists()
    status, made = send(secretary, "campaigns", CAMPAIGN)
    assert (status, made["see"]) == (201, "/campaign/move")
    assert send(secretary, "campaigns", {**CAMPAIGN, "title": "Move much more"})[0] == 201
    told = client.get("/api/strategy/campaigns/move").json()
    assert told["title"] == "Move much more"
    assert Campaign.objects.filter(key="move").count() == 2, "both versions stay"


def test_what_a_campaign_hands_out_has_versions_and_belongs_to_a_campaign(
    client: Client, send: Sends, member: Person, secretary: Person
) -> None:
    send(secretary, "campaigns", CAMPAIGN)
    assert send(member, "campaigns/move/materials", MATERIAL)[0] == 403
    assert send(secretary, "campaigns/none/materials", MATERIAL)[0] == 404
    assert send(secretary, "campaigns/move/materials", {**MATERIAL, "words": " "})[0] == 422
    status, made = send(secretary, "campaigns/move/materials", MATERIAL)
    assert (status, made["see"]) == (201, "/campaign/move")
    again = {**MATERIAL, "material": "a-poster", "words": "Walk to the park."}
    assert send(secretary, "campaigns/move/materials", again)[0] == 201
    [newest] = campaign_reading.materials_of("move", at=campaigns.today())
    assert (newest.key, newest.words) == ("a-poster", "Walk to the park.")
    assert Material.objects.filter(campaign="move").count() == 2
    assert client.get("/campaign/move/hand-out/a-poster.txt").content.decode().count("Walk to the park.") == 1


def test_promises_that_wait_to_be_read_are_told_to_those_who_read_them_and_to_nobody_else(
    client: Client, send: Sends, member: Person, secretary: Person
) -> None:
    send(secretary, "campaigns", CAMPAIGN)
    address = "/api/strategy/campaigns/move/promises"

    def told(who: Person, scope: str = "strategy", path: str = address) -> tuple[int, Any]:
        _, secret = issue_token(by=who, person=who, name="x", scopes=[scope])
        answer = client.get(path, headers={"Authorization": f"Bearer {secret}"})
        return answer.status_code, answer.json()

    assert told(secretary) == (200, {"total": 0, "promises": []})
    first = campaigns.pledge(by=None, key="move", words="I will dance on the pier")
    second = campaigns.pledge(by=None, key="move", words="I will swim", way="walk")
    campaigns.pledge(by=None, key="move", way="walk")
    status, found = told(secretary)
    assert (status, found["total"]) == (200, 2)
    assert [(row["number"], row["words"]) for row in found["promises"]] == [
        (first.pk, "I will dance on the pier"), (second.pk, "I will swim")
    ]  # fmt: skip
    assert first.receipt not in str(found), "whoever holds a receipt may take the promise back"
    assert send(secretary, f"promised/{first.pk}/reading", {"show": False, "words": "A name"})[0] == 201
    assert [row["number"] for row in told(secretary)[1]["promises"]] == [second.pk]
    assert client.get(address).status_code == 401
    assert told(member)[0] == 403
    assert told(secretary, "strategy.evidence")[0] == 403
    assert told(secretary, path="/api/strategy/campaigns/none/promises")[0] == 404


def test_bodies_pledge_for_themselves_and_words_of_ones_own_are_read_before_they_are_shown(
    client: Client, send: Sends, member: Person, secretary: Person
) -> None:
    send(secretary, "campaigns", CAMPAIGN)
    pledge = {"way": "answer", "body": "ours"}
    status, made = send(member, "campaigns/move/promises", pledge)
    assert status == 201
    assert "We will answer in a week." in client.get(made["see"]).content.decode()
    assert send(member, "campaigns/move/promises", {**pledge, "body": "theirs"})[0] == 403
    assert send(member, "campaigns/move/promises", {"way": "walk", "body": "ours"})[0] == 422, (
        "residents' way"
    )
    own = campaigns.pledge(by=None, key="move", words="I will dance on the pier")
    assert "dance on the pier" not in client.get("/campaign/move").content.decode()
    read = f"promised/{own.pk}/reading"
    assert send(member, read, {"show": True})[0] == 403
    assert send(secretary, read, {"show": False})[0] == 422, "say why it is not shown"
    assert send(secretary, "promised/999999/reading", {"show": True})[0] == 404
    assert send(secretary, read, {"show": True})[0] == 201
    assert "dance on the pier" in client.get("/campaign/move").content.decode()
    assert [step.kind for step in PledgeStep.objects.filter(pledge=own)] == ["shown"]
    told = client.get("/api/strategy/campaigns/move").content.decode()
    assert own.receipt not in told
