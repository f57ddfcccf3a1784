"""Bad extracts are refused with file, line and column; whatever happens, the last good result stays in use."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders.lake import the_small_lake
from builders.linkage import ADA, write_extracts
from endeavour.engine.linkage.extract_format import NAMES
from endeavour.engine.linkage.results import open_result, writing
from endeavour.engine.linkage.run import run_linkage
from endeavour.engine.synthetic.extracts.build import build_extracts
from endeavour.errors import BadInput, Conflict, Corrupt, Missing

HEADER = ",".join(NAMES)
GOOD = "1,,,Ada,Thornbury,F,1980-05-17,12 Mill Road,XE1 1AA,,2020-06-01,false"
TWO_LINES = '"12 Mill Road\nNear the church"'


def good(tmp_path: Path) -> Path:
    """An installation with one good result."""
    root = write_extracts(tmp_path, nhs=[ADA], housing=[ADA])
    run_linkage(root=root)
    return root


def file_of(root: Path, agency: str = "housing") -> Path:
    return root / "extracts" / agency / "part-0001.parquet"


def as_csv(text: str | bytes) -> Callable[[Path], None]:
    """Put a CSV in place of an agency's Parquet."""

    def spoil(path: Path) -> None:
        path.unlink()
        path.with_suffix(".csv").write_bytes(text if isinstance(text, bytes) else text.encode())

    return spoil


def changed(**columns: pa.Array) -> Callable[[Path], None]:
    """Give a Parquet other columns."""

    def spoil(path: Path) -> None:
        table = pq.read_table(path)
        for name, values in columns.items():
            at = table.schema.get_field_index(name)
            table = table.append_column(name, values) if at < 0 else table.set_column(at, name, values)
        pq.write_table(table, path)

    return spoil


def a_folder_instead(path: Path) -> None:
    """Put a folder in place of an agency's file."""
    path.unlink()
    path.with_suffix(".csv").mkdir()


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.write_bytes(b""), "the file is empty"),
    "cut short": (lambda path: path.write_bytes(path.read_bytes()[:-200]), "cut short or is not Parquet"),
    "no Parquet": (lambda path: path.write_bytes(b"PAR1 nonsense, at some length, PAR1"), "cut short or is not Parquet"),
    "no records": (lambda path: pq.write_table(pq.read_table(path).slice(0, 0), path), "no records"),
    "a column missing": (lambda p: pq.write_table(pq.read_table(p).drop(["postcode"]), p), "column postcode: there is no column"),
    "a column too many": (changed(diagnosis=pa.array(["x"])), "column diagnosis: the agreement names no such column"),
    "numbers for dates": (changed(birth_date=pa.array([19800517])), "column birth_date: the values are of type bigint"),
    "a bad date": (as_csv(f"{HEADER}\n{GOOD}\n{GOOD.replace('1,', '2,', 1).replace('1980-05-17', '17th May')}\n"),
                   "line 3, column birth_date: this is not a date such as 1985-03-31"),
    "an impossible date": (as_csv(f"{HEADER}\n{GOOD.replace('1980-05-17', '1980-02-30')}\n"), "line 2, column birth_date"),
    "a number twice": (as_csv(f"{HEADER}\n{GOOD}\n{GOOD}\n"), "line 3, column record_id: this record_id stands there twice"),
    "a bad date below an address of two lines": (
        as_csv(f"{HEADER}\n{GOOD.replace('12 Mill Road', TWO_LINES)}\n\n{GOOD.replace('1,', '2,', 1).replace('1980-05-17', '17th May')}\n"),
        "line 5, column birth_date: this is not a date"),
    "a number twice below an address of two lines": (
        as_csv(f"{HEADER}\n{GOOD.replace('12 Mill Road', TWO_LINES)}\n{GOOD}\n"), "line 4, column record_id: this record_id stands there twice"),
    "no record number": (as_csv(f"{HEADER}\n{GOOD[1:]}\n"), "line 2, column record_id: this is not a value"),
    "a mixed type": (as_csv(f"{HEADER}\n{GOOD.replace('false', 'perhaps')}\n"), "column opted_out: this is not true or false"),
    "another encoding": (as_csv(f"{HEADER}\n{GOOD.replace('Ada', 'Zoë')}\n".encode("latin-1")), "line 2: the text is not UTF-8"),
    "UTF-16": (as_csv(f"{HEADER}\n{GOOD}\n".encode("utf-16")), "line 1: the text is not UTF-8"),
    "a line too short": (as_csv(f"{HEADER}\n{GOOD}\n2,,Ada\n"), "line 3: the file is not a table"),
    "a column twice": (as_csv(f"{HEADER},sex\n{GOOD},F\n"), "line 1, column sex: this column stands there twice"),
    "a day without end": (as_csv(f"{HEADER}\n{GOOD.replace('1980-05-17', 'infinity')}\n"), "line 2, column birth_date: this is not a date"),
    "an address right in future": (as_csv(f"{HEADER}\n{GOOD.replace('2020-06-01', '9999-12-31')}\n"),
                                   "line 2, column address_from: this day is still to come"),
    "a blank record number": (as_csv(f"{HEADER}\n {GOOD[1:]}\n"), "line 2, column record_id: this is not a value"),
    "a number twice in two files": (lambda path: path.with_name("part-0002.csv").write_text(f"{HEADER}\n{GOOD}\n"),
                                    "part-0002.csv, line 2, column record_id: this record_id stands there twice"),
    "a folder for a file": (a_folder_instead, "the file cannot be read (Is a directory)"),
    "wrong columns": (as_csv(f"{HEADER.replace('surname', 'last_name')}\n{GOOD}\n"), "line 1, column surname: there is no column"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD, ids=str)
