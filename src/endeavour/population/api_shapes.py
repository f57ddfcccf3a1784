"""What every answer of this part's API has in common."""

from __future__ import annotations

from typing import Annotated

from ninja import Path, Schema


class Problem(Schema):
    """Every error has this one shape."""

    error: str
    message: str
    hint: str


ERRORS = {404: Problem, 422: Problem, 503: Problem}
Code = Annotated[
    str, Path(min_length=1, max_length=90, pattern=r"^[A-Za-z0-9_-]+$", description="A published code")
]
