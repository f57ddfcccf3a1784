"""What came of it: the chosen nearest the line beside the comparison group just short of it, a year on.

The outcome is emergency stays in hospital a household in the year after the choice, taken from a lake that has that
year, or drawn by computer with a planted effect to show that the method finds what is there.

var/follow-up/NAME/summary.json, for pages:

    cohort, choice                 which release, and the choice that it tells of
    year, outcome                  which year was followed, and what, in words
    offered, compared              households on each side (rounded)
    effect                         estimate, low, high (a household a year; below nought is fewer), words
    planted                        null, or: share (of stays prevented), truth (the effect planted, a household),
                                   runs, covered (runs whose interval held it), covered_percent
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from endeavour.engine.cohort import release
from endeavour.engine.cohort.effect import Effect, estimate_effect
from endeavour.engine.cohort.features import CONTACTS, LATEST_YEAR, count_of
from endeavour.engine.cohort.shelf import Shelf, name_of
from endeavour.engine.disclosure import About, publish_count
from endeavour.errors import BadInput, Conflict, Missing

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.lake.backends import Backend

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
SHELF = Shelf(
    name="follow-up",
    files=(),
    private=frozenset(),
    absent="Nothing has been followed up here.",
    build="Follow the cohort up with: endeavour cohort follow-up",
)
OUTCOME = "emergency stays in hospital a household in the year after the choice"


@dataclass(frozen=True)
class AtTheLine:
    """Households either side of the line: the comparison group, and as many of the chosen as stand nearest to it.

    `people` are the lake's people in each, whose events are its outcome.
    """

    people: tuple[list[int], ...]
    is_offered: Bools
    distance: Floats
    before: Floats
    place: npt.NDArray[Any]

    def effect(self, outcome: Floats) -> Effect:
        """The change in an outcome (a count a household) that the offer made."""
        return estimate_effect(
            outcome, self.is_offered, score=self.distance, before=self.before, place=self.place
        )


def at_the_line(households: pa.Table) -> AtTheLine:
    """The households of a release to compare; `Conflict` where there are under ten on a side, or no distances."""
    if not {"distance", "people"} <= set(households.column_names):
        raise Conflict(
            "The cohort in use was chosen before distances from the line and who lives there were kept.",
            hint="Choose it again: endeavour cohort first-5000",
        )
    columns = {
        name: households[name].to_numpy(zero_copy_only=False)
        for name in ("role", "distance", "emergency_admissions_before", "place")
    }
    chosen, compared = (np.flatnonzero(columns["role"] == role) for role in ("chosen", "comparison"))
    nearest = chosen[np.argsort(columns["distance"][chosen], kind="stable")][: len(compared)]
    if len(nearest) < 10:
        raise Conflict(
            f"{len(compared)} households are too few to compare with.",
            hint="Ask for a comparison group of at least ten in the rule (comparison: size).",
        )
    at = np.concatenate([nearest, compared])
    return AtTheLine(
        people=tuple(households["people"].take(at).to_pylist()),
        is_offered=columns["role"][at] == "chosen",
        distance=columns["distance"][at].astype(float),
        before=columns["emergency_admissions_before"][at].astype(float),
        place=columns["place"][at],
    )


def recorded_outcome(backend: Backend, people: Sequence[list[int]], year: int) -> Floats:
    """Emergency stays of each household (the lake's people in it) in `year`; `Missing` where the lake has no such year."""
    stays = count_of(CONTACTS["emergency_admissions"])
    found = backend.run(
        f"SELECT person_id, {stays} AS stays FROM event WHERE financial_year = {year} GROUP BY person_id"
    )
    if not found.num_rows:
        raise Missing(
            f"The lake holds nothing of the year from April {year}.",
            hint="Build it with one year more, or show the method with: endeavour cohort follow-up --planted 0.2",
        )
    return _sum_over(people, found["person_id"].to_numpy(), found["stays"].to_numpy())


def expected_outcome(backend: Backend, people: Sequence[list[int]]) -> Floats:
    """Each synthetic household's own expected emergency stays a year, which only its maker knows."""
    found = backend.run(
        "SELECT p.person_id AS person_id, CAST(t.expected_emergency AS DOUBLE) AS expected "
        "FROM truth AS t JOIN person AS p ON p.person_id = t.person_id WHERE p.died_on IS NULL"
    )
    return _sum_over(people, found["person_id"].to_numpy(), found["expected"].to_numpy())


def _sum_over(people: Sequence[list[int]], ids: npt.NDArray[np.int64], values: npt.NDArray[Any]) -> Floats:
    """For each household the sum of its people's values; those without one count nought."""
    order = np.argsort(ids)
    household = np.repeat(np.arange(len(people)), [len(one) for one in people])
    wanted = np.array([person for one in people for person in one], dtype=np.int64)
    at = np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)
    known = np.where(ids[order[at]] == wanted, values[order[at]], 0).astype(float)
    return np.asarray(np.bincount(household, weights=known, minlength=len(people)), np.float64)