def test_what_was_not_agreed_is_refused_and_the_last_result_stays(fault: str, tmp_path: Path) -> None:
    root = good(tmp_path)
    before = open_result(root)
    spoil, said = BAD[fault]
    spoil(file_of(root))
    with pytest.raises(BadInput) as refused:
        run_linkage(root=root)
    assert said in str(refused.value)
    assert "housing" in str(refused.value)
    assert "Thornbury" not in str(refused.value), "an error quotes nobody's data"
    assert open_result(root).name == before.name
    assert not (root / "results" / "running.part").exists()


def test_an_extract_ten_times_too_large_is_questioned(tmp_path: Path) -> None:
    people = [
        ADA | {"forename": f"Ada{chr(97 + i % 26)}", "birth_date": date(1950, 1, 1)} for i in range(400)
    ]
    root = write_extracts(tmp_path, nhs=[ADA], housing=people)
    run_linkage(root=root)
    write_extracts(root, housing=people * 10)
    with pytest.raises(BadInput, match=r"4,000 records are over 3 times last time's 400"):
        run_linkage(root=root)
    with pytest.raises(BadInput, match=r"4,000 records are more than the 1,000 allowed.*--most"):
        run_linkage(root=root, afresh=True, most=1000)


def test_a_missing_agency_is_not_taken_for_nobody(tmp_path: Path) -> None:
    root = good(tmp_path)
    file_of(root).unlink()
    with pytest.raises(BadInput, match="no Parquet or CSV"):
        run_linkage(root=root)
    file_of(root).parent.rmdir()
    with pytest.raises(Missing, match="no extract of housing"):
        run_linkage(root=root)


def test_before_anything_is_there_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="endeavour linkage extracts"):
        run_linkage(root=tmp_path)
    with pytest.raises(Missing, match="endeavour linkage run"):
        open_result(tmp_path)


def test_a_csv_that_is_as_agreed_is_read(tmp_path: Path) -> None:
    root = write_extracts(tmp_path, nhs=[ADA])
    (root / "extracts" / "housing").mkdir()
    (root / "extracts" / "housing" / "all.csv").write_text(
        "\ufeff" + f"{HEADER}\n{GOOD.replace('12 Mill Road', chr(34) + '12, Mill Road' + chr(34))}\n"
    )
    assert run_linkage(root=root).summary["people"] == 1


def test_files_as_spreadsheets_and_notebooks_write_them_are_read(tmp_path: Path) -> None:
    """A name in capitals, a column in which nothing stands, and what the system hides beside it."""
    root = write_extracts(tmp_path, nhs=[ADA])
    path = file_of(root, "nhs")
    changed(service=pa.nulls(1))(path)
    path.rename(path.with_name("EXTRACT.PARQUET"))
    path.with_name("._EXTRACT.csv").write_bytes(b"\0\1")
    (root / "extracts" / "housing").mkdir()
    (root / "extracts" / "housing" / "ALL.CSV").write_text(f"{HEADER}\n{GOOD}\n")
    assert run_linkage(root=root).summary["people"] == 1


def test_a_folder_whose_name_cannot_name_a_record_is_refused(tmp_path: Path) -> None:
    root = write_extracts(tmp_path, **{"adult:care": [ADA]})
    with pytest.raises(BadInput, match=r"adult:care.* letters, figures, _ and - only"):
        run_linkage(root=root)


ADDRESS = "uprn,address,postcode,lsoa21,imd2025_decile,is_communal"
HOME = "900000000012,12 Mill Road,XE1 1AA,E1,2,false"


