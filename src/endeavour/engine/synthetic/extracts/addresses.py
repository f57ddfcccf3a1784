"""Synthetic addresses: a street, a postcode and a property number for each household of the lake.

Postcodes begin with XE, an area that does not exist, and property numbers (UPRN) with 9, a range that is not issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from endeavour.engine.synthetic.extracts.names import HOUSES, STREETS

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

HOMES_A_POSTCODE = 15
INWARD = "ABDEFGHJLNPQRSTUWXYZ"
POSTCODES_AN_AREA = len(INWARD) ** 2
FLATS = ("purpose_built_flat", "converted_house", "converted_building", "commercial_building")


@dataclass(frozen=True)
class Addresses:
    """One row a household, in the lake's order."""

    line: pa.Array
    postcode: pa.Array
    uprn: pa.Array
    directory: pa.Table


def address_households(household: pa.Table, rng: np.random.Generator) -> Addresses:
    """Give every household of the lake an address, and the directory that an analyst would look them up in."""
    import pyarrow as pa

    area = household.column("lsoa21").combine_chunks().dictionary_encode()
    codes = area.dictionary_decode().dictionary_encode() if pa.types.is_dictionary(area.type) else area
    index = codes.indices.to_numpy().astype(np.int64)
    count = len(index)
    rank = _rank(index)
    unit = np.minimum(rank // HOMES_A_POSTCODE, POSTCODES_AN_AREA - 1)
    where = index * POSTCODES_AN_AREA + unit
    _, where = np.unique(where, return_inverse=True)
    streets, kinds = (part.split() for part in STREETS)
    postcodes = int(where.max()) + 1
    street = rng.integers(0, len(streets), postcodes)[where]
    kind = rng.integers(0, len(kinds), postcodes)[where]
    first = rng.integers(1, 90, postcodes)[where]
    within = rank - unit * HOMES_A_POSTCODE
    building = household.column("accommodation").combine_chunks().cast(pa.string())
    flat = np.isin(building.to_numpy(zero_copy_only=False), FLATS)
    communal = household.column("is_communal").to_numpy()
    houses = HOUSES.split()
    house = rng.integers(0, len(houses), count)
    lines = [
        f"The {houses[h]}, {streets[s]} {kinds[k]}"
        if c
        else f"Flat {w + 1}, {n} {streets[s]} {kinds[k]}"
        if f
        else f"{n + 2 * w} {streets[s]} {kinds[k]}"
        for c, f, h, w, n, s, k in zip(
            communal.tolist(), flat.tolist(), house.tolist(), within.tolist(), first.tolist(), street.tolist(),
            kind.tolist(), strict=True,
        )
    ]  # fmt: skip
    postcode = pa.array(
        [
            f"XE{i // 10 + 1} {i % 10}{INWARD[u // 20]}{INWARD[u % 20]}"
            for i, u in zip(index.tolist(), unit.tolist(), strict=True)
        ]
    )
    uprn = pa.array((900_000_000_000 + (np.arange(count) * 7_919 + 104_729) % 99_999_999_977).astype("U12"))
    line = pa.array(lines)
    directory = pa.table(
        {
            "uprn": uprn,
            "address": line,
            "postcode": postcode,
            "lsoa21": household.column("lsoa21").combine_chunks().cast(pa.string()),
            "imd2025_decile": household.column("imd2025_decile").combine_chunks(),
            "is_communal": household.column("is_communal").combine_chunks(),
        }
    )
    return Addresses(line, postcode, uprn, directory)


def _rank(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each item's number, from nought, inside its group, in order of appearance."""
    order = np.argsort(group, kind="stable")
    sizes = np.bincount(group)
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return rank
