"""Where a feed's records are read from: a JSON or CSV file, a folder of them, or an address on the web."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from endeavour.errors import BadInput, NotFound
from endeavour.frontdoor.oruk.fetching import Limits, fetch_records, is_address, records_of, table_reader
from endeavour.frontdoor.oruk.tables import folder_reader, read_tables, rows_of


@dataclass(frozen=True)
class Source:
    """The records of a feed, and what had to be done to read them."""

    records: list[Any]
    notes: list[str] = field(default_factory=list)


def read_source(source: str | Path, limits: Limits | None = None) -> Source:
    """The service records of an address, of a JSON or CSV file, or of a folder of either; raises where there are none."""
    notes: list[str] = []
    if isinstance(source, str) and is_address(source):
        limits = limits or Limits()
        if urlsplit(source).path.casefold().endswith(".csv"):
            return Source(read_tables(table_reader(source, limits), notes), notes)
        return Source(fetch_records(source, limits))
    path = Path(source)
    if path.is_dir():
        tables = folder_reader(path)
        if tables("services") is not None:
            return Source(read_tables(tables, notes), notes)
        return Source(_read_pages(path))
    if path.is_file() and path.suffix.lower() == ".json":
        return Source(_json_records(path))
    if path.is_file() and path.suffix.lower() == ".csv":
        return Source(list(rows_of(path.read_bytes(), path.name, notes)), notes)
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
        found = records_of(json.loads(path.read_text(encoding="utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"This is not JSON: {error}", file=path.name, line=getattr(error, "lineno", None)
        ) from error
    if found is None:
        raise BadInput("There are no records in this file.", file=path.name)
    return found
