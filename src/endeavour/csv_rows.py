"""On which line of a file a row of its CSV begins: a quoted cell may hold line breaks, so that rows are not lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from endeavour.errors import BadInput


class Reader(Protocol):
    """What `csv.reader` gives."""

    @property
    def line_num(self) -> int:
        """How many lines were read."""

    def __iter__(self) -> Iterator[list[str]]: ...


def with_lines(rows: Reader, *, file: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Each row that is left in a reader, with the line on which it begins, counted from 1 in the whole text.

    `BadInput` at a null byte, which one database keeps and the other refuses.

    >>> import csv
    >>> list(with_lines(csv.reader(['ref,text\\n', '1,"two\\n', 'lines"\\n', '2,one\\n'])))
    [(1, ['ref', 'text']), (2, ['1', 'two\\nlines']), (4, ['2', 'one'])]
    """
    begins = rows.line_num + 1
    for cells in rows:
        if any("\0" in cell for cell in cells):
            raise BadInput("the text holds null bytes", file=file, line=begins, hint="Save it as UTF-8.")
        yield begins, cells
        begins = rows.line_num + 1
