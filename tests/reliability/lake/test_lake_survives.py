"""Nothing half-built is read: a killed builder, a full disk, a torn file, two builders at once."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from builders.disk import small_disk
from builders.lake import small_lake, the_pack, the_small_lake
from endeavour.engine.lake import store
from endeavour.engine.lake.manifest import Manifest
from endeavour.engine.lake.store import Lake, building, current_id
from endeavour.engine.synthetic.build import build_lake
from endeavour.errors import BadInput, Conflict, Corrupt, Missing

pytestmark = pytest.mark.slow

BUILDER = """
import sys
from pathlib import Path
from endeavour.engine.synthetic.build import build_lake
from endeavour.pack import Pack
root, residents, limit = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
pack = Pack.open("mse")
def talk(what, done):
    print(what, flush=True)
if limit:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from endeavour.errors import UserError
try:
    build_lake(pack, residents=residents, seed=2, root=root, force=True, talk=talk)
except UserError as error:
    print("refused:", error, flush=True)
    sys.exit(error.exit_code)
"""


def start_builder(root: Path, residents: int, *, limit: int = 0) -> subprocess.Popen[str]:
    """A builder in a process of its own that says what it is doing, line by line."""
    return subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(root), str(residents), str(limit)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def copy_of_the_lake(tmp_path: Path) -> Path:
    """The session's lake, to be damaged."""
    root = tmp_path / "lake"
    shutil.copytree(the_small_lake().root, root)
    return root


def test_without_a_lake_the_message_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="endeavour lake build"):
        Lake.open(tmp_path)


def test_same_recipe_same_bytes_and_another_seed_other_bytes(tmp_path: Path) -> None:
    first = small_lake(tmp_path / "a", residents=3_000)
    again = small_lake(tmp_path / "b", residents=3_000)
    other = small_lake(tmp_path / "c", residents=3_000, seed=2)
    assert first.manifest.text() == again.manifest.text()
    assert first.id == again.id != other.id
    changed = {
        e.table
        for e, o in zip(first.manifest.files, other.manifest.files, strict=True)
        if e.sha256 != o.sha256
    }
    assert {"person", "household", "condition", "event", "truth"} <= changed


def test_building_what_is_there_does_nothing_and_force_does(tmp_path: Path) -> None:
    lake = small_lake(tmp_path, residents=3_000)
    before = lake.files("person")[0].stat().st_mtime_ns
    assert small_lake(tmp_path, residents=3_000).files("person")[0].stat().st_mtime_ns == before
    forced = small_lake(tmp_path, residents=3_000, force=True)
    assert forced.id == lake.id
    forced.verify()


@pytest.mark.parametrize("moment", ["households", "service events", "checking against the sources"])
def test_a_killed_builder_leaves_the_old_lake_and_the_next_build_clears_up(
    tmp_path: Path, moment: str
) -> None:
    root = tmp_path / "lake"
    old = small_lake(tmp_path, residents=3_000)
    worker = start_builder(root, 40_000)
    assert worker.stdout
    for line in worker.stdout:
        if line.startswith(moment):
            os.kill(worker.pid, signal.SIGKILL)
            break
    worker.communicate()
    assert worker.returncode == -signal.SIGKILL
    assert (root / "builds" / "building.part").is_dir()
    assert Lake.open(root).id == old.id
    Lake.open(root).verify()
    new = small_lake(tmp_path, residents=4_000)
    assert not list((root / "builds").glob("*.part"))
    assert current_id(root) == new.id


def test_a_full_disk_is_said_plainly_and_the_old_lake_stays(tmp_path: Path) -> None:
    """A limit on the size of a file stands for a full disk: both fail in the middle of a write."""
    root = tmp_path / "lake"
    old = small_lake(tmp_path, residents=3_000)
    worker = start_builder(root, 30_000, limit=100_000)
    said, _ = worker.communicate(timeout=120)
    assert worker.returncode == Missing.exit_code, said
    assert "no room left" in said
    assert Lake.open(root).id == old.id
    assert not list((root / "builds").glob("*.part"))


def test_a_disk_that_really_fills_up(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "2m") as disk:
        with pytest.raises(Missing, match="no room left"):
            build_lake(the_pack(), residents=60_000, seed=1, root=disk / "lake")
        assert current_id(disk / "lake") is None
        assert not list((disk / "lake" / "builds").iterdir())


def test_two_builders_at_once_the_second_is_told_to_wait(tmp_path: Path) -> None:
    with building(tmp_path), pytest.raises(Conflict, match=rf"process {os.getpid()}"), building(tmp_path):
        pytest.fail("two builders were let in")
    with building(tmp_path) as part:
        assert part.is_dir()


