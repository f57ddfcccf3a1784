"""A backup that either database can restore: every table as lines of JSON, each with its checksum.

The archive is one `.tar.gz`: `manifest.json` (format, when, the SHA-256 of each table and file), `tables/NAME.jsonl` in
the order of their foreign keys, the papers, the release log of figures, and who was chosen. It names no database, so a
system that outgrows SQLite moves to PostgreSQL by backup and restore. The lake is not in it: it is rebuilt from its seed
and pack.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path, PurePosixPath
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.core.serializers import sort_dependencies
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from endeavour.core.clock import now
from endeavour.errors import BadInput, Conflict, Corrupt, NotFound
from endeavour.paths import room_for, var_dir, write_atomically

FORMAT = "endeavour-backup-1"
FOLDERS = ("papers", "disclosure", "cohort")
"""Folders of the installation that nothing can make again: what has been published cannot be unpublished, so that the
log of releases must outlive the machine, and the caseload knows its households only by the choice that was made, which
newer records would make otherwise. A file of the log is named by its contents, so that two logs become one."""
PRIVATE = ("disclosure", "cohort")
"""Folders whose files are their owner's alone, whatever an archive says of them."""
DAMAGED = (tarfile.TarError, zlib.error, EOFError, OSError, KeyError, TypeError, ValueError)
"""What reading an archive raises that is cut short, spoilt, or never was a backup."""
# Made anew by migrations or by signing in; never part of a backup.
LEFT_OUT = {"contenttypes.contenttype", "auth.permission", "sessions.session"}


@dataclass(frozen=True)
class TableSum:
    """What one table held: its rows and the checksum of their lines."""

    table: str
    rows: int
    sha256: str


def tables() -> list[type[models.Model]]:
    """Every table worth keeping, referred-to before referring."""
    configs = [(config, None) for config in apps.get_app_configs()]
    ordered = sort_dependencies(configs, allow_cycles=True)  # type: ignore[arg-type]
    joins = [m for m in apps.get_models(include_auto_created=True) if m._meta.auto_created]
    kept = [m for m in [*ordered, *joins] if m._meta.managed and not m._meta.proxy]
    return [m for m in kept if m._meta.label_lower not in LEFT_OUT]


def _plain(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"{type(value).__name__} has no plain form")


