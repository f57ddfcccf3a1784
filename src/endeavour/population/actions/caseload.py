"""Every write of the caseload, and every look at a household; each with its audit entry in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction

from endeavour.core.public import Body, Person, Role, may, require, today, write_audit
from endeavour.errors import BadInput, Conflict, Forbidden, Missing, NotFound
from endeavour.population import rules
from endeavour.population.actions.words import said_words
from endeavour.population.models import Case, Consent, Lead, Workstream
from endeavour.population.queries import caseload, households
from endeavour.population.queries.caseload import Row
from endeavour.population.queries.households import Reasons

Kept = TypeVar("Kept", Lead, Consent, Workstream)


@transaction.atomic
def open_caseload(*, by: Person) -> int:
    """Open a case for every chosen household of the cohort in use, led by its place's Alliance; returns how many.

    A household that already has a case keeps it. In a demonstration the practitioner without a body joins an
    Alliance, so that there is a caseload to see.
    """
    require(by, rules.OPEN_CASELOAD)
    cohort = households.in_use()
    known = set(Case.objects.filter(lake=cohort.lake).values_list("household_id", flat=True))
    fresh = [h for h in households.chosen() if h.household_id not in known]
    cases = Case.objects.bulk_create(
        [
            Case(
                lake=cohort.lake,
                household_id=h.household_id,
                release=cohort.release,
                place=h.place,
                neighbourhood=h.neighbourhood,
            )
            for h in fresh
        ],
        batch_size=500,
    )
    alliances = _alliances({h.place for h in fresh})
    leads = [
        Lead(case=case, body=alliances[case.place], by=by, why="The Alliance of the place leads at first.")
        for case in cases
        if case.place in alliances
    ]
    Lead.objects.bulk_create(leads, batch_size=500)
    write_audit(
        by=by,
        action=rules.OPEN_CASELOAD,
        subject=f"cohort:{cohort.release}",
        opened=len(cases),
        led=len(leads),
    )
    if settings.DEMO and leads:
        _place_demo_practitioner(by=by)
    return len(cases)


def _alliances(places: set[str]) -> dict[str, Body]:
    """Each place's partnership, its committee left aside."""
    found = Body.objects.at(today()).filter(area_code__in=places, legal_form=Body.LegalForm.PARTNERSHIP)  # type: ignore[attr-defined]
    return {body.area_code: body for body in found.order_by("-pk")}


def _place_demo_practitioner(*, by: Person) -> None:
    person = Person.objects.filter(is_demo=True, role=Role.PRACTITIONER, body__isnull=True).first()
    lead = Lead.objects.select_related("body").order_by("pk").first()
    if person is None or lead is None:
        return
    person.body = lead.body
    person.save(update_fields=["body"])
    write_audit(
        by=by,
        action="population.place_demo_practitioner",
        subject=f"person:{person.username}",
        body=lead.body.key,
    )


def look_at_household(*, by: Person, number: int) -> tuple[Row, Reasons | None]:
    """One household of somebody's caseload; the look is written down before anything is shown, and so is a refusal.

    The reasons why it was chosen are for practitioners; they are None for others, and where a newer cohort no longer
    holds the household, or there is none: its plan goes on.
    """
    try:
        with transaction.atomic():
            require(by, rules.SEE_CASELOAD)
            case = caseload.one_case(by, number)
            with_reasons = may(by, rules.SEE_HOUSEHOLD)
            action = rules.SEE_HOUSEHOLD if with_reasons else rules.SEE_CASELOAD
            write_audit(by=by, action=action, subject=_subject(case), why="opened its page")
            return caseload.row_of(case), _reasons(case) if with_reasons else None
    except (Forbidden, NotFound):
        with transaction.atomic():
            write_audit(by=by, action="population.refused", subject=f"household:{number}")
        raise


def _reasons(case: Case) -> Reasons | None:
    try:
        held = households.in_use().lake == case.lake
        return households.reasons_of(case.household_id) if held else None
    except (Missing, NotFound):
        return None


@transaction.atomic
def see_caseload(*, by: Person, step: str = "", number: int = 1) -> caseload.Listing:
    """A page of somebody's caseload; that they read it is written down."""
    require(by, rules.SEE_CASELOAD)
    if step and step not in rules.STEP_WORDS:
        raise BadInput(f"There is no step '{step[:20]}'.", hint="Choose one from the list.")
    found = caseload.listing(by, step=step, number=number)
    write_audit(by=by, action=rules.SEE_CASELOAD, subject="caseload", shown=len(found.rows), step=step)
    return found


@transaction.atomic
def assign_lead(*, by: Person, number: int, body: Body, why: str) -> Lead:
    """Say which body leads for a household from now on, and why it changed."""
    require(by, rules.ASSIGN_LEAD)
    row = _locked(by, number)
    if not body.held_on(today()):
        raise BadInput(f"{body} does not exist today.", hint="Choose its successor.")
    if row.lead and row.lead.body_id == body.pk:
        raise Conflict(f"{body} already leads for this household.")
    lead = Lead.objects.create(
        case=row.case, body=body, by=by, why=said_words(why, "why it changes"), supersedes=_head(row.case.held_leads)  # type: ignore[attr-defined]
    )  # fmt: skip
    write_audit(by=by, action=rules.ASSIGN_LEAD, subject=_subject(row.case), body=body.key)
    return lead