def test_two_processes_at_once_one_lake(tmp_path: Path) -> None:
    """The first is held still in the middle, so that the second surely meets it."""
    root = tmp_path / "lake"
    first = start_builder(root, 5_000)
    assert first.stdout
    for line in first.stdout:
        if line.startswith("service events"):
            os.kill(first.pid, signal.SIGSTOP)
            break
    with pytest.raises(Conflict, match=rf"process {first.pid}"):
        small_lake(tmp_path, residents=2_000)
    os.kill(first.pid, signal.SIGCONT)
    first.communicate(timeout=300)
    assert first.returncode == 0
    assert Lake.open(root).rows()["person"] == 5_000


@pytest.mark.parametrize("damage", ["cut", "gone", "tail"])
def test_a_damaged_file_is_found_when_the_lake_is_opened(tmp_path: Path, damage: str) -> None:
    root = copy_of_the_lake(tmp_path)
    victim = Lake.open(root).files("event")[1]
    if damage == "gone":
        victim.unlink()
    else:
        data = victim.read_bytes()
        victim.write_bytes(data[: len(data) // 2] if damage == "cut" else data[:-4] + b"\0\0\0\0")
    with pytest.raises(Corrupt, match="part-0001") as caught:
        Lake.open(root)
    assert "endeavour lake build --force" in caught.value.hint


def test_a_changed_byte_is_found_by_verifying(tmp_path: Path) -> None:
    root = copy_of_the_lake(tmp_path)
    lake = Lake.open(root)
    victim = lake.files("person")[0]
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 0xFF
    victim.write_bytes(data)
    with pytest.raises(Corrupt, match="person/part-0001"):
        Lake.open(root).verify()


def test_force_mends_a_damaged_lake(tmp_path: Path) -> None:
    lake = small_lake(tmp_path, residents=2_000)
    victim = lake.files("household")[0]
    victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    with pytest.raises(Corrupt):
        Lake.open(lake.root)
    mended = small_lake(tmp_path, residents=2_000)
    assert mended.id == lake.id
    Lake.open(lake.root).verify()
    assert [p.name for p in (lake.root / "builds").iterdir()] == [lake.id]


def test_a_pointer_that_holds_no_id_is_corrupt_and_mended_by_building(tmp_path: Path) -> None:
    lake = small_lake(tmp_path, residents=2_000)
    for rubbish in (b"", b"../../etc\n", b"\xff\xfe"):
        (lake.root / "current").write_bytes(rubbish)
        with pytest.raises(Corrupt, match="pointer"):
            Lake.open(lake.root)
    assert small_lake(tmp_path, residents=2_000).id == lake.id
    Lake.open(lake.root).verify()


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file where the folder should be")
    with pytest.raises(Missing, match="cannot be written"):
        small_lake(tmp_path, residents=2_000)


@pytest.mark.parametrize("content", ["", "{", '{"recipe": {}}', '{"recipe": {}, "files": [{"path": 1}]}'])
def test_a_broken_manifest_is_corrupt_not_a_traceback(tmp_path: Path, content: str) -> None:
    root = copy_of_the_lake(tmp_path)
    (Lake.open(root).folder / "manifest.json").write_text(content)
    with pytest.raises(Corrupt, match="manifest"):
        Lake.open(root)


def test_a_pointer_to_nowhere_and_another_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = copy_of_the_lake(tmp_path)
    monkeypatch.setattr(store, "SCHEMA_VERSION", 99)
    with pytest.raises(Missing, match="schema 1; this release reads 99"):
        Lake.open(root)
    (root / "current").write_text("0123456789abcdef\n")
    with pytest.raises(Corrupt, match="not there"):
        Lake.open(root)


def test_a_reader_of_the_old_build_notices_and_may_finish(tmp_path: Path) -> None:
    old = small_lake(tmp_path, residents=2_000)
    reader = old.connect(threads=1)
    new = small_lake(tmp_path, residents=3_000)
    assert old.is_stale()
    assert not new.is_stale()
    assert reader.sql("SELECT count(*) FROM person").fetchall() == [(2_000,)]
    newest = small_lake(tmp_path, residents=2_500)
    assert {p.name for p in (newest.root / "builds").iterdir()} == {new.id, newest.id}


def test_sizes_out_of_range_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    for wrong in (
        {"residents": 0}, {"residents": 12}, {"residents": 10**9}, {"years": 0}, {"years": 99}, {"seed": -1},
    ):  # fmt: skip
        with pytest.raises(BadInput, match="out of range"):
            build_lake(the_pack(), root=tmp_path / "lake", **wrong)
    assert not (tmp_path / "lake").exists()


def test_the_manifest_says_what_the_lake_is_made_of() -> None:
    lake = the_small_lake()
    recipe = json.loads(lake.manifest.text())["recipe"]
    assert recipe["residents"] == lake.rows()["person"] == 10_000
    assert recipe["pack"] == the_pack().digest()
    assert Manifest.read(lake.folder) == lake.manifest
    lake.verify()


def test_memory_stays_within_bounds_at_three_sizes(tmp_path: Path) -> None:
    """A build in this process adds little to what is already there: nothing grows with the number of systems."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    small_lake(tmp_path, residents=50_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000
