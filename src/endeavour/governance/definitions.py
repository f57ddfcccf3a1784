"""One system's rules of meeting, business cycle and duties, read from its pack's `governance/` folder."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from endeavour.errors import BadInput, Missing
from endeavour.governance.findings import CycleItem, Duty, Quorum
from endeavour.paths import pack_dir


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Notice(_Strict):
    """How long before a meeting its notice is given."""

    clear_working_days: int = Field(ge=1, le=60)
    source: str


class QuorumRule(_Strict):
    """How many voting seats make a meeting, and the classes of partner that must be among them."""

    seats: int = Field(ge=1)
    classes: tuple[str, ...] = ()
    source: str


class Slot(_Strict):
    """One standing item of every agenda."""

    title: str
    minutes: int = Field(ge=1, le=240)


class Slots(_Strict):
    """The standing items before and after the business of the day."""

    opening: tuple[Slot, ...]
    closing: tuple[Slot, ...]


class CycleEntry(_Strict):
    """One item of the annual business cycle; `months` 0 means once."""

    key: str
    title: str
    first: date
    months: int = Field(ge=0, le=120)
    duty: str = ""


class Rules(_Strict):
    """How this partnership meets."""

    hub: str
    notice: Notice
    quorum: QuorumRule
    agenda: Slots
    cycle: tuple[CycleEntry, ...]

    def cycle_items(self) -> list[CycleItem]:
        """The cycle as the findings take it."""
        return [CycleItem(**entry.model_dump()) for entry in self.cycle]

    def quorum_rule(self) -> Quorum:
        """The quorum as the findings take it."""
        return Quorum(self.quorum.seats, frozenset(self.quorum.classes))


class DutyEntry(_Strict):
    """One duty in law."""

    key: str
    title: str
    act: str
    commenced: date
    repealed: date | None = None
    needs: str
    answers_trigger: str = ""
    within_days: int = 0
    after: date | None = None
    after_why: str = ""
    stale_after_days: int = 0
    optional: bool = False
    note: str = ""
    seed: str = ""

    def as_duty(self) -> Duty:
        """The duty as the findings take it."""
        return Duty(**self.model_dump(exclude={"after_why", "note", "seed"}))


class Register(_Strict):
    """The statutory register."""

    act: str
    duties: tuple[DutyEntry, ...]


class EvidenceEntry(_Strict):
    """What a document offers as evidence about a duty."""

    duty: str
    kind: str
    happened_on: date
    words: str
    source: str = ""
    asserts_itself: bool = False


class OfferedEvidence(_Strict):
    """All that the pack's documents offer."""

    evidence: tuple[EvidenceEntry, ...]


def _read(folder: Path, name: str, model: type[_Strict]) -> Any:
    path = folder / "governance" / name
    if not path.is_file():
        raise Missing(
            f"The pack has no governance/{name}.", hint="Copy it from packs/mse and change it to your system."
        )
    try:
        return model.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise BadInput(f"is not YAML: {error}", file=f"governance/{name}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{where}: {first['msg']}", file=f"governance/{name}") from error


@cache
def meeting_rules(pack: str) -> Rules:
    """How the system of this pack meets."""
    return _read(pack_dir(pack), "rules.yaml", Rules)  # type: ignore[no-any-return]


@cache
def statutory_register(pack: str) -> Register:
    """The duties in law of the system of this pack."""
    return _read(pack_dir(pack), "duties.yaml", Register)  # type: ignore[no-any-return]


@cache
def offered_evidence(pack: str) -> tuple[EvidenceEntry, ...]:
    """What the pack's documents offer as evidence."""
    return _read(pack_dir(pack), "evidence.yaml", OfferedEvidence).evidence  # type: ignore[no-any-return]
