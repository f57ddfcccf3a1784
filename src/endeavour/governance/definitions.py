"""One system's rules of meeting, business cycle and duties, read from its pack's `governance/` folder."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from endeavour.errors import BadInput, Missing
from endeavour.governance.findings import CycleItem, Duty, Quorum, Shown
from endeavour.governance.register_kinds import REGISTERS
from endeavour.paths import pack_dir

# The kinds of evidence that every decision is asked for.
EACH_DECISION = frozenset({"equality-assessment", "aim-named"})


class Strict(BaseModel):
    """A definition whose every field is known; anything else is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Notice(Strict):
    """How long before a meeting its notice is given."""

    clear_working_days: int = Field(ge=1, le=60)
    source: str


class QuorumRule(Strict):
    """How many voting seats make a meeting, and the classes of partner that must be among them."""

    seats: int = Field(ge=1)
    classes: tuple[str, ...] = ()
    source: str


class Private(Strict):
    """The grounds in law on which something may be taken in private."""

    grounds: tuple[str, ...] = Field(min_length=1)
    source: str


class Slot(Strict):
    """One standing item of every agenda."""

    title: str
    minutes: int = Field(ge=1, le=240)


class Slots(Strict):
    """The standing items before and after the business of the day."""

    opening: tuple[Slot, ...]
    closing: tuple[Slot, ...]


class CycleEntry(Strict):
    """One item of the annual business cycle; `months` 0 means once, `promise` is what a decision on it reviews."""

    key: str
    title: str
    first: date
    months: int = Field(ge=0, le=120)
    duty: str = ""
    promise: str = ""

    def as_item(self) -> CycleItem:
        """The item as the findings take it."""
        return CycleItem(self.key, self.title, self.first, self.months, self.duty)


class SymposiumRule(Strict):
    """The yearly gathering that the year's conversations lead to and from: the body that holds it, and who says so."""

    body: str
    source: str


class Rules(Strict):
    """How this partnership meets."""

    hub: str
    notice: Notice
    quorum: QuorumRule
    private: Private
    agenda: Slots
    symposium: SymposiumRule | None = None
    cycle: tuple[CycleEntry, ...]

    def cycle_items(self) -> list[CycleItem]:
        """The cycle as the findings take it."""
        return [entry.as_item() for entry in self.cycle]

    def quorum_rule(self) -> Quorum:
        """The quorum as the findings take it."""
        return Quorum(self.quorum.seats, frozenset(self.quorum.classes))


class DutyEntry(Strict):
    """One duty in law.

    One that binds every decision says in `falls_short` the kind of evidence that a silent decision is; one that entries
    of a register show names it in `kept_in`.
    """

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
    falls_short: str = ""
    kept_in: str = ""
    owner: str = ""
    note: str = ""
    seed: str = ""

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.falls_short and self.needs not in EACH_DECISION:
            raise ValueError(f"falls_short goes with {' or '.join(sorted(EACH_DECISION))}, not {self.needs}")
        if self.kept_in and self.kept_in not in REGISTERS:
            raise ValueError(f"there is no register '{self.kept_in[:40]}'")
        return self

    def as_duty(self) -> Duty:
        """The duty as the findings take it."""
        return Duty(**self.model_dump(exclude={"after_why", "kept_in", "owner", "note", "seed"}))


class Content(Strict):
    """A matter that a strategy should consider, where it does, and, where that is thin, what is lacking."""

    topic: str
    sections: tuple[str, ...]
    thin: str = ""


class Register(Strict):
    """The statutory register."""

    act: str
    duties: tuple[DutyEntry, ...]
    contents: tuple[Content, ...] = ()


class EvidenceEntry(Strict):
    """What a document offers as evidence about a duty."""

    duty: str
    kind: str
    happened_on: date
    words: str
    source: str = ""
    asserts_itself: bool = False
    shows: Literal["all", "partly", "nothing"] = "all"
    why: str = ""
    points_to: str = ""
    looks_for: str = ""
    holds: bool = True

    def as_shown(self, key: str) -> Shown:
        """It as the findings take it: a cross-reference that fails shows nothing."""
        shows, why = self.shows, self.why
        if not self.holds:
            shows = "nothing"
            why = f"The cross-reference fails: section {self.points_to} never says ‘{self.looks_for}’."
        return Shown(key, self.duty, self.kind, self.happened_on, self.asserts_itself, shows=shows, why=why)


class OfferedEvidence(Strict):
    """All that the pack's documents offer."""

    evidence: tuple[EvidenceEntry, ...]


T = TypeVar("T", bound=Strict)


def read_definition(folder: Path, name: str, model: type[T]) -> T:
    """One file of a pack's `governance/` folder; `Missing` without it, `BadInput` names what does not fit."""
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
    return read_definition(pack_dir(pack), "rules.yaml", Rules)


@cache
def statutory_register(pack: str) -> Register:
    """The duties in law of the system of this pack."""
    return read_definition(pack_dir(pack), "duties.yaml", Register)


@cache
def offered_evidence(pack: str) -> tuple[EvidenceEntry, ...]:
    """What the pack's documents offer as evidence."""
    return read_definition(pack_dir(pack), "evidence.yaml", OfferedEvidence).evidence
