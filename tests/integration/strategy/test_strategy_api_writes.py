"""Writing over HTTP: only with a token for it, only what its person may, refused in one shape, audited as theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from endeavour.core.public import AuditEntry, Body, Person, Role, issue_token
from endeavour.strategy.models import Evidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pack", "decision")]

EVIDENCE = {"title": "Minutes say so", "happened_on": "2023-06-28", "source": "Minutes", "settles": True}
# Address, scope, a role that may, and a body that is accepted.
WRITES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "statements/W2/evidence": ("strategy.evidence", Role.PARTNER, EVIDENCE),
    "statements/W2/explanations": ("strategy.explain", Role.SECRETARY, {"why": "No staff."}),
    "statements/W22/measures": (
        "strategy.measure", Role.ANALYST,
        {"measure": "smoking", "target": 5, "target_on": "2030-01-01", "steps": []},
    ),
    "statements/W20/measures/ae_within_4_hours/decision": ("strategy.measure", Role.ANALYST, {"agree": True}),
    "statements/W2/resources": (
        "strategy.resource", Role.SECRETARY, {"kind": "time", "stage": "required", "amount": "12.5"},
    ),
    "statements/W2/versions": ("strategy.variant", Role.SECRETARY, {"kind": "easy_read", "words": "A map."}),
    "theory-reviews": (
        "strategy.review_theory", Role.ANALYST,
        {"version": 1, "reviewer": "A. Reader", "organisation": "A university", "words": "Sound.",
         "signs_off": True, "reviewed_on": "2026-11-01"},
    ),
    "effects": (
        "strategy.assess", Role.ANALYST,
        {"decision": "2026-12-03-icp-4", "group": "Carers", "effect": "same", "words": "None."},
    ),
    "campaigns/common-endeavour/promises": (
        "strategy.join_campaign", Role.SECRETARY, {"way": "walk-more", "people": 12},
    ),
    "campaigns/common-endeavour/owners": (
        "strategy.join_campaign", Role.SECRETARY, {"body": "ours", "brings": "Chairs"},
    ),
    "proposals": (
        "strategy.propose", Role.SECRETARY,
        {"title": "A bus lane", "body": "ours", "kind": "transport", "words": "One lane.", "source": "Minutes"},
    ),
    "proposals/homes-near-the-town-centre/effects": (
        "strategy.assess_proposal", Role.ANALYST, {"group": "Carers", "effect": "same", "words": "Nothing changes."},
    ),
    "statements/C9/answers": ("strategy.answer", Role.SECRETARY, {"statement": "W3"}),
    "report/words": ("strategy.narrate", Role.SECRETARY, {"section": "foreword", "words": "A hard year."}),
    "report/releases": ("strategy.release", Role.SECRETARY, {}),
    "campaigns": (
        "strategy.campaign", Role.SECRETARY,
        {"title": "Walk more", "words": "Walk.", "residents_ask": "Walk", "services_ask": "Light paths",
         "covenant": "We walk", "statement": "W1", "starts_on": "2026-11-01", "source": "Minutes",
         "ways": [{"key": "walk", "side": "residents", "words": "Walk"}, {"key": "light", "side": "services", "words": "Light"}]},
    ),
    "meanings": (
        "strategy.glossary", Role.SECRETARY, {"term": "Compact", "meaning": "A promise.", "valid_from": "2026-11-01"},
    ),
}  # fmt: skip


def send(client: Client, address: str, body: object, secret: str = "") -> Any:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return client.post(f"/api/strategy/{address}", body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("address", WRITES)
def test_a_token_for_it_writes_and_no_other_does(
    client: Client, person: Callable[[str], Person], address: str
) -> None:
    scope, role, body = WRITES[address]
    who = person(role)
    Body.objects.create(key="ours", name="Ours", legal_form="charity", partner_class="vcse")
    _, secret = issue_token(by=who, person=who, name="ours", scopes=[scope])
    refused = send(client, address, body)
    assert refused.status_code == 401
    assert set(refused.json()) == {"error", "message", "hint"}
    other = next(
        a for a in ("strategy.evidence", "strategy.plan", "strategy.assess") if a != scope and role in _may(a)
    )
    _, narrow = issue_token(by=who, person=who, name="narrow", scopes=[other])
    assert send(client, address, body, narrow).status_code == 403
    made = send(client, address, body, secret)
    assert made.status_code == 201, made.json()
    assert client.get(made.json()["see"]).status_code == 200
    assert AuditEntry.objects.filter(by=who).exclude(action="token.issue").exists()
    extra = send(client, address, {**body, "colour": "red"}, secret)
    assert extra.status_code == 422
    assert "colour" in extra.json()["message"]


def _may(action: str) -> frozenset[str]:
    from endeavour.core.public import rules

    return frozenset(rules()[action].roles)


def test_a_role_that_lost_its_right_writes_nothing_with_its_old_token(
    client: Client, person: Callable[[str], Person]
) -> None:
    who = person(Role.PARTNER)
    _, secret = issue_token(by=who, person=who, name="ours", scopes=["strategy"])
    Person.objects.filter(pk=who.pk).update(role=Role.RESIDENT)
    assert send(client, "statements/W2/evidence", EVIDENCE, secret).status_code == 403
    assert not Evidence.objects.filter(ref="W2").exists()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"happened_on": "0022-01-01"}, 422),
        ({"happened_on": "2099-01-01"}, 422),
        ({"title": ""}, 422),
        ({"url": "javascript:alert(1)"}, 422),
        ({"settles": "perhaps"}, 422),
    ],
)
def test_what_does_not_fit_is_named_and_stores_nothing(
    client: Client, secretary: Person, change: dict[str, object], status: int
) -> None:
    _, secret = issue_token(by=secretary, person=secretary, name="ours", scopes=["strategy"])
    answer = send(client, "statements/W2/evidence", {**EVIDENCE, **change}, secret)
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message", "hint"}
    assert not Evidence.objects.filter(ref="W2").exists()
    assert send(client, "statements/W99/evidence", EVIDENCE, secret).status_code == 404


def test_every_write_declares_how_it_is_refused_and_needs_a_token(client: Client) -> None:
    described = client.get("/api/openapi.json").json()
    writes = {
        path: methods["post"]
        for path, methods in described["paths"].items()
        if path.startswith("/api/strategy/") and "post" in methods
    }
    assert len(writes) >= 12
    for path, does in writes.items():
        assert {"201", "401", "403", "404", "409", "422"} <= set(does["responses"]), path
        assert does["security"], path


def test_measures_and_plans_are_read_without_a_token(client: Client) -> None:
    found = client.get("/api/strategy/statements/W20/measures").json()
    assert {m["measure"] for m in found} == {
        "ae_within_4_hours",
        "no_criteria_to_reside",
        "rtt_over_18_weeks",
        "health_index_child_vaccination_coverage",
        "reablement-75",
        "health_index_internet_access",
    }
    assert all(m["state"] == "proposed" for m in found)
    plans = client.get("/api/strategy/plans").json()
    assert len(plans) == 11
    assert plans[0]["period_from"] is None
