"""Proposals of councils and others, and what each does to each group before it is decided (W10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from endeavour.core.public import Body, Person, Role, today
from endeavour.errors import BadInput, Conflict, Forbidden, NotFound
from endeavour.strategy import impact, proposals
from endeavour.strategy.models import Proposal

KEY = "homes-near-the-town-centre"
GIVEN = {
    "title": "A bus lane", "body": "maldon-dc", "kind": "transport", "words": "A lane for buses alone.",
    "source": "Council papers",
}  # fmt: skip
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("pack"),
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture
def officer(person: Callable[[str], Person]) -> Person:
    """Somebody who signs in for a district council."""
    who = person(Role.PARTNER)
    who.body = Body.objects.create(
        key="maldon-dc", name="Maldon", legal_form="local_authority", partner_class="local_authority"
    )
    who.save()
    return who


def test_a_district_lists_assesses_and_closes_its_own_proposal_and_nobody_elses(
    client: Client, officer: Person
) -> None:
    made = proposals.record_proposal(by=officer, comments_by=today() + timedelta(days=9), **GIVEN)
    page = f"/proposal/{made.key}"
    assert "No impact assessment was made." in client.get(page).content.decode()
    client.force_login(officer)
    typed = {"group": "Carers", "effect": "worse", "words": "Longer walks.", "mitigation": "Benches."}
    sent = client.post(f"{page}/effect", {**typed, "step": "publish"})
    assert sent["Location"] == page
    shown = client.get(page).content.decode()
    assert "Benches." in shown
    assert "The effect on 1 group was assessed." in shown
    proposals.record_proposal(
        by=officer, key=made.key, decided_on=today(), outcome="Built, with benches.", **GIVEN
    )
    found = proposals.proposal(made.key)
    assert found.standing(today()).startswith("Decided on")
    assert len(found.versions) == 2
    with pytest.raises(Forbidden):
        proposals.record_proposal(by=officer, **{**GIVEN, "body": "basildon-bc"})
    with pytest.raises(Forbidden):
        impact.assess_impact(by=officer, about=f"proposal:{KEY}", group="Carers", effect="same", words="x")
    with pytest.raises(Forbidden):
        impact.assess_impact(by=officer, about="decision:2026/1", group="Carers", effect="same", words="x")
    assert client.get("/proposal/no-such").status_code == 404


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"kind": "war"}, BadInput, "no kind"),
        ({"title": " "}, BadInput, "Give its title"),
        ({"outcome": "Built"}, BadInput, "together"),
        ({"outcome": "Built", "decided_on": date(2099, 1, 1)}, BadInput, "not come yet"),
        ({"title": "Homes near the town centre"}, Conflict, "known"),
        ({"key": KEY}, BadInput, "stays with"),
        ({"key": "no-such"}, NotFound, "no proposal"),
        ({"body": "nobody"}, BadInput, "whose"),
    ],
)
def test_what_does_not_fit_is_refused_and_stores_nothing(
    officer: Person, secretary: Person, change: dict[str, object], error: type[Exception], match: str
) -> None:
    before = Proposal.objects.count()
    with pytest.raises(error, match=match):
        proposals.record_proposal(by=secretary, **{**GIVEN, **change})  # type: ignore[arg-type]
    assert Proposal.objects.count() == before


def test_the_list_says_which_nobody_looked_at_and_puts_open_ones_first(client: Client) -> None:
    page = client.get("/proposals").content.decode()
    assert page.index("Homes near a town centre") < page.index("Keep a tenancy") < page.index("Bars in one")
    assert page.count("No impact assessment.") == 1
    lines = client.get("/proposals.csv").content.decode().splitlines()
    assert len(lines) == 1 + 4 + 1 + 1
    assert sum("nobody assessed it" in line for line in lines) == 1
    assert "No proposal was listed" in client.get("/proposals?as_at=2020-01-01").content.decode()


def test_every_effect_of_the_pack_is_about_a_known_group() -> None:
    groups = set(impact.groups())
    found = impact.lines_of([p.name for p in proposals.proposals(at=today())], at=today())
    assert {line.group for lines in found.values() for line in lines} <= groups
    assert all(p.now.is_illustrative for p in proposals.proposals(at=today()))


def test_a_proposal_stays_as_it_was_written() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.filter(key=KEY).update(words="Other")
