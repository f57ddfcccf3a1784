"""The registers of a partnership on a day: what the pack names, and every version kept since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from endeavour.core.public import Body, Route, end_of, now
from endeavour.errors import NotFound
from endeavour.governance.agreements import in_force
from endeavour.governance.definitions_registers import named_entries
from endeavour.governance.findings import Finding
from endeavour.governance.models import RegisterEntry
from endeavour.governance.queries.escalations import late_by_route
from endeavour.governance.registers import FAULTS, REGISTERS, STATES, Around, Kept, Register, judged


@dataclass(frozen=True)
class EntryRow:
    """One entry on a day: its version in force, the names of its bodies, what is true of it, every version."""

    register: Register
    kept: Kept
    body: str
    other: str
    findings: list[Finding]
    versions: list[Kept]

    @property
    def state(self) -> str:
        """The gravest thing true of it, in words."""
        return STATES[self.findings[0].state]

    @property
    def answers(self) -> list[tuple[str, str]]:
        """What it says, question by question."""
        pairs = (
            (question.label, self.kept.answers.get(question.name, "")) for question in self.register.questions
        )
        return [(label, words) for label, words in pairs if words]

    @property
    def is_faulty(self) -> bool:
        """Whether somebody must do something about it."""
        return any(found.state in FAULTS for found in self.findings)


def register_of(key: str) -> Register:
    """One register by its key."""
    if key not in REGISTERS:
        raise NotFound(f"There is no register '{key[:40]}'.", hint="See /registers.")
    return REGISTERS[key]


def kept_versions(as_at: date, register: str = "") -> dict[tuple[str, str], list[Kept]]:
    """Every version known by a day of each entry of one register, or of all, the oldest first; in one query."""
    versions: dict[tuple[str, str], list[Kept]] = {
        (kept.register, kept.key): [kept]
        for kept in named_entries(settings.PACK)
        if not register or kept.register == register
    }
    # A register that is no longer kept here, such as the compact's before partners signed for themselves, is left out.
    known = RegisterEntry.objects.filter(recorded_at__lt=end_of(as_at), register__in=REGISTERS).order_by(
        "version"
    )
    if register:
        known = known.filter(register=register)
    for row in known.select_related("body", "other", "decision"):
        versions.setdefault((row.register, row.key), []).append(_kept(row))
    return versions


def kept_entries(as_at: date, register: str) -> list[Kept]:
    """The version in force on a day of each entry of one register, without its findings; in one query."""
    return [in_force(kept, as_at) for kept in kept_versions(as_at, register).values()]


def entries(as_at: date, register: str = "") -> list[EntryRow]:
    """The entries of one register known by a day, or of all, those with the gravest faults first, then by title."""
    versions = kept_versions(as_at, register)
    stand = {name: in_force(kept, as_at) for name, kept in versions.items()}
    bodies = {
        b.key: b
        for b in Body.objects.filter(key__in={key for kept in stand.values() for key in kept.everybody})
    }
    around = _around(bodies, as_at)
    names = {key: b.name for key, b in bodies.items()}
    rows = [
        EntryRow(
            REGISTERS[kept.register], kept, names.get(kept.body, kept.body), names.get(kept.other, kept.other),
            judged(kept, around, as_at), versions[name],
        )
        for name, kept in stand.items()
    ]  # fmt: skip
    order = list(STATES)
    return sorted(rows, key=lambda row: (order.index(row.findings[0].state), row.kept.title))


def register_entry(register: str, key: str, as_at: date) -> EntryRow:
    """One entry on a day."""
    found = next((row for row in entries(as_at, register_of(register).key) if row.kept.key == key), None)
    if found is None:
        raise NotFound(f"There is no entry '{key[:60]}'.", hint=f"See /registers/{register}.")
    return found


def _around(bodies: dict[str, Body], as_at: date) -> Around:
    routes = Route.objects.at(as_at).values_list("source__key", "target__key")  # type: ignore[attr-defined]
    return Around(
        {key: b.valid_to - timedelta(days=1) for key, b in bodies.items() if b.valid_to},
        frozenset(routes),
        late_by_route(min(now(), end_of(as_at))),
    )


def _kept(row: RegisterEntry) -> Kept:
    return Kept(
        register=row.register,
        key=row.key,
        title=row.title,
        body=row.body.key,
        other=row.other.key if row.other else "",
        answers=row.answers,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        review_on=row.review_on,
        source=row.source,
        decision=row.decision.key if row.decision else "",
        version=row.version,
    )
