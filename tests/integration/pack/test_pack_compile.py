"""Compiling from the publishers' own files: the same bytes again, another system, and no half-done pack."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.compute as pc
import pytest

from endeavour.errors import BadInput, Missing, NotFound
from endeavour.pack import Pack
from endeavour.pack.checks import check_pack
from endeavour.pack.compile import compile_pack
from endeavour.pack.compile.calibration import _from_workbook
from endeavour.pack.compile.context import Context
from endeavour.pack.compile.geography import read_geography
from endeavour.pack.compile.sources import Sources

CHECKOUT = Path(__file__).parents[3]
MSE = CHECKOUT / "packs" / "mse"
HAND_WRITTEN = ("pack.yaml", "indicators.yaml", "plus_groups.yaml", "bodies.csv", "successions.csv", "routes.csv", "posts.csv")  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.slow
def test_the_committed_pack_is_what_the_compiler_writes(shared: Path, tmp_path: Path) -> None:
    out = tmp_path / "mse"
    out.mkdir()
    for name in HAND_WRITTEN:
        shutil.copy(MSE / name, out / name)
    report = compile_pack(shared / "data", out)
    assert report.not_compiled == {}
    assert files(out / "tables") == files(MSE / "tables")
    assert not [p for p in out.iterdir() if p.name.startswith(".")], "nothing is left behind"


@pytest.mark.slow
def test_another_system_compiles_from_the_same_folder(shared: Path, tmp_path: Path) -> None:
    out = tmp_path / "cambridgeshire"
    report = compile_pack(shared / "data", out, system="E54000056")
    pack = Pack.open(str(out))
    assert pack.meta.name == "Cambridgeshire and Peterborough"
    assert check_pack(pack) == {name: pack.table(name).num_rows for name in pack.table_names()}
    assert pack.table("lsoa21").num_rows > 500
    population = pack.table("population")
    people = pc.sum(population.filter(pc.equal(population["base"], "census2021"))["persons"]).as_py()
    assert 850_000 < people < 950_000
    assert {"areas", "deprivation", "census_age", "census_ethnicity", "observations"} <= report.rows.keys()
    assert "no rows of this system" in report.not_compiled["census_tenure"]
    with pytest.raises(Missing, match=r"no table 'census_tenure'.*endeavour pack compile"):
        pack.table("census_tenure")


def test_the_publishers_workbook_gives_what_the_filtered_file_gives(shared: Path) -> None:
    pack = Pack.open("mse")
    sources = Sources(shared / "data")
    context = Context(pack.meta, sources, read_geography(pack.meta, sources))
    found = _from_workbook(context, ["06Q", "07G", "99E", "99F", "99G"])
    wanted = [row for row in pack.table("calibration_registers").to_pylist() if row["year"] == "2019-20"]
    key = ("sub_icb", "condition")
    assert sorted((r["sub_icb"], r["condition"], r["register"], r["list_size"]) for r in found) == sorted(
        (r["sub_icb"], r["condition"], r["register"], r["list_size"]) for r in wanted
    ), key


def test_a_folder_without_the_lookups_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    out = tmp_path / "pack"
    shutil.copytree(MSE, out, ignore=shutil.ignore_patterns(".*"))
    before = files(out)
    with pytest.raises(Missing, match=r"england_lsoa21_icb24.*make-a-pack"):
        compile_pack(tmp_path / "empty", out)
    assert files(out) == before


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is not a folder"):
        compile_pack(tmp_path / "nowhere", tmp_path / "pack", system="E54000026")


def test_a_new_pack_needs_the_code_of_a_system(shared: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--system"):
        compile_pack(shared / "data", tmp_path / "pack")
    with pytest.raises(BadInput, match="'E54999999' is not an ICB"):
        compile_pack(shared / "data", tmp_path / "pack", system="E54999999")
    assert not (tmp_path / "pack").exists()


def test_the_pack_of_one_system_is_not_compiled_for_another(shared: Path) -> None:
    with pytest.raises(BadInput, match="is the pack of E54000026, not of E54000056"):
        compile_pack(shared / "data", MSE, system="E54000056")


def test_a_file_that_is_not_in_its_publishers_format_is_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "my_lsoa21_icb24.csv").write_text(
        "area,board\nE01000001,E54000026\n", encoding="utf-8"
    )
    out = tmp_path / "pack"
    shutil.copytree(MSE, out, ignore=shutil.ignore_patterns(".*"))
    with pytest.raises(
        BadInput, match=r"my_lsoa21_icb24\.csv: does not have the columns of the publisher's format"
    ):
        compile_pack(tmp_path / "in", out)
