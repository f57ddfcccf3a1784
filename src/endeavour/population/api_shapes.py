"""What every answer of this part's API has in common."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from ninja import Path, Query, Schema

from endeavour.core.public import Day


class Problem(Schema):
    """Every error has this one shape."""

    error: str
    message: str
    hint: str


ERRORS = {404: Problem, 422: Problem, 503: Problem}
_CODE = r"^[A-Za-z0-9_-]+$"
AreaCode = Annotated[
    str, Path(max_length=20, min_length=1, pattern=_CODE, description="An area's code", example="E06000034")
]
SeriesId = Annotated[
    str,
    Path(
        max_length=90,
        min_length=1,
        pattern=_CODE,
        description="A published measure's id",
        example="smoking_qof",
    ),
]
MeasureId = Annotated[
    str,
    Path(max_length=90, min_length=1, pattern=_CODE, description="A measure's id in the catalogue", example="smi-health-check"),
]  # fmt: skip

AsAt = Annotated[Day | None, Query(description="As it stood on this day", example="2026-03-31")]


def one_of(names: Iterable[str]) -> str:
    """A pattern that lets exactly these names through, so that the document itself says which there are.

    >>> one_of(["imd", "income"])
    '^(imd|income)$'
    """
    return f"^({'|'.join(map(re.escape, names))})$"
