"""Each partner signs the compact for itself, again when a new version stands, and who did not is worked out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from endeavour.core.models import AuditEntry, Body, Person, Role
from endeavour.core.public import today
from endeavour.errors import BadInput, Conflict, Forbidden
from endeavour.governance import actions, queries
from endeavour.governance.models import Signature

pytestmark = pytest.mark.django_db
SAID = {"name": "A. Officer, chief officer", "offers": "Rooms", "needs": "Notice"}


def agree(by: Person) -> None:
    actions.agree_document(
        by=by, body=Body.objects.get(key="icp"), kind="compact", words="We listen", agreed_on=today(),
        review_on=today() + timedelta(days=365),
    )  # fmt: skip


@pytest.fixture
def partner(secretary: Person, icp: Body) -> Person:
    """Somebody who signs in for the body that names the first seat."""
    Person.objects.filter(role=Role.PARTNER).update(body=Body.objects.get(key="n0"))
    return Person.objects.get(role=Role.PARTNER)


def states() -> dict[str, str]:
    return {row.body.key: row.finding.state for row in queries.compact(today()).rows}


def test_a_partner_signs_for_itself_and_again_when_a_new_version_stands(
    secretary: Person, partner: Person
) -> None:
    agree(secretary)
    assert set(states().values()) == {"not_signed"}
    made = actions.sign_compact(by=partner, version=1, **SAID)
    assert made.body.key == "n0"
    assert states()["n0"] == "signed"
    assert {row.body.key for row in queries.compact(today()).unsigned} == {f"n{n}" for n in range(1, 8)}
    agree(secretary)
    assert states()["n0"] == "earlier_version"
    with pytest.raises(Conflict, match="Version 2 stands, not version 1"):
        actions.sign_compact(by=partner, version=1, **SAID)
    actions.sign_compact(by=partner, version=2, **SAID)
    assert states()["n0"] == "signed"
    assert Signature.objects.count() == 2, "the first signature stays"
    assert AuditEntry.objects.filter(action="governance.sign_compact", by=partner).count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        Signature.objects.update(name="Somebody else")


def test_nobody_signs_for_another_body(secretary: Person, partner: Person) -> None:
    agree(secretary)
    with pytest.raises(Forbidden):
        actions.sign_compact(by=secretary, version=1, **SAID)
    Person.objects.filter(pk=partner.pk).update(body=None)
    with pytest.raises(Forbidden, match="sign in for no organisation"):
        actions.sign_compact(by=Person.objects.get(pk=partner.pk), version=1, **SAID)
    stranger = Body.objects.create(key="x", name="Stranger", legal_form="other", partner_class="other")
    Person.objects.filter(pk=partner.pk).update(body=stranger)
    with pytest.raises(Forbidden, match="not among the partners"):
        actions.sign_compact(by=Person.objects.get(pk=partner.pk), version=1, **SAID)
    assert not Signature.objects.exists()


def test_without_a_compact_or_with_half_the_answers_nobody_signs(secretary: Person, partner: Person) -> None:
    with pytest.raises(Conflict, match="No compact"):
        actions.sign_compact(by=partner, version=1, **SAID)
    assert queries.compact(today()).practice is None
    agree(secretary)
    with pytest.raises(BadInput, match="what you need"):
        actions.sign_compact(by=partner, version=1, **{**SAID, "needs": " "})


def test_the_page_names_who_did_not_sign_and_a_partner_signs_there(
    client: Client, secretary: Person, partner: Person
) -> None:
    assert "No compact has been agreed yet" in client.get("/compact").content.decode()
    agree(secretary)
    assert "8 partners have not signed it, of 8." in client.get("/compact").content.decode()
    client.force_login(partner)
    form = client.get("/compact/sign").content.decode()
    assert "Sign version 1 of the compact for Nominator 0" in form
    assert client.post("/compact/sign", {**SAID, "version": "1", "name": ""}).status_code == 422
    assert client.post("/compact/sign", {**SAID, "version": "1"}).status_code == 302
    page = client.get("/compact").content.decode()
    assert "7 partners have not signed it" in page
    assert "A. Officer, chief officer" in page
    lines = client.get("/compact.csv").content.decode().splitlines()
    assert len(lines) == 9
    assert any("signed,1," in line for line in lines)
    client.force_login(secretary)
    assert client.get("/compact/sign").status_code == 403
    assert "7 partners have not signed" in client.get("/desk/today").content.decode()
