"""Tables handed out as CSV, one way for every page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse

STARTS_A_FORMULA = frozenset("=+-@\t\r")


def csv_response(name: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """A CSV file of that name, for download.

    Words that a spreadsheet would run as a formula, whoever wrote them, begin with an apostrophe; numbers stay as they are.

    >>> csv_response("a.csv", ["words", "change"], [["=1+1", -2], ["kept", None]]).content
    b"words,change\\r\\n'=1+1,-2\\r\\nkept,\\r\\n"
    """
    # Written whole and encoded once: a response encodes each line by itself.
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(
        [f"'{cell}" if isinstance(cell, str) and cell[:1] in STARTS_A_FORMULA else cell for cell in cells]
        for cells in rows
    )
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
