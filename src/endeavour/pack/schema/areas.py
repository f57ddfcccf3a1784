"""The tables of areas: every code, what lies in what, and the neighbourhoods."""

from __future__ import annotations

from endeavour.pack.schema.codes import AREA_KINDS
from endeavour.pack.schema.columns import (
    AREA,
    LATITUDE,
    LONGITUDE,
    VALID,
    Column,
    Table,
    code,
    number,
    one_of,
    text,
)

AREA_TABLES: tuple[Table, ...] = (
    Table(
        "areas",
        "Every area by its official code, one row a code. England is there as a comparator.",
        (
            code("code", "ONS or ODS code; a place has a code of the pack's own"),
            one_of("kind", "what it is", AREA_KINDS),
            one_of("also_kind", "the other kind it is: a unitary council is also `upper_tier`, an LSOA that did not change in 2021 is also `lsoa11`", ("upper_tier", "lsoa11"), optional=True),
            text("name", "its name"),
            code("other_code", "ONS code of a sub-ICB location, ODS code of the system", optional=True),
            *VALID,
        ),
        key=("code",),
        required=True,
        dated=("valid_from", "valid_to"),
    ),
    Table(
        "area_overlaps",
        "What share of one area lies in another. For each `from_code` the weights to one kind of area add up to 1, "
        "except to an area the system only partly covers.",
        (
            code("from_code", "the smaller or older area", *AREA),
            code("to_code", "the larger or newer area", *AREA),
            number("weight", "share of the first that lies in the second", 0, 1),
            one_of("basis", "`best_fit`: the publisher's whole-area lookup; `exact`: by definition; `persons_census2021`: by residents", ("best_fit", "exact", "persons_census2021")),
        ),
        key=("from_code", "to_code"),
        required=True,
    ),
    Table(
        "lsoa21",
        "The neighbourhoods of Census 2021, each with a hexagon of its own in our cartogram (axial coordinates, "
        "pointy top; `hex_r` grows southwards).",
        (
            code("code", "LSOA 2021 code", *AREA),
            text("name", "LSOA 2021 name"),
            code("ward", "electoral ward 2024 (best fit)", *AREA, optional=True),
            code("district", "lower-tier council", *AREA),
            code("upper_tier", "upper-tier council", *AREA),
            code("sub_icb", "sub-ICB location", *AREA),
            code("place", "place (Alliance)", *AREA),
            text("rural_urban", "rural-urban class 2021", optional=True),
            LATITUDE,
            LONGITUDE,
            Column("hex_q", "integer", "cartogram column", optional=True, low=-500, high=500),
            Column("hex_r", "integer", "cartogram row", optional=True, low=-500, high=500),
        ),
        key=("code",),
        required=True,
    ),
    Table(
        "lsoa11",
        "The neighbourhoods of Census 2011, which the 2019 Indices and the mid-2020 estimates use.",
        (
            code("code", "LSOA 2011 code", *AREA),
            text("name", "LSOA 2011 name"),
            code("district", "lower-tier council", *AREA),
            code("sub_icb", "sub-ICB location", *AREA),
            code("place", "place (Alliance)", *AREA),
            one_of("change", "to 2021: `U` unchanged, `S` split, `M` merged, `X` other", ("U", "S", "M", "X")),
        ),
        key=("code",),
        required=True,
    ),
)  # fmt: skip
