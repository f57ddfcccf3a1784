"""Write a table's Parquet files, the same bytes for the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.lake.manifest import FileEntry, describe
from endeavour.engine.lake.schema import Table

if TYPE_CHECKING:
    import pyarrow as pa

COMPRESSION = "snappy"
ROWS_A_GROUP = 131_072
SORTED_IDS = ("person_id", "household_id")
PART = "part"
"""The column that numbers, from 1, the file of its folder that a row goes to."""


class PartWriter:
    """One Parquet file of one table, written a batch at a time; memory holds a batch, never the table.

    Ids rise slowly within a batch, so they are kept as differences; every other column has few values and is kept
    as a dictionary. Nothing of the moment (time, machine) goes into the file.
    """

    def __init__(self, table: Table, path: Path) -> None:
        import pyarrow.parquet as pq

        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.rows = path, 0
        schema = table.arrow(in_file=True)
        ids = [name for name in SORTED_IDS if name in schema.names]
        plain = [name for name in schema.names if str(schema.field(name).type) == "float"]
        encoding: dict[str, Any] = dict.fromkeys(ids, "DELTA_BINARY_PACKED")
        self.file = pq.ParquetWriter(
            path,
            schema,
            compression=COMPRESSION,
            use_dictionary=[n for n in schema.names if n not in ids and n not in plain],
            column_encoding=encoding or None,
            write_page_index=False,
        )

    def write(self, rows: pa.Table, rows_a_group: int = ROWS_A_GROUP) -> None:
        """Add rows of the table's schema."""
        self.file.write_table(rows, row_group_size=rows_a_group)
        self.rows += rows.num_rows

    def close(self) -> None:
        """Write the footer; without it the file is not Parquet, which is how a torn file is known."""
        self.file.close()

    def __enter__(self) -> PartWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def write_parts(batches: Iterable[pa.RecordBatch], table: Table, root: Path) -> Iterator[FileEntry]:
    """Write rows that come file after file, and describe each file; how they were cut into batches leaves no trace.

    A row has the table's columns and `part`; the table's partition, if it has one, names the folder.
    """
    for (folder, part), rows in groupby(_runs(batches, table), key=lambda run: run[0]):
        path = _path(root, table, folder, part)
        with PartWriter(table, path) as writer:
            for group in _groups(run for _, run in rows):
                writer.write(_as_in_file(group, table))
        yield describe(root, path, table.name, writer.rows)


def with_empty_parts(
    written: Iterable[FileEntry], table: Table, root: Path, years: Sequence[int]
) -> list[FileEntry]:
    """What was written, in order, and an empty file for each folder in which nothing was."""
    entries = {entry.path: entry for entry in written}
    there = {Path(path).parent for path in entries}
    for folder in years if table.partition else (0,):
        path = _path(root, table, folder, 1)
        if path.parent.relative_to(root) not in there:
            with PartWriter(table, path) as writer:
                pass
            entries[path.relative_to(root).as_posix()] = describe(root, path, table.name, writer.rows)
    return [entries[path] for path in sorted(entries)]


def _path(root: Path, table: Table, folder: int, part: int) -> Path:
    within = f"{table.partition}={folder}" if table.partition else ""
    return root / table.name / within / f"part-{part:04d}.parquet"


def _runs(
    batches: Iterable[pa.RecordBatch], table: Table
) -> Iterator[tuple[tuple[int, int], pa.RecordBatch]]:
    """Stretches of rows that go to one file, each with its folder and part."""
    for batch in batches:
        part = batch.column(PART).to_numpy()
        folder = batch.column(table.partition).to_numpy() if table.partition else np.zeros_like(part)
        breaks = np.flatnonzero((np.diff(folder) != 0) | (np.diff(part) != 0)) + 1
        for start, end in zip([0, *breaks], [*breaks, len(part)], strict=True):
            if end > start:
                yield (int(folder[start]), int(part[start])), batch.slice(start, end - start)


def _groups(runs: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows in groups of ROWS_A_GROUP, the last one smaller."""
    import pyarrow as pa

    held: list[pa.Table] = []
    for run in runs:
        held.append(pa.Table.from_batches([run]))
        while sum(rows.num_rows for rows in held) >= ROWS_A_GROUP:
            together = pa.concat_tables(held)
            yield together.slice(0, ROWS_A_GROUP)
            held = [together.slice(ROWS_A_GROUP)]
    if held and sum(rows.num_rows for rows in held):
        yield pa.concat_tables(held)


def _as_in_file(rows: pa.Table, table: Table) -> pa.Table:
    """The table's columns with its types; a value that does not fit them is an error. One chunk has one dictionary."""
    schema = table.arrow(in_file=True)
    return rows.select(schema.names).combine_chunks().cast(schema)
