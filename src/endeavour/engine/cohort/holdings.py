"""Whose records lead to what the lake holds: the agency that registers people, and who holds which contacts."""

from __future__ import annotations

from datetime import date

from pydantic import model_validator

from endeavour.engine.cohort.definitions import Strict, Version, Words, path_in_pack, read_definition
from endeavour.engine.lake.schema import EVENT_KINDS


class Holdings(Strict):
    """The pack's `protocols/linked-people.yaml`; an agency is named as its folder of records is."""

    id: Words
    version: Version
    title: Words
    owner: Words
    reviewed_on: date
    why: Words
    registered_by: Words
    holds: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _whole(self) -> Holdings:
        held = [kind for kinds in self.holds.values() for kind in kinds]
        unknown = sorted(set(held) - set(EVENT_KINDS))
        if unknown:
            raise ValueError(f"holds: the lake has no contacts of the kind '{unknown[0]}'")
        unheld = [kind for kind in EVENT_KINDS if kind not in held]
        if unheld:
            raise ValueError(f"holds: nobody holds '{unheld[0]}', so it would be counted as nought")
        twice = sorted({kind for kind in held if held.count(kind) > 1})
        if twice:
            raise ValueError(f"holds: two agencies hold '{twice[0]}', so it would count twice")
        if self.registered_by not in self.holds:
            raise ValueError(f"registered_by: '{self.registered_by}' holds nothing")
        return self


def open_holdings(pack: str = "mse") -> Holdings:
    """The pack's holdings; `BadInput` names the field that is wrong."""
    return read_definition(path_in_pack(pack, "protocols/linked-people.yaml"), Holdings)