def test_the_address_directory_is_checked_like_an_extract(tmp_path: Path) -> None:
    root = good(tmp_path)
    (root / "extracts" / "addresses").mkdir()
    path = root / "extracts" / "addresses" / "all.csv"
    path.write_text(f"{ADDRESS}\n{HOME}\n")
    [household] = pq.read_table(run_linkage(root=root).path("households.parquet")).to_pylist()
    assert household["lsoa21"] == "E1"
    for text, said in (
        (f"{ADDRESS}\n{HOME}\n{HOME}\n", r"all\.csv, line 3, column uprn: this uprn stands there twice"),
        (f"{ADDRESS}\n{HOME.replace(',2,', ',second,')}\n", r"line 2, column imd2025_decile: this is not a whole number"),
        (f"{ADDRESS.replace('lsoa21', 'ward')}\n{HOME}\n", "column lsoa21: there is no column"),
    ):  # fmt: skip
        path.write_text(text)
        with pytest.raises(BadInput, match=said):
            run_linkage(root=root)


def test_one_run_at_a_time(tmp_path: Path) -> None:
    root = good(tmp_path)
    with writing(root), pytest.raises(Conflict):
        run_linkage(root=root)


def test_a_result_with_a_file_missing_is_not_read(tmp_path: Path) -> None:
    root = good(tmp_path)
    open_result(root).path("people.parquet").unlink()
    with pytest.raises(Corrupt, match=r"people\.parquet"):
        open_result(root)


FULL = """
import resource, sys
from pathlib import Path
from endeavour.engine.lake.store import Lake
from endeavour.engine.linkage.keys import pseudonymise_extracts
from endeavour.engine.linkage.run import run_linkage
from endeavour.engine.synthetic.extracts.build import build_extracts
from endeavour.errors import UserError
root, lake = Path(sys.argv[1]), Lake.open(Path(sys.argv[2]))
resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))
try:
    WORK
except UserError as error:
    print("refused:", error)
    sys.exit(error.exit_code)
"""
WRITERS = {
    "a run": "run_linkage(root=root)",
    "codes": "pseudonymise_extracts(root / 'extracts', root / 'keyed')",
    "synthetic extracts": "build_extracts(lake, root=root)",
}


def contents(root: Path) -> dict[str, bytes]:
    """Every finished file that was there."""
    return {
        str(path): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".part" not in str(path) and path.name != "run.lock"
    }


@pytest.mark.slow
@pytest.mark.parametrize("writer", WRITERS)
def test_a_full_disk_is_said_plainly_and_what_was_there_stays(writer: str, tmp_path: Path) -> None:
    """A limit on the size of a file stands for a full disk: both fail in the middle of a write."""
    root = good(tmp_path)
    before = contents(root)
    code = FULL.replace("WORK", WRITERS[writer])
    key = {"ENDEAVOUR_LINKAGE_KEY": "0123456789abcdef" * 2}
    done = subprocess.run(
        [sys.executable, "-c", code, str(root), str(the_small_lake().root)],
        capture_output=True, text=True, env=os.environ | key, check=False,
    )  # fmt: skip
    assert done.returncode == Missing.exit_code, done.stderr
    assert "no room left" in done.stdout
    assert contents(root) == before


DRAWER = """
import sys
from pathlib import Path
from endeavour.engine.lake.store import Lake
from endeavour.engine.synthetic.extracts.build import build_extracts
build_extracts(Lake.open(Path(sys.argv[2])), root=Path(sys.argv[1]), talk=lambda what: print(what, flush=True))
"""


@pytest.mark.slow
def test_drawing_extracts_killed_half_way_leaves_those_that_were_there(tmp_path: Path) -> None:
    root = good(tmp_path)
    before = contents(root)
    drawer = subprocess.Popen(
        [sys.executable, "-c", DRAWER, str(root), str(the_small_lake().root)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert drawer.stdout is not None
    for line in drawer.stdout:
        if line.strip() == "writing what each of them knows":
            drawer.send_signal(signal.SIGKILL)
            break
    drawer.wait()
    drawer.stdout.close()
    assert contents(root) == before
    assert (root / "extracts.part").is_dir()
    build_extracts(the_small_lake(), root=root)
    assert not (root / "extracts.part").exists()
    assert (root / "extracts" / "about.json").is_file()


RUNNER = """
import sys
from pathlib import Path
from endeavour.engine.linkage.run import run_linkage
run_linkage(root=Path(sys.argv[1]), talk=lambda what: print(what, flush=True))
"""


@pytest.mark.slow
@pytest.mark.parametrize("at", ["weighing what is left", "writing people, links and households"])
def test_a_run_killed_half_way_leaves_the_last_result_and_the_next_run_works(at: str, tmp_path: Path) -> None:
    root = good(tmp_path)
    before = open_result(root).name
    write_extracts(root, voluntary=[ADA])
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(root)], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert runner.stdout is not None
    for line in runner.stdout:
        if line.strip() == at:
            runner.send_signal(signal.SIGKILL)
            break
    runner.wait()
    runner.stdout.close()
    assert open_result(root).name == before
    assert (root / "results" / "running.part").is_dir()
    after = run_linkage(root=root)
    assert after.name != before
    assert after.summary["people"] == 1
    assert not (root / "results" / "running.part").exists()
