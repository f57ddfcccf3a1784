"""Bringing in bodies and meetings from a CSV file: all of it or nothing, with every fault named by its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Model

from endeavour.core.public import LONDON, Body, Person, entry, parse_day, require, write_audit
from endeavour.csv_rows import Reader, with_lines
from endeavour.errors import BadInput, UserError
from endeavour.governance.actions.meetings import meeting_key, put_meeting
from endeavour.governance.models import Meeting

MOST_ROWS = 5_000
Row = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """One kind of file: its columns, those that must be filled, and a line to copy."""

    name: str
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    example: tuple[str, ...]

    def template(self) -> str:
        """The file to download and fill in: the header and one example."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerows([self.columns, self.example])
        return out.getvalue()


KINDS = {
    "bodies": Kind(
        "bodies",
        ("key", "name", "short_name", "legal_form", "partner_class", "area_code", "valid_from", "valid_to", "purpose", "source"),
        ("key", "name", "legal_form", "partner_class"),
        ("falls-forum", "Falls Prevention Forum", "Falls Forum", "forum", "partnership", "", "2026-04-01", "", "Brings together all who prevent falls.", "Minutes of 3 March 2026"),
    ),
    "meetings": Kind(
        "meetings",
        ("body", "day", "time", "minutes", "place", "title", "join_words"),
        ("body", "day", "time", "place"),
        ("icp", "2026-12-03", "14:00", "120", "Chelmsford Library", "", "Online at our web page; hearing loop in the room"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong with one line, in which column, and what to do."""

    line: int
    column: str
    words: str


@dataclass
class Read:
    """A file as it would be brought in: what is new, what is there already, and every fault."""

    kind: Kind
    new: list[tuple[int, Row]] = field(default_factory=list)
    there: list[tuple[int, Row]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_rows(kind: str, text: str) -> Read:
    """Read a file without writing anything; `BadInput` where it is no table of this kind at all."""
    if kind not in KINDS:
        raise BadInput(f"'{kind[:20]}' cannot be brought in.", hint=f"Choose {' or '.join(KINDS)}.")
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        return _read(kind, rows)
    except csv.Error as error:
        raise BadInput(
            "The file is not a table of comma-separated values.",
            line=rows.line_num,
            hint="Look for a quotation mark that is never closed, or save it as CSV again.",
        ) from error


def _read(kind: str, rows: Reader) -> Read:
    read = Read(KINDS[kind])
    header = [name.strip() for name in next(iter(rows), [])]
    unknown = [name for name in header if name not in read.kind.columns]
    absent = [name for name in read.kind.needed if name not in header]
    if unknown or absent:
        words = f"The first line must name the columns. Not known: {', '.join(unknown) or 'none'}; missing: {', '.join(absent) or 'none'}."
        raise BadInput(words, line=1, hint=f"Start from the template of {kind}.")
    check = {"bodies": _check_body, "meetings": _check_meeting}[kind]
    seen: dict[str, int] = {}
    for line, cells in with_lines(rows):
        if not any(cell.strip() for cell in cells):
            continue
        if line > MOST_ROWS:
            raise BadInput(f"The file has more than {MOST_ROWS:,} lines.", hint="Split it.")
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        if len(cells) > len(header):
            read.faults.append(
                Fault(line, "", f"has {len(cells)} values for {len(header)} columns; quote commas")
            )
            continue
        empty = [name for name in read.kind.needed if not row.get(name)]
        read.faults += [Fault(line, name, "is empty") for name in empty]
        if not empty:
            check(row, line, read, seen)
    if not (read.new or read.there or read.faults):
        raise BadInput("The file has no rows below its header.")
    return read


def import_rows(*, by: Person | None, kind: str, text: str) -> Read:
    """Bring a file in, whole; with one fault nothing is written, and a second time changes nothing.

    `by` is None only for the operator at the command line.
    """
    if by is not None:
        require(by, "governance.import_rows")
    read = read_rows(kind, text)
    if read.faults:
        first = read.faults[0]
        more = f" and {len(read.faults) - 1} more faults" if len(read.faults) > 1 else ""
        raise BadInput(
            f"{first.words}{more}; nothing was brought in.", line=first.line, column=first.column or None
        )
    write: Callable[[Row, Person | None], None] = _write_body if kind == "bodies" else _write_meeting
    with transaction.atomic():
        for line, row in read.new:
            try:
                write(row, by)
            except UserError as error:
                raise BadInput(
                    f"{error.message} Nothing was brought in.", line=line, hint=error.hint
                ) from error
        write_audit(by=by, action="governance.import_rows", subject=f"import:{kind}", rows=len(read.new))
    return read


def _check_body(row: Row, line: int, read: Read, seen: dict[str, int]) -> None:
    faults: list[Fault] = []
    key = row["key"]
    if not key.replace("-", "").isalnum() or key != key.lower() or len(key) > 80:
        faults.append(Fault(line, "key", f"'{key[:40]}' must be small letters, digits and hyphens"))
    for column, choices in (
        ("legal_form", Body.LegalForm.values),
        ("partner_class", Body.PartnerClass.values),
    ):
        if row[column] not in choices:
            faults.append(Fault(line, column, f"'{row[column][:30]}' is not one of {', '.join(choices)}"))
    days = {}
    faults += _too_long(Body, row, line)
    for column in ("valid_from", "valid_to"):
        if row.get(column):
            days[column] = _day(row[column], line, column, faults)
    if days.get("valid_from") and days.get("valid_to") and days["valid_to"] <= days["valid_from"]:  # type: ignore[operator]
        faults.append(Fault(line, "valid_to", "must come after valid_from"))
    _sort(row, line, key, faults, read, seen, lambda: _known_body(row, line, faults))


def _too_long(model: type[Model], row: Row, line: int) -> list[Fault]:
    """What is longer than is kept of it: one database would cut the import short there, and the other keep what no other can."""
    most = {f.name: f.max_length for f in model._meta.concrete_fields if f.max_length and f.name != "key"}
    return [
        Fault(line, name, f"has {len(value)} letters; use at most {most[name]}")
        for name, value in row.items()
        if len(value) > (most.get(name) or len(value))
    ]


def _known_body(row: Row, line: int, faults: list[Fault]) -> bool:
    there = Body.objects.filter(key=row["key"]).first()
    if there and there.name != row["name"]:
        faults.append(
            Fault(
                line,
                "name",
                f"{row['key']} is already '{there.name}'; a new name is a new body that succeeds it",
            )
        )
    return there is not None


def _check_meeting(row: Row, line: int, read: Read, seen: dict[str, int]) -> None:
    faults: list[Fault] = []
    body = Body.objects.filter(key=row["body"]).first()
    if body is None:
        faults.append(Fault(line, "body", f"there is no body '{row['body'][:40]}'"))
    day = _day(row["day"], line, "day", faults)
    try:
        time.fromisoformat(row["time"])
    except ValueError:
        faults.append(Fault(line, "time", f"'{row['time'][:20]}' is not a time; write 14:00"))
    if row.get("minutes") and not (row["minutes"].isdecimal() and 15 <= int(row["minutes"]) <= 600):
        faults.append(Fault(line, "minutes", "must be between 15 and 600"))
    faults += _too_long(Meeting, row, line)
    if body and day and not body.held_on(day):
        faults.append(Fault(line, "day", f"{body} does not exist on that day"))
    key = meeting_key(body, day) if body and day else f"line {line}"
    _sort(row, line, key, faults, read, seen, lambda: Meeting.objects.filter(key=key).exists())


def _sort(
    row: Row,
    line: int,
    key: str,
    faults: list[Fault],
    read: Read,
    seen: dict[str, int],
    known: Callable[[], bool],
) -> None:
    """Into what is new, what is there, or what is at fault; a second line about the same thing is a fault."""
    if key in seen:
        faults.append(Fault(line, "", f"says the same as line {seen[key]}"))
    seen.setdefault(key, line)
    there = not faults and known()
    if faults:
        read.faults += faults
    else:
        (read.there if there else read.new).append((line, row))


def _day(text: str, line: int, column: str, faults: list[Fault]) -> date | None:
    try:
        return parse_day(text)
    except BadInput as error:
        faults.append(Fault(line, column, str(error)))
        return None


def _write_body(row: Row, by: Person | None) -> None:
    days = {name: parse_day(row[name]) for name in ("valid_from", "valid_to") if row.get(name)}
    words = {name: row.get(name, "") for name in ("short_name", "area_code", "purpose", "source")}
    Body.objects.create(
        key=row["key"], name=row["name"], legal_form=row["legal_form"], partner_class=row["partner_class"], **words, **days
    )  # fmt: skip
    write_audit(by=by, action="governance.add_body", subject=entry("body", row["key"]))


def _write_meeting(row: Row, by: Person | None) -> None:
    put_meeting(
        by,
        Body.objects.get(key=row["body"]),
        row.get("title", ""),
        datetime.combine(parse_day(row["day"]), time.fromisoformat(row["time"]), tzinfo=LONDON),
        int(row.get("minutes") or 120),
        row["place"],
        row.get("join_words", ""),
    )
