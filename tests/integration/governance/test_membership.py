"""Membership is looked at again by a day, and a proposal stands beside today's seats before anything is decided."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client

from endeavour.core.models import Area, Body, Person
from endeavour.core.public import today
from endeavour.errors import NotFound
from endeavour.governance import actions, queries
from endeavour.governance.definitions_memberships import proposed_memberships
from endeavour.governance.models import MembershipProposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def real(mapped: None, secretary: Person) -> Person:
    return secretary


def test_what_the_pack_weighs_up_names_bodies_classes_and_places(real: Person) -> None:
    known = set(Body.objects.values_list("key", flat=True))
    places = set(Area.objects.filter(kind="place").values_list("code", flat=True))
    for proposal in proposed_memberships(settings.PACK):
        assert proposal.body in known
        assert proposal.illustrative
        for seat in proposal.seats:
            assert seat.partner_class in Body.PartnerClass.values, seat.title
            assert seat.nominated_by in known | {""}, seat.title
            assert seat.place in places | {""}, seat.title


def test_today_stands_beside_the_proposal_and_who_is_left_out_is_named(real: Person, client: Client) -> None:
    weighed = queries.membership("icp", date(2026, 11, 22))
    by_class = {c.key: (c.now, c.then) for c in weighed.by_class}
    assert by_class["local_authority"] == (3, 3)
    assert by_class["partnership"] == (1, 1)
    assert by_class["vcse"] == (0, 4)
    assert sum(now for now, _ in by_class.values()) == len(weighed.on.seats)
    assert sum(then for _, then in by_class.values()) == len(weighed.seats)
    assert {c.key: c.then for c in weighed.by_place} == {
        "mid-essex": 1, "basildon-brentwood": 1, "thurrock": 1, "south-east-essex": 1,
    }  # fmt: skip
    assert [c.key for c in weighed.left_out] == ["blue_light"]
    page = client.get("/body/icp/membership").content.decode()
    assert "Nobody proposed it" in page
    assert "No rules of membership are recorded" in page
    with pytest.raises(NotFound, match="weigh up"):
        queries.membership("icp", today(), "kings")


def test_without_a_proposal_only_today_is_shown(real: Person, client: Client) -> None:
    weighed = queries.membership("hwb-essex", today())
    assert weighed.proposal is None
    assert all(c.now == c.then for c in (*weighed.by_class, *weighed.by_place))
    assert "No other membership is put up" in client.get("/body/hwb-essex/membership").content.decode()


def test_the_rules_say_when_membership_is_looked_at_again(real: Person, client: Client) -> None:
    actions.agree_document(
        by=real, body=Body.objects.get(key="icp"), kind="membership", words="Two years each",
        agreed_on=today() - timedelta(days=400), review_on=today() - timedelta(days=35),
    )  # fmt: skip
    page = client.get("/body/icp/membership").content.decode()
    assert "Two years each" in page
    rules = queries.membership("icp", today()).rules
    assert rules is not None
    assert rules.review.state == "overdue"
    assert rules.review.words in page


SEATS = "Chair; partnership; elected\nResidents; residents; drawn; community-assembly\nMid Essex; vcse; elected; ; mid-essex"


def test_a_membership_put_up_at_the_desk_stands_beside_todays_seats(real: Person, client: Client) -> None:
    given = {"title": "By lot", "rules": "Drawn each year", "seats": SEATS, "source": "Paper of May"}
    client.force_login(real)
    assert client.post("/body/icp/membership/new", given).url == "/body/icp/membership?beside=by-lot"  # type: ignore[attr-defined]
    weighed = queries.membership("icp", today())
    assert weighed.proposal is not None
    assert weighed.proposal.key == "by-lot", "the newest that a person put up comes first"
    assert {c.key: c.then for c in weighed.by_class if c.then} == {
        "partnership": 1,
        "vcse": 1,
        "residents": 1,
    }
    assert "representatives" in {p.key for p in weighed.proposals}
    assert queries.membership("icp", today() - timedelta(days=1)).proposal.key == "representatives"  # type: ignore[union-attr]
    page = client.get("/body/icp/membership").content.decode()
    assert "Nothing has been decided." in page
    assert client.post("/body/icp/membership/new", given).status_code == 422, "a title is taken once"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seats": "King; royalty; born"}, "Seat 1"),
        ({"seats": "Chair; partnership; elected\nX; vcse; drawn; nobody-known"}, "Seat 2"),
        ({"seats": "X; vcse; drawn; ; atlantis"}, "Alliance"),
        ({"seats": "; vcse; drawn"}, "no title"),
        ({"seats": "a; b; c; d; e; f"}, "6 parts"),
        ({"seats": "\n \n"}, "at least one seat"),
        ({"rules": " "}, "how its seats are filled"),
    ],
)
def test_a_membership_that_does_not_fit_is_refused_and_nothing_typed_is_lost(
    real: Person, client: Client, change: dict[str, str], words: str
) -> None:
    client.force_login(real)
    given = {"title": "By lot", "rules": "Drawn", "seats": SEATS, "source": "Paper"} | change
    answer = client.post("/body/icp/membership/new", given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "Paper" in page
    assert not MembershipProposal.objects.exists()
