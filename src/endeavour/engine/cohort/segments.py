"""Segments, a multimorbidity score and a frailty share of every person: definitions from the pack, one statement each."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from endeavour.engine.cohort.definitions import Strict, Version, Words, path_in_pack, read_definition
from endeavour.engine.cohort.features import LATEST_YEAR
from endeavour.engine.cohort.people import HAS, PEOPLE_COLUMNS, people_sql
from endeavour.engine.cohort.rule import check_condition

SCORES = ("multimorbidity", "frailty")


class Segment(Strict):
    """One kind of care needed; `weaker` says what its definition cannot see."""

    id: Words
    name: Words
    words: Words
    when: Words
    weaker: Words


class Segments(Strict):
    """Segments in order of precedence; the last takes everybody left."""

    id: Words
    version: Version
    title: Words
    owner: Words
    reviewed_on: date
    source: Words
    why: Words
    segments: tuple[Segment, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _whole(self) -> Segments:
        if self.segments[-1].when != "TRUE":
            raise ValueError("the last segment must take everybody left: when: 'TRUE'")
        if len({s.id for s in self.segments}) < len(self.segments):
            raise ValueError("two segments have the same id")
        return self


class _Score(Strict):
    title: Words
    version: Version
    owner: Words
    reviewed_on: date
    source: Words
    means: Words
    not_collected: tuple[Words, ...]


class Multimorbidity(_Score):
    """Published weights by register."""

    weights: dict[str, float]
    notes: dict[str, Words] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Multimorbidity:
        unknown = set(self.weights) - set(HAS)
        if unknown:
            raise ValueError(f"there is no register {', '.join(sorted(unknown))}; there are {', '.join(HAS)}")
        return self


class Band(Strict):
    """A name for shares above a limit."""

    name: Words
    above: float


class Deficit(Strict):
    """Something that wears a person down, and how it is seen."""

    name: Words
    when: Words


class Frailty(_Score):
    """Deficits of equal weight; the share of them that a person has, and names for its bands, least first."""

    from_age: int
    bands: tuple[Band, ...]
    deficits: tuple[Deficit, ...] = Field(min_length=2)


class Scores(Strict):
    """Both scores."""

    multimorbidity: Multimorbidity
    frailty: Frailty


def open_segments(pack: str = "mse") -> Segments:
    """The pack's segments; `BadInput` names the field, or the condition and the word that is wrong in it."""
    path = path_in_pack(pack, "segments/segments.yaml")
    found = read_definition(path, Segments)
    for segment in found.segments:
        check_condition(segment.when, file=path.name, columns=(*PEOPLE_COLUMNS, *SCORES))
    return found


def open_scores(pack: str = "mse") -> Scores:
    """The pack's scores; errors as for segments."""
    path = path_in_pack(pack, "segments/scores.yaml")
    found = read_definition(path, Scores)
    for deficit in found.frailty.deficits:
        check_condition(deficit.when, file=path.name, columns=PEOPLE_COLUMNS)
    return found


def multimorbidity_sql(scores: Scores, year: int = LATEST_YEAR) -> str:
    """`person_id`, `conditions` (registers but obesity) and `multimorbidity` (higher is a greater burden)."""
    return f"""WITH people AS (
{people_sql(year)}
)
SELECT person_id, conditions, {_multimorbidity(scores)} AS multimorbidity FROM people"""


def frailty_sql(scores: Scores, year: int = LATEST_YEAR) -> str:
    """`person_id`, `age` and `frailty` (0 to 1, higher is frailer) of everybody; judge only those of the source's ages."""
    return f"""WITH people AS (
{people_sql(year)}
)
SELECT person_id, age, {_frailty(scores)} AS frailty FROM people"""


def segments_sql(segments: Segments, scores: Scores, year: int = LATEST_YEAR) -> str:
    """Everybody's one segment beside the columns of `people_sql` and both scores: the first condition that holds."""
    cases = " ".join(f"WHEN {segment.when} THEN '{segment.id}'" for segment in segments.segments[:-1])
    return f"""WITH people AS (
{people_sql(year)}
),
scored AS (
SELECT *, {_multimorbidity(scores)} AS multimorbidity, {_frailty(scores)} AS frailty FROM people
)
SELECT *, CASE {cases} ELSE '{segments.segments[-1].id}' END AS segment FROM scored"""


def _multimorbidity(scores: Scores) -> str:
    terms = " + ".join(
        f"CAST({weight} AS DOUBLE) * {name}" for name, weight in scores.multimorbidity.weights.items()
    )
    return f"CAST(round({terms}, 2) AS DOUBLE)"


def _frailty(scores: Scores) -> str:
    deficits = scores.frailty.deficits
    present = " + ".join(f"CASE WHEN {deficit.when} THEN 1 ELSE 0 END" for deficit in deficits)
    return f"CAST(({present}) AS DOUBLE) / CAST({len(deficits)} AS DOUBLE)"
