"""What the model of need in use says of households: their chance, and reasons in plain words for the cohort only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from endeavour.engine.cohort import model_release
from endeavour.engine.cohort.features import LATEST_YEAR
from endeavour.engine.cohort.learner import Learner
from endeavour.engine.cohort.model_data import Year, read_year
from endeavour.engine.cohort.terms import Term, all_terms
from endeavour.errors import Missing

if TYPE_CHECKING:
    from endeavour.engine.cohort.base import Base
    from endeavour.engine.lake.backends import Backend

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
MOST_REASONS = 4
WORTH_SAYING = 0.1
"""A reason adds at least this to the log odds: about a tenth to the odds."""


@dataclass(frozen=True)
class Chances:
    """Each household's chance that any member meets a crisis, by the model named; people who opted out have none."""

    model: str
    household: Ids
    chance: Floats

    def of(self, households: Ids) -> Floats:
        """The chance of each of some households, NaN where nobody in it may be scored."""
        at = np.minimum(np.searchsorted(self.household, households), len(self.household) - 1)
        return np.where(self.household[at] == households, self.chance[at], np.nan)


def current_chances(base: Base, lake_id: str) -> Chances | None:
    """The chances of the base's households by the model in use; None without one, or where it is of another lake.

    `lake_id` is the lake of the people that the base says are to be scored: of linked people, theirs.
    """
    import pyarrow.parquet as pq

    try:
        card = model_release.current_model()
    except Missing:
        return None
    if card["lake"] != lake_id:
        return None
    read = pq.read_table(model_release.SHELF.current_folder() / "chances.parquet")
    person, chance = read["person_id"].to_numpy(), read["chance"].to_numpy()
    order = np.argsort(person)
    members, household = base.scored
    at = np.minimum(np.searchsorted(person, members, sorter=order), len(person) - 1)
    known = person[order[at]] == members
    return Chances(card["release"], *any_member(household[known], chance[order[at[known]]]))


def any_member(household: Ids, chance: npt.NDArray[Any]) -> tuple[Ids, Floats]:
    """Each household and the chance that it happens to at least one member, as if apart from the others.

    >>> ids, chances = any_member(np.array([7, 3, 7]), np.array([0.5, 0.1, 0.5]))
    >>> ids.tolist(), chances.round(2).tolist()
    ([3, 7], [0.1, 0.75])
    """
    ids, at = np.unique(household, return_inverse=True)
    spared = np.bincount(at, weights=np.log1p(-np.minimum(chance.astype(np.float64), 1 - 1e-9)))
    return ids, -np.expm1(spared)


def reasons_in_words(
    backend: Backend, members: Mapping[int, list[int]], learner: Learner, year: int = LATEST_YEAR
) -> dict[int, list[str]]:
    """For each household, why its likeliest member stands high: at most four facts that add most, most first.

    `members` are the people in each household, of the lake that `backend` has open.

    The values are exact Shapley values of the model in log odds; a fact that lowers the chance is never a reason.
    """
    home = {person: household for household, people in members.items() for person in people}
    if not home:
        return {}
    people = read_year(backend, year, {"gp_contacts": 1.0}, among=sorted(home))
    if not len(people.person):
        return {}
    people = replace(people, household=np.array([home[one] for one in people.person.tolist()]))
    likeliest = _likeliest(people, learner)
    added = learner.contributions(people.x[likeliest])
    return {
        int(people.household[person]): _reasons(added[row], people.x[person])
        for row, person in enumerate(likeliest)
    }


def _likeliest(people: Year, learner: Learner) -> npt.NDArray[np.int64]:
    """The member of each household with the greatest chance."""
    chance = learner.chance(people.x)
    order = np.lexsort((-chance, people.household))
    return np.asarray(order[np.unique(people.household[order], return_index=True)[1]], np.int64)


def _reasons(added: Floats, values: npt.NDArray[np.float32]) -> list[str]:
    """The words of the greatest contributions; age and its bands are one fact, and an absent thing is no reason."""
    terms = all_terms()
    by_words: dict[str, float] = {}
    age_words = _age_words(terms, values)
    for term, more, value in zip(terms, added, values, strict=True):
        if term.is_age:
            by_words[age_words] = by_words.get(age_words, 0.0) + float(more)
        elif value > 0:
            by_words[term.words] = float(more)
    best = sorted(by_words.items(), key=lambda pair: -pair[1])[:MOST_REASONS]
    return [f"somebody here {words}" for words, more in best if more >= WORTH_SAYING]


def _age_words(terms: tuple[Term, ...], values: npt.NDArray[np.float32]) -> str:
    for term, value in zip(terms, values, strict=True):
        if term.is_age and term.name != "age" and value > 0:
            return term.words
    return "is aged 30 to 44"
