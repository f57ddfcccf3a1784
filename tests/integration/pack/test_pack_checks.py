"""Faults that only show between tables: references, margins, overlaps, successions, edits of compiled tables."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from endeavour.errors import BadInput, Corrupt, Missing, NotFound
from endeavour.pack import Pack
from endeavour.pack.checks import check_pack
from endeavour.pack.schema import BY_NAME
from endeavour.pack.store import compile_store, connect, current_copy

MSE = Path(__file__).parents[3] / "packs" / "mse"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "mse"
    folder.mkdir()
    for path in MSE.iterdir():
        if path.is_file():
            shutil.copy(path, folder / path.name)
    shutil.copytree(MSE / "tables", folder / "tables")
    return folder


def change(folder: Path, table: str, edit: Callable[[list[str]], None]) -> None:
    """Edit the lines of a table and bring the compiler's record to it, as an honest but mistaken compiler would."""
    path = folder / BY_NAME[table].path
    lines = path.read_text(encoding="utf-8").splitlines()
    edit(lines)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    record = folder / "tables" / "tables.yaml"
    manifest = yaml.safe_load(record.read_text(encoding="utf-8"))
    if table in manifest["tables"]:
        manifest["tables"][table]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        record.write_text(yaml.safe_dump(manifest), encoding="utf-8")


def put(line: int, old: str, new: str) -> Callable[[list[str]], None]:
    def edit(lines: list[str]) -> None:
        assert old in lines[line - 1], lines[line - 1]
        lines[line - 1] = lines[line - 1].replace(old, new, 1)

    return edit


def drop(line: int) -> Callable[[list[str]], None]:
    def edit(lines: list[str]) -> None:
        del lines[line - 1]

    return edit


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "edit", "column", "reason"),
    [
        ("lsoa21", put(2, "99G", "99X"), "sub_icb", "'99X' is not in areas.code"),
        ("lsoa21", put(2, "99G", "thurrock"), "sub_icb", "'thurrock' is an area but not of kind sub_icb"),
        ("census_age", put(2, ",52", ",5200"), "persons", "add up to"),
        ("population", put(2, "E01", "E99"), "area_code", "'E99015814' is not in areas.code"),
        ("deprivation", drop(3), "area_code", "has no row for edition 2019"),
        ("area_overlaps", put(2, ",1,", ",0.5,"), "weight", "add up to 0.50000"),
        (
            "observations",
            put(2, "ae_attendances", "made_up"),
            "indicator",
            "'made_up' is not in indicators.yaml",
        ),
        ("observations", put(2, ",reported", ",not_reported"), "value", "cannot have a value"),
        ("routes", put(2, "icp", "nobody"), "to_body", "'nobody' is not in bodies.id"),
        ("successions", put(2, "stp,hcp", "hcp,stp"), "successor", "does not start later than"),
    ],
)
def test_a_fault_between_tables_names_its_row(
    copy: Path, table: str, edit: Callable[[list[str]], None], column: str, reason: str
) -> None:
    change(copy, table, edit)
    with pytest.raises(BadInput) as raised:
        check_pack(Pack(copy))
    assert reason in str(raised.value)
    assert raised.value.column == column
    assert raised.value.line is not None
    assert str(raised.value.file) == BY_NAME[table].path


def test_a_compiled_figure_changed_by_hand_is_refused(copy: Path) -> None:
    path = copy / "tables" / "households.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",607", ",707", 1) + "\n", encoding="utf-8")
    with pytest.raises(Corrupt, match=r"households\.csv was changed after it was compiled"):
        Pack(copy).table("households")


def test_a_required_table_that_is_gone_says_what_to_run(copy: Path) -> None:
    (copy / "tables" / "lsoa11.csv").unlink()
    with pytest.raises(Missing, match="endeavour pack compile"):
        check_pack(Pack(copy))


def test_an_unknown_table_is_not_found(copy: Path) -> None:
    with pytest.raises(NotFound, match="'lsoa31' is not a table of a pack"):
        Pack(copy).table("lsoa31")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("system: E54000026", "system: E5400", "pack.yaml, line 3, column system"),
        ("id: mse", "id: [mse", "pack.yaml, line"),
        ("about: >-", "abuot: >-", "pack.yaml, line 6, column abuot"),
    ],
)
def test_a_fault_in_yaml_names_line_and_field(copy: Path, old: str, new: str, reason: str) -> None:
    path = copy / "pack.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput, match=r"pack\.yaml, line") as raised:
        _ = Pack(copy).meta
    if "column" in reason and "abuot" not in reason:
        assert reason in str(raised.value)


def test_an_indicator_used_twice_is_named(copy: Path) -> None:
    path = copy / "indicators.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("- id: discharges_by_5pm", "- id: discharges"), encoding="utf-8")
    with pytest.raises(BadInput, match="'discharges' is used twice") as raised:
        _ = Pack(copy).indicators
    assert raised.value.line is not None


def test_the_store_is_written_once_and_replaced_when_the_pack_changes(copy: Path, tmp_path: Path) -> None:
    var = tmp_path / "var"
    first = compile_store(Pack(copy), var)
    stamp = (first / "areas.parquet").stat().st_mtime_ns
    assert compile_store(Pack(copy), var) == first
    assert (first / "areas.parquet").stat().st_mtime_ns == stamp
    reader = connect("mse", var)
    change(copy, "bodies", put(2, "STP", "The STP"))
    second = compile_store(Pack(copy), var)
    assert second != first
    assert current_copy("mse", var) == second
    old = reader.execute("SELECT short_name FROM bodies WHERE id = 'stp'").fetchone()
    new = connect("mse", var).execute("SELECT short_name FROM bodies WHERE id = 'stp'").fetchone()
    assert (old, new) == (("STP",), ("The STP",))


def test_no_store_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="endeavour pack load mse"):
        connect("mse", tmp_path)


def test_a_store_whose_copy_is_gone_is_called_corrupt(tmp_path: Path) -> None:
    home = tmp_path / "pack" / "mse"
    home.mkdir(parents=True)
    (home / "current").write_text("0123abcd", encoding="utf-8")
    with pytest.raises(Corrupt, match="is gone") as raised:
        current_copy("mse", tmp_path)
    assert "endeavour pack load mse" in raised.value.hint


def test_a_pack_without_the_compilers_record_says_what_to_run(copy: Path) -> None:
    (copy / "tables" / "tables.yaml").unlink()
    with pytest.raises(NotFound, match="no compiled tables"):
        Pack(copy).table("areas")


def test_a_table_that_the_compiler_did_not_write_is_refused(copy: Path) -> None:
    record = copy / "tables" / "tables.yaml"
    manifest = yaml.safe_load(record.read_text(encoding="utf-8"))
    del manifest["tables"]["pcns"]
    record.write_text(yaml.safe_dump(manifest), encoding="utf-8")
    pack = Pack(copy)
    with pytest.raises(Corrupt, match="not in the compiler's record"):
        pack.table("pcns")
    with pytest.raises(NotFound, match="does not say where 'pcns' comes from"):
        pack.provenance("pcns")


def test_a_definition_is_text_and_is_there(copy: Path) -> None:
    pack = Pack(copy)
    with pytest.raises(NotFound, match=r"none\.yaml is not in the pack"):
        pack.definition("none.yaml")
    (copy / "odd.yaml").write_bytes(b"words: caf\xe9")
    with pytest.raises(BadInput, match="is not UTF-8 text"):
        pack.definition("odd.yaml")
