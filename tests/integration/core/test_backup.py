"""A backup restores to the same rows, or not at all."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.db import models, transaction

from endeavour.core.accounts import ensure_demo_people
from endeavour.core.backup import TableSum, _in_utc, _plain, _value, checksums, restore_backup, write_backup
from endeavour.core.clock import now
from endeavour.core.events import record_event
from endeavour.core.models import Body, Person, Succession
from endeavour.engine.cohort.release import SHELF
from endeavour.engine.disclosure import About, Count, FileLog, publish
from endeavour.errors import BadInput, Conflict, Corrupt, Missing, NotFound

pytestmark = pytest.mark.django_db


def fill() -> None:
    ensure_demo_people()
    old = Body.objects.create(key="old", name="Old – ‘board’", legal_form="forum", partner_class="other")
    new = Body.objects.create(
        key="new", name="New", legal_form="forum", partner_class="other", valid_from=date(2026, 4, 1)
    )
    Succession.objects.create(predecessor=old, successor=new, on=date(2026, 4, 1))
    record_event(
        by=Person.objects.get(role="secretary"),
        kind="note",
        subject="body:old",
        happened_at=now(),
        words="ünï\n",
    )


def backed_up(path: Path) -> list[TableSum]:
    """Fill the database, back it up to `path`, and leave the database empty again."""
    with transaction.atomic():
        fill()
        sums = write_backup(path)
        assert sums == checksums()
        transaction.set_rollback(True)
    return sums


def test_a_restored_database_has_equal_checksums(tmp_path: Path) -> None:
    before = backed_up(tmp_path / "b.tar.gz")
    assert sum(table.rows for table in before) > 10
    assert restore_backup(tmp_path / "b.tar.gz") == before
    assert checksums() == before
    # The next new row gets an id of its own on either database.
    Body.objects.create(key="third", name="Third", legal_form="forum", partner_class="other")


def test_a_database_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    backed_up(tmp_path / "b.tar.gz")
    Body.objects.create(key="third", name="Third", legal_form="forum", partner_class="other")
    before = checksums()
    with pytest.raises(Conflict, match="not empty"):
        restore_backup(tmp_path / "b.tar.gz")
    assert checksums() == before


def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "b.tar.gz"
    backed_up(path)
    empty, whole = checksums(), path.read_bytes()
    for damaged in (
        whole[: len(whole) // 2],
        whole[:200],
        b"not a backup",
        whole[:400] + b"\0\0\0\0" + whole[404:],
    ):
        path.write_bytes(damaged)
        with pytest.raises(Corrupt):
            restore_backup(path)
        assert checksums() == empty


def test_a_changed_row_is_noticed(tmp_path: Path) -> None:
    path, forged = tmp_path / "b.tar.gz", tmp_path / "forged.tar.gz"
    backed_up(path)
    with tarfile.open(path) as old, tarfile.open(forged, "w:gz") as new:
        for member in old.getmembers():
            body = old.extractfile(member).read().replace(b"Old", b"New")  # type: ignore[union-attr]
            new.addfile(member, io.BytesIO(body))
    empty = checksums()
    with pytest.raises(Corrupt, match="core_body"):
        restore_backup(forged)
    assert checksums() == empty


def test_a_backup_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    backed_up(tmp_path / "b.tar.gz")
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o077 == 0


def test_a_missing_backup_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no backup at"):
        restore_backup(tmp_path / "none.tar.gz")


def rewritten(path: Path, **changes: object) -> Path:
    """The same backup with other words in its manifest."""
    other = path.with_name("other.tar.gz")
    with tarfile.open(path) as old, tarfile.open(other, "w:gz") as new:
        for member in old.getmembers():
            body = old.extractfile(member)
            assert body is not None
            data = body.read()
            if member.name == "manifest.json":
                data = json.dumps(json.loads(data) | changes).encode()
                member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    return other


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"format": "another program's"}, BadInput, "not a backup of this program"),
        ({"migrations": []}, Conflict, "another version of the program"),
    ],
)
def test_a_backup_of_something_else_changes_nothing(
    tmp_path: Path, changes: dict[str, object], error: type[Exception], words: str
) -> None:
    backed_up(tmp_path / "b.tar.gz")
    before = checksums()
    with pytest.raises(error, match=words):
        restore_backup(rewritten(tmp_path / "b.tar.gz", **changes))
    assert checksums() == before


def forged(path: Path, name: str, change: Callable[[bytes], bytes | None]) -> Path:
    """The same backup with another content of one file, or a folder in its place."""
    other = path.with_name("forged.tar.gz")
    with tarfile.open(path) as old, tarfile.open(other, "w:gz") as new:
        for member in old.getmembers():
            body = old.extractfile(member)
            assert body is not None
            data: bytes | None = body.read()
            if member.name == name:
                data = change(data or b"")
                member.size = len(data or b"")
                member.type = tarfile.DIRTYPE if data is None else member.type
            new.addfile(member, None if data is None else io.BytesIO(data))
    return other


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("manifest.json", lambda _: None),
        ("manifest.json", lambda _: b"[]"),
        ("manifest.json", lambda _: b"{"),
        ("manifest.json", lambda data: json.dumps(json.loads(data) | {"files": 5}).encode()),
        ("manifest.json", lambda data: json.dumps(json.loads(data) | {"tables": 5}).encode()),
        ("tables/core_body.jsonl", lambda _: None),
        ("tables/core_body.jsonl", lambda data: data + data),
        ("tables/core_body.jsonl", lambda data: data.replace(b"2026-04-01", b"2026-04-31")),
        ("tables/core_body.jsonl", lambda data: data.replace(b'"2026-04-01"', b"[]")),
        ("tables/core_body.jsonl", lambda data: data.replace(b'"old"', b"null")),
        ("tables/core_succession.jsonl", lambda data: data.replace(b"2026-04-01", b"2026-05-01")),
    ],
)
def test_what_no_backup_holds_is_damage_told_in_words_and_changes_nothing(
    tmp_path: Path, name: str, change: Callable[[bytes], bytes | None]
) -> None:
    backed_up(tmp_path / "b.tar.gz")
    empty = checksums()
    with pytest.raises(Corrupt, match=r"is damaged or not a backup|does not match"):
        restore_backup(forged(tmp_path / "b.tar.gz", name, change))
    assert checksums() == empty


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (models.DateField(), date(2026, 3, 31)),
        (models.TimeField(), time(14, 5)),
        (models.DateTimeField(), datetime(2026, 3, 31, 23, 30, tzinfo=timezone(timedelta(hours=1)))),
        (models.DecimalField(max_digits=9, decimal_places=2), Decimal("1234567.80")),
        (models.UUIDField(), UUID(int=7)),
        (models.BinaryField(), b"\0\xffbytes"),
        (models.BooleanField(), False),
        (models.JSONField(), {"on": ["2026-03-31", None, 0.1]}),
        (models.TextField(), "ünï\u2028\n"),
        (models.TextField(null=True), None),
    ],
)
def test_every_kind_of_value_comes_back_as_it_was(field: models.Field, value: object) -> None:
    line = json.dumps([_in_utc(value)], default=_plain, ensure_ascii=False)
    assert len(line.encode().splitlines()) == 1, "a row is one line"
    assert _value(field, json.loads(line)[0]) == value


def test_a_value_of_no_known_kind_is_never_written_as_something_else() -> None:
    with pytest.raises(TypeError, match="set has no plain form"):
        json.dumps({1}, default=_plain)


def test_the_papers_come_back_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path / "old"))
    paper = tmp_path / "old" / "papers" / "2026" / "minutes.pdf"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"%PDF minutes")
    backed_up(tmp_path / "b.tar.gz")
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path / "new"))
    restore_backup(tmp_path / "b.tar.gz")
    assert (tmp_path / "new" / "papers" / "2026" / "minutes.pdf").read_bytes() == b"%PDF minutes"


CHOICE = "0123456789abcdef"
HOUSEHOLDS = f"cohort/{CHOICE}/households.parquet"


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup of an installation that chose its households, with an empty one to restore it into."""
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path / "old"))
    SHELF.freeze(CHOICE, {"households.parquet": lambda path: path.write_bytes(b"PAR1 who")}, {"size": 1})
    half = tmp_path / "old" / "cohort" / f".{CHOICE}.half" / "households.parquet"
    half.parent.mkdir()
    half.write_bytes(b"half of who")
    backed_up(tmp_path / "b.tar.gz")
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path / "new"))
    return tmp_path / "b.tar.gz"


