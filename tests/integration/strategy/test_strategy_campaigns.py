"""A campaign: two asks, promises by place without a name, read before they are shown, and how each went (W1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from endeavour.core.public import Area, AuditEntry, Body, Person, Role, today
from endeavour.errors import BadInput, Conflict, Forbidden, NotFound
from endeavour.strategy import campaign_reading as reading
from endeavour.strategy import campaigns
from endeavour.strategy.models import Pledge, PledgeStep

KEY = "common-endeavour"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("pack"),
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture(autouse=True)
def _places(pack: dict[str, int]) -> None:
    cache.clear()
    for code, name in (("mid-essex", "Mid Essex"), ("thurrock", "Thurrock")):
        Area.objects.create(code=code, kind="place", name=name)
    Body.objects.create(key="ours", name="Ours", legal_form="charity", partner_class="vcse")
    Body.objects.create(key="theirs", name="Theirs", legal_form="college", partner_class="education")


def counted() -> dict[str, tuple[int, int, int]]:
    """What a campaign counts by place: residents' and services' promises, and residents' kept ones."""
    found = reading.tally(reading.campaign(KEY), at=today())
    return {row.code: (row.residents.promised, row.services.promised, row.residents.kept) for row in found.places}  # fmt: skip


def partner(person: Callable[[str], Person], body: str) -> Person:
    who = person(Role.PARTNER)
    who.body = Body.objects.get(key=body)
    who.save()
    return who


def test_a_resident_promises_without_a_name_and_says_later_how_it_went(client: Client) -> None:
    before = counted()["thurrock"]
    address = f"/campaign/{KEY}/promise"
    typed = {"way": "walk-more", "place": "thurrock", "group": "carers"}
    check = client.post(address, typed)
    assert "Check your answers" in check.content.decode()
    sent = client.post(address, {**typed, "step": "publish"})
    assert sent.status_code == 302
    page = client.get(sent["Location"])
    assert page["Cache-Control"].startswith("max-age=0")
    made = Pledge.objects.latest("pk")
    assert made.by is None
    assert made.receipt in page.content.decode()
    assert counted()["thurrock"] == (before[0] + 1, *before[1:])
    how = client.post(f"{sent['Location']}/how", {"kind": "kept", "step": "publish"})
    assert how["Location"] == sent["Location"]
    assert counted()["thurrock"] == (before[0] + 1, before[1], before[2] + 1)
    client.post(f"{sent['Location']}/how", {"kind": "taken_back", "step": "publish"})
    assert counted()["thurrock"] == before
    assert not AuditEntry.objects.filter(detail__icontains=made.receipt).exists()


def test_words_of_ones_own_wait_until_somebody_has_read_them(client: Client, secretary: Person) -> None:
    shown = campaigns.pledge(by=None, key=KEY, words="I will plant a tree", place="thurrock")
    refused = campaigns.pledge(by=None, key=KEY, words="My neighbour Ann is late", place="thurrock")
    page = f"/campaign/{KEY}"
    assert "plant a tree" not in client.get(page).content.decode()
    count = counted()["thurrock"][0]
    client.force_login(secretary)
    desk = f"/campaign/{KEY}/promises"
    assert "plant a tree" in client.get(desk).content.decode()
    client.post(desk, {"number": shown.pk, "show": "yes"})
    assert client.post(desk, {"number": refused.pk, "show": "no"}).status_code == 422
    client.post(desk, {"number": refused.pk, "show": "no", "why": "It names somebody"})
    client.logout()
    seen = client.get(page).content.decode()
    assert "plant a tree" in seen
    assert "Ann" not in seen
    assert counted()["thurrock"][0] == count - 1


@pytest.mark.parametrize(
    "words",
    ["Ring me on 01702 123 456", "ann@example.org", "NHS 943 476 5919", "I live at SS2 6YA", "07700900123"],
)
def test_what_points_to_one_person_is_refused(words: str) -> None:
    with pytest.raises(BadInput, match="leave out"):
        campaigns.pledge(by=None, key=KEY, words=words)
    made = campaigns.pledge(by=None, key=KEY, way="walk-more")
    with pytest.raises(BadInput, match="leave out"):
        campaigns.say_how_it_went(by=None, receipt=made.receipt, kind="kept", words=words)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({}, "Choose what you will do"),
        ({"way": "ask-once"}, "ways given"),
        ({"way": "walk-more", "place": "atlantis"}, "places given"),
        ({"way": "walk-more", "group": "left-handed"}, "groups given"),
        ({"words": "x" * 301}, "300"),
    ],
)
def test_a_promise_that_is_none_is_refused(given: dict[str, str], match: str) -> None:
    before = Pledge.objects.count()
    with pytest.raises(BadInput, match=match):
        campaigns.pledge(by=None, key=KEY, **given)
    assert Pledge.objects.count() == before


