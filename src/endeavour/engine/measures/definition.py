"""What a measure's YAML may say: a strict schema, so that a definition is complete or refused by name and line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints

from endeavour.engine.measures.groupings import STANDARD, STANDARD_CROSSED

Words = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Polarity = Literal["higher is better", "lower is better", "neither"]
Standing = Literal["verified", "local definition"]
Grouping = Literal[
    "system", "place", "district", "neighbourhood", "lsoa21", "sub_icb", "imd_decile", "imd_quintile", "core20",
    "ethnicity", "age_band", "sex", "plus", "tenure", "condition",
]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Point(_Strict):
    """A step on the way to a target: the value to reach by a day, in the measure's unit."""

    by: date
    value: float


class Target(_Strict):
    """What was promised: the value to reach, by when, who set it, and the steps between."""

    value: float
    by: date | None = None
    set_by: Words
    trajectory: tuple[Point, ...] = ()


class Group(_Strict):
    """A combination of groupings to cross, for example place by ethnicity."""

    of: tuple[Grouping, ...] = Field(min_length=2, max_length=3)


_STANDARD = cast("tuple[Grouping, ...]", STANDARD)
_STANDARD_GROUPS = tuple(Group.model_validate({"of": of}) for of in STANDARD_CROSSED)


class Reported(_Strict):
    """A figure that somebody else published under the same name; it keeps its own base and geography."""

    geography_kind: Words
    geography_code: Words
    geography_name: Words
    edition: Words
    population_base: Words
    numerator: int | None = None
    percent: float = Field(ge=0, le=100)
    source: Words
    note: str = ""


class Measure(_Strict):
    """One measure. `counts` says what one row is; predicates are SQL conditions over that row, and nothing else.

    `indicator` names the published indicator behind a measure that reads one; `strategy` the parts of the strategy
    that it answers to. Every measure has a `target`, whose `set_by` names the document that sets it, or says why not in
    `no_target`.
    `standardisation: age` adds rates as they would be with the European population's ages.
    """

    id: Slug
    title: Words
    reads: Literal["lake", "pack", "tables", "indicator"]
    owner: Words
    reviewed_on: date
    standing: Standing
    verified_against: str = ""
    local_because: str = ""
    polarity: Polarity
    why_it_matters: Words
    unit: Words = "per cent"
    framework: Literal[
        "core20plus5-adults", "core20plus5-children", "local", "determinants", "life-expectancy", "core20"
    ] = "local"
    indicator: str = ""
    strategy: tuple[Words, ...] = ()
    population: Words
    counts: Literal["people", "events", "conditions"] = "people"
    denominator: str = ""
    numerator: str = ""
    numerator_words: Words
    denominator_words: Words
    groupings: tuple[Grouping, ...] = Field(default=_STANDARD, min_length=1)
    crossed: tuple[Group, ...] = _STANDARD_GROUPS
    standardisation: Literal["none", "age"] = "none"
    suppression: Words
    target: Target | None = None
    no_target: str = ""
    expected_lag_days: int = Field(ge=0, le=2000)
    source: Words
    reported: tuple[Reported, ...] = ()
    reconciliation: str = ""
    _lines: dict[str, int | None] = PrivateAttr(default_factory=dict)

    def standing_at(self, lines: dict[str, int | None]) -> Self:
        """The same measure, which knows the line in its file of each field given, for whoever must refuse one."""
        self._lines.update(lines)
        return self

    def line_of(self, field: str) -> int | None:
        """The line of a field in the measure's file, where it is known."""
        return self._lines.get(field)


@dataclass(frozen=True)
class Figures:
    """Rows ready to print or serve, with the sentences that must stand beside them."""

    title: str
    columns: list[str]
    rows: list[dict[str, Any]]
    words: list[str]