def test_who_was_chosen_comes_back_with_their_cases_and_for_the_owner_only(
    chosen: Path, tmp_path: Path
) -> None:
    """Nothing can make the choice again from newer records, and the caseload names its households by number alone."""
    restore_backup(chosen)
    assert SHELF.current()["size"] == 1
    place = tmp_path / "new" / HOUSEHOLDS
    assert place.read_bytes() == b"PAR1 who"
    assert place.stat().st_mode & 0o077 == 0
    with tarfile.open(chosen) as archive:
        assert archive.getmember(HOUSEHOLDS).mode == 0o600, "nor does unpacking it by hand open it to others"
    assert sorted(path.name for path in SHELF.home.iterdir()) == [CHOICE, "current"], "nothing half written"


def made_otherwise(path: Path, change: Callable[[tarfile.TarInfo], None]) -> Path:
    """The same backup with something else said of the chosen households' file, or of what it is."""
    other = path.with_name("otherwise.tar.gz")
    with tarfile.open(path) as old, tarfile.open(other, "w:gz") as new:
        for member in old.getmembers():
            body = old.extractfile(member)
            if member.name == HOUSEHOLDS:
                change(member)
            new.addfile(member, body if member.isfile() else None)
    return other


def test_an_archive_that_would_open_the_choice_to_all_does_not(chosen: Path, tmp_path: Path) -> None:
    restore_backup(made_otherwise(chosen, lambda member: setattr(member, "mode", 0o666)))
    assert (tmp_path / "new" / HOUSEHOLDS).stat().st_mode & 0o777 == 0o600


