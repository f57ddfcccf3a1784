"""What both engines stand on, so that neither need know of the other."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias

from endeavour.errors import BadInput, Corrupt

if TYPE_CHECKING:
    import pyarrow as pa

    Source: TypeAlias = "Sequence[Path] | pa.Table"
    Sources: TypeAlias = Mapping[str, Source]

PARTITION = "financial_year"


class Closing:
    """An engine that is let go of at the end of a `with`."""

    def close(self) -> None:
        """Let go of memory and files."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def thread_limit() -> int | None:
    """How many threads an engine may take, from `ENDEAVOUR_THREADS`; None leaves it to the engine."""
    written = os.environ.get("ENDEAVOUR_THREADS", "")
    if not written:
        return None
    if not written.isdecimal() or int(written) == 0:
        raise BadInput(
            f"ENDEAVOUR_THREADS is '{written}'.", hint="Set it to a whole number from 1, or leave it out."
        )
    return int(written)


def cannot_run(error: Exception) -> BadInput:
    """A statement that is wrong, in the engine's own words."""
    return BadInput(f"The query cannot be run: {error}")


def unreadable(error: Exception) -> Corrupt:
    """A file that is cut short or is no Parquet, named in the engine's own words."""
    return Corrupt(
        f"A file of the lake cannot be read: {error}",
        hint="Nothing was published from it. Build the lake again with: endeavour lake build",
    )
