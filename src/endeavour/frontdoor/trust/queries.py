"""How fresh the directory is, who told what, what it said before, and what people said of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from endeavour.core.public import Person, require
from endeavour.frontdoor import rules
from endeavour.frontdoor.models import Feedback, Particular, Revision, Service
from endeavour.frontdoor.queries import Freshness, freshness

MOST_SHOWN = 100


@dataclass(frozen=True)
class Standing:
    """How well one teller keeps its records: how many, how many within their promise, and the mean score of 100."""

    name: str
    records: int
    kept: int
    never: int
    score: int

    @property
    def late(self) -> int:
        """Checked once, and longer ago than promised."""
        return self.records - self.kept - self.never


@dataclass(frozen=True)
class Register:
    """The freshness of the whole directory on a day."""

    day: date
    tellers: list[Standing]
    crisis: list[tuple[Service, Freshness]]
    late: list[tuple[Service, Freshness]]

    @property
    def crisis_late(self) -> list[tuple[Service, Freshness]]:
        """The crisis lines that were not checked again within the promise."""
        return [(s, f) for s, f in self.crisis if not f.kept]


def active_services() -> list[Service]:
    """Every service that is offered, with who tells of it."""
    return list(
        Service.objects.filter(status="active").select_related("organisation", "feed").order_by("name")
    )


def register(day: date) -> Register:
    """Every record's promise and whether it is kept; those never checked come first among the late, then the longest."""
    rated = [(service, freshness(service, day)) for service in active_services()]
    by_teller: dict[str, list[Freshness]] = defaultdict(list)
    for service, fresh in rated:
        by_teller[service.feed.name if service.feed else service.organisation.name].append(fresh)
    tellers = [
        Standing(
            name,
            len(fresh),
            sum(f.kept for f in fresh),
            sum(f.days is None for f in fresh),
            round(sum(f.score for f in fresh) / len(fresh)),
        )
        for name, fresh in sorted(by_teller.items())
    ]
    late = sorted(
        ((s, f) for s, f in rated if not f.kept),
        key=lambda pair: (not pair[0].is_crisis_line, pair[1].score, -(pair[1].days or 99_999), pair[0].name),
    )
    return Register(day, tellers, [(s, f) for s, f in rated if s.is_crisis_line], late)


@dataclass(frozen=True)
class Coverage:
    """One list of places whose official codes are known, and how many of them have a service offered here."""

    name: str
    known: int
    here: int

    @property
    def percent(self) -> float:
        """The share of the list that is here, in per cent."""
        return 100 * self.here / self.known


def coverage() -> list[Coverage]:
    """How much of what is known to exist can be found here: by list, the codes on it and those of services offered.

    Only a list that gives official codes can be compared; a name alone proves nothing. A list of the past counts places
    that have since closed, so its share is a lower bound.
    """
    offered: set[str] = set()
    listed: dict[str, set[str]] = defaultdict(set)
    told = Particular.objects.filter(kind="organization_identifiers", organisation__isnull=False)
    rows = told.values_list("value", "organisation__feed__name", "organisation_id")
    active = set(Service.objects.filter(status="active").values_list("organisation_id", flat=True))
    for value, feed, organisation in rows:
        code = str(value.get("identifier") or "").upper() if isinstance(value, dict) else ""
        if not code:
            continue
        listed[feed or "Written here"].add(code)
        if organisation in active:
            offered.add(code)
    return [Coverage(name, len(codes), len(codes & offered)) for name, codes in sorted(listed.items())]


@dataclass(frozen=True)
class Version:
    """One accepted change: what it said before and after, and whose it is."""

    revision: Revision
    who: str
    changes: list[tuple[str, str, str]]


def versions(service: Service) -> list[Version]:
    """Every accepted change of a service, newest first, whether a person or a feed made it."""
    found = service.revisions.filter(state="approved").select_related("by", "decided_by").order_by("-id")
    return [
        Version(
            r,
            r.note if r.by is None else "Suggested and approved by two people of the directory",
            [(k.replace("_", " ").capitalize(), r.before.get(k, ""), v) for k, v in r.after.items()],
        )
        for r in found
    ]


def tellers_of(service: Service) -> list[Service]:
    """The record itself and those that were merged into it: each keeps the feed it came from."""
    return [service, *service.also_told_by.select_related("feed").order_by("given_id")]


def open_feedback(viewer: Person | None) -> list[tuple[Service, list[Feedback]]]:
    """What people said is wrong or unhelpful since a service was last checked; checking it answers them.

    A partner sees what was said of the services of their own body.
    """
    require(viewer, rules.SEE_FEEDBACK)
    said = Feedback.objects.exclude(kind="helpful").select_related("service__organisation").order_by("-id")
    if viewer is not None and viewer.role == "partner":
        said = said.filter(service__organisation__body_key=viewer.body.key if viewer.body else "-")
    by_service: dict[Service, list[Feedback]] = defaultdict(list)
    for feedback in said[:500]:
        checked = feedback.service.assured_on
        if checked is None or feedback.at.date() >= checked:
            by_service[feedback.service].append(feedback)
    return sorted(by_service.items(), key=lambda pair: (-len(pair[1]), pair[0].name))
