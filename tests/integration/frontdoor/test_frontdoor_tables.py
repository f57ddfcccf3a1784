"""HSDS as tables, as partners really send them: other encodings, other dividers, other file names, rows that fit nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from endeavour.errors import BadInput, NotFound
from endeavour.frontdoor.models import Service
from endeavour.frontdoor.oruk.export import export_services
from endeavour.frontdoor.oruk.feed import import_feed
from endeavour.frontdoor.oruk.fetching import Limits
from endeavour.frontdoor.oruk.sources import read_source
from endeavour.frontdoor.oruk.tables import plain_name
from endeavour.frontdoor.oruk.validate import validate_feed
from endeavour.frontdoor.referral.capacity import capacity_words

TABLES = {
    "services": "id,organization_id,name,description,status,minimum_age\ns1,o1,Café club,Tea — and cake,active,55\n",
    "organizations": "id,name,description\no1,Friends of Tilbury,Volunteers\n",
    "locations": "id,location_type,name,latitude,longitude\nl1,physical,Hall,51.46,0.36\n",
    "addresses": "id,location_id,address_1,city,postal_code,country\na1,l1,1 High Street,Tilbury,RM18 7HJ,GB\n",
    "service_at_location": "id,service_id,location_id,description\nsl1,s1,l1,\n",
    "phones": "id,service_id,organization_id,number\np1,s1,o1,01632 960001\np2,,o1,01632 960002\np3,gone,,01632 960003\n",
    "contacts": "id,service_id,name\nc1,s1,Ann\n",
    "languages": "id,service_id,phone_id,name,code\ng1,s1,,Polish,pl\ng2,,p1,Turkish,tr\n",
    "schedules": "id,service_at_location_id,byday,opens_at,closes_at\nh1,sl1,MO,09:00,12:00\n",
    "service_capacity": "id,service_id,unit_id,available,maximum,updated\nk1,s1,u1,4,20,2026-11-20T10:00:00Z\n",
    "units": "id,name\nu1,seats\n",
    "taxonomies": "id,name,description\nt1,Needs,What for\n",
    "taxonomy_terms": "id,code,name,description,taxonomy_id\nm1,older,Older people,For those over 55,t1\n",
    "attributes": "id,link_id,link_entity,taxonomy_term_id\nb1,s1,service,m1\n",
}


def folder(tmp_path: Path, *, encoding: str = "utf-8", divider: str = ",", ends: str = "\n", plural: bool = True) -> Path:  # fmt: skip
    made = tmp_path / "feed"
    made.mkdir()
    for name, text in TABLES.items():
        stem = name if plural else plain_name(name).title()
        written = text.replace(",", divider).replace("\n", ends)
        (made / f"{stem}.csv").write_bytes(written.encode(encoding))
    return made


def nested(source: Any) -> dict[str, Any]:
    record: dict[str, Any] = read_source(source).records[0]
    return record


def test_every_table_stands_where_its_rows_say(tmp_path: Path) -> None:
    source = read_source(folder(tmp_path))
    record = source.records[0]
    assert record["organization"]["phones"][0]["number"] == "01632 960002"
    assert [p["number"] for p in record["phones"]] == ["01632 960001"]
    assert record["phones"][0]["languages"][0]["name"] == "Turkish"
    assert record["minimum_age"] == 55
    offer = record["service_at_locations"][0]
    assert (offer["location"]["addresses"][0]["city"], offer["schedules"][0]["byday"]) == ("Tilbury", "MO")
    assert record["capacities"][0]["unit"]["name"] == "seats"
    assert record["attributes"][0]["taxonomy_term"]["taxonomy_detail"]["name"] == "Needs"
    assert source.notes == ["phones.csv: 1 of 3 rows belong to nothing in this feed"]


@pytest.mark.parametrize(
    ("encoding", "divider", "ends", "plural"),
    [
        ("utf-8-sig", ",", "\r\n", True),
        ("cp1252", ";", "\r\n", True),
        ("utf-16", "\t", "\r\n", True),
        ("utf-8", "|", "\n", False),
        ("cp1252", ",", "\r\n", False),
    ],
)
def test_the_same_feed_however_a_spreadsheet_wrote_it(
    tmp_path: Path, encoding: str, divider: str, ends: str, plural: bool
) -> None:
    (tmp_path / "plain").mkdir()
    plain = nested(folder(tmp_path / "plain"))
    assert nested(folder(tmp_path, encoding=encoding, divider=divider, ends=ends, plural=plural)) == plain
    assert plain["description"] == "Tea — and cake"


def test_cells_without_a_heading_and_odd_headings_are_kept_and_said(tmp_path: Path) -> None:
    path = tmp_path / "services.csv"
    path.write_text('ID, Name ,STATUS\n1,"Lunch; hot, cheap",active,one,two\n\n2,Tea,active\n')
    source = read_source(path)
    assert source.records[0] == {"id": "1", "name": "Lunch; hot, cheap", "status": "active", "unnamed_cells": ["one", "two"]}  # fmt: skip
    assert len(source.records) == 2
    assert source.notes == ["services.csv, row 2: cells without a heading, kept as they came"]


def test_what_is_no_table_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "services.csv"
    path.write_bytes(b"PK\x03\x04\x00\x00")
    with pytest.raises(BadInput, match="not a table of text"):
        read_source(path)
    path.write_bytes(b"")
    assert read_source(path).records == []
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match="no services"):
        read_source(tmp_path / "empty")


@pytest.mark.django_db
def test_tables_are_imported_again_and_again_and_go_out_valid(tmp_path: Path) -> None:
    source = folder(tmp_path, encoding="cp1252", divider=";", ends="\r\n")
    first = import_feed(source=source, key="council")
    assert (first.added, first.rejected) == (1, 0)
    assert any("Windows-1252" in note for note in first.notes)
    assert import_feed(source=source, key="council").same == 1
    held = Service.objects.get()
    assert (held.name, held.minimum_age) == ("Café club", 55)
    assert capacity_words(held).startswith("4 of 20 seats free on 20 November 2026")
    record = export_services("council")["contents"][0]
    assert record["organization"]["name"] == "Friends of Tilbury"
    assert record["attributes"][0]["taxonomy_term"]["name"] == "Older people"


@pytest.mark.django_db
def test_the_standards_own_example_in_tables_is_imported(shared: Path) -> None:
    example = shared / "conformance/openreferral/hsds-3.0/examples/csv"
    source = read_source(example)
    reading = import_feed(source=example, key="example")
    assert reading.added == len(source.records) > 0
    record = source.records[0]
    assert record["organization"]["organization_identifiers"]
    assert record["service_at_locations"][0]["location"]["addresses"]


def test_tables_are_validated_like_pages(tmp_path: Path) -> None:
    report = validate_feed(folder(tmp_path))
    assert report.records == 1
    assert any("id" in problem for problem in report.failures[0]["problems"]), "'s1' is no UUID"


def test_tables_are_read_from_their_address(feed_site: Any) -> None:
    feed_site.pages = {f"/feed/{name}.csv": (200, {}, text.encode()) for name, text in TABLES.items()}
    source = read_source(f"{feed_site.address}/feed/services.csv", Limits(allow_private=True))
    assert source.records[0]["service_at_locations"][0]["location"]["name"] == "Hall"


def page(number: int, **more: Any) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, json.dumps({"contents": [{"id": f"s{number}", "name": f"Club {number}"}], **more}).encode()  # fmt: skip


@pytest.mark.parametrize("last", ["last_page", "last"])
def test_a_feed_that_only_says_whether_more_follows_is_read_to_its_end(feed_site: Any, last: str) -> None:
    feed_site.pages = {
        "/list": page(1, **{last: False}),
        "/list?page=2": page(2, **{last: False}),
        "/list?page=3": page(3, **{last: True}),
    }
    assert len(read_source(f"{feed_site.address}/list", Limits(allow_private=True)).records) == 3


def test_a_page_that_holds_no_records_stops_the_reading(feed_site: Any) -> None:
    feed_site.pages = {"/list": page(1, total_pages=3), "/list?page=2": (200, {}, b'{"error": "busy"}')}
    with pytest.raises(BadInput, match="Page 2"):
        read_source(f"{feed_site.address}/list", Limits(allow_private=True))
