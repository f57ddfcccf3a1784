"""What every step of the compiler is given, and what it gives back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from endeavour.errors import BadInput
from endeavour.pack.compile.sources import Row, Sources
from endeavour.pack.meta import Meta, Provenance

if TYPE_CHECKING:
    from endeavour.pack.compile.geography import Geography

OGL = "Open Government Licence v3.0"
OGL_SAYS = "Contains public sector information licensed under the Open Government Licence v3.0."
ONS_SAYS = (
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0. Contains OS data © Crown "
    "copyright and database right."
)


@dataclass(frozen=True)
class Context:
    """The system being compiled, its geography and the publishers' files."""

    meta: Meta
    sources: Sources
    geography: Geography


@dataclass(frozen=True)
class Compiled:
    """The rows of one table and where they came from."""

    rows: list[Row]
    provenance: Provenance


def ogl(publisher: str, vintage: str, source: str, says: str = OGL_SAYS) -> Provenance:
    """Provenance of a table under the Open Government Licence."""
    return Provenance(publisher=publisher, licence=OGL, vintage=vintage, source=source, attribution=says)


def whole(value: Any) -> int:
    """A publisher's count, which may come as '1,234' or '12.0'."""
    return round(_as_float(str(value).replace(",", "")))


def number(value: Any, places: int = 6) -> float | None:
    """A publisher's number, rounded; nothing where the cell is empty."""
    return None if value in (None, "") else round(_as_float(value), places)


def _as_float(value: Any) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError):
        raise BadInput(f"a publisher's file has '{value}' where a number is due") from None
    if not math.isfinite(found):
        raise BadInput(f"a publisher's file has '{value}' where a number is due")
    return found
