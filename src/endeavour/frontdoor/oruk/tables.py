"""HSDS as CSV tables: read as partners really write them, and joined into the nested records of the standard."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from endeavour.errors import BadInput

LARGEST_CELL = 2_000_000
Record = dict[str, Any]
# The bytes of a table by its name in the standard ("services"), or None where the feed has no such table.
Reader = Callable[[str], bytes | None]
DELIMITERS = ",;\t|"
# Those that other rows belong to. Each row of the tables below stands in the list of the first owner that it names.
OWNERS = {"services": "service_id", "organizations": "organization_id", "locations": "location_id",
          "service_at_location": "service_at_location_id", "phones": "phone_id", "contacts": "contact_id"}  # fmt: skip
CHILDREN: dict[str, tuple[str, tuple[str, ...]]] = {
    "service_at_location": ("service_at_locations", ("service_id",)),
    "contacts": ("contacts", ("service_id", "service_at_location_id", "location_id", "organization_id")),
    "phones": ("phones", ("service_id", "service_at_location_id", "location_id", "contact_id", "organization_id")),
    "languages": ("languages", ("service_id", "location_id", "phone_id")),
    "schedules": ("schedules", ("service_id", "service_at_location_id", "location_id")),
    "addresses": ("addresses", ("location_id",)),
    "accessibility": ("accessibility", ("location_id",)),
    "service_areas": ("service_areas", ("service_id", "service_at_location_id")),
    "cost_options": ("cost_options", ("service_id",)),
    "required_documents": ("required_documents", ("service_id",)),
    "service_capacity": ("capacities", ("service_id",)),
    "funding": ("funding", ("service_id", "organization_id")),
    "urls": ("urls", ("service_id", "organization_id")),
    "programs": ("programs", ("organization_id",)),
    "organization_identifiers": ("organization_identifiers", ("organization_id",)),
    "attributes": ("attributes", ("link_id",)),
    "metadata": ("metadata", ("resource_id",)),
}  # fmt: skip
# A column that names a row of another table, and the field in which that row then stands.
LOOKED_UP = (
    ("services", "organization_id", "organizations", "organization"),
    ("service_at_location", "location_id", "locations", "location"),
    ("service_capacity", "unit_id", "units", "unit"),
    ("taxonomy_terms", "taxonomy_id", "taxonomies", "taxonomy_detail"),
    ("attributes", "taxonomy_term_id", "taxonomy_terms", "taxonomy_term"),
)
NUMBERS = {"minimum_age", "maximum_age", "latitude", "longitude", "amount", "available", "maximum", "interval", "count"}  # fmt: skip


def plain_name(stem: str) -> str:
    """A table's name in one form, however its file is named.

    >>> plain_name("Service_At_Locations"), plain_name("addresses"), plain_name("organisations"), plain_name("taxonomies")
    ('service_at_location', 'address', 'organization', 'taxonomy')
    """
    name = stem.strip().casefold().replace("-", "_").replace(" ", "_").replace("isation", "ization")
    for end, instead in (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("s", "")):
        if name.endswith(end):
            return name.removesuffix(end) + instead
    return name


def folder_reader(folder: Path) -> Reader:
    """The tables of a folder, whether their files are named in the singular, the plural or in capitals."""
    held = {plain_name(p.stem): p for p in sorted(folder.iterdir()) if p.suffix.casefold() == ".csv"}

    def read(name: str) -> bytes | None:
        path = held.get(plain_name(name))
        return path.read_bytes() if path else None

    return read


def decoded(raw: bytes, name: str, notes: list[str]) -> str:
    """The text of a table; one that is not UTF-8 is read as Windows-1252, as spreadsheets write it, and that is said."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        notes.append(f"{name}: read as UTF-16")
        return raw.decode("utf-16", "replace")
    if b"\x00" in raw:
        raise BadInput("This is not a table of text.", file=name, hint="Save it as CSV.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        notes.append(f"{name}: not UTF-8, read as Windows-1252")
        return raw.decode("cp1252", "replace")


def rows_of(raw: bytes, name: str, notes: list[str]) -> list[Record]:
    """The rows of a table, empty cells left out, whatever divides its cells; what had to be done is noted."""
    csv.field_size_limit(LARGEST_CELL)
    text = decoded(raw, name, notes)
    first = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    divider = max(DELIMITERS, key=first.count)
    if divider != "," and first.count(divider):
        notes.append(f"{name}: cells divided by {'tabs' if divider == chr(9) else divider!r}")
    try:
        lines = list(csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=divider))
    except csv.Error as error:
        raise BadInput(f"This is not CSV: {error}", file=name) from error
    if not lines:
        return []
    header = [re.sub(r"\W+", "_", cell.strip().casefold()) for cell in lines[0]]
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        row: Record = {
            column: _value(column, cell) for column, cell in zip(header, cells, strict=False) if column and cell
        }  # fmt: skip
        beyond = [cell for cell in cells[len(header) :] if cell]
        if beyond:
            notes.append(f"{name}, row {number}: cells without a heading, kept as they came")
            row["unnamed_cells"] = beyond
        if row:
            rows.append(row)
    return rows


def _value(column: str, cell: str) -> Any:
    if column not in NUMBERS or not re.fullmatch(r"\s*-?\d{1,15}(\.\d{1,15})?\s*", cell, re.ASCII):
        return cell
    number = float(cell)
    return int(number) if number.is_integer() else number


def _owner(row: Record, columns: tuple[str, ...], held: dict[str, dict[str, Record]]) -> Record | None:
    """The record that a row belongs to: the first that it names and that is here."""
    for column in columns:
        key = str(row.get(column, ""))
        tables = [table for table, name in OWNERS.items() if column == name] or list(OWNERS)
        for table in tables if key else ():
            if key in held[table]:
                return held[table][key]
    return None


def read_tables(read: Reader, notes: list[str]) -> list[Record]:
    """The services of an HSDS feed in tables, each with all that names it; rows that belong to nothing are noted."""
    names = {*OWNERS, *CHILDREN, *(table for _, _, table, _ in LOOKED_UP)}
    tables = {
        name: rows_of(raw, f"{name}.csv", notes) if (raw := read(name)) is not None else []
        for name in sorted(names)
    }
    held = {name: {str(row["id"]): row for row in rows if row.get("id")} for name, rows in tables.items()}
    for table, column, other, into in LOOKED_UP:
        for row in tables[table]:
            found = held[other].get(str(row.get(column, "")))
            if found is not None:
                row[into] = found
    for name, (into, columns) in CHILDREN.items():
        lost = 0
        for row in tables[name]:
            owner = _owner(row, columns, held)
            if owner is None:
                lost += 1
            else:
                owner.setdefault(into, []).append(row)
        if lost:
            notes.append(f"{name}.csv: {lost:,} of {len(tables[name]):,} rows belong to nothing in this feed")
    return tables["services"]
