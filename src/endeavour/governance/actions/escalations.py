"""Raising a safeguarding worry up an agreed route, against the clock, and answering it. Never a word about whom."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from endeavour.core.public import Body, Event, Person, Role, entry, now, record_event, require, write_audit
from endeavour.errors import BadInput, Conflict, Forbidden
from endeavour.governance.actions.lengths import whole
from endeavour.governance.actions.letters import send_letter
from endeavour.governance.escalating import agreed_time
from endeavour.governance.models import Escalation, EscalationAnswer
from endeavour.governance.presenters import late_worry_words
from endeavour.governance.queries import late_escalations, register_entry
from endeavour.governance.rules import SECRETARIAT

REGISTER = "safeguarding-routes"
TOLD = "escalation_late"


@transaction.atomic
def raise_escalation(*, by: Person, route: str, reference: str, raised_at: datetime) -> Escalation:
    """Record that a worry went up a route at a moment; the clock runs from then by the route's agreed time.

    `reference` is the raising body's own number for the case, and nothing else about it is kept here. Raises `Conflict`
    for a route that is not in force and for a number that was raised already.
    """
    require(by, "governance.raise_escalation")
    moment = now()
    row = register_entry(REGISTER, route, moment.date())
    body, other = (Body.objects.get(key=key) for key in row.kept.everybody)
    _refuse_others(by, body)
    if row.findings[0].state in {"expired", "not_started"}:
        raise Conflict(
            f"{row.findings[0].words} Use the route that stands.", hint=f"See /registers/{REGISTER}."
        )
    within = agreed_time(row.kept.answers["within"])
    if within is None:
        raise Conflict(
            "The route has no time that a clock can keep.", hint="Record another version of it first."
        )
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9./-]{0,39}", reference.strip()) or not re.search(
        r"\d", reference
    ):
        raise BadInput(
            "Give your own number for the case, without a name.",
            hint="Letters, digits, dots, slashes and hyphens.",
        )
    if raised_at > moment:
        raise BadInput("What has not been raised cannot be recorded.")
    if (moment - raised_at).days > 31:
        raise BadInput("It was raised more than a month ago.", hint="Record what is open now.")
    try:
        with transaction.atomic():
            made = Escalation.objects.create(
                by=by, route=route, body=body, other=other, reference=reference.strip(), raised_at=raised_at,
                answer_by=within.after(raised_at),
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("That number was raised already.", hint="See /escalations.") from error
    write_audit(
        by=by, action="governance.raise_escalation", subject=entry("escalation", made.pk), route=route
    )
    return made


@transaction.atomic
def answer_escalation(
    *, by: Person, escalation: Escalation, answered_at: datetime, words: str
) -> EscalationAnswer:
    """Record when the worry was taken up and what is done next, without a word about the person; once."""
    require(by, "governance.answer_escalation")
    _refuse_others(by, escalation.other)
    if not words.strip():
        raise BadInput("Say what is done next, without a word about the person.")
    if not escalation.raised_at <= answered_at <= now():
        raise BadInput("An answer comes after the worry was raised, and not in the future.")
    try:
        with transaction.atomic():
            made = EscalationAnswer.objects.create(
                by=by,
                escalation=escalation,
                answered_at=answered_at,
                words=whole(EscalationAnswer, "words", words),
            )
    except IntegrityError as error:
        raise Conflict("It was answered already.") from error
    write_audit(by=by, action="governance.answer_escalation", subject=entry("escalation", escalation.pk))
    return made


def _refuse_others(by: Person, body: Body) -> None:
    if by.role not in SECRETARIAT and by.body_id != body.pk:
        raise Forbidden(f"Only somebody of {body}, or the secretariat, can do this.")


def raise_late() -> int:
    """Tell both bodies' people and the secretariat, once, of each worry past its agreed time; returns how many.

    The e-mail holds no reference and no words, only that one is late and where to look.
    """
    told = 0
    for row in late_escalations(now()):
        name = entry("escalation", row.escalation.pk)
        with transaction.atomic():
            # The row's lock lets two who run this at once tell of it only once.
            Escalation.objects.select_for_update().get(pk=row.escalation.pk)
            if Event.objects.filter(kind=TOLD, subject=name).exists():
                continue
            record_event(by=None, kind=TOLD, subject=name, happened_at=now())
            _tell(row.escalation)
            told += 1
    return told


def _tell(late: Escalation) -> None:
    concerned = Q(role__in=SECRETARIAT) | Q(
        role__in=[Role.PARTNER, Role.PRACTITIONER], body__in=[late.body, late.other]
    )
    people = Person.objects.filter(concerned, is_active=True).exclude(email="")
    for address in sorted(set(people.values_list("email", flat=True))):
        send_letter(address, "A safeguarding worry is past its agreed time", late_worry_words(late))
