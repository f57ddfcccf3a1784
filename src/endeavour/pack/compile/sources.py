"""Finding and reading the publishers' files in the folder an officer gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endeavour.errors import BadInput, NotFound

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]


class SourceMissing(Exception):
    """The folder holds no file, or no rows of this system, for a table."""


@dataclass
class Sources:
    """The folder of publishers' files, read through one in-memory DuckDB connection."""

    folder: Path
    _connection: duckdb.DuckDBPyConnection | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.folder.is_dir():
            raise NotFound(
                f"{self.folder} is not a folder.", hint="Give the folder of the publishers' files."
            )

    def find(self, *patterns: str) -> Path:
        """The first file that fits one of the patterns, tried in order; `SourceMissing` names them all."""
        for pattern in patterns:
            found = sorted(self.folder.glob(pattern))
            if found:
                return found[0]
        raise SourceMissing(f"no file named {' or '.join(patterns)}")

    def rows(self, path: Path, query: str = "SELECT * FROM source", **values: Any) -> list[Row]:
        """The rows of `query`, in which `source` is the file and `$name` is a value. CSV cells come as text."""
        import duckdb

        if self._connection is None:
            self._connection = duckdb.connect(
                config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
            )
        quoted = str(path).replace("'", "''")
        reader = (
            f"read_parquet('{quoted}')"
            if path.suffix == ".parquet"
            else f"read_csv('{quoted}', header=true, all_varchar=true, delim=',', quote='\"')"
        )
        try:
            answer = self._connection.execute(
                f"WITH source AS (SELECT * FROM {reader}) {query}", values or None
            )
            names = [column[0] for column in answer.description or []]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
        except duckdb.BinderException as error:
            raise BadInput(
                f"does not have the columns of the publisher's format: {_first_line(error)}", file=path
            ) from None
        except duckdb.Error as error:
            raise BadInput(f"could not be read: {_first_line(error)}", file=path) from None

    def some_rows(self, path: Path, query: str, **values: Any) -> list[Row]:
        """As `rows`, but `SourceMissing` where none is of this system."""
        found = self.rows(path, query, **values)
        if not found:
            raise SourceMissing(f"{path.name} has no rows of this system")
        return found


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