@transaction.atomic
def record_consent(*, by: Person, number: int, state: str, how: str, on: date, why: str = "") -> Consent:
    """Record what a household answered, on which day and how; only a lawful move is taken."""
    require(by, rules.RECORD_CONSENT)
    row = _locked(by, number)
    before = row.consent.state if row.consent else ""
    if state not in rules.CONSENT_MOVES[before]:
        allowed = ", ".join(str(Consent.State(s).label) for s in rules.CONSENT_MOVES[before])
        raise Conflict(
            f"After '{row.consent_words}' that cannot be recorded.", hint=f"It can become: {allowed}."
        )
    if how not in Consent.How.values:
        raise BadInput("Say how the household answered.", hint="In person, by phone, by letter or online.")
    if on > today():
        raise BadInput("That day is in the future.", hint="Give a day up to today.")
    if row.consent and on < row.consent.happened_on:
        raise BadInput("That is before what was recorded last.", hint="Undo that first, if it was wrong.")
    consent = Consent.objects.create(
        case=row.case, state=state, how=how, happened_on=on, by=by, why=why.strip()[:300],
        supersedes=_head(row.case.held_consents),  # type: ignore[attr-defined]
    )  # fmt: skip
    write_audit(by=by, action=rules.RECORD_CONSENT, subject=_subject(row.case), state=state)
    return consent


@transaction.atomic
def plan_work(
    *,
    by: Person,
    number: int,
    part: str,
    body: Body,
    action: str,
    success: str,
    starts_on: date,
    due_on: date,
) -> Workstream:
    """Agree one part of a household's plan; it needs the household's yes, and replaces what stood for that part."""
    require(by, rules.PLAN_WORK)
    row = _locked(by, number)
    _need_consent(row)
    if part not in Workstream.Part.values:
        raise BadInput("Choose a part of life.", hint=", ".join(str(p.label) for p in Workstream.Part))
    if due_on < starts_on:
        raise BadInput("The work would end before it starts.", hint="Give a later day to finish.")
    standing = next((w for w in row.work if w.part == part), None)
    if standing and standing.state == Workstream.State.UNDER_WAY:
        raise Conflict("Work on this is under way.", hint="Finish or stop it first.")
    work = Workstream.objects.create(
        case=row.case, part=part, state=Workstream.State.PLANNED, body=body,
        action=said_words(action, "what is done"), success=said_words(success, "how we will know that it worked"),
        starts_on=starts_on, due_on=due_on, by=by,
        supersedes=_head([w for w in row.case.held_work if w.part == part]),  # type: ignore[attr-defined]
    )  # fmt: skip
    write_audit(by=by, action=rules.PLAN_WORK, subject=_subject(row.case), part=part)
    return work


@transaction.atomic
def move_work(*, by: Person, number: int, part: str, to: str, why: str = "") -> Workstream:
    """Begin, finish, stop or take up again one part of a plan."""
    require(by, rules.PLAN_WORK)
    row = _locked(by, number)
    standing = next((w for w in row.work if w.part == part), None)
    if standing is None:
        raise NotFound("Nothing was planned for this part of life.", hint="Plan it first.")
    if to not in rules.WORK_MOVES[standing.state]:
        raise Conflict(f"Work that is {standing.get_state_display()} cannot become '{to[:20]}'.")
    if to in {Workstream.State.UNDER_WAY, Workstream.State.PLANNED}:
        _need_consent(row)
    work = _copy(standing, by=by, why=why.strip()[:300], state=to)
    write_audit(by=by, action=rules.PLAN_WORK, subject=_subject(row.case), part=part, state=to)
    return work


@transaction.atomic
def undo(*, by: Person, number: int, kind: str, part: str = "", why: str) -> Lead | Consent | Workstream:
    """Take back what was recorded last: one more row that restores what stood before it, or says that nothing did."""
    row = _locked(by, number)
    require(by, {"lead": rules.ASSIGN_LEAD, "consent": rules.RECORD_CONSENT}.get(kind, rules.PLAN_WORK))
    held: dict[str, Any] = {
        "lead": row.lead,
        "consent": row.consent,
        "work": next((w for w in row.work if w.part == part), None),
    }
    last = held.get(kind)
    if last is None:
        raise Conflict("There is nothing to undo.")
    words, before = said_words(why, "why it is undone"), last.supersedes
    if before is None or before.is_undone:
        undone = _copy(last, by=by, why=words, is_undone=True)
    else:
        undone = _copy(before, by=by, why=words, supersedes=last)
    write_audit(by=by, action="population.undo", subject=_subject(row.case), kind=kind, part=part)
    return undone  # type: ignore[no-any-return]


def _copy(one: Kept, *, by: Person, why: str, **changes: Any) -> Kept:
    """A new row like `one` but for the changes; unless they say otherwise it supersedes it."""
    fields = {f.attname: getattr(one, f.attname) for f in one._meta.concrete_fields}
    for name in ("id", "recorded_at", "by_id", "supersedes_id"):
        del fields[name]
    fields |= {"by": by, "why": why, "supersedes": one} | changes
    return type(one)._default_manager.create(**fields)


def _head(heads: Sequence[Kept]) -> Kept | None:
    """The row that nothing supersedes, undone or not: what the next one follows."""
    return heads[0] if heads else None


def _locked(by: Person, number: int) -> Row:
    """A household of this person's caseload, held so that two people cannot take two steps from one place."""
    require(by, rules.SEE_CASELOAD)
    caseload.one_case(by, number)
    Case.objects.select_for_update().get(pk=number)
    return caseload.row_of(caseload.one_case(by, number))


def _need_consent(row: Row) -> None:
    if row.consent is None or row.consent.state != Consent.State.GIVEN:
        raise Conflict("The household has not said yes.", hint="Record its answer first.")


def _subject(case: Case) -> str:
    return f"household:{case.pk}"