def test_a_body_promises_and_hands_in_paper_only_through_its_own_people(
    person: Callable[[str], Person],
) -> None:
    for given in ({"body": "ours", "way": "ask-once"}, {"way": "walk-more", "people": 12}):
        with pytest.raises(Forbidden):
            campaigns.pledge(by=None, key=KEY, **given)
    ours = partner(person, "ours")
    with pytest.raises(Forbidden):
        campaigns.pledge(by=ours, key=KEY, way="ask-once", body="theirs")
    made = campaigns.pledge(by=ours, key=KEY, way="ask-once", body="ours", place="mid-essex")
    paper = campaigns.pledge(by=ours, key=KEY, way="walk-more", people=12, place="mid-essex")
    assert paper.people == 12
    with pytest.raises(Forbidden):
        campaigns.say_how_it_went(by=None, receipt=made.receipt, kind="kept")
    campaigns.say_how_it_went(by=ours, receipt=made.receipt.lower(), kind="kept")
    services = reading.tally(reading.campaign(KEY), at=today()).sides["services"]
    assert services.kept == 2
    with pytest.raises(BadInput):
        campaigns.pledge(by=ours, key=KEY, way="walk-more", people=10_001)


def test_a_small_group_is_hidden_and_a_larger_one_is_not(secretary: Person) -> None:
    campaigns.pledge(by=secretary, key=KEY, way="walk-more", group="carers", people=7)
    groups = dict(reading.tally(reading.campaign(KEY), at=today()).groups)
    assert groups["Carers"] is None
    campaigns.pledge(by=None, key=KEY, way="walk-more", group="carers")
    assert dict(reading.tally(reading.campaign(KEY), at=today()).groups)["Carers"] == 10


def test_owners_join_once_leave_and_the_classes_without_one_are_named(
    person: Callable[[str], Person],
) -> None:
    ours = partner(person, "ours")
    with pytest.raises(Forbidden):
        campaigns.join_campaign(by=ours, key=KEY, body="theirs")
    campaigns.join_campaign(by=ours, key=KEY, body="ours", brings="Chairs")
    owners = reading.owners_of(KEY, at=today())
    assert [owner.name for owner in owners] == ["Ours"]
    assert reading.classes_without(owners, at=today()) == ["education"]
    with pytest.raises(Conflict):
        campaigns.join_campaign(by=ours, key=KEY, body="ours")
    campaigns.join_campaign(by=ours, key=KEY, body="ours", leaves=True)
    assert reading.owners_of(KEY, at=today()) == []
    with pytest.raises(Conflict):
        campaigns.join_campaign(by=ours, key=KEY, body="ours", leaves=True)


def test_a_campaign_keeps_the_ways_that_people_promised_and_takes_no_promise_once_over(
    secretary: Person,
) -> None:
    now = reading.campaign(KEY).now
    words = {
        name: getattr(now, name)
        for name in ("title", "words", "residents_ask", "services_ask", "covenant", "ref", "source")
    }
    with pytest.raises(Conflict, match="promised"):
        campaigns.keep_campaign(by=secretary, key=KEY, ways=now.ways[-4:], starts_on=now.starts_on, **words)
    with pytest.raises(BadInput, match="one way"):
        campaigns.keep_campaign(by=secretary, key=KEY, ways=now.ways[:4], starts_on=now.starts_on, **words)
    campaigns.keep_campaign(
        by=secretary, key=KEY, ways=now.ways, starts_on=now.starts_on, ends_on=date(2026, 11, 1), **words
    )
    with pytest.raises(BadInput, match="today"):
        campaigns.pledge(by=None, key=KEY, way="walk-more")
    assert len(reading.campaign(KEY).versions) == 2
    with pytest.raises(NotFound):
        reading.campaign(KEY, at=date(2020, 1, 1))


def test_a_line_that_names_no_side_is_named() -> None:
    with pytest.raises(BadInput, match="Line 2"):
        campaigns.read_ways("residents: I will walk\npeople: walk")


def test_what_was_promised_stays(secretary: Person) -> None:
    made = campaigns.pledge(by=None, key=KEY, way="walk-more")
    for change in (
        lambda: Pledge.objects.filter(pk=made.pk).update(words="Other"),
        lambda: Pledge.objects.filter(pk=made.pk).delete(),
        lambda: PledgeStep.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.objects.create(receipt="AAAA-BBBB", campaign=KEY, way="walk-more", people=2)


def test_too_many_promises_an_hour_from_one_address_are_turned_away(client: Client) -> None:
    address, typed = f"/campaign/{KEY}/promise", {"way": "walk-more", "step": "publish"}
    assert {client.post(address, typed).status_code for _ in range(30)} == {302}
    assert client.post(address, typed).status_code == 429


def test_an_easy_read_twin_that_is_out_of_date_counts_as_missing(client: Client, secretary: Person) -> None:
    page = client.get(f"/campaign/{KEY}").content.decode()
    assert "Without an Easy Read version that is up to date: One thing this month: the poster." in page
    campaigns.keep_material(
        by=secretary, key=KEY, material="leaflet", title="The leaflet", words="New words."
    )
    page = client.get(f"/campaign/{KEY}").content.decode()
    assert "up to date: One thing this month: the poster; The leaflet" in page
    assert client.get(f"/campaign/{KEY}/hand-out/none.txt").status_code == 404


def test_a_receipt_that_nobody_gave_is_not_known(client: Client) -> None:
    assert client.get("/promised?receipt=abcd-2346")["Location"] == "/promised/ABCD-2346"
    assert client.get("/promised/ABCD-2346").status_code == 404


def test_a_promise_that_is_not_there_is_not_found(person: Callable[[str], Person]) -> None:
    with pytest.raises(NotFound):
        campaigns.read_pledge(by=person(Role.SECRETARY), number=0, show=True)
