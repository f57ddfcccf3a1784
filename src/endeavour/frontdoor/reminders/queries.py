"""What is due on a day, and for whom."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from endeavour.core.public import LONDON, Person, Role
from endeavour.frontdoor.models import ContactRequest, Duplicate, Reminder, Revision, Service
from endeavour.frontdoor.queries import state_of
from endeavour.frontdoor.reminders import rules

# A record that nobody is asked to keep is nobody's to be reminded of.
NO_ADDRESS = ""


@dataclass(frozen=True)
class Due:
    """One thing to do: what, where, and to whom the reminder goes (an empty address: nobody can be reached)."""

    subject: str
    to: str
    words: str
    path: str


def _people(*roles: Role) -> list[Person]:
    return list(Person.objects.filter(role__in=roles, is_active=True).exclude(email="").order_by("pk"))


def _editors() -> list[str]:
    return [p.email for p in _people(Role.SECRETARY)] or [NO_ADDRESS]


def due_on(day: date) -> list[Due]:
    """Everything that is due: checks of records, changes and pairs to decide, requests that wait too long.

    No name, no words and no contact of anybody who asked are in a reminder: only the receipt's number.
    """
    return [*_checks(day), *_requests(day), *_decisions(day)]


def _checks(day: date) -> list[Due]:
    due = []
    editors = _editors()
    found = Service.objects.filter(status="active").select_related("organisation", "feed")
    for service in found.order_by("-is_crisis_line", "given_id"):
        if service.extra.get("_by_name"):
            continue  # known from a published list; nobody has been asked to keep it
        if rules.check_is_due(
            service.assured_on, service.promise_days, day, is_crisis_line=service.is_crisis_line
        ):
            keeper = service.email or service.organisation.email
            checked = f"{service.assured_on:%d %B %Y}".lstrip("0") if service.assured_on else "never"
            what = "crisis line" if service.is_crisis_line else "page"
            words = f"Check the {what} ‘{service.name}’: last checked {checked}, promised every {service.promise_days} days."
            to = editors if service.is_crisis_line or not keeper else [keeper]
            due += [
                Due(f"service:{service.given_id}", a, words, f"/find-help/edit/{service.given_id}")
                for a in to
            ]
    return due


def _requests(day: date) -> list[Due]:
    by_body: dict[str, list[str]] = defaultdict(list)
    for person in _people(Role.PARTNER):
        if person.body is not None:
            by_body[person.body.key].append(person.email)
    workers = [p.email for p in _people(Role.PRACTITIONER)] or [NO_ADDRESS]
    due = []
    found = ContactRequest.objects.prefetch_related("steps__service__organisation").order_by("pk")
    for request in found:
        last = state_of(request)
        since = last.at.astimezone(LONDON).date()
        if rules.request_is_late(last.state, since, day):
            words = (
                f"Request {request.receipt} to {last.service.name} has been ‘{last.get_state_display()}’ "
                f"for {(day - since).days} days."
            )
            to = by_body.get(last.service.organisation.body_key) or workers
            due += [
                Due(f"request:{request.receipt}", a, words, f"/find-help/requests/{request.receipt}")
                for a in to
            ]
    return due


def _decisions(day: date) -> list[Due]:
    old = [
        r for r in Revision.objects.filter(state="proposed").select_related("service").order_by("pk")
        if (day - r.at.astimezone(LONDON).date()).days > rules.PROPOSAL_PATIENCE
    ]  # fmt: skip
    due = [
        Due(
            f"revision:{r.pk}", a, f"A change of ‘{r.service.name}’ waits for approval.", "/find-help/approve"
        )
        for r in old
        for a in _editors()
    ]
    pairs = Duplicate.objects.filter(is_same__isnull=True).count()
    if pairs:
        words = f"{pairs:,} pairs of records may be one service."
        due += [Due("duplicates:all", a, words, "/find-help/duplicates") for a in _editors()]
    return due


def last_sent() -> dict[tuple[str, str], object]:
    """When each reminder was last sent to each address."""
    rows = Reminder.objects.values_list("subject", "to").annotate(last=Max("at"))
    return {(subject, to): last for subject, to, last in rows}
