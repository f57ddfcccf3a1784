"""The published figures that the population is drawn to reproduce, as arrays; and the same, at another size."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from endeavour.engine.synthetic.sampling import Floats, Ints, round_rows, share_out
from endeavour.errors import BadInput

AGE_STARTS = tuple(range(0, 90, 5))
"""First age of each of the Census's 18 bands by small area; the last is 85 and over."""

DEATH_AGES = (0, 1, *range(5, 95, 5))
"""First age of each of the 20 bands of deaths; the last is 90 and over."""

OCCUPANCIES = (-2, -1, 0, 1, 2)


@dataclass(frozen=True)
class Practices:
    """GP practices: ODS codes, names, places on the globe and published list sizes, one element a practice."""

    code: list[str]
    name: list[str]
    sub_icb: list[str]
    pcn: list[str | None]
    latitude: Floats
    longitude: Floats
    list_size: Floats


@dataclass(frozen=True)
class Margins:
    """Everything published that the generator uses. Small areas in rows, L of them, sorted by code.

    `age` [L, 18], `ethnicity` [L, 5] in the order of schema.ETHNICITY, `disabled` [L], `tenure` [L, 8],
    `accommodation` [L, 8], `occupancy` [L, 5] from -2 to +2 and `dimensions` [L, 5] from 0 to 4 are counts.
    `female` [D, 19] is the share of women by district and band (the last two bands are 85 to 89 and 90 and over).
    `composition` [D, 6] counts households: one person, couple without and with dependent children, lone parent
    with and without, other. `single_age` [D, 91] counts people by district and single year of age (90 is 90
    and over). `register` [S, C] is the share of a sub-ICB's whole list on each register, `gradient` [C, 10]
    the national prevalence by decile, `mortality` [2, 5, 20] deaths a person-year by sex (F, M), quintile and band,
    `smoking` [D] the share of people aged 15 or over who smoke.
    """

    lsoa: list[str]
    district: Ints
    place: Ints
    sub_icb: Ints
    districts: list[str]
    places: list[str]
    sub_icbs: list[str]
    imd2019: Ints
    imd2025: Ints
    latitude: Floats
    longitude: Floats
    residents: Ints
    households: Ints
    age: Floats
    ethnicity: Floats
    disabled: Floats
    tenure: Floats
    accommodation: Floats
    occupancy: Floats
    dimensions: Floats
    female: Floats
    composition: Floats
    single_age: Floats
    conditions: list[str]
    register: Floats
    gradient: Floats
    mortality: Floats
    smoking: Floats
    practices: Practices
    scale: float = 1.0

    @property
    def areas(self) -> int:
        """Number of small areas."""
        return len(self.lsoa)

    @property
    def quintile(self) -> Ints:
        """Deprivation quintile of each small area by the 2019 index, 0 = most deprived."""
        return (self.imd2019 - 1) // 2


def at_size(m: Margins, residents: int) -> Margins:
    """The same system with another number of residents, every cell rounded to keep its area's total.

    At the published size every count that agrees with the base table is left as it is; those of other tables are
    moved by the few people or households by which the (perturbed) tables differ.
    """
    published = int(m.residents.sum())
    if residents < 1000:
        raise BadInput(
            f"{residents} residents are too few to spread over {m.areas} areas.",
            hint="Ask for 1,000 or more.",
        )
    factor = residents / published
    people = m.residents if residents == published else share_out(m.residents, residents)
    homes = m.households
    if residents != published:
        homes = share_out(m.households, round(int(m.households.sum()) * factor))
    age = round_rows(m.age, people)
    adults = age[:, 4:].sum(axis=1)
    homes = np.minimum(np.maximum(homes, 1), np.maximum(adults, 1))
    disabled = round_rows(np.stack([m.disabled, m.residents - m.disabled], axis=1), people)[:, 0]
    return replace(
        m,
        residents=people,
        households=homes,
        age=age.astype(np.float64),
        ethnicity=round_rows(m.ethnicity, people).astype(np.float64),
        disabled=disabled.astype(np.float64),
        tenure=round_rows(m.tenure, homes).astype(np.float64),
        accommodation=round_rows(m.accommodation, homes).astype(np.float64),
        occupancy=round_rows(m.occupancy, homes).astype(np.float64),
        dimensions=round_rows(m.dimensions, homes).astype(np.float64),
        scale=factor,
    )
