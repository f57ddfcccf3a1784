"""Tiny extracts by hand, and one small set of the standard ones, for tests of linkage."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from builders.lake import the_small_lake
from endeavour.engine.linkage.extract_format import arrow_schema

BLANK: dict[str, Any] = {
    "service": None, "nhs_number": None, "forename": None, "surname": None, "sex": None, "birth_date": None,
    "address": None, "postcode": None, "uprn": None, "address_from": None, "opted_out": False,
}  # fmt: skip
ADA = {
    "forename": "Ada", "surname": "Thornbury", "sex": "F", "birth_date": date(1980, 5, 17), "address": "12 Mill Road",
    "postcode": "XE1 1AA", "uprn": "900000000012", "address_from": date(2020, 6, 1),
}  # fmt: skip
"""Somebody with a rare surname."""

NUMBERS = ("9434765919", "9434765870", "9000000009")
"""Valid NHS numbers."""


def write_extracts(root: Path, **agencies: list[dict[str, Any]]) -> Path:
    """Write extracts under `root`: each record is a dict of what is known of it; records are numbered from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for agency, records in agencies.items():
        folder = root / "extracts" / agency
        folder.mkdir(parents=True, exist_ok=True)
        rows = [BLANK | {"record_id": str(number)} | one for number, one in enumerate(records, 1)]
        pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema()), folder / "part-0001.parquet")
    return root


def people_of(root: Path, *, column: str = "counted_as") -> dict[str, int]:
    """Each record's person in the result in use, by AGENCY:RECORD."""
    import pyarrow.parquet as pq

    from endeavour.engine.linkage.results import open_result

    rows = pq.read_table(open_result(root).path("people.parquet")).to_pylist()
    return {f"{row['agency']}:{row['record_id']}": row[column] for row in rows if row["left_on"] is None}


@lru_cache(maxsize=1)
def the_standard_extracts() -> Path:
    """The five agencies' extracts of the session's small lake, to read and never to change."""
    from endeavour.engine.synthetic.extracts.build import build_extracts
    from endeavour.paths import var_dir

    root = var_dir() / "the-standard-extracts"
    build_extracts(the_small_lake(), root=root)
    return root
