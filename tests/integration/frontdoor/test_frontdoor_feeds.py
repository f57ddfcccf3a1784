"""Feeds from addresses, decisions that bind later readings, and what an edit here keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from endeavour.core.public import AuditEntry, Person, Role
from endeavour.errors import BadInput, Conflict, Forbidden
from endeavour.frontdoor import actions
from endeavour.frontdoor.duplicates.actions import judge_duplicate, take_back
from endeavour.frontdoor.duplicates.queries import pairs_to_judge
from endeavour.frontdoor.models import (
    Duplicate,
    Feed,
    FeedRecord,
    Location,
    Revision,
    Service,
    ServiceAtLocation,
)
from endeavour.frontdoor.oruk.export import export_services
from endeavour.frontdoor.oruk.feed import About, import_feed
from endeavour.frontdoor.oruk.fetching import Limits, checked_address, fetch

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = (f"{n}f7b145d-84af-42d7-8fae-eaca714b02b2" for n in (1, 2, 3))


def service(key: str = ONE, name: str = "Lunch club", **more: Any) -> dict[str, Any]:
    return {"id": key, "name": name, "status": "active", **more}


def read(tmp_path: Path, key: str, *records: dict[str, Any], **more: Any) -> Any:
    path = tmp_path / f"{key}.json"
    path.write_text(json.dumps({"contents": list(records)}))
    return import_feed(source=path, key=key, **more)


def editor(name: str = "ed", role: Role = Role.SECRETARY) -> Person:
    return Person.objects.create_user(username=name, password="a-long-password-1", role=role)


PAGES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/services": (200, {}, json.dumps({"total_pages": 2, "contents": [{"id": ONE, "name": "a"}]}).encode()),
    "/services?page=2": (200, {}, json.dumps({"contents": [{"id": TWO, "name": "b"}]}).encode()),
    f"/services/{ONE}": (200, {}, json.dumps(service(ONE, "Lunch club", description="Hot food")).encode()),
    "/moved": (302, {"Location": "/services"}, b""),
    "/moved?page=2": (302, {"Location": "/services?page=2"}, b""),
    "/round": (302, {"Location": "/round"}, b""),
    "/words": (200, {}, b"<html>"),
    "/inside": (302, {"Location": "http://10.0.0.1/"}, b""),
}


@pytest.fixture
def site(feed_site: Any) -> str:
    feed_site.pages = PAGES
    return str(feed_site.address)


def test_every_page_of_an_address_is_read_and_each_service_whole(site: str) -> None:
    reading = import_feed(source=f"{site}/moved", key="web", limits=Limits(allow_private=True))
    assert reading.added == 2
    reading = import_feed(source=f"{site}/services", key="web", limits=Limits(allow_private=True))
    assert (reading.added, reading.changed, reading.same) == (0, 1, 1)
    assert Service.objects.get(pk=ONE).description == "Hot food"
    assert Feed.objects.get().source == f"{site}/moved"


@pytest.mark.parametrize(
    ("path", "said"),
    [("/round", "leads on"), ("/words", "JSON"), ("/none", "404"), ("/inside", "private network")],
)
def test_an_answer_that_is_no_feed_is_one_clear_error(site: str, path: str, said: str) -> None:
    limits = Limits(allow_private=path != "/inside")
    address = f"{site}{path}"
    if path == "/inside":
        with pytest.raises(BadInput, match="private network"):
            fetch(address, limits)
        return
    with pytest.raises(BadInput, match=said):
        import_feed(source=address, key="web", limits=limits)
    assert not Feed.objects.exists()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "172.16.0.9", "0.0.0.0", "fd00::1"],
)
def test_addresses_behind_the_wall_are_not_read(host: str) -> None:
    with pytest.raises(BadInput, match="private network"):
        checked_address(host, 80, allow_private=False)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://a.example/x", "http://me:pw@a.example/", "http://"]
)
def test_only_plain_web_addresses_are_read(address: str) -> None:
    with pytest.raises(BadInput, match="not an http or https address"):
        fetch(address, Limits())


def test_a_feed_that_takes_too_long_or_too_much_is_stopped(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInput, match="longer than"):
        fetch(f"{site}/services", Limits(seconds=-1, allow_private=True))
    monkeypatch.setattr("endeavour.frontdoor.oruk.fetching.LARGEST_ANSWER", 10)
    with pytest.raises(BadInput, match="megabytes"):
        fetch(f"{site}/services", Limits(allow_private=True))


def test_a_dry_run_tells_and_changes_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "f", service(), dry_run=True).added == 1
    assert not Service.objects.exists()
    assert not Feed.objects.exists()


def test_a_record_that_no_database_can_hold_is_kept_whole_and_the_others_are_read(tmp_path: Path) -> None:
    half = service(TWO, "Half a \ud83d character", phones=[{"number": "1"}])
    reading = read(tmp_path, "f", service(ONE), half, service(THREE, "Another"))
    assert (reading.added, reading.rejected) == (2, 1)
    assert {s.name for s in Service.objects.all()} == {"Lunch club", "Another"}
    assert not Service.objects.get(pk=ONE).particulars.exists()
    kept = FeedRecord.objects.get(outcome="rejected")
    assert json.loads(kept.raw) == half


def test_one_identifier_in_capitals_and_in_small_letters_is_one_record(tmp_path: Path) -> None:
    both = (service(ONE.upper(), "First"), service(ONE, "Second"))
    for _ in range(2):
        reading = read(tmp_path, "f", *both)
        assert (reading.rejected, reading.changed) == (1, 0)
    assert Service.objects.get().name == "Second"


def test_places_and_organisations_that_many_records_name_are_written_once_and_as_the_last_says(
    tmp_path: Path,
) -> None:
    def told(key: str, place: str) -> dict[str, Any]:
        run = {"id": THREE, "name": f"Run by {place}", "phones": [{"number": place}]}
        where = {"id": THREE, "name": place, "schedules": [{"id": "s", "byday": "MO"}]}
        offer = {"id": "same", "location": where, "schedules": [{"id": "s", "byday": "TU"}]}
        return service(key, key, organization=run, service_at_locations=[offer])

    read(tmp_path, "f", told(ONE, "Hall"), told(TWO, "Barn"))
    place = Location.objects.get()
    assert (place.name, place.schedules.get().byday) == ("Barn", "MO")
    run = Service.objects.get(pk=ONE).organisation
    assert (run.name, [p.value for p in run.particulars.all()]) == ("Run by Barn", [{"number": "Barn"}])
    offers = ServiceAtLocation.objects.prefetch_related("schedules")
    assert [[s.byday for s in o.schedules.all()] for o in offers] == [["TU"], ["TU"]]
    assert read(tmp_path, "f", told(ONE, "Hall"), told(TWO, "Barn")).same == 2


def test_reading_a_feed_asks_the_database_by_the_stretch_and_not_by_the_record(
    tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    many = [
        service(f"s{at}", f"Club {at}", organization={"id": f"o{at}", "name": f"Run {at}"})
        for at in range(150)
    ]
    with django_assert_max_num_queries(60):
        assert read(tmp_path, "f", *many).added == 150
    with django_assert_max_num_queries(40):
        assert read(tmp_path, "f", *many).same == 150


def pair_of(tmp_path: Path) -> Duplicate:
    read(tmp_path, "one", service(ONE, url="https://lunch.example"))
    read(tmp_path, "two", service(TWO, "The Lunch Club", url="http://www.lunch.example/"))
    return Duplicate.objects.get()


def test_a_merged_record_stands_aside_keeps_its_provenance_and_stays_merged(tmp_path: Path) -> None:
    pair = pair_of(tmp_path)
    judge_duplicate(pair=pair, is_same=True, by=editor())
    read(
        tmp_path,
        "two",
        service(TWO, "The Lunch Club", url="http://www.lunch.example/", description="New words"),
    )
    aside = Service.objects.get(pk=TWO)
    assert (aside.status, aside.description) == ("inactive", "New words"), "its feed still writes to it"
    assert aside.merged_into is not None
    assert aside.feed is not None
    assert (str(aside.merged_into_id), aside.feed.key) == (ONE, "two")
    assert (
        read(
            tmp_path,
            "two",
            service(TWO, "The Lunch Club", url="http://www.lunch.example/", description="New words"),
        ).same
        == 1
    )
    read(tmp_path, "one", service(ONE, url="https://lunch.example", description="x"))
    assert Duplicate.objects.count() == 1, "a judged pair is not asked again, whichever feed is read"


def test_when_the_kept_record_goes_the_other_stands_again(tmp_path: Path) -> None:
    judge_duplicate(pair=pair_of(tmp_path), is_same=True, by=editor())
    read(tmp_path, "one", service(THREE, "Something else"))
    assert Service.objects.get(pk=TWO).status == "active"
    read(tmp_path, "one", service(ONE, url="https://lunch.example"))
    assert Service.objects.get(pk=TWO).status == "inactive"


def test_a_decision_can_be_taken_back_and_both_are_audited(tmp_path: Path) -> None:
    pair, by = pair_of(tmp_path), editor()
    judge_duplicate(pair=pair, is_same=True, by=by, keep=pair.right)
    assert str(Service.objects.get(pk=ONE).merged_into_id) == TWO
    with pytest.raises(Conflict):
        judge_duplicate(pair=pair, is_same=False, by=by)
    take_back(pair=pair, by=by)
    assert not Service.objects.exclude(status="active").exists()
    assert pairs_to_judge(by)[0] == 1
    assert list(AuditEntry.objects.filter(action__startswith="frontdoor.duplicate").values_list("action", flat=True)) == [
        "frontdoor.duplicate", "frontdoor.duplicate_undone"]  # fmt: skip


def test_a_record_of_the_past_is_never_kept_in_place_of_one_that_is_offered(tmp_path: Path) -> None:
    pair = pair_of(tmp_path)
    Service.objects.filter(pk=pair.right_id).update(status="inactive")
    with pytest.raises(Conflict):
        judge_duplicate(pair=pair, is_same=True, by=editor(), keep=pair.right)


def test_two_records_may_not_be_merged_in_a_ring(tmp_path: Path) -> None:
    pair, by = pair_of(tmp_path), editor()
    judge_duplicate(pair=pair, is_same=True, by=by)
    ring = Duplicate.objects.create(left=pair.right, right=pair.left)
    with pytest.raises(Conflict):
        judge_duplicate(pair=ring, is_same=True, by=by)


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.PARTNER, Role.PRACTITIONER, Role.ANALYST])
def test_only_editors_judge(tmp_path: Path, role: Role) -> None:
    pair = pair_of(tmp_path)
    with pytest.raises(Forbidden):
        judge_duplicate(pair=pair, is_same=True, by=editor("x", role))


def test_an_edit_here_stays_until_the_feed_changes_those_words(tmp_path: Path) -> None:
    read(tmp_path, "f", service(description="Old"))
    held = Service.objects.get()
    revision = actions.propose_edit(service=held, changes={"description": "Better"}, by=editor("a"))
    actions.decide_edit(revision=revision, approve=True, by=editor("b"))
    read(tmp_path, "f", service(description="Old", url="https://x.example"))
    held.refresh_from_db()
    assert (held.description, held.url) == ("Better", "https://x.example")
    reading = read(tmp_path, "f", service(description="Newer", url="https://x.example"))
    held.refresh_from_db()
    assert held.description == "Newer"
    assert "edited here" in str(reading.report)
    last = Revision.objects.latest("id")
    assert (last.before, last.after, last.by) == ({"description": "Better"}, {"description": "Newer"}, None)


def test_a_historic_feed_is_kept_and_never_offered(tmp_path: Path) -> None:
    from datetime import date

    about = About("Old list", "OGL", date(2014, 2, 1), is_historic=True)
    reading = read(tmp_path, "old", service(), about=about)
    assert Service.objects.get().status == "inactive"
    assert reading.added == read(tmp_path, "old", service(), about=about).same == 1
    read(tmp_path, "new", service(TWO, organization={"id": THREE, "name": "O"}))
    assert not Duplicate.objects.exists(), "a name alone is no proof"


def test_a_confidential_place_survives_its_own_masked_export(tmp_path: Path) -> None:
    place = {
        "id": THREE,
        "location_type": "physical",
        "name": "Safe house",
        "latitude": 51.5,
        "longitude": 0.5,
    }
    read(tmp_path, "f", service(service_at_locations=[{"id": TWO, "location": place}]))
    Location.objects.update(is_confidential=True)
    masked = export_services("f")
    assert "Safe house" not in json.dumps(masked)
    path = tmp_path / "masked.json"
    path.write_text(json.dumps(masked))
    import_feed(source=path, key="f")
    held = Location.objects.get()
    assert (held.name, held.latitude, held.is_confidential) == ("Safe house", 51.5, True)
    read(tmp_path, "f", service(description="x", service_at_locations=[{"id": TWO, "location": place}]))
    assert Location.objects.get().is_confidential, "a feed cannot make it public again"


def test_capacity_eligibility_and_our_own_fields_go_round(tmp_path: Path) -> None:
    own = {"rung": "community", "expect": "Come in", "people_say": ["I am hungry"], "given_id": "samaritans",
           "eligibility": {"ages": [55, None], "referral": "self"}, "capacity": {"available": 4, "maximum": 20}}  # fmt: skip
    capacities = [
        {"id": TWO, "available": 4, "unit": {"id": THREE, "name": "places"}, "updated": "2026-11-01"}
    ]
    read(tmp_path, "f", service(endeavour=own, capacities=capacities))
    record = export_services("f")["contents"][0]
    assert record["capacities"] == capacities
    assert record["endeavour"]["eligibility"] == own["eligibility"]
    assert record["endeavour"]["capacity"] == {"available": 4, "maximum": 20}
    held = Service.objects.get()
    assert held.given_id != "samaritans", "a feed may not take the name of a pinned crisis service"
    assert held.says == ["I am hungry"]


def test_one_feed_cannot_touch_the_packs_own(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read(tmp_path, "pack-mse", service())


def test_a_service_is_found_by_the_terms_its_feed_gives_it(tmp_path: Path) -> None:
    def sorted_by(*names: str) -> dict[str, Any]:
        attributes = [
            {"id": THREE, "taxonomy_term": {"id": f"t-{name}", "name": name, "description": name,
                                            "taxonomy_detail": {"id": "kinds", "name": "Kinds"}}}
            for name in names
        ]  # fmt: skip
        return service(attributes=attributes)

    read(tmp_path, "f", sorted_by("Food", "Company"), service(TWO, "Other"))
    client = Client()
    terms = client.get("/openreferral/v3/taxonomy_terms").json()["contents"]
    assert [t["name"] for t in terms] == ["Company", "Food"]
    kinds = client.get("/openreferral/v3/taxonomies").json()["contents"]
    assert [k["name"] for k in kinds] == ["Kinds"]
    for asked in (f"taxonomy_term_id={terms[1]['id']}", f"taxonomy_id={kinds[0]['id']}"):
        found = client.get(f"/openreferral/v3/services?{asked}").json()["contents"]
        assert [s["id"] for s in found] == [ONE]
    exported = {s["id"]: s for s in export_services("f")["contents"]}
    assert len(exported[ONE]["attributes"]) == 2, "as they came, and not once more as ours"
    assert read(tmp_path, "f", sorted_by("Food", "Company"), service(TWO, "Other")).same == 2
    read(tmp_path, "f", sorted_by("Food"), service(TWO, "Other"))
    assert [h.term.name for h in Service.objects.get(pk=ONE).terms.all()] == ["Food"]
