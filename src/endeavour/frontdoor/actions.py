"""Every write of the front door; each is audited in its own transaction and never logs what somebody wrote."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from endeavour.core.public import Event, Person, now, record_event, require, today, write_audit
from endeavour.errors import BadInput, Conflict, Forbidden
from endeavour.frontdoor import rules
from endeavour.frontdoor.loading import search_text
from endeavour.frontdoor.models import (
    ContactRequest,
    ContactStep,
    Feedback,
    Revision,
    SearchTally,
    Service,
)
from endeavour.frontdoor.queries import (
    CRISIS_CARDS,
    LINES_CHECKED,
    NUMBER_CHECKED,
    crisis_lines,
    number_subject,
    numbers_checked,
    rebuild_index,
    state_of,
)

# No letter or figure that sounds or looks like another.
RECEIPT_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
EDITABLE = {
    "name": 300, "description": 5000, "expect": 2000, "eligibility_description": 2000,
    "fees_description": 1000, "wait_time": 200, "url": 500, "email": 254,
}  # fmt: skip
FEEDBACK_KINDS = ("helpful", "unhelpful", "wrong")
CONTACT_WAYS = ("phone", "text", "email", "letter")


def new_receipt() -> str:
    """A number nobody can guess (40 bits of chance), easy to read out."""
    letters = "".join(secrets.choice(RECEIPT_LETTERS) for _ in range(8))
    return f"FD-{letters[:4]}-{letters[4:]}"


def _short(text: str, most: int, what: str) -> str:
    text = " ".join(text.split())
    if len(text) > most:
        raise BadInput(f"{what} is too long: {len(text):,} letters.", hint=f"Use at most {most:,}.")
    return text


@transaction.atomic
def ask_to_be_contacted(
    *, service: Service, name: str, contact_by: str, contact_value: str, good_time: str,
    need: str, language: str, consented: bool, district: str = "", by: Person | None = None,
) -> ContactRequest:  # fmt: skip
    """Write down that somebody wants to be contacted, and give them a receipt.

    They must have agreed to it. A place is kept no finer than the district.
    """
    if not consented:
        raise BadInput(
            "We can only pass this on if you agree.", hint="Say yes, or ring the service yourself."
        )
    if contact_by not in CONTACT_WAYS:
        raise BadInput("Choose how they should contact you.", hint="By phone, text, email or letter.")
    if not name.strip() or not contact_value.strip():
        raise BadInput("We need a name and a way to reach you.")
    request = ContactRequest.objects.create(
        receipt=new_receipt(),
        service=service,
        name=_short(name, 120, "The name"),
        contact_by=contact_by,
        contact_value=_short(contact_value, 200, "The way to reach you"),
        good_time=_short(good_time, 20, "The time"),
        need=_short(need, 1000, "What you wrote"),
        language=_short(language, 60, "The language"),
        district=district[:9],
        consented_at=now(),
        made_by=by,
    )
    ContactStep.objects.create(request=request, state="received", service=service, by=by)
    write_audit(by=by, action="frontdoor.ask", subject=f"request:{request.receipt}", service=service.given_id)
    return request


@transaction.atomic
def move_request(
    *, request: ContactRequest, to: str, by: Person, words: str = "", onward: Service | None = None
) -> ContactStep:
    """Take the next step with a request. To pass it on, name the service it goes to: no wrong door.

    The request is locked, so that two people cannot take two steps from one place.
    """
    require(by, rules.MOVE_REQUEST)
    request = ContactRequest.objects.select_for_update().get(pk=request.pk)
    last = state_of(request)
    runs = last.service.organisation.body_key
    if by.role == "partner" and runs and (by.body is None or by.body.key != runs):
        raise Forbidden("This request stands with another organisation.", hint="Ask them to pass it to you.")
    if to not in rules.MOVES.get(last.state, ()):
        allowed = ", ".join(rules.MOVES[last.state]) or "nothing more"
        raise Conflict(
            f"A request that is '{last.get_state_display()}' cannot become '{to[:20]}'.",
            hint=f"It can become: {allowed}.",
        )
    if to == "passed_on" and (onward is None or onward == last.service):
        raise BadInput(
            "Say which service it is passed to.", hint="Search for one that can help; nobody is sent away."
        )
    step = ContactStep.objects.create(
        request=request, state=to, service=onward if to == "passed_on" and onward else last.service,
        words=_short(words, 300, "The note"), by=by,
    )  # fmt: skip
    write_audit(by=by, action="frontdoor.step", subject=f"request:{request.receipt}", to=to)
    return step


@transaction.atomic
def record_look(*, request: ContactRequest, by: Person) -> None:
    """Write down that somebody read a request's name and words."""
    require(by, rules.SEE_REQUESTS)
    write_audit(by=by, action="frontdoor.look", subject=f"request:{request.receipt}")


@transaction.atomic
def give_feedback(*, service: Service, kind: str, words: str = "", by: Person | None = None) -> Feedback:
    """Keep what somebody said of a service's page, without who they are."""
    if kind not in FEEDBACK_KINDS:
        raise BadInput(
            "Choose one of the answers.", hint="It helped, it did not help, or something is wrong."
        )
    feedback = Feedback.objects.create(service=service, kind=kind, words=_short(words, 500, "What you wrote"))
    write_audit(by=None, action="frontdoor.feedback", subject=f"service:{service.given_id}", kind=kind)
    return feedback