def _lines(model: type[models.Model]) -> Iterator[bytes]:
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=5000):
        # Aware times as UTC, so that both databases write the same text.
        plain = [_in_utc(value) for value in row]
        yield json.dumps(plain, default=_plain, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _in_utc(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value


def checksums() -> list[TableSum]:
    """Rows and checksum of every table as it stands, for comparing two installations."""
    return [_sum(model, _lines(model)) for model in tables()]


def _sum(model: type[models.Model], lines: Iterable[bytes]) -> TableSum:
    digest, rows = hashlib.sha256(), 0
    for line in lines:
        digest.update(line)
        rows += 1
    return TableSum(model._meta.db_table, rows, digest.hexdigest())


def write_backup(path: Path) -> list[TableSum]:
    """Write everything to `path` (a `.tar.gz`), whole or not at all; returns what it holds of the database."""
    sums: list[TableSum] = []
    files: list[dict[str, str]] = []
    outermost = not connection.in_atomic_block
    # One transaction, so that every table is seen at the same moment.
    with (
        room_for(f"the backup {path.name}", hint="Free some space, or write it to another disk."),
        write_atomically(path, mode=0o600) as part,
        transaction.atomic(),
        tarfile.open(part, "w:gz", compresslevel=6) as archive,
    ):
        if connection.vendor == "postgresql" and outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for model in tables():
            body = b"".join(_lines(model))
            sums.append(_sum(model, body.splitlines(keepends=True)))
            _add(archive, f"tables/{model._meta.db_table}.jsonl", body)
        for name in _all_files(var_dir()):
            body = (var_dir() / name).read_bytes()
            files.append({"path": name, "sha256": hashlib.sha256(body).hexdigest()})
            _add(archive, name, body)
        manifest = {
            "format": FORMAT,
            "written_at": now().isoformat(timespec="seconds"),
            "migrations": _migrations(),
            "tables": [{"table": s.table, "rows": s.rows, "sha256": s.sha256} for s in sums],
            "files": files,
        }
        _add(archive, "manifest.json", json.dumps(manifest, indent=1).encode())
    return sums


def _all_files(root: Path) -> list[str]:
    """The finished files of FOLDERS, named from their root; what is half written bears a name that begins with a dot."""
    found = [
        p.relative_to(root) for folder in FOLDERS for p in sorted((root / folder).rglob("*")) if p.is_file()
    ]
    return [path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts)]


def _migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _add(archive: tarfile.TarFile, name: str, body: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(body), 0o600
    archive.addfile(info, io.BytesIO(body))


def require_backup(path: Path) -> None:
    """Raise `NotFound` where nothing is at the path, before a database is prepared for it."""
    if not path.is_file():
        raise NotFound(f"There is no backup at {path}.", hint="Give the path that endeavour backup printed.")


def restore_backup(path: Path) -> list[TableSum]:
    """Load a backup into an empty, migrated database, all or nothing, and prove it by its checksums.

    Raises `Conflict` when the database already holds something, `Corrupt` when the archive is damaged or the restored
    rows do not have the checksums it states, `Missing` when there is no room for it; in each case the database is left
    as it was.
    """
    require_backup(path)
    room = room_for(f"what {path.name} holds", hint="Free some space and restore again; nothing was changed.")
    try:
        with room, tarfile.open(path, "r:gz") as archive:
            return _restore(archive, path)
    except (*DAMAGED, IntegrityError, DataError) as error:
        raise Corrupt(
            f"{path.name} is damaged or not a backup: {error}.", hint="Use another copy; nothing was changed."
        ) from error


def _restore(archive: tarfile.TarFile, path: Path) -> list[TableSum]:
    manifest = json.loads(_read(archive, "manifest.json"))
    if not isinstance(manifest, dict):
        raise ValueError("its manifest is not one")
    if manifest.get("format") != FORMAT:
        raise BadInput(
            f"{path.name} is not a backup of this program.", hint=f"Its format should be {FORMAT}."
        )
    if manifest["migrations"] != _migrations():
        raise Conflict(
            "The backup was written by another version of the program.",
            hint="Install that version, restore, then upgrade.",
        )
    stated = {entry["table"]: entry for entry in manifest["tables"]}
    # The files are unpacked beside their place before a row is written, and moved into it while the rows can still go.
    with _unpacked(archive, manifest.get("files")) as folder, transaction.atomic():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA defer_foreign_keys = ON")
        for model in tables():
            if model._base_manager.exists():
                raise Conflict(
                    f"The database is not empty: {model._meta.db_table} holds rows.",
                    hint="Restore into a new database: set ENDEAVOUR_VAR to an empty folder, or DATABASE_URL.",
                )
        for model in tables():
            _load(model, _read(archive, f"tables/{model._meta.db_table}.jsonl"))
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
                cursor.execute(statement)
        sums = checksums()
        wrong = [s.table for s in sums if stated[s.table]["sha256"] != s.sha256]
        if wrong:
            raise Corrupt(
                f"What was restored does not match the backup in {', '.join(wrong)}; nothing was kept."
            )
        for name in _all_files(folder):
            place = var_dir() / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(folder / name, place)  # a folder may be a disk of its own
    return sums


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        raise ValueError(f"{name} is no file")
    return member.read()


def _load(model: type[models.Model], body: bytes) -> None:
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(f.column) for f in fields)}) "
        f"VALUES ({', '.join(['%s'] * len(fields))})"
    )
    try:
        rows = [
            [
                field.get_db_prep_save(_value(field, value), connection)
                for field, value in zip(fields, json.loads(line), strict=True)
            ]
            for line in body.splitlines()
        ]
    except (ValidationError, TypeError) as error:
        raise ValueError(f"{model._meta.db_table} holds what is no row of it") from error
    with connection.cursor() as cursor:
        if rows:
            cursor.executemany(sql, rows)


def _value(field: models.Field, value: object) -> object:  # type: ignore[type-arg]
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(str(value))
    return field.to_python(value)


@contextmanager
def _unpacked(archive: tarfile.TarFile, stated: list[dict[str, str]] | None) -> Iterator[Path]:
    """The archive's own files in a folder that goes away; `ValueError` for one that would land elsewhere, is no file, or
    is not the one `stated`. An archive of an earlier version states none."""
    var_dir().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=var_dir()) as name:
        for member in archive.getmembers():
            parts = PurePosixPath(member.name).parts
            if parts and parts[0] in FOLDERS:
                if ".." in parts:
                    raise ValueError(f"'{member.name[:80]}' would land outside its folder")
                if not (member.isfile() or member.isdir()):
                    raise ValueError(f"'{member.name[:80]}' is no file")
                member.mode = 0o700 if member.isdir() else 0o600 if parts[0] in PRIVATE else 0o644
                archive.extract(member, name, filter="data")
        _check_files(Path(name), stated)
        yield Path(name)


def _check_files(folder: Path, stated: list[dict[str, str]] | None) -> None:
    """`ValueError` for the first file that is not the one stated, or that is stated and absent."""
    if stated is None:
        return
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in _all_files(folder)}
    meant = {entry["path"]: entry["sha256"] for entry in stated}
    wrong = sorted(name for name in found | meant if found.get(name) != meant.get(name))
    if wrong:
        raise ValueError(f"{wrong[0][:80]} is not as it was backed up")
