"""Kill the writer, fill the disk, write from many processes: nothing acknowledged is lost, nothing half-written is read."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from builders.database import migrated_installation

SET_UP = """
    import os, sys, resource
    os.environ["DJANGO_SETTINGS_MODULE"] = "endeavour.settings"
    import django
    django.setup()
    from endeavour.core.clock import now
    from endeavour.core.events import record_event
    from endeavour.core.models import AuditEntry, Event
"""


def python(var: Path, code: str) -> subprocess.Popen[str]:
    kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SET_UP) + textwrap.dedent(code)],
        env={**kept, "ENDEAVOUR_VAR": str(var)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(var: Path, code: str) -> tuple[str, str]:
    return python(var, code).communicate(timeout=120)


@pytest.fixture
def migrated(var: Path) -> Path:
    """An installation with an empty database."""
    shutil.copytree(migrated_installation(), var, dirs_exist_ok=True)
    return var


def stored(var: Path) -> set[str]:
    """The subjects of the events kept, each proven to have its audit entry."""
    out, errors = finish(
        var,
        """
        events = set(Event.objects.values_list("subject", flat=True))
        assert events == set(AuditEntry.objects.values_list("subject", flat=True))
        from django.db import connection
        assert connection.cursor().execute("PRAGMA integrity_check").fetchone() == ("ok",)
        print(" ".join(sorted(events)))
        """,
    )
    assert errors == ""
    return set(out.split())


def test_killed_mid_transaction_loses_nothing_acknowledged(migrated: Path) -> None:
    writer = python(
        migrated,
        """
        n = 0
        while True:
            record_event(by=None, kind="note", subject=f"note:{n}", happened_at=now())
            print(f"note:{n}", flush=True)
            n += 1
        """,
    )
    assert writer.stdout is not None
    acknowledged = {writer.stdout.readline().strip() for _ in range(40)}
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate()
    acknowledged |= set(rest.split())
    kept = stored(migrated)
    assert acknowledged <= kept
    assert len(kept - acknowledged) <= 1, "at most the one that was committed as the writer died"


def test_a_full_disk_is_one_clear_error_and_keeps_what_was_acknowledged(migrated: Path) -> None:
    out, errors = finish(
        migrated,
        """
        import signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        from django.db import DatabaseError
        from endeavour.paths import var_dir
        largest = max(p.stat().st_size for p in var_dir().iterdir())
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 200_000, largest + 200_000))
        try:
            for n in range(5000):
                record_event(by=None, kind="note", subject=f"note:{n}", happened_at=now(), words="x" * 5000)
                print(f"note:{n}", flush=True)
        except DatabaseError as error:
            sys.stderr.write(type(error).__name__)
        """,
    )
    assert errors == "OperationalError"
    assert 0 < len(out.split()) < 5000
    assert set(out.split()) == stored(migrated)


def test_many_writers_at_once_all_get_their_turn(migrated: Path) -> None:
    writers = [
        python(
            migrated,
            f"""
            for n in range(40):
                record_event(by=None, kind="note", subject=f"note:{w}-{{n}}", happened_at=now())
            """,
        )
        for w in range(4)
    ]
    assert [writer.communicate(timeout=120)[1] for writer in writers] == ["", "", "", ""]
    assert len(stored(migrated)) == 160


def test_a_backup_onto_a_full_disk_leaves_the_old_one(migrated: Path) -> None:
    out, errors = finish(
        migrated,
        """
        import signal
        from pathlib import Path
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        from endeavour.core.backup import write_backup
        from endeavour.errors import Missing
        from endeavour.paths import var_dir
        target = var_dir() / "kept.tar.gz"
        write_backup(target)
        before = target.read_bytes()
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
        try:
            write_backup(target)
        except Missing as error:
            print(error)
        assert target.read_bytes() == before
        print(sorted(p.name for p in var_dir().glob("*kept*")))
        """,
    )
    assert errors == ""
    assert out.split("\n")[:2] == [
        "There is no room left for the backup kept.tar.gz. Free some space, or write it to another disk.",
        "['kept.tar.gz']",
    ]


def test_an_interrupted_restore_leaves_the_database_empty(migrated: Path, tmp_path: Path) -> None:
    archive = tmp_path / "b.tar.gz"
    out, errors = finish(
        migrated,
        f"""
        from pathlib import Path
        from django.db import transaction
        from endeavour.core import backup
        path = Path({str(archive)!r})
        with transaction.atomic():
            for n in range(50):
                record_event(by=None, kind="note", subject=f"note:{{n}}", happened_at=now())
            backup.write_backup(path)
            transaction.set_rollback(True)
        whole, calls = backup._load, []
        def dies(model, body):
            calls.append(model)
            whole(model, body)
            if model is Event:
                os.kill(os.getpid(), 9)
        backup._load = dies
        print("restoring", flush=True)
        backup.restore_backup(path)
        """,
    )
    assert (out, errors) == ("restoring\n", "")
    assert stored(migrated) == set()


def test_a_load_killed_half_way_leaves_nothing_and_the_next_one_loads_everything(migrated: Path) -> None:
    code = """
        from endeavour.core import loading
        from endeavour.core.models import Area, Body
        from endeavour.pack import Pack
        if {killed}:
            loading._load_bodies = lambda *given: os.kill(os.getpid(), 9)
        loading.load_pack(Pack.open("mse"), by=None)
        print(Area.objects.count(), Body.objects.count())
        """
    out, _ = finish(migrated, code.format(killed=True))
    assert out == ""
    assert finish(migrated, "from endeavour.core.models import Area; print(Area.objects.count())")[0] == "0\n"
    areas, bodies = map(int, finish(migrated, code.format(killed=False))[0].split())
    assert areas > 900
    assert bodies > 50


def test_loading_twice_writes_nothing_the_second_time(migrated: Path) -> None:
    out, errors = finish(
        migrated,
        """
        from django.db import connection
        from django.test.utils import CaptureQueriesContext
        from endeavour.core import loading
        from endeavour.pack import Pack
        loading.load_pack(Pack.open("mse"), by=None)
        with CaptureQueriesContext(connection) as asked:
            loading.load_pack(Pack.open("mse"), by=None)
        print([q["sql"][:40] for q in asked if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))])
        """,
    )
    assert errors == ""
    assert out == "[]\n"
