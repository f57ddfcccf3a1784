"""Open Referral: the verdicts, reading feeds again and again, nothing lost, and the nine endpoints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from endeavour.frontdoor.models import Duplicate, FeedRecord, Service
from endeavour.frontdoor.oruk.export import export_services, service_record, whole_services
from endeavour.frontdoor.oruk.feed import import_feed
from endeavour.frontdoor.oruk.validate import Checker, validate_feed

VERDICTS = {"V3.0-UK-Default": "pass", "V3.0-UK-Test": "pass", "V3.0-UK-Warn": "warn", "V3.0-UK-Fail": "fail"}
ID = "ac148810-d857-441c-9679-408f346de14b"


def record(**more: Any) -> dict[str, Any]:
    return {"id": ID, "name": "Counselling", "status": "active", **more}


def stored(folder: Path, *records: Any) -> Path:
    path = folder / "services.json"
    path.write_text(json.dumps({"contents": list(records)}))
    return path


@pytest.mark.parametrize(("feed", "verdict"), VERDICTS.items())
def test_our_schema_and_the_standards_give_the_official_verdict(
    shared: Path, feed: str, verdict: str
) -> None:
    folder = shared / "conformance/openreferral"
    assert validate_feed(folder / "validator-mocks" / feed).verdict == verdict
    assert (
        validate_feed(folder / "validator-mocks" / feed, schemas=folder / "oruk-3.0/schema").verdict
        == verdict
    )


def normal(value: Any) -> Any:
    """Without empties, and numbers as numbers: what two records must agree on."""
    if isinstance(value, dict):
        return {k: normal(v) for k, v in sorted(value.items()) if v not in (None, "", [], {})}
    return (
        [normal(v) for v in value]
        if isinstance(value, list)
        else float(value)
        if isinstance(value, int) and not isinstance(value, bool)
        else value
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["hsds-3.0/examples/service_full.json", "oruk-3.0/examples/service_full.json",
                                  "validator-mocks/V3.0-UK-Default/service_full.json"])  # fmt: skip
def test_what_comes_in_goes_out_again(shared: Path, name: str) -> None:
    path = shared / "conformance/openreferral" / name
    given = json.loads(path.read_text())
    reading = import_feed(source=path, key="example")
    assert reading.added == 1, reading.report
    given.setdefault("last_modified", "")
    back = service_record(whole_services().get())
    if not given["last_modified"]:
        back.pop("last_modified")
    # Latitude 100 of the mock is nowhere on Earth; it is kept beside and given back.
    assert normal(back) == normal(given)


@pytest.mark.django_db
def test_an_export_reads_back_to_the_same_export(shared: Path, tmp_path: Path) -> None:
    import_feed(
        source=shared / "conformance/openreferral/validator-mocks/V3.0-UK-Test/service_list.json", key="a"
    )
    first = export_services("a")
    path = tmp_path / "export.json"
    path.write_text(json.dumps(first))
    Service.objects.all().delete()
    import_feed(source=path, key="a")
    assert export_services("a") == first


@pytest.mark.django_db
def test_reading_a_feed_again_changes_nothing_and_a_missing_service_is_closed(tmp_path: Path) -> None:
    other = record(id="0bc248fa-dc27-4650-9ba4-8f1a24ef16a2", name="Lunch club")
    import_feed(source=stored(tmp_path, record(), other), key="f")
    again = import_feed(source=stored(tmp_path, record(), other), key="f")
    assert (again.added, again.changed, again.same) == (0, 0, 2)
    import_feed(source=stored(tmp_path, record(description="new")), key="f")
    assert Service.objects.get(name="Counselling").description == "new"
    assert Service.objects.get(name="Lunch club").status == "inactive"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bad", "outcome", "said"),
    [
        (record(name="x" * 1_000_000), "added", "cut to 300"),
        (record(description="<script>alert(1)</script><b>Hello</b> & all"), "added", "markup taken out"),
        (record(name=["a"]), "rejected", "it has no name"),
        (record(name={"a": 1}), "rejected", "it has no name"),
        (record(name=None), "rejected", "it has no name"),
        ({"name": "No id"}, "rejected", "it has no id"),
        (record(status="open"), "added", "taken as active"),
        (record(minimum_age="old"), "added", "not a number"),
        (record(minimum_age=90, maximum_age=3), "added", "above maximum_age"),
        (record(assured_date="yesterday"), "added", "not a day"),
        (record(schedules="always"), "added", "not a list"),
        (record(schedules=[1, "x", None]), "added", "not records"),
        (
            record(
                service_at_locations=[{"id": "x", "location": {"id": "y", "latitude": 999, "longitude": 1}}]
            ),
            "added",
            "on Earth",
        ),
        (record(organization="the council"), "added", "not a record"),
        (record(name="null\x00byte", description=7), "added", "instead of text"),
        ("just text", "rejected", "instead of a record"),
        (None, "rejected", "instead of a record"),
    ],
)
def test_a_broken_record_is_cleaned_or_rejected_with_a_report_and_kept(
    tmp_path: Path, bad: Any, outcome: str, said: str
) -> None:
    good = record(id="0bc248fa-dc27-4650-9ba4-8f1a24ef16a2", name="Good")
    reading = import_feed(source=stored(tmp_path, bad, good), key="f")
    assert Service.objects.filter(name="Good").exists(), "the others go on"
    assert reading.report[0]["outcome"] == outcome
    assert any(said in p for p in reading.report[0]["problems"])
    kept = FeedRecord.objects.exclude(raw="").get()
    assert json.loads(kept.raw) == json.loads(json.dumps(bad).replace("\\u0000", ""))
    assert not Service.objects.filter(description__contains="<script").exists()


@pytest.mark.django_db
def test_a_record_twice_and_organisations_in_a_ring_do_no_harm(tmp_path: Path) -> None:
    ring = [{"id": str(i), "name": f"O{i}", "parent_organization_id": str(1 - i)} for i in (0, 1)]
    reading = import_feed(
        source=stored(tmp_path, record(organization=ring[0]), record(organization=ring[1])), key="f"
    )
    assert Service.objects.count() == 1
    assert any("twice" in p for line in reading.report for p in line["problems"])


@pytest.mark.django_db
def test_a_pair_across_feeds_waits_for_a_person_and_a_name_alone_is_no_proof(tmp_path: Path) -> None:
    import_feed(source=stored(tmp_path, record(url="https://help.example/x")), key="one")
    other = record(
        id="0bc248fa-dc27-4650-9ba4-8f1a24ef16a2",
        name="The Counselling Service",
        url="http://help.example/x/",
    )
    import_feed(source=stored(tmp_path, other), key="two")
    alone = record(id="3f7b145d-84af-42d7-8fae-eaca714b02b2", url="https://else.example")
    import_feed(source=stored(tmp_path, alone), key="three")
    pair = Duplicate.objects.get()
    assert "the same web address" in pair.because


@pytest.mark.django_db
def test_tables_of_csv_are_read(shared: Path) -> None:
    reading = import_feed(source=shared / "conformance/openreferral/hsds-3.0/examples/csv", key="tables")
    assert reading.added >= 1, reading.report
    assert Service.objects.first().schedules.exists()


@pytest.mark.django_db
def test_the_endpoints_are_open_paged_and_valid(shared: Path) -> None:
    import_feed(
        source=shared / "conformance/openreferral/validator-mocks/V3.0-UK-Test/service_list.json", key="t"
    )
    import_feed(
        source=shared / "conformance/openreferral/validator-mocks/V3.0-UK-Default/service_full.json", key="d"
    )
    checker, client = Checker(), Client()
    for endpoint in ("services", "service_at_locations", "taxonomies", "taxonomy_terms", "organizations"):
        response = client.get(f"/openreferral/v3/{endpoint}?per_page=3")
        page = response.json()
        assert response["Access-Control-Allow-Origin"] == "*"
        assert page["size"] == len(page["contents"]) <= 3
        for line in page["contents"]:
            assert not checker.problems(endpoint, line)
            one = client.get(f"/openreferral/v3/{endpoint}/{line['id']}").json()
            assert not checker.problems(endpoint + "/{id}", one)
            assert not {k: v for k, v in one.items() if v in (None, "", [], {})}, "empties are left out"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", ["page=0", "page=x", "per_page=101", "day=noon", "start_time=9", "minimum_age=old", "minimum_age=nan", "nonsense=1",
              "taxonomy_term_id=x"],
)  # fmt: skip
def test_a_wrong_parameter_is_refused_in_one_shape(asked: str) -> None:
    response = Client().get(f"/openreferral/v3/services?{asked}")
    assert response.status_code in {404, 422}
    assert set(response.json()) == {"error", "message", "hint"}
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db
def test_what_goes_out_has_uuids_and_the_past_stands_in_no_list(tmp_path: Path) -> None:
    from datetime import date

    from endeavour.frontdoor.oruk.feed import About

    line = {
        "id": "club-1",
        "name": "Club",
        "status": "active",
        "organization": {"id": "org-1", "name": "Runs it"},
    }
    import_feed(source=stored(tmp_path, line), key="now")
    import_feed(
        source=stored(tmp_path, {**line, "organization": {"id": "old", "name": "Long gone"}}), key="then",
        about=About("Then", "OGL", date(2014, 2, 1), is_historic=True),
    )  # fmt: skip
    client = Client()
    found = client.get("/openreferral/v3/organizations").json()["contents"]
    assert [o["name"] for o in found] == ["Runs it"]
    assert client.get(f"/openreferral/v3/organizations/{found[0]['id']}").status_code == 200
    service = client.get("/openreferral/v3/services").json()["contents"][0]
    assert service["endeavour"]["given_by_feed"] == "club-1"
    assert client.get(f"/openreferral/v3/services/{service['id']}").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", ["modified_after=2026-11-22T09:30:00", "modified_after=x", "minimum_age=1_0", "taxonomy_id={x}", "search=" + "a" * 301, "per_page=101", "page=0"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["", "services", "organizations", "taxonomy_terms"])
def test_a_parameter_is_judged_on_every_path(path: str, asked: str) -> None:
    assert Client().get(f"/openreferral/v3/{path}?{asked}").status_code in {404, 422}


@pytest.mark.django_db
def test_only_what_changed_since_is_given_when_asked(tmp_path: Path) -> None:
    import_feed(source=stored(tmp_path, record()), key="f")
    client = Client()
    for since, count in (("2020-01-01", 1), ("2999-01-01T00:00:00Z", 0), ("", 1)):
        page = client.post(
            "/openreferral/v3/services", {"modified_after": since}, content_type="application/json"
        )
        assert page.json()["total_items"] == count


def test_another_method_is_told_which_are_allowed() -> None:
    response = Client().delete("/openreferral/v3/services")
    assert (response.status_code, response["Allow"]) == (405, "GET, POST, HEAD, OPTIONS")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "status"),
    [({"page": 1.0}, 200), ({"page": "1", "minimum_age": "3.5"}, 200), ({"minimum_age": 1e-200}, 200), ({"search": 7}, 422),
     ({"search": None}, 422), ({"page": True}, 422), ({"page": "007"}, 422), ({"minimum_age": 1e300}, 422), ([], 422)],
)  # fmt: skip
def test_a_body_is_judged_as_the_interface_says(body: Any, status: int) -> None:
    response = Client().post("/openreferral/v3/services", json.dumps(body), content_type="application/json")
    assert response.status_code == status


def test_a_preflight_is_answered_with_nothing_at_all() -> None:
    response = Client().options("/openreferral/v3/services")
    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["services", "service_at_locations", "taxonomies", "taxonomy_terms", "organizations"]
)
def test_each_list_says_how_to_ask_for_one_of_its_records(path: str, directory: int) -> None:
    client = Client()
    said = client.get("/openreferral/v3/openapi.json").json()["paths"]
    link = said[f"/{path}"]["get"]["responses"]["200"]["links"]["first"]
    assert link["operationId"] == said[f"/{path}/{{id}}"]["get"]["operationId"]
    first = client.get(f"/openreferral/v3/{path}").json()["contents"][0]["id"]
    assert client.get(f"/openreferral/v3/{path}/{first}").json()["id"] == first


@pytest.mark.django_db
def test_the_document_tells_of_every_address_of_the_interface() -> None:
    said = Client().get("/openreferral/v3/openapi.json").json()["paths"]
    lists = {"services", "service_at_locations", "taxonomies", "taxonomy_terms", "organizations"}
    assert set(said) == {"/", *(f"/{name}" for name in lists), *(f"/{name}/{{id}}" for name in lists)}
    about = Client().get("/openreferral/v3/").json()
    assert set(about) == set(
        said["/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["required"]
    )
