"""What is true of each resident: name and earlier name, birth date, NHS number, home and earlier home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.linkage.nhs_number import check_digits
from endeavour.engine.synthetic.extracts.names import forenames_of, surnames_of

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

TWINS = 0.06
"""Of brothers and sisters at home born within two years of each other, how many are twins: about 3% of children then are.

The lake knows no twins, so the second of a pair takes the first's birth date, up to two years from the lake's.
"""

NAMED_AFTER_A_PARENT = 0.015
CHANGED_SURNAME = {"F": 0.07, "M": 0.01}
HOUSEHOLD_MOVED = 0.12
MOVED_ALONE = 0.04
FIRST_MOVE, LAST_MOVE = np.datetime64("2016-04-01"), np.datetime64("2021-03-21")
SHARES_SURNAME = {"couple_no_children": 0.82, "couple_children": 0.82, "couple_adult_children": 0.85,
                  "lone_parent": 0.75, "lone_parent_adult_children": 0.8}  # fmt: skip
"""How many adults bear their household's surname, by composition: assumptions. Sharers and residents of homes: none."""


@dataclass(frozen=True)
class Residents:
    """The truth, one row a resident in the lake's order. Names are codes into `names`."""

    person_id: Ints
    household: Ints
    names: NDArray[np.str_]
    forename: Ints
    surname: Ints
    earlier_surname: Ints
    is_female: NDArray[np.bool_]
    born_on: NDArray[np.datetime64]
    age: Ints
    nhs_number: NDArray[np.str_]
    earlier_home: Ints
    moved_on: NDArray[np.datetime64]
    opt_out_national: NDArray[np.bool_]
    opt_out_type_1: NDArray[np.bool_]


def true_residents(person: pa.Table, household: pa.Table, rng: np.random.Generator) -> Residents:
    """Draw what the lake does not hold: names, days of birth, numbers and earlier homes."""
    home = np.searchsorted(
        household.column("household_id").to_numpy(), person.column("household_id").to_numpy()
    )
    female = _words(person, "sex") == "F"
    age = person.column("age").to_numpy().astype(np.int64)
    born_on, twin_of = _births(person, home, age, rng)
    vocabulary = _Vocabulary()
    forename = _forenames(vocabulary, _words(person, "ethnicity"), female, age, rng)
    _name_after_parents(forename, female, age, home, rng)
    same = (twin_of >= 0) & (forename == forename[twin_of]) & (female == female[twin_of])
    forename[same] = np.roll(forename, 1)[same]  # no two twins share a forename
    surname, earlier = _surnames(vocabulary, person, household, home, age, female, rng)
    moved_on, earlier_home = _moves(household, home, age, rng)
    return Residents(
        person_id=person.column("person_id").to_numpy(),
        household=home,
        names=np.array(vocabulary.words),
        forename=forename,
        surname=surname,
        earlier_surname=earlier,
        is_female=female,
        born_on=born_on,
        age=age,
        nhs_number=_nhs_numbers(len(age), rng),
        earlier_home=earlier_home,
        moved_on=moved_on,
        opt_out_national=person.column("opt_out_national").to_numpy(),
        opt_out_type_1=person.column("opt_out_type_1").to_numpy(),
    )


class _Vocabulary:
    """Every name once, by code."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._codes: dict[str, int] = {}

    def codes(self, words: list[str]) -> Ints:
        for word in words:
            if word not in self._codes:
                self._codes[word] = len(self.words)
                self.words.append(word)
        return np.array([self._codes[word] for word in words])


def _words(table: pa.Table, column: str) -> Any:
    import pyarrow as pa

    return table.column(column).cast(pa.string()).to_numpy(zero_copy_only=False)


def _births(person: pa.Table, home: Ints, age: Ints, rng: np.random.Generator) -> tuple[Any, Ints]:
    """Days of birth inside the lake's months; and of each second twin, the first."""
    year, month = (person.column(f"birth_{part}").to_numpy().astype(np.int64) for part in ("year", "month"))
    order = np.lexsort((year, home))
    first, second = order[:-1], order[1:]
    pair = (home[first] == home[second]) & (year[second] - year[first] <= 2) & (age[first] < 25)
    pair &= (age[second] < 25) & (rng.random(len(pair)) < TWINS)
    twin_of = np.full(len(age), -1)
    twin_of[second[pair]] = first[pair]
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1).astype(
        "timedelta64[M]"
    )
    length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
    days = months.astype("datetime64[D]") + (rng.random(len(age)) * length).astype("timedelta64[D]")
    days[second[pair]] = days[first[pair]]
    return days, twin_of


