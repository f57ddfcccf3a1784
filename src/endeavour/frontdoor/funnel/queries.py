"""Counting what became of requests, and publishing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from endeavour.core.public import LONDON
from endeavour.engine.disclosure import (
    ALL,
    About,
    Count,
    FileLog,
    Published,
    PublishedTable,
    ReleaseLog,
    publish,
)
from endeavour.frontdoor.gaps.queries import NO_PLACE, districts, with_totals
from endeavour.frontdoor.models import ContactRequest, SearchTally
from endeavour.frontdoor.periods import Quarter

HELPED, CONTACTED, NOT_HELPED, WAITING = "helped", "contacted", "not_helped", "waiting"
# Each request stands in exactly one, so that they add up to those who asked.
STAGES = {
    HELPED: "helped",
    CONTACTED: "contacted, not yet helped",
    NOT_HELPED: "contacted, and it did not help",
    WAITING: "not yet contacted",
}
NOT_ASKED = "not asked"


def stage_of(states: set[str]) -> str:
    """How far a request came, from the states it has been in.

    >>> stage_of({"received", "accepted", "contacted", "helped"}), stage_of({"received", "passed_on"})
    ('helped', 'waiting')
    """
    for stage, state in ((HELPED, "helped"), (NOT_HELPED, "not_helped"), (CONTACTED, "contacted")):
        if state in states:
            return stage
    return WAITING


def age_group(born: str, on: date) -> str:
    """The group of somebody born on a day written 1950-03-31; 'not asked' where nobody asked.

    >>> age_group("1950-03-31", date(2026, 1, 1)), age_group("", date(2026, 1, 1))
    ('65 and over', 'not asked')
    """
    try:
        birth = date.fromisoformat(born)
    except ValueError:
        return NOT_ASKED
    age = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    return "under 25" if age < 25 else "25 to 64" if age < 65 else "65 and over"


def _district(request: ContactRequest) -> str:
    return request.district if request.district in districts() else NO_PLACE


def _route(request: ContactRequest) -> str:
    return "through a link worker" if hasattr(request, "referral") else "asked themselves"


def _language(request: ContactRequest) -> str:
    said = request.language.strip().casefold()
    return "English" if said in {"", "english", "en"} else "another language"


def _age(request: ContactRequest) -> str:
    told = request.referral.told if hasattr(request, "referral") else {}
    return age_group(str(told.get("date_of_birth", "")), request.consented_at.date())


GROUPINGS: dict[str, tuple[str, Callable[[ContactRequest], str]]] = {
    "district": ("Area", _district),
    "route": ("How they asked", _route),
    "language": ("Language", _language),
    "age": ("Age", _age),
}


@dataclass(frozen=True)
class Line:
    """One area or group: those who asked and how far they came."""

    name: str
    asked: Published
    stages: tuple[Published | None, ...]
    signposted: Published | None = None


@dataclass(frozen=True)
class Funnel:
    """What became of a quarter's requests, as it stood a month after the quarter."""

    quarter: Quarter
    tables: dict[str, PublishedTable]
    signposted: PublishedTable | None

    def lines(self, grouping: str) -> list[Line]:
        """A grouping's lines, the total first."""
        table = self.tables[grouping]
        names = districts() if grouping == "district" else {}
        values = sorted({v for _, v in table if v != ALL}, key=lambda v: names.get(v, v))
        return [
            Line(
                "Everybody" if value == ALL else names.get(value, value),
                table[ALL, value],
                tuple(table.get((stage, value)) for stage in STAGES),
                self.signposted.get((value,)) if self.signposted and grouping == "district" else None,
            )
            for value in (ALL, *values)
        ]


def _moment(day: date) -> datetime:
    """The first moment after a day."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)


def _requests(quarter: Quarter) -> list[tuple[ContactRequest, str]]:
    """The requests of a quarter with how far each came by the day it settled."""
    found = (
        ContactRequest.objects.filter(
            consented_at__gte=_moment(quarter.starts - timedelta(days=1)),
            consented_at__lt=_moment(quarter.ends),
        )
        .select_related("referral")
        .prefetch_related("steps")
        .order_by("pk")
    )
    until = _moment(quarter.settled)
    return [(r, stage_of({s.state for s in r.steps.all() if s.at < until})) for r in found]


def funnel(quarter: Quarter) -> Funnel | None:
    """The published funnel of a quarter, or None where nobody asked.

    It is counted as it stood a month after the quarter, so the same quarter always gives the same figures and two
    looks at it tell no more than one. The tables are attacked together, and with all that was ever let out of them.
    """
    requests = _requests(quarter)
    if not requests:
        return None
    log = FileLog.of_installation()
    tables = {}
    for grouping, (_, value_of) in GROUPINGS.items():
        rows: list[tuple[tuple[str, ...], int]] = [((stage, value_of(r)), 1) for r, stage in requests]
        about = About("front door requests", "people who asked", quarter.key, ("stage", grouping))
        cells = {key: Count(count) for key, count in with_totals(rows).items()}
        tables[grouping] = publish(about, cells, log=log)
    return Funnel(quarter, tables, _signposted(quarter, log))


def _signposted(quarter: Quarter, log: ReleaseLog) -> PublishedTable | None:
    """The searches that were answered, by district: the widest end of the funnel."""
    found = SearchTally.objects.filter(on__gte=quarter.starts, on__lte=quarter.ends, found=True)
    rows: list[tuple[tuple[str, ...], int]] = [
        ((t.district if t.district in districts() else NO_PLACE,), t.count) for t in found
    ]
    if not rows:
        return None
    cells = {key: Count(count) for key, count in with_totals(rows).items()}
    about = About("front door answers", "searches answered", quarter.key, ("district",))
    return publish(about, cells, log=log)
