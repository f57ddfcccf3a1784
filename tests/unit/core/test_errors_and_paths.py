"""The error tree and the one way a file is replaced."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from endeavour import errors, paths


def kinds() -> list[type[errors.UserError]]:
    return [errors.UserError, *errors.UserError.__subclasses__()]


def test_every_kind_has_its_own_name_exit_code_and_status() -> None:
    assert len({kind.kind for kind in kinds()}) == len(kinds())
    assert len({kind.exit_code for kind in kinds()}) == len(kinds())
    assert all(400 <= kind.http_status < 600 for kind in kinds())


def test_bad_input_says_where() -> None:
    error = errors.BadInput("is not a number", file="a.csv", line=4, column="persons", hint="Write digits.")
    assert str(error) == "a.csv, line 4, column persons: is not a number Write digits."


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "kept.txt"
    target.write_text("old")

    def interrupted() -> None:
        with paths.write_atomically(target) as part:
            part.write_text("half of the n")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["kept.txt"]


def test_a_finished_write_replaces(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "kept.txt"
    with paths.write_atomically(target, mode=0o600) as part:
        part.write_text("new")
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_an_unknown_pack_says_what_to_do() -> None:
    with pytest.raises(errors.NotFound, match="no pack 'nowhere'"):
        paths.pack_dir("nowhere")


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
        OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
        RuntimeError('IO Error: Could not write file "x.parquet": File too large'),
        RuntimeError("A worker failed: OSError: [Errno 28] No space left on device"),
    ],
)
def test_a_full_disk_is_told_by_its_number_or_in_an_engines_words(error: Exception) -> None:
    with (
        pytest.raises(errors.Missing, match=r"no room left for the list\. Free some space"),
        paths.room_for("the list", hint="Free some space."),
    ):
        raise error


@pytest.mark.parametrize("error", [OSError(errno.EACCES, os.strerror(errno.EACCES)), RuntimeError("torn")])
def test_any_other_failure_of_a_writer_is_not_called_a_full_disk(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, paths.room_for("the list", hint="Free some space."):
        raise error
    assert raised.value is error