def _as_link(kind: bytes, to: str) -> Callable[[tarfile.TarInfo], None]:
    def change(member: tarfile.TarInfo) -> None:
        member.type, member.linkname, member.size = kind, to, 0

    return change


def _named(name: str) -> Callable[[tarfile.TarInfo], None]:
    return lambda member: setattr(member, "name", name)


@pytest.mark.parametrize(
    "change",
    [
        _as_link(tarfile.SYMTYPE, "summary.json"),
        _as_link(tarfile.LNKTYPE, f"cohort/{CHOICE}/summary.json"),
        _as_link(tarfile.FIFOTYPE, ""),
        _named("cohort/../settings.py"),
        _named("elsewhere/households.parquet"),
    ],
)
def test_what_is_no_file_of_its_own_folder_is_refused_and_nothing_is_kept(
    chosen: Path, tmp_path: Path, change: Callable[[tarfile.TarInfo], None]
) -> None:
    empty = checksums()
    with pytest.raises(Corrupt, match="nothing was changed"):
        restore_backup(made_otherwise(chosen, change))
    assert checksums() == empty
    assert not list((tmp_path / "new").iterdir())


def test_a_hidden_file_that_nobody_checked_is_not_put_in_place(chosen: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden.tar.gz"
    with tarfile.open(chosen) as old, tarfile.open(hidden, "w:gz") as new:
        for member in old.getmembers():
            new.addfile(member, old.extractfile(member))
        new.addfile(tarfile.TarInfo("cohort/.later"), io.BytesIO())
    restore_backup(hidden)
    assert sorted(path.name for path in SHELF.home.iterdir()) == [CHOICE, "current"]


@pytest.mark.parametrize("name", [HOUSEHOLDS, "cohort/current"])
def test_a_file_that_is_not_the_one_backed_up_is_noticed_before_a_row_is_kept(
    chosen: Path, tmp_path: Path, name: str
) -> None:
    empty = checksums()
    with pytest.raises(Corrupt, match=f"{name} is not as it was backed up.*nothing was changed"):
        restore_backup(forged(chosen, name, lambda data: data.replace(b"who", b"you").replace(b"0", b"1")))
    assert checksums() == empty
    assert not list((tmp_path / "new").iterdir())


def test_a_backup_from_before_files_had_checksums_restores_still(chosen: Path) -> None:
    def without(data: bytes) -> bytes:
        return json.dumps(
            {name: value for name, value in json.loads(data).items() if name != "files"}
        ).encode()

    restore_backup(forged(chosen, "manifest.json", without))
    assert SHELF.current()["size"] == 1


@pytest.mark.parametrize("name", ["papers/../../taken.txt", "disclosure/../settings.py", "papers/../papers"])
def test_a_file_that_would_land_elsewhere_is_refused_and_no_row_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    backed_up(tmp_path / "b.tar.gz")
    var, forged = tmp_path / "new", tmp_path / "forged.tar.gz"
    var.mkdir()
    monkeypatch.setenv("ENDEAVOUR_VAR", str(var))
    with tarfile.open(tmp_path / "b.tar.gz") as old, tarfile.open(forged, "w:gz") as new:
        for member in old.getmembers():
            new.addfile(member, old.extractfile(member))
        foreign = tarfile.TarInfo(name)
        foreign.size = 3
        new.addfile(foreign, io.BytesIO(b"x=1"))
    empty = checksums()
    with pytest.raises(Corrupt, match="nothing was changed"):
        restore_backup(forged)
    assert checksums() == empty
    assert list(var.iterdir()) == []
    assert not (tmp_path / "taken.txt").exists()


def test_a_disk_that_is_full_while_papers_come_back_keeps_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path / "old"))
    paper = tmp_path / "old" / "papers" / "minutes.pdf"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"%PDF minutes")
    backed_up(tmp_path / "b.tar.gz")
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path / "new"))

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "extract", full)
    empty = checksums()
    with pytest.raises(Missing, match=r"no room left for what b\.tar\.gz holds.*nothing was changed"):
        restore_backup(tmp_path / "b.tar.gz")
    assert checksums() == empty


def test_after_a_restore_the_gate_still_knows_what_was_let_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was published cannot be unpublished, so that the log of it outlives the machine."""
    about = About("falls", "residents", "2025", ("place",))
    cells = {("all",): Count(503), ("north",): Count(200), ("south",): Count(303)}
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path / "old"))
    publish(about, cells, log=FileLog.of_installation())
    backed_up(tmp_path / "b.tar.gz")
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path / "new"))
    assert not FileLog.of_installation().earlier(about.statistic)
    restore_backup(tmp_path / "b.tar.gz")
    [known] = FileLog.of_installation().earlier(about.statistic)
    assert {key: count.numerator for key, count in known.cells.items()} == {
        k: c.numerator for k, c in cells.items()
    }
    assert known.shown is not None
    assert known.shown["north",] == (200, None)
    [file] = (tmp_path / "new" / "disclosure").rglob("*.json")
    assert file.stat().st_mode & 0o077 == 0, "exact counts are the owner's alone"
    assert publish(about, cells, log=FileLog.of_installation()).audit.earlier_releases == 1