@transaction.atomic
def propose_edit(*, service: Service, changes: dict[str, str], by: Person) -> Revision:
    """Suggest new words for a service. A partner may only touch the services of their own body."""
    require(by, rules.PROPOSE_EDIT)
    runs = service.organisation.body_key
    if by.role == "partner" and runs and (by.body is None or by.body.key != runs):
        raise Forbidden(
            "Only the organisation that runs this service may change it.",
            hint="Tell them what is wrong with it.",
        )
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise BadInput(f"'{unknown[0]}' cannot be edited here.")
    after = {k: v.strip() for k, v in changes.items() if v.strip() != getattr(service, k)}
    for key, value in after.items():
        if len(value) > EDITABLE[key]:
            raise BadInput(
                f"The {key.replace('_', ' ')} is too long.", hint=f"Use at most {EDITABLE[key]:,} letters."
            )
    if not after:
        raise BadInput("Nothing has changed.", hint="Change some words first.")
    if not after.get("name", "x"):
        raise BadInput("A service needs a name.")
    revision = Revision.objects.create(
        service=service, before={k: getattr(service, k) for k in after}, after=after, by=by
    )
    write_audit(
        by=by, action="frontdoor.propose", subject=f"service:{service.given_id}", fields=sorted(after)
    )
    return revision


@transaction.atomic
def decide_edit(*, revision: Revision, approve: bool, by: Person) -> Revision:
    """Approve or refuse a suggestion. Nobody approves their own; words changed since then are not overwritten."""
    require(by, rules.APPROVE_EDIT)
    revision = Revision.objects.select_for_update().select_related("service").get(pk=revision.pk)
    if revision.state != Revision.State.PROPOSED:
        raise Conflict("Somebody has already decided this.")
    if revision.by_id == by.pk:
        raise Forbidden("You cannot approve your own change.", hint="Ask a colleague to read it.")
    service = revision.service
    if approve:
        if any(getattr(service, key) != value for key, value in revision.before.items()):
            raise Conflict(
                "The service has changed since this was suggested.", hint="Refuse it and suggest it afresh."
            )
        for key, value in revision.after.items():
            setattr(service, key, value)
        service.assured_on = today()
        service.search_text = search_text(service)
        service.save()
    revision.state = Revision.State.APPROVED if approve else Revision.State.REFUSED
    revision.decided_by, revision.decided_at = by, now()
    revision.save()
    write_audit(
        by=by,
        action=f"frontdoor.{revision.state}",
        subject=f"service:{service.given_id}",
        revision=revision.pk,
    )
    if approve:
        transaction.on_commit(rebuild_index)
    return revision


@transaction.atomic
def assure(*, service: Service, by: Person) -> Service:
    """Say that a record was checked today and still holds."""
    require(by, rules.PROPOSE_EDIT)
    service.assured_on = today()
    service.save(update_fields=["assured_on", "modified_at"])
    write_audit(by=by, action="frontdoor.assure", subject=f"service:{service.given_id}")
    return service


@transaction.atomic
def check_lines(*, by: Person) -> Event:
    """Say that every number on the crisis cards, and every crisis line, was rung today and is right."""
    require(by, rules.APPROVE_EDIT)
    for service in crisis_lines():
        assure(service=service, by=by)
    return record_event(by=by, kind=LINES_CHECKED, subject=CRISIS_CARDS, happened_at=now())


@transaction.atomic
def check_some_lines(*, numbers: Collection[str], lines: Collection[str], by: Person) -> int:
    """Say that these numbers of the crisis cards and these crisis lines, by name, were rung today; how many they were."""
    require(by, rules.APPROVE_EDIT)
    held = {line.given_id: line for line in crisis_lines()}
    unknown = sorted({*numbers} - {*numbers_checked()} | {*lines} - {*held})
    if unknown:
        raise BadInput(f"'{unknown[0][:40]}' is not among the crisis numbers.", hint="Read the page again.")
    if not numbers and not lines:
        raise BadInput("Tick the numbers that you rang.", hint="Ring at least one first.")
    for number in sorted({*numbers}):
        record_event(by=by, kind=NUMBER_CHECKED, subject=number_subject(number), happened_at=now())
    for key in sorted({*lines}):
        assure(service=held[key], by=by)
    return len({*numbers}) + len({*lines})


@transaction.atomic
def tally_search(
    *,
    topic: str,
    district: str,
    language: str,
    found: bool,
    on: date | None = None,
    times: int = 1,
    by: Person | None = None,
) -> None:
    """Count searches under their topic. No words, no person, no time finer than the day, no place finer than the district."""
    tally, _ = SearchTally.objects.get_or_create(
        on=on or today(), topic=topic[:60], district=district[:9], language=language[:5] or "en", found=found
    )
    SearchTally.objects.filter(pk=tally.pk).update(count=F("count") + times)


def editable_values(service: Service) -> dict[str, Any]:
    """The words of a service that may be edited, as they stand."""
    return {key: getattr(service, key) for key in EDITABLE}
