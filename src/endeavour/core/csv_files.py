"""Tables handed out as CSV, one way for every page."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from django.http import HttpResponse

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_response(name: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """A CSV file of that name, for download.

    Words that a spreadsheet would run as a formula, whoever wrote them, begin with an apostrophe; numbers stay as they are.

    >>> csv_response("a.csv", ["words", "change"], [["=1+1", -2], ["kept", None]]).content
    b"words,change\\r\\n'=1+1,-2\\r\\nkept,\\r\\n"
    """
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([_as_text(cell) for cell in cells] for cells in rows)
    return response


def _as_text(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA) else cell