def _forenames(vocabulary: _Vocabulary, group: Any, female: Any, age: Ints, rng: np.random.Generator) -> Ints:
    generation = np.where(age >= 62, "old", np.where(age >= 28, "middle", "young"))
    out = np.zeros(len(age), np.int64)
    for sex, is_sex in (("F", female), ("M", ~female)):
        for ethnic in ("white", "asian", "black", "mixed", "other"):
            for era in ("old", "middle", "young"):
                at = np.flatnonzero(is_sex & (group == ethnic) & (generation == era))
                words, chance = forenames_of(sex, ethnic, era)
                out[at] = vocabulary.codes(words)[rng.choice(len(words), len(at), p=chance)]
    return out


def _name_after_parents(forename: Ints, female: Any, age: Ints, home: Ints, rng: np.random.Generator) -> None:
    """Give some children the forename of an adult of their sex at home: same name, same address, other birth date."""
    for is_sex in (female, ~female):
        adults = np.flatnonzero(is_sex & (age >= 30))
        homes, first = np.unique(home[adults], return_index=True)
        child = np.flatnonzero(is_sex & (age < 25) & (rng.random(len(age)) < NAMED_AFTER_A_PARENT))
        at = np.searchsorted(homes, home[child])
        found = (at < len(homes)) & (homes[np.minimum(at, len(homes) - 1)] == home[child])
        forename[child[found]] = forename[adults[first[at[found]]]]


def _surnames(
    vocabulary: _Vocabulary, person: pa.Table, household: pa.Table, home: Ints, age: Ints, female: Any,
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Surnames, shared in families; and the surname borne earlier, where there was one."""
    group = _words(person, "ethnicity")
    own, other = np.zeros(len(age), np.int64), np.zeros(len(age), np.int64)
    for ethnic in ("white", "asian", "black", "mixed", "other"):
        words, chance = surnames_of(ethnic)
        codes = vocabulary.codes(words)
        at = np.flatnonzero(group == ethnic)
        own[at] = codes[rng.choice(len(words), len(at), p=chance)]
        other[at] = codes[rng.choice(len(words), len(at), p=chance)]
    family = np.zeros(household.num_rows, np.int64)
    family[home[::-1]] = own[::-1]  # the first member's
    composition = _words(household, "composition")
    shares = np.array([SHARES_SURNAME.get(name, 0.0) for name in composition])[home]
    shares = np.where((age < 18) & (shares > 0), 0.93, shares)
    surname = np.where(rng.random(len(age)) < shares, family[home], own)
    changed = (rng.random(len(age)) < np.where(female, CHANGED_SURNAME["F"], CHANGED_SURNAME["M"])) & (
        age >= 18
    )
    return surname, np.where(changed, other, surname)


def _moves(household: pa.Table, home: Ints, age: Ints, rng: np.random.Generator) -> tuple[Any, Ints]:
    """When each resident came to the present home, and where they lived before, or -1."""
    count = household.num_rows
    span = int((LAST_MOVE - FIRST_MOVE).astype(np.int64))
    moved = rng.random(count) < HOUSEHOLD_MOVED
    before = (np.arange(count) + rng.integers(1, min(3000, count), count)) % count
    moved &= ~household.column("is_communal").to_numpy()[before]
    day = FIRST_MOVE + rng.integers(0, span, count).astype("timedelta64[D]")
    alone = (rng.random(len(age)) < MOVED_ALONE) & (age >= 18)
    alone_before = (home + rng.integers(1, min(3000, count), len(age))) % count
    alone_day = FIRST_MOVE + rng.integers(0, span, len(age)).astype("timedelta64[D]")
    earlier = np.where(alone, alone_before, np.where(moved[home], before[home], -1))
    return np.where(alone, alone_day, day[home]), earlier


def _nhs_numbers(count: int, rng: np.random.Generator) -> NDArray[np.str_]:
    """Distinct valid NHS numbers that begin with 9, which no resident of England has."""
    step = int(rng.integers(10_000_000, 90_000_000)) | 1
    step += 2 * (step % 5 == 0)  # prime to 10, so that the steps visit every number once
    bodies = 900_000_000 + (np.arange(int(count * 1.2) + 100) * step) % 100_000_000
    digits = check_digits(bodies)
    good = np.flatnonzero(digits < 10)[:count]
    return (bodies[good] * 10 + digits[good]).astype("U10")
