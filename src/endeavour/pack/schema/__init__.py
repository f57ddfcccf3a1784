"""The tables of a pack: their columns, keys, references and what each one promises.

This package is the single statement of the format. The reader checks against it, the compiler writes from it, and
`docs/reference/pack-format.md` is generated from it.
"""

from __future__ import annotations

from endeavour.pack.schema.areas import AREA_TABLES
from endeavour.pack.schema.bodies import BODY_TABLES
from endeavour.pack.schema.calibration import CALIBRATION_TABLES
from endeavour.pack.schema.columns import Column as Column
from endeavour.pack.schema.columns import Table as Table
from endeavour.pack.schema.columns import Whole as Whole
from endeavour.pack.schema.observations import OBSERVATION_TABLES
from endeavour.pack.schema.people import PEOPLE_TABLES
from endeavour.pack.schema.primary_care import PRIMARY_CARE_TABLES

TABLES: tuple[Table, ...] = (
    *AREA_TABLES,
    *PEOPLE_TABLES,
    *PRIMARY_CARE_TABLES,
    *BODY_TABLES,
    *OBSERVATION_TABLES,
    *CALIBRATION_TABLES,
)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
