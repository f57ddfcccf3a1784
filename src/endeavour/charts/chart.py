"""What every chart hands to the page: a picture, the words for it, and the numbers behind it."""

import csv
import io
from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True)
class Chart:
    """One finished chart: the page shows ``svg``, then ``summary``, then the table, then a link to the CSV.

    ``svg`` is complete, escaped markup, safe to mark as such: it holds no script, no ``style`` attribute and no
    outside address. ``title`` says the finding and ``subtitle`` the measure, units, place and period.
    ``rows`` are the same numbers the picture shows, one tuple a row, as wide as ``headers``; ``None`` is a value
    that is not known, and the page must say so in words. ``numeric_columns`` are the columns to align right.
    """

    svg: str
    title: str
    subtitle: str
    summary: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: str
    notes: tuple[str, ...] = ()
    numeric_columns: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        wrong = [number for number, row in enumerate(self.rows, 1) if len(row) != len(self.headers)]
        if wrong:
            raise ValueError(f"Table rows {wrong[:5]} are not as wide as the {len(self.headers)} headers.")

    def csv(self) -> str:
        """The table as CSV text with a header line.

        An unknown value is an empty field. Text a spreadsheet would run as a formula is quoted with an apostrophe.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([_plain(header) for header in self.headers])
        for row in self.rows:
            writer.writerow([_plain(cell) for cell in row])
        return out.getvalue()


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell
