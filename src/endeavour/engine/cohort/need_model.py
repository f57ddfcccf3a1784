"""The model of need as the pack defines it: its label, the costs it is audited against, and how many it may choose."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from endeavour.engine.cohort.people import PERSON_CONTACTS
from endeavour.errors import BadInput, NotFound
from endeavour.paths import pack_dir

Words = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Costs(_Strict):
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


class NeedModel(_Strict):
    """A versioned definition. `chosen_share` of people stand above the one threshold by which it is judged."""

    id: Words
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
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
    import yaml

    path = pack_dir(pack) / "protocols" / "need-model.yaml"
    if not path.is_file():
        raise NotFound(
            f"The pack '{pack}' has no model of need.", hint="Add protocols/need-model.yaml to it."
        )
    try:
        return NeedModel.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise BadInput(f"not YAML: {error.problem}", file=path.name, line=line) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BadInput(f"{where}: {first['msg']}".strip(": "), file=path.name) from error
