"""The parameters that several addresses of this part's API share."""

from __future__ import annotations

from typing import Annotated

from ninja import Path, Query

from endeavour.core.public import Day

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
