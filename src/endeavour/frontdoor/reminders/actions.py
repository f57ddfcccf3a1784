"""Sending what is due: one letter to each address, each thing at most once a week."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from endeavour.core.public import Person, now, today, write_audit
from endeavour.frontdoor.models import Reminder
from endeavour.frontdoor.reminders import rules
from endeavour.frontdoor.reminders.queries import NO_ADDRESS, Due, due_on, last_sent


@dataclass
class Sent:
    """What one run did: letters by address, what has nobody to go to, and what was sent within the week."""

    letters: dict[str, list[Due]] = field(default_factory=dict)
    unaddressed: list[Due] = field(default_factory=list)
    waiting: int = 0


def plan() -> Sent:
    """What would be sent now."""
    sent, before, moment = defaultdict(list), last_sent(), now()
    done = Sent()
    for due in due_on(today()):
        if due.to == NO_ADDRESS:
            done.unaddressed.append(due)
        elif rules.may_send_again(before.get((due.subject, due.to)), moment):  # type: ignore[arg-type]
            sent[due.to].append(due)
        else:
            done.waiting += 1
    done.letters = dict(sorted(sent.items()))
    return done


@transaction.atomic
def send_reminders(*, by: Person | None = None) -> Sent:
    """Send what is due and write down that it was sent. `by` is None when the clock runs it.

    A letter leaves only when its record is kept: a run that breaks off sends again rather than never.
    """
    done = plan()
    for address, dues in done.letters.items():
        Reminder.objects.bulk_create([Reminder(subject=d.subject[:100], to=address) for d in dues])
        transaction.on_commit(lambda a=address, d=tuple(dues): _send(a, d))  # type: ignore[misc]
    write_audit(
        by=by, action="frontdoor.remind", subject="frontdoor", letters=len(done.letters),
        things=sum(map(len, done.letters.values())), unaddressed=len(done.unaddressed),
    )  # fmt: skip
    return done


def _send(address: str, dues: tuple[Due, ...]) -> None:
    lines = [f"- {d.words}\n  {settings.PUBLIC_URL}{d.path}" for d in dues]
    things = "1 thing waits" if len(dues) == 1 else f"{len(dues)} things wait"
    EmailMessage(
        f"Find help: {things} for you",
        "These wait for you at the front door:\n\n"
        + "\n".join(lines)
        + "\n\nEach is named again after a week.\n",
        to=[address],
        # Made here: the standard library's own would draw from the global generator.
        headers={"Message-ID": f"<{uuid4()}@front-door>"},
    ).send()
