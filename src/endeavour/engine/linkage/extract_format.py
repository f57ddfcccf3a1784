"""What an agency's extract holds: one row a record, one folder an agency, as Parquet or CSV (UTF-8).

Every agency gives the same columns; what it does not know it leaves empty. `docs/how-to/link-agencies.md` is the
same for people who prepare an extract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Field:
    """One column: its type in short (string, date, bool, code, count), whether it may be empty, and its meaning.

    `has_happened`: a day that cannot be still to come.
    """

    name: str
    type: str
    means: str
    nullable: bool = True
    has_happened: bool = False


FIELDS = (
    Field("record_id", "string", "The agency's own number of the record; unique in its extract, and lasting", False),
    Field("service", "string", "Which of the agency's services holds the record"),
    Field("nhs_number", "string", "NHS number, ten digits"),
    Field("forename", "string", "First name as the agency writes it"),
    Field("surname", "string", "Last name as the agency writes it"),
    Field("sex", "string", "F or M"),
    Field("birth_date", "date", "Date of birth, YYYY-MM-DD"),
    Field("address", "string", "Address without the postcode"),
    Field("postcode", "string", "Postcode"),
    Field("uprn", "string", "Unique property reference number, up to 12 digits"),
    Field(
        "address_from", "date", "The latest day on which the agency knows the address was right, YYYY-MM-DD", has_happened=True
    ),
    Field("opted_out", "bool", "The national data opt-out is set: the record is left out of linkage", False),
)  # fmt: skip
ADDRESSES = (
    Field("uprn", "string", "Unique property reference number", False),
    Field("address", "string", "Address without the postcode"),
    Field("postcode", "string", "Postcode"),
    Field("lsoa21", "string", "Neighbourhood (LSOA 2021)"),
    Field("imd2025_decile", "count", "Index of Multiple Deprivation 2025 decile, 1 = most deprived"),
    Field("is_communal", "bool", "A communal establishment"),
)
"""The address directory, which households need."""

NAMES = tuple(field.name for field in FIELDS)

MOST_RECORDS = 5_000_000
"""An extract of more records than this is not the one that was agreed; raise it knowingly with `--most`."""


def arrow_schema() -> pa.Schema:
    """The Arrow schema of an extract."""
    import pyarrow as pa

    kinds = {"string": pa.string(), "date": pa.date32(), "bool": pa.bool_()}
    return pa.schema([pa.field(f.name, kinds[f.type], nullable=f.nullable) for f in FIELDS])
