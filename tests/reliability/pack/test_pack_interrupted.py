"""A compile or a store that is killed half way leaves what was there, whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from endeavour.pack import Pack
from endeavour.pack.checks import check_pack
from endeavour.pack.store import compile_store, connect
from endeavour.pack.swap import new_stage, put_in_place, recover

MSE = Path(__file__).parents[3] / "packs" / "mse"


def copy_of_mse(folder: Path) -> Path:
    folder.mkdir()
    for path in MSE.iterdir():
        if path.is_file():
            shutil.copy(path, folder / path.name)
    shutil.copytree(MSE / "tables", folder / "tables")
    return folder


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )


@pytest.mark.slow
@pytest.mark.parametrize("table", ["deprivation", "calibration_district_registers"])
def test_a_compile_killed_half_way_leaves_the_old_tables(shared: Path, tmp_path: Path, table: str) -> None:
    folder = copy_of_mse(tmp_path / "mse")
    before = Pack(folder).digest()
    done = run(
        "import os, signal, sys; from pathlib import Path; from endeavour.pack.compile import compile_pack\n"
        "compile_pack(Path(sys.argv[1]), Path(sys.argv[2]), "
        "on_table=lambda n: os.kill(os.getpid(), signal.SIGKILL) if n == sys.argv[3] else None)",
        shared / "data",
        folder,
        table,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert Pack(folder).digest() == before
    check_pack(Pack(folder))
    assert list(folder.glob(".compiling-*")), "the dead process left its stage"
    shutil.rmtree(new_stage(folder))
    assert not list(folder.glob(".compiling-*")), "and the next compile removed it"


def test_a_swap_is_one_step_and_leaves_nothing(tmp_path: Path) -> None:
    place, new = tmp_path / "tables", tmp_path / "stage"
    for folder, words in ((place, "old"), (new, "new")):
        folder.mkdir()
        (folder / "a.csv").write_text(words, encoding="utf-8")
    put_in_place(new, place)
    assert (place / "a.csv").read_text(encoding="utf-8") == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["tables"]


def test_a_swap_without_exchange_is_mended_after_a_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from endeavour.pack import swap

    monkeypatch.setattr(swap, "_exchange", lambda new, place: False)
    place, new = tmp_path / "tables", tmp_path / "stage"
    for folder, words in ((place, "old"), (new, "new")):
        folder.mkdir()
        (folder / "a.csv").write_text(words, encoding="utf-8")
    real = Path.rename

    def die_at_the_second(self: Path, target: Path) -> Path:
        if self == new:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "rename", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        put_in_place(new, place)
    monkeypatch.undo()
    assert not place.exists()
    recover(place)
    assert (place / "a.csv").read_text(encoding="utf-8") == "old"


def test_a_store_killed_half_way_is_not_read(tmp_path: Path) -> None:
    done = run(
        "import os, signal, sys; from pathlib import Path; import pyarrow.parquet as pq\n"
        "from endeavour.pack import Pack; from endeavour.pack import store\n"
        "honest = pq.write_table\n"
        "def write(table, where, **options):\n"
        "    honest(table, where, **options)\n"
        "    if 'lsoa21' in str(where): os.kill(os.getpid(), signal.SIGKILL)\n"
        "pq.write_table = write\n"
        "store.compile_store(Pack.open('mse'), Path(sys.argv[1]))",
        tmp_path,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not (tmp_path / "pack" / "mse" / "current").exists()
    compile_store(Pack.open("mse"), tmp_path)
    assert connect("mse", tmp_path).execute("SELECT count(*) FROM lsoa21").fetchone() == (720,)


def test_a_full_disk_leaves_the_current_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from endeavour.pack import store

    folder = copy_of_mse(tmp_path / "mse")
    first = compile_store(Pack(folder), tmp_path)
    (folder / "bodies.csv").write_text(
        (folder / "bodies.csv").read_text(encoding="utf-8").replace("STP", "The STP", 1), encoding="utf-8"
    )

    def full(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    with pytest.raises(OSError, match="No space left"):
        compile_store(Pack(folder), tmp_path)
    assert store.current_copy("mse", tmp_path) == first
    assert not list((tmp_path / "pack" / "mse").glob(".part-*"))
