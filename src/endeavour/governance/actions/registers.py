"""Keeping the partnership's registers, each change and each review as a version of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from endeavour.core.public import Body, Link, Person, Role, add_link, entry, require, today, write_audit
from endeavour.errors import BadInput, Forbidden
from endeavour.governance.actions.lengths import whole
from endeavour.governance.actions.versions import (
    check_bodies,
    check_days,
    next_version,
    one_version_at_a_time,
)
from endeavour.governance.escalating import agreed_time
from endeavour.governance.models import Decision, RegisterEntry
from endeavour.governance.queries import entries, register_entry, register_of
from endeavour.governance.registers import Register, pounds_in
from endeavour.governance.rules import SECRETARIAT, require_keeps_entries


@transaction.atomic
def keep_register(
    *,
    by: Person,
    register: str,
    title: str,
    body: Body,
    answers: Mapping[str, str],
    starts_on: date,
    review_on: date,
    source: str,
    other: Body | None = None,
    ends_on: date | None = None,
    decision: Decision | None = None,
    key: str = "",
) -> RegisterEntry:
    """Record an entry of a register; with the `key` of one that is known, its next version, which then stands.

    A partner writes for its own body, where partners keep the register, and names no decision: the secretariat does
    that. What a body wrote of itself only that body changes, as long as it exists. A review is a version with a later
    day of review. Raises `Forbidden` otherwise, `BadInput` where a part is missing or the days do not fit,
    `Conflict` where a body does not exist or the title is taken.
    """
    require(by, "governance.keep_register")
    kind = register_of(register)
    require_keeps_entries(by, by_partners=kind.by_partners, body=body.key)
    said = {question.name: answers.get(question.name, "").strip() for question in kind.questions}
    _refuse_half(kind, title, said, source, body, other)
    check_days(starts_on, ends_on, review_on)
    see = f"/registers/{register}"
    known = {row.kept.key: row.kept.version for row in entries(today(), register)}
    chosen, version = next_version(key, title, known, see)
    if key:
        _refuse_of_another(by, kind, chosen)
    if decision and by.role not in SECRETARIAT:
        raise Forbidden("Only the secretariat says which decision an entry rests on.", hint="Leave it out.")
    check_bodies(filter(None, (body, other)), starts_on, version)
    with one_version_at_a_time(see):
        made = RegisterEntry.objects.create(
            by=by, register=register, key=chosen, version=version, title=whole(RegisterEntry, "title", title), body=body, other=other,
            decision=decision, answers=said, starts_on=starts_on, ends_on=ends_on, review_on=review_on,
            source=whole(RegisterEntry, "source", source),
        )  # fmt: skip
    name = entry("register", f"{register}/{chosen}")
    if decision:
        add_link(by=by, kind=Link.Kind.DECIDED_BY, source=name, target=entry("decision", decision.key))
    write_audit(by=by, action="governance.keep_register", subject=name, version=version)
    return made


def _refuse_of_another(by: Person, kind: Register, key: str) -> None:
    """Raise where the entry lies with a body that `by` may not write for, or was written by that body of itself."""
    held = register_entry(kind.key, key, today()).kept
    require_keeps_entries(by, by_partners=kind.by_partners, body=held.body)
    newest = (
        RegisterEntry.objects.filter(register=kind.key, key=key)
        .select_related("by__body", "body")
        .order_by("-version")
        .first()
    )
    if newest is None or newest.by is None or newest.by.role != Role.PARTNER or newest.by.body != newest.body:
        return
    if by.body != newest.body and newest.body.held_on(today()):
        raise Forbidden(
            f"{newest.body} wrote this of itself, so only it changes it.", hint="Ask somebody of that body."
        )


def _refuse_half(
    kind: Register, title: str, said: Mapping[str, str], source: str, body: Body, other: Body | None
) -> None:
    needed = [q.label for q in kind.questions if q.needed and not said[q.name]]
    if not title.strip():
        needed.insert(0, "What is it called?")
    if not source.strip():
        needed.append("Where can it be checked?")
    if kind.between and other is None:
        needed.append(kind.other)
    if needed:
        raise BadInput(f"Still to be answered: {' '.join(needed)}")
    if other == body:
        raise BadInput("It lies between two bodies: choose another.")
    if other and not kind.other:
        raise BadInput("An entry of this register lies with one body.")
    unread = [q.label for q in kind.questions if q.pounds and said[q.name] and not pounds_in(said[q.name])]
    if unread:
        raise BadInput(f"{unread[0]} Write a sum in pounds, such as 120,000.")
    if kind.keeps_time and agreed_time(said["within"]) is None:
        raise BadInput("A clock keeps the time: write it as 4 hours, or as 1 working day.")
