"""The model of need as the pack defines it: its label, the costs it is audited against, and how many it may choose."""

from __future__ import annotations

from datetime import date

from pydantic import Field, field_validator

from endeavour.engine.cohort.definitions import Strict, Version, Words, path_in_pack, read_definition
from endeavour.engine.cohort.people import PERSON_CONTACTS


class Costs(Strict):
    """Relative weights of contacts."""

    words: Words
    weights: dict[str, float]

    @field_validator("weights")
    @classmethod
    def _known(cls, weights: dict[str, float]) -> dict[str, float]:
        unknown = set(weights) - set(PERSON_CONTACTS)
        if unknown:
            raise ValueError(f"there are no contacts {', '.join(sorted(unknown))}")
        return weights


class NeedModel(Strict):
    """A versioned definition. `chosen_share` of people stand above the one threshold by which it is judged."""

    id: Words
    version: Version
    title: Words
    owner: Words
    reviewed_on: date
    label: Words
    why: Words
    costs: Costs
    chosen_share: float = Field(gt=0, lt=0.5)
    learn_from_at_most: int = Field(ge=1000)
    seed: int
    use: Words
    not_for: Words


def open_need_model(pack: str = "mse") -> NeedModel:
    """The pack's definition; `BadInput` names the field or line that is wrong."""
    return read_definition(path_in_pack(pack, "protocols/need-model.yaml"), NeedModel)
