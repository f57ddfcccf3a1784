"""A table's files: the same bytes however the rows came, and nothing that the schema forbids."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from endeavour.engine.lake import writing
from endeavour.engine.lake.backends import DuckBackend
from endeavour.engine.lake.schema import CONDITION, EVENT
from endeavour.engine.lake.writing import with_empty_parts, write_parts

SORTS = (("ae", "minor"), ("gp", "nurse"), ("gp", "telephone"))


def contacts(count: int = 100) -> pa.Table:
    """Contacts of two years, in files of at most 20 people."""
    people = [n % 50 for n in range(count)]
    rows = pa.table(
        {
            "person_id": people,
            "household_id": [n // 2 for n in people],
            "kind": [SORTS[n % 3][0] for n in range(count)],
            "subtype": [SORTS[n % 3][1] for n in range(count)],
            "occurred_on": [date(2021, 5, 1 + n % 28) for n in range(count)],
            "days": pa.array([0] * count, pa.int64()),
            "financial_year": pa.array([2021 + n % 2 for n in range(count)], pa.int16()),
            "part": pa.array([1 + n // 20 for n in people], pa.int16()),
        }
    )
    return rows.sort_by([(name, "ascending") for name in ("financial_year", "part", "kind", "person_id")])


@pytest.mark.parametrize("size", [1, 7, 33, 1000])
def test_how_rows_were_cut_into_batches_leaves_no_trace(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "ROWS_A_GROUP", 8)
    rows = contacts()
    whole = list(write_parts(rows.combine_chunks().to_batches(), EVENT, tmp_path / "whole"))
    cut = list(write_parts(rows.to_batches(max_chunksize=size), EVENT, tmp_path / "cut"))
    assert cut == whole
    assert [entry.path for entry in whole] == [
        f"event/financial_year={year}/part-000{part}.parquet" for year in (2021, 2022) for part in (1, 2, 3)
    ]
    file = pq.ParquetFile(tmp_path / "cut" / whole[0].path)
    assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [8, 8, 4]
    assert file.schema_arrow.equals(EVENT.arrow(in_file=True))
    back = pa.concat_tables(pq.read_table(tmp_path / "cut" / e.path, partitioning=None) for e in cut)
    assert back["person_id"].to_pylist() == rows["person_id"].to_pylist()
    assert back["subtype"].cast(pa.string()).to_pylist() == rows["subtype"].to_pylist()


def test_what_the_schema_forbids_is_not_written(tmp_path: Path) -> None:
    rows = contacts(3)
    many = rows.set_column(5, "days", pa.array([0, 40_000, 0]))
    with pytest.raises(pa.ArrowInvalid, match="40000"):
        list(write_parts(many.to_batches(), EVENT, tmp_path))
    unknown = rows.set_column(2, "kind", pa.array(["ae", None, "gp"]))
    with pytest.raises(ValueError, match="kind"):
        list(write_parts(unknown.to_batches(), EVENT, tmp_path))


def test_a_folder_in_which_nothing_was_written_has_an_empty_file(tmp_path: Path) -> None:
    written = list(write_parts(contacts().to_batches(), EVENT, tmp_path))
    found = with_empty_parts(reversed(written), EVENT, tmp_path, (2021, 2022, 2023))
    assert [(entry.path, entry.rows) for entry in found if entry not in written] == [
        ("event/financial_year=2023/part-0001.parquet", 0)
    ]
    assert [entry for entry in found if entry in written] == written
    [none] = with_empty_parts([], CONDITION, tmp_path, ())
    assert (none.path, none.rows) == ("condition/part-0001.parquet", 0)


def test_one_statement_writes_the_years_asked_for(tmp_path: Path) -> None:
    with DuckBackend({"met": contacts()}, threads=2) as engine:
        engine.keep("kept", "SELECT * FROM met WHERE part < 3")
        engine.add("sort", pa.table({"kind": ["ae", "gp"], "nth": [2, 1]}))
        found = engine.write(
            "SELECT kept.*, sort.nth FROM kept JOIN sort USING (kind)", EVENT, tmp_path,
            order=("part", "nth", "person_id", "occurred_on", "subtype"), years=(2022,),
        )  # fmt: skip
    assert [entry.path for entry in found] == [
        f"event/financial_year=2022/part-000{part}.parquet" for part in (1, 2)
    ]
    kinds = pq.read_table(tmp_path / found[0].path, partitioning=None)["kind"].cast(pa.string()).to_pylist()
    assert kinds == sorted(kinds, reverse=True)
    assert set(kinds) == {"ae", "gp"}
