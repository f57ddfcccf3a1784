"""Where a feed's records are read from: a JSON or CSV file, a folder of them, or an address on the web."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from endeavour.errors import BadInput, NotFound
from endeavour.frontdoor.oruk.fetching import Limits, fetch_records, is_address
from endeavour.frontdoor.oruk.validate import records_of

LARGEST_CELL = 2_000_000
CHILD_TABLES = ("phones", "contacts", "languages", "cost_options", "funding", "service_areas", "required_documents",
                "schedules", "service_capacity", "attributes")  # fmt: skip


def read_source(source: str | Path, limits: Limits | None = None) -> list[Any]:
    """The service records of an address, of a JSON or CSV file, or of a folder of either; raises where there are none."""
    if isinstance(source, str) and is_address(source):
        return fetch_records(source, limits or Limits())
    path = Path(source)
    if path.is_dir():
        return read_tables(path) if (path / "services.csv").is_file() else _read_pages(path)
    if path.is_file() and path.suffix.lower() == ".json":
        return _json_records(path)
    if path.is_file() and path.suffix.lower() == ".csv":
        return list(_rows(path))
    raise NotFound(
        f"There is no feed at {source}.",
        hint="Give an address, a JSON or CSV file, or a folder of either.",
    )


def _read_pages(folder: Path) -> list[Any]:
    pages = [p for p in sorted(folder.glob("service*.json")) if "at_location" not in p.name]
    found: dict[str, Any] = {}
    for page in pages:
        for record in _json_records(page):
            key = str(record.get("id")) if isinstance(record, dict) else f"{page.name}-{len(found)}"
            # The full record of a service knows more than its line in the list.
            if key not in found or len(str(record)) > len(str(found[key])):
                found[key] = record
    if not found:
        raise NotFound(
            f"There are no services in {folder}.",
            hint="Give a folder with services.csv or service_list.json.",
        )
    return list(found.values())


def _json_records(path: Path) -> list[Any]:
    try:
        found = records_of(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"This is not JSON: {error}", file=path.name, line=getattr(error, "lineno", None)
        ) from error
    if found is None:
        raise BadInput("There are no records in this file.", file=path.name)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(LARGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"This is not CSV in UTF-8: {error}", file=path.name) from error
    return [{k: v for k, v in row.items() if k and v not in (None, "")} for row in rows]


def _table(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / f"{name}.csv"
    return _rows(path) if path.is_file() else []


def read_tables(folder: Path) -> list[dict[str, Any]]:
    """An HSDS folder of CSV tables as nested records, joined by their identifiers."""
    organisations: dict[str | None, dict[str, Any]] = {
        row.get("id"): dict(row) for row in _table(folder, "organizations")
    }
    for row in _table(folder, "organization_identifiers"):
        if row.get("organization_id") in organisations:
            organisations[row["organization_id"]].setdefault("organization_identifiers", []).append(row)
    offers = _offers(folder)
    children: dict[tuple[str | None, str], list[dict[str, str]]] = defaultdict(list)
    for name in CHILD_TABLES:
        for row in _table(folder, name):
            children[row.get("service_id"), name].append(row)
    records = []
    for row in _table(folder, "services"):
        record: dict[str, Any] = dict(row)
        key = row.get("id")
        if row.get("organization_id") in organisations:
            record["organization"] = organisations[row["organization_id"]]
        if offers.get(key):
            record["service_at_locations"] = offers[key]
        for name in CHILD_TABLES:
            if children.get((key, name)):
                record["capacities" if name == "service_capacity" else name] = children[key, name]
        records.append(record)
    return records


def _offers(folder: Path) -> dict[str | None, list[dict[str, Any]]]:
    """The places of each service, with their addresses and access."""
    locations: dict[str | None, dict[str, Any]] = {
        row.get("id"): dict(row) for row in _table(folder, "locations")
    }
    for name in ("addresses", "accessibility"):
        for row in _table(folder, name):
            if row.get("location_id") in locations:
                locations[row["location_id"]].setdefault(name, []).append(row)
    offers: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for row in _table(folder, "service_at_location") or _table(folder, "service_at_locations"):
        offer: dict[str, Any] = dict(row)
        if row.get("location_id") in locations:
            offer["location"] = locations[row["location_id"]]
        offers[row.get("service_id")].append(offer)
    return offers
