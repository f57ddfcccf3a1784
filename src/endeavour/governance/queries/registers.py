"""The registers of a partnership on a day: what the pack names, and every version kept since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, Max, QuerySet

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
            (
                question.label,
                f"£{self.kept.pounds}" if question.pounds else self.kept.answers.get(question.name, ""),
            )
            for question in self.register.questions
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


Versions = dict[tuple[str, str], list[Kept]]


def kept_versions(as_at: date, register: str = "") -> Versions:
    """Every version known by a day of each entry of one register, or of all, the oldest first."""
    return _versions(settings.PACK, as_at, register, _written(as_at, register))


def _known(as_at: date, register: str) -> QuerySet[RegisterEntry]:
    # A register that is no longer kept here, such as the compact's before partners signed for themselves, is left out.
    known = RegisterEntry.objects.filter(recorded_at__lt=end_of(as_at), register__in=REGISTERS)
    return known.filter(register=register) if register else known


def _written(as_at: date, register: str) -> tuple[object, ...]:
    """What tells the versions known by a day from any others: versions are only ever added, never changed."""
    counted = _known(as_at, register).aggregate(n=Count("pk"), last=Max("pk"), at=Max("recorded_at"))
    return tuple(counted.values())


# A version is written once, so what was read stays true.
@lru_cache(maxsize=32)
def _versions(pack: str, as_at: date, register: str, _written_by_then: tuple[object, ...]) -> Versions:
    versions: Versions = {
        (kept.register, kept.key): [kept]
        for kept in named_entries(pack)
        if not register or kept.register == register
    }
    rows = _known(as_at, register).order_by("version").values_list(
        "register", "key", "title", "body__key", "other__key", "answers", "starts_on", "ends_on", "review_on",
        "source", "decision__key", "version",
    )  # fmt: skip
    for kind, key, title, body, other, answers, starts, ends, review, source, decision, version in rows:
        versions.setdefault((kind, key), []).append(
            Kept(
                kind, key, title, body, other or "", answers, starts, review, source, ends, decision or "",
                version=version,
            )
        )  # fmt: skip
    return versions


def kept_entries(as_at: date, register: str) -> list[Kept]:
    """The version in force on a day of each entry of one register, without its findings; in one query."""
    return [in_force(kept, as_at) for kept in kept_versions(as_at, register).values()]


def money_moved_by(decision: str, as_at: date) -> list[Kept]:
    """The sums that one decision moved, by its key, as the register of them stands on a day."""
    return [kept for kept in kept_entries(as_at, "money-moved") if kept.decision == decision]


def entries(as_at: date, register: str = "") -> list[EntryRow]:
    """The entries of one register known by a day, or of all, those with the gravest faults first, then by title.

    Judging ten thousand takes a while, so rows are kept until a version is added or anything around them changes.
    """
    written = _written(as_at, register)
    named = _bodies_named(settings.PACK, as_at, register, written)
    bodies = {b.key: b for b in Body.objects.filter(key__in=named)}
    around = _around(bodies, as_at)
    names = tuple(sorted((key, b.name) for key, b in bodies.items()))
    return list(_judged(settings.PACK, as_at, register, written, around, names))


@lru_cache(maxsize=32)
def _bodies_named(pack: str, as_at: date, register: str, written: tuple[object, ...]) -> frozenset[str]:
    """The keys of every body that an entry in force lies with."""
    versions = _versions(pack, as_at, register, written).values()
    return frozenset(key for kept in versions for key in in_force(kept, as_at).everybody)


@lru_cache(maxsize=32)
def _judged(
    pack: str,
    as_at: date,
    register: str,
    written: tuple[object, ...],
    around: _Surroundings,
    names: tuple[tuple[str, str], ...],
) -> tuple[EntryRow, ...]:
    facts, named = around.facts(), dict(names)
    rows = [
        EntryRow(
            REGISTERS[kept.register], kept, named.get(kept.body, kept.body), named.get(kept.other, kept.other),
            judged(kept, facts, as_at), versions,
        )
        for versions in _versions(pack, as_at, register, written).values()
        for kept in (in_force(versions, as_at),)
    ]  # fmt: skip
    order = {state: n for n, state in enumerate(STATES)}
    return tuple(sorted(rows, key=lambda row: (order[row.findings[0].state], row.kept.title)))


def register_entry(register: str, key: str, as_at: date) -> EntryRow:
    """One entry on a day."""
    found = next((row for row in entries(as_at, register_of(register).key) if row.kept.key == key), None)
    if found is None:
        raise NotFound(f"There is no entry '{key[:60]}'.", hint=f"See /registers/{register}.")
    return found


@dataclass(frozen=True)
class _Surroundings:
    """What else is known on a day, as something that can be told from another day's."""

    last_days: tuple[tuple[str, date], ...]
    routes: frozenset[tuple[str, str]]
    late: tuple[tuple[str, int], ...]

    def facts(self) -> Around:
        return Around(dict(self.last_days), self.routes, dict(self.late))


def _around(bodies: dict[str, Body], as_at: date) -> _Surroundings:
    routes = Route.objects.at(as_at).values_list("source__key", "target__key")  # type: ignore[attr-defined]
    last_days = sorted((key, b.valid_to - timedelta(days=1)) for key, b in bodies.items() if b.valid_to)
    late = late_by_route(min(now(), end_of(as_at)))
    return _Surroundings(tuple(last_days), frozenset(routes), tuple(sorted(late.items())))
