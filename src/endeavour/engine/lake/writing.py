"""Write one table's Parquet file, the same bytes for the same rows."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from endeavour.engine.lake.schema import Table

if TYPE_CHECKING:
    import pyarrow as pa

COMPRESSION = "snappy"
ROWS_A_GROUP = 131_072
SORTED_IDS = ("person_id", "household_id")


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