@dataclass(frozen=True)
class Planted:
    """What was found of an effect planted in a drawn year, and how often intervals held it when it was drawn again."""

    share: float
    truth: float
    found: Effect
    runs: int
    covered: int

    def as_dict(self) -> dict[str, float]:
        """For the summary, without the estimate, which stands beside it."""
        return {
            "share": self.share, "truth": round(self.truth, 3), "runs": self.runs, "covered": self.covered,
            "covered_percent": round(100 * self.covered / self.runs, 1),
        }  # fmt: skip


def plant(line: AtTheLine, expected: Floats, *, share: float, runs: int, seed: int) -> Planted:
    """Draw a year in which the offer prevents `share` of stays and estimate it; then `runs` more, to see how often.

    Stays are Poisson about each household's own expectation, thinned for the offered; the truth is the mean number
    prevented, as a change (below nought). The first year is of these very households. In each of the `runs`, a lottery
    deals households like those at the line to either side, because the interval speaks of such households, not of
    these alone. `BadInput` for a share outside 0 to 1.

    >>> line = AtTheLine(tuple([i] for i in range(400)), np.arange(400) < 200, np.r_[np.linspace(0, 1, 200), np.linspace(-1, 0, 200)],
    ...                  np.ones(400), np.zeros(400))
    >>> plant(line, np.ones(400), share=0.5, runs=3, seed=1).truth
    -0.5
    """  # fmt: skip
    if not 0 <= share < 1:
        raise BadInput(
            f"{share} is not a share of stays to prevent.", hint="Give one from 0 to 0.99, such as 0.2."
        )
    rng = np.random.default_rng(seed)
    kept = np.where(line.is_offered, 1 - share, 1.0)
    found = line.effect(rng.poisson(expected * kept).astype(float))
    covered, truth = 0, -share * float(expected.mean())
    for _ in range(runs):
        at = rng.integers(0, len(expected), len(expected))
        dealt = replace(line, before=line.before[at], place=line.place[at])
        covered += dealt.effect(rng.poisson(expected[at] * kept).astype(float)).covers(truth)
    return Planted(share, -share * float(expected[line.is_offered].mean()), found, runs, covered)


def follow_up(
    backend: Backend,
    *,
    lake_id: str,
    year: int = LATEST_YEAR + 1,
    planted: float | None = None,
    runs: int = 1,
    seed: int = 1,
) -> dict[str, Any]:
    """Compare the cohort in use a year on, freeze what was found and make it current; returns the summary.

    With `planted`, a year is drawn in which that share of stays is prevented, and `runs` more say how often the
    interval holds the truth. `Conflict` where the cohort was chosen from another lake.
    """
    import pyarrow.parquet as pq

    cohort = release.current_summary()
    if cohort["lake"] != lake_id:
        raise Conflict(
            "The cohort in use was chosen from another lake.",
            hint="Choose it again: endeavour cohort first-5000",
        )
    line = at_the_line(pq.read_table(release.SHELF.current_folder() / "households.parquet"))
    drawn = None
    if planted is None:
        effect = line.effect(recorded_outcome(backend, line.people, year))
    else:
        expected = expected_outcome(backend, line.people)
        drawn = plant(line, expected, share=planted, runs=max(1, runs), seed=seed)
        effect = drawn.found
    summary = {
        "release": name_of(cohort["release"], year, planted, runs, seed),
        "cohort": cohort["release"],
        "choice": release.choice_of(cohort),
        "year": year,
        "synthetic": True,
        "outcome": OUTCOME,
        "offered": _rounded(effect.offered),
        "compared": _rounded(effect.compared),
        "effect": {
            name: round(value, 3)
            for name, value in asdict(effect).items()
            if name in ("estimate", "low", "high")
        }
        | {"words": effect.words},
        "planted": drawn.as_dict() if drawn else None,
    }
    SHELF.freeze(str(summary["release"]), {}, summary)
    return summary


def _rounded(count: int) -> int | None:
    return publish_count(About("households followed", "households", "one year", ()), count).numerator


def last_asked(cohort: dict[str, Any]) -> dict[str, Any] | None:
    """How the choice that a release tells of was last followed up, as `follow_up` takes it; None where it was not."""
    try:
        found = current_follow_up()
    except Missing:
        return None
    if found.get("choice", found["cohort"]) != release.choice_of(cohort):
        return None
    drawn = found["planted"] or {"share": None, "runs": 1}
    return {"year": found["year"], "planted": drawn["share"], "runs": drawn["runs"]}


def current_follow_up() -> dict[str, Any]:
    """What was last found; `Missing` when nothing was followed up."""
    return SHELF.current()
