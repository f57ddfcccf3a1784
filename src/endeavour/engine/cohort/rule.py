"""The rule by which households are chosen: a strict schema, and conditions that are only conditions."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from endeavour.engine.cohort.definitions import Strict, Version, Words, path_in_pack, read_definition
from endeavour.engine.cohort.features import FEATURES, GROUPS
from endeavour.errors import BadInput

Domain = Literal["health", "care", "income", "housing", "crime", "education", "isolation"]
DOMAINS: tuple[Domain, ...] = ("health", "care", "income", "housing", "crime", "education", "isolation")


class Condition(Strict):
    """A condition over a household's features, and what it means in words."""

    words: Words
    when: Words


class Points(Condition):
    """Points of need where the condition holds."""

    points: float = Field(gt=0)


class Benefit(Condition):
    """How much more good early support does where the condition holds."""

    factor: float = Field(gt=0, le=3)


class Part(Strict):
    """One part of life: its weight in the whole, and the points at which it counts in full."""

    weight: float = Field(ge=0, le=1)
    most: float = Field(gt=0)
    points: tuple[Points, ...] = Field(min_length=1)


class Capacity(Strict):
    """The most households a neighbourhood may be given."""

    words: Words
    per_1000_households: float = Field(gt=0)


class Share(Strict):
    """A place's least and most share of the cohort."""

    least: float = Field(ge=0, le=1)
    most: float = Field(ge=0, le=1)


class Shares(Strict):
    """Every place's share."""

    words: Words
    shares: dict[str, Share]


class Floor(Strict):
    """At least so many households of a PLUS group."""

    group: str
    least: int = Field(ge=0)
    words: Words


class Comparison(Strict):
    """The group that is followed and not yet offered."""

    words: Words
    size: int = Field(ge=0)


class Audit(Strict):
    """What the rule is held beside."""

    unit_costs: dict[str, float | str]


class Rule(Strict):
    """A versioned rule; need runs from 0 to 100, higher is greater."""

    id: Words
    version: Version
    title: Words
    owner: Words
    proposed_on: date
    why: Words
    size: int = Field(gt=0)
    lottery_seed: Words
    honour_opt_outs: tuple[Literal["opt_out_national", "opt_out_type_1"], ...]
    eligible: tuple[Condition, ...]
    in_need_at: float = Field(ge=0, le=100)
    need: dict[Domain, Part]
    benefit: tuple[Benefit, ...] = ()
    neighbourhood_capacity: Capacity
    place_shares: Shares
    floors: tuple[Floor, ...] = ()
    comparison: Comparison
    audit: Audit

    @model_validator(mode="after")
    def _whole(self) -> Rule:
        if set(self.need) != set(DOMAINS):
            raise ValueError(f"need must have exactly these parts: {', '.join(DOMAINS)}")
        if abs(sum(part.weight for part in self.need.values()) - 1) > 1e-9:
            raise ValueError("the weights of need must come to 1")
        for floor in self.floors:
            if floor.group not in GROUPS:
                raise ValueError(f"there is no PLUS group '{floor.group}'; there are {', '.join(GROUPS)}")
        return self

    def for_size(self, size: int) -> Rule:
        """The same rule for another number of households, its floors and comparison group in proportion."""
        share = size / self.size
        floors = tuple(f.model_copy(update={"least": round(f.least * share)}) for f in self.floors)
        # A comparison of under twenty says nothing, however few are chosen.
        compared = max(min(self.comparison.size, 20), round(self.comparison.size * share))
        comparison = self.comparison.model_copy(update={"size": compared})
        return self.model_copy(update={"size": size, "floors": floors, "comparison": comparison})

    def with_weight(self, domain: Domain, weight: float) -> Rule:
        """The same rule with one weight moved and the others scaled so that they still come to 1."""
        rest = 1 - self.need[domain].weight
        scale = (1 - weight) / rest
        need = {
            name: part.model_copy(update={"weight": weight if name == domain else part.weight * scale})
            for name, part in self.need.items()
        }
        return self.model_copy(update={"need": need})


def read_rule(path: Path) -> Rule:
    """A rule from its YAML; `BadInput` names the field, or the condition and the word that is wrong in it."""
    rule = read_definition(path, Rule)
    for condition in _conditions(rule):
        check_condition(condition.when, file=path.name)
    return rule


def open_rule(pack: str = "mse", name: str = "first-5000") -> Rule:
    """The rule of that name in a pack."""
    return read_rule(path_in_pack(pack, f"protocols/{name}.yaml"))


def _conditions(rule: Rule) -> list[Condition]:
    points = [condition for part in rule.need.values() for condition in part.points]
    return [*rule.eligible, *points, *rule.benefit]


def check_condition(text: str, *, file: str, columns: tuple[str, ...] = FEATURES) -> None:
    """Columns (the household features) compared with values by AND, OR, NOT, IN and BETWEEN; nothing else."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import ParseError, TokenError

    allowed: tuple[Any, ...] = (
        exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In,
        exp.Boolean, exp.Literal, exp.Column, exp.Identifier,
    )  # fmt: skip
    try:
        found = [e for e in sqlglot.parse(text, read="duckdb") if e is not None]
    except (ParseError, TokenError) as error:
        raise BadInput(f"'{text}' is not a condition", file=file) from error
    if len(found) != 1:
        raise BadInput(f"'{text}' is more than one condition", file=file)
    for node in found[0].walk():
        if not isinstance(node, allowed) or (isinstance(node, exp.In) and node.args.get("query")):
            raise BadInput(f"'{node.sql()}' may not stand in a condition ('{text}')", file=file)
        if isinstance(node, exp.Column) and (node.table or node.name not in columns):
            near = get_close_matches(node.name, columns, n=2)
            hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(columns)}."
            kind = "households have" if columns is FEATURES else "people have"
            raise BadInput(f"{kind} no '{node.sql()}' ('{text}')", file=file, hint=hint)
