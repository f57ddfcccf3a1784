"""The nine local PLUS groups and the two opt-outs: who belongs, how many, and on what authority.

A share is a published national or regional figure in round numbers, or an assumption where none is published by
small area; the calibration report lists each beside the lake's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endeavour.engine.lake.schema import ETHNICITY, PLUS_GROUPS
from endeavour.engine.synthetic.families import LONE, Families
from endeavour.engine.synthetic.health import Health
from endeavour.engine.synthetic.homes import Homes
from endeavour.engine.synthetic.margins import Margins
from endeavour.engine.synthetic.people import FEMALE, MALE, People
from endeavour.engine.synthetic.sampling import Bools, Floats


@dataclass(frozen=True)
class Share:
    """What share of the people a group is open to belong to it, and where that is from."""

    of: str
    share: float
    source: str


SHARES = {
    "plus_gypsy_roma_traveller": Share(
        "all", 0.0022, "Census 2021 finds 0.3% in England; caravan sites raise it here"
    ),
    "plus_carer": Share(
        "aged 5 or over", 0.089, "Census 2021: 8.9% of people aged 5 or over in England give unpaid care"
    ),
    "plus_learning_disability_autism": Share(
        "adults without a learning disability register entry",
        0.008,
        "Adult Psychiatric Morbidity Survey: autism about 0.8%",
    ),
    "plus_homeless": Share(
        "people who rent or live in an establishment",
        0.012,
        "Councils' temporary accommodation and homelessness duties: about 4 in 1,000 of all residents",
    ),
    "plus_veteran": Share(
        "aged 16 or over", 0.037, "Census 2021: 3.8% of people aged 16 or over in England have served"
    ),
    "plus_armed_forces_family": Share(
        "serving, aged 18 to 45", 0.004, "Assumption: 4 serving in 1,000 of that age, with their households"
    ),
    "plus_care_leaver": Share(
        "aged 16 to 25", 0.011, "Assumption: about 1% of young people have left local authority care"
    ),
    "plus_domestic_abuse": Share(
        "aged 16 or over",
        0.05,
        "Crime Survey for England and Wales: about 5% of people aged 16 or over a year",
    ),
    "opt_out_national": Share("all", 0.054, "National Data Opt-Out statistics: 5.4% of patients in England"),
    "opt_out_type_1": Share(
        "all", 0.045, "Assumption: a little fewer than the national opt-out, overlapping it"
    ),
}


@dataclass(frozen=True)
class Circumstances:
    """What a group's chance depends on, by person: decile 1 to 10 by the 2025 index and facts of the home."""

    decile: NDArray[np.int64]
    lone: Bools
    private_or_social: Bools
    social: Bools
    caravan: Bools


def circumstances(m: Margins, people: People, families: Families, homes: Homes) -> Circumstances:
    """The household's facts carried to its members; all false in communal establishments."""
    seated = families.home >= 0

    def carried(fact: Bools) -> Bools:
        out = np.zeros(len(people), np.bool_)
        out[seated] = fact[families.home[seated]]
        return out

    return Circumstances(
        decile=m.imd2025[people.lsoa],
        lone=carried(families.kind == LONE),
        private_or_social=carried((homes.tenure >= 3) & (homes.tenure <= 6)),
        social=carried(homes.rents_socially),
        caravan=carried(homes.accommodation == 7),
    )


def draw_groups(
    people: People,
    families: Families,
    ethnicity: NDArray[np.int64],
    health: Health,
    around: Circumstances,
    rng: np.random.Generator,
) -> dict[str, Bools]:
    """Membership of each PLUS group and opt-out, by name of the column."""
    age, need = people.age, health.need
    poor = np.exp(0.09 * (5.5 - around.decile))
    white = ethnicity == ETHNICITY.index("white")
    everybody = np.ones(len(people))

    def some(name: str, open_to: Bools, weight: Floats) -> Bools:
        weight = np.where(open_to, weight, 0.0)
        mean = weight.sum() / max(int(open_to.sum()), 1)
        return np.asarray(
            rng.random(len(people)) < np.minimum(weight / max(mean, 1e-9) * SHARES[name].share, 0.95)
        )

    veteran = some(
        "plus_veteran",
        age >= 16,
        np.interp(age, (16, 30, 55, 75, 85, 105), (0.1, 0.5, 0.9, 1.6, 5, 6))
        * np.where(people.sex == MALE, 1.85, 0.2),
    )
    serving = some(
        "plus_armed_forces_family", (age >= 18) & (age <= 45), np.where(people.sex == MALE, 1.8, 0.25)
    )
    forces = _households_of(families, veteran & (age < 66) | serving)
    learning = health.with_("LD") & (age >= 18)
    care_left = some("plus_care_leaver", (age >= 16) & (age <= 25), poor * np.exp(0.8 * need))
    return {
        "plus_gypsy_roma_traveller": some(
            "plus_gypsy_roma_traveller", white, np.where(around.caravan, 25.0, 0.5) * poor
        ),
        "plus_minoritised_ethnic": ~white,
        "plus_carer": some(
            "plus_carer",
            age >= 5,
            np.interp(age, (5, 15, 25, 50, 60, 75, 90, 105), (0.1, 0.3, 0.6, 1.7, 1.9, 1.2, 0.6, 0.3))
            * np.where(people.sex == FEMALE, 1.2, 0.8),
        ),
        "plus_learning_disability_autism": learning
        | some(
            "plus_learning_disability_autism", (age >= 18) & ~learning, np.where(people.sex == MALE, 1.5, 0.5)
        ),
        "plus_homeless": some(
            "plus_homeless",
            around.private_or_social | people.in_communal,
            poor**2 * np.exp(0.9 * need) * (1 + 2 * around.lone) * (age < 70),
        ),
        "plus_veteran": veteran,
        "plus_armed_forces_family": forces,
        "plus_care_leaver": care_left,
        "plus_domestic_abuse": some(
            "plus_domestic_abuse",
            age >= 16,
            np.interp(age, (16, 25, 45, 65, 80, 105), (1.6, 1.5, 1.1, 0.6, 0.25, 0.1))
            * np.where(people.sex == FEMALE, 1.35, 0.65)
            * poor
            * np.exp(0.5 * health.household_need)
            * (1 + 1.2 * around.lone),
        ),
    } | _opt_outs(rng, everybody * (1 + 0.004 * (age - 40)))


def _households_of(families: Families, member: Bools) -> Bools:
    """Everybody who lives with a member, members included."""
    seated = families.home >= 0
    homes = np.zeros(len(families), np.bool_)
    homes[families.home[seated & member]] = True
    out = member.copy()
    out[seated] |= homes[families.home[seated]]
    return out


def _opt_outs(rng: np.random.Generator, lean: Floats) -> dict[str, Bools]:
    """National and type 1 opt-outs; six in ten of the second also have the first."""
    national = rng.random(len(lean)) < SHARES["opt_out_national"].share * lean / lean.mean()
    share = SHARES["opt_out_type_1"].share
    chance = np.where(national, 0.6 * share / SHARES["opt_out_national"].share, 0.4 * share)
    return {"opt_out_national": national, "opt_out_type_1": rng.random(len(lean)) < chance}


NAMES = (*PLUS_GROUPS, "opt_out_national", "opt_out_type_1")
"""Columns that `draw_groups` fills."""
