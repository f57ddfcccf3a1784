"""The definitions a pack gives by hand in YAML: its indicators and its PLUS groups."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from endeavour.errors import BadInput
from endeavour.pack.meta import Slug, Words, read_yaml, validated


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Indicator(_Strict):
    """What one published indicator means, so that no chart shows a number without its definition.

    `polarity` says which way is better. `every` is the length of a period. `collected` warns where a change of
    collection breaks the series.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$", max_length=90)
    name: Words
    unit: Words
    polarity: Literal["higher_is_better", "lower_is_better", "neither"]
    every: Literal["week", "month", "quarter", "year"]
    numerator: Words | None = None
    denominator: Words | None = None
    why_it_matters: Words
    publisher: Words
    licence: Words
    source: Words
    owner: Words
    reviewed_on: date
    traps: Words | None = None


class PlusGroup(_Strict):
    """A group of people that the strategy, or the national guidance, names."""

    id: Slug
    name: Words
    origin: Literal["local", "national", "national_children"]
    ambiguity: Words | None = None
    measured_by: Words | None = None


class _Indicators(_Strict):
    indicators: tuple[Indicator, ...]


class _Groups(_Strict):
    groups: tuple[PlusGroup, ...]
    prompts: tuple[Words, ...] = ()


def read_indicators(folder: Path) -> tuple[Indicator, ...]:
    """`indicators.yaml`, or nothing where the pack has none."""
    path = folder / "indicators.yaml"
    if not path.is_file():
        return ()
    found = validated(_Indicators, read_yaml(path), path).indicators
    _refuse_twins([i.id for i in found], path)
    return found


def read_plus_groups(folder: Path) -> tuple[PlusGroup, ...]:
    """`plus_groups.yaml`, or nothing where the pack has none."""
    path = folder / "plus_groups.yaml"
    if not path.is_file():
        return ()
    found = validated(_Groups, read_yaml(path), path).groups
    _refuse_twins([g.id for g in found], path)
    return found


def _refuse_twins(ids: list[str], path: Path) -> None:
    for place, identity in enumerate(ids):
        if identity in ids[:place]:
            text = path.read_text(encoding="utf-8").splitlines()
            lines = [n for n, line in enumerate(text, start=1) if line.strip().endswith(f"id: {identity}")]
            raise BadInput(
                f"'{identity}' is used twice", file=path, line=lines[-1] if lines else 1, column="id"
            )
