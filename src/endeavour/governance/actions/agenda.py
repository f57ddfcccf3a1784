"""Drafting an agenda from everything that is due, and adding to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from endeavour.core.public import LONDON, Link, Person, add_link, entry, now, require, today, write_audit
from endeavour.errors import BadInput, Conflict
from endeavour.governance.actions.meetings import lawful_ground
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.findings import Finding
from endeavour.governance.models import AgendaChange, AgendaItem, Contribution, Meeting
from endeavour.governance.queries import (
    business_cycle,
    late_by_route,
    open_actions,
    raised_gaps,
    register,
    unanswered,
)


@transaction.atomic
def draft_agenda(
    *, by: Person, meeting: Meeting, promises: Sequence[Finding] = (), exceptions: Sequence[Finding] = ()
) -> list[AgendaItem]:
    """Build the agenda from standing items, the business cycle, duties, promises, measures, actions,
    contributions, and the unmet needs that the front door raised with this body.

    Each item keeps what put it there. An agenda is drafted once; after that items are added one by one.
    """
    require(by, "governance.draft_agenda")
    if Meeting.objects.select_for_update().get(pk=meeting.pk).items.exists():
        raise Conflict("This meeting already has an agenda.", hint="Add items to it instead.")
    # A future meeting takes up what will be due by then; one entered afterwards what is known today.
    day = max(meeting.starts_at.astimezone(LONDON).date(), today())
    waiting = unanswered()
    drafted = [*_drafted(day, promises, exceptions, waiting, raised_gaps(meeting.body))]
    items = [
        AgendaItem(
            meeting=meeting, number=n, place=n, title=title[:200], origin=origin, subject=subject, words=words, minutes=minutes
        )
        for n, (title, origin, subject, words, minutes) in enumerate(drafted, 1)
    ]  # fmt: skip
    AgendaItem.objects.bulk_create(items)
    themes = {entry("contribution", c.receipt): c.theme for c in waiting}
    for item in items:
        if item.origin == AgendaItem.Origin.CONTRIBUTION:
            add_link(by=by, kind=Link.Kind.RESPONDS_TO, source=item_entry(item), target=item.subject)
            if theme := themes.get(item.subject):
                add_link(
                    by=by, kind=Link.Kind.RESPONDS_TO, source=item_entry(item), target=entry("theme", theme)
                )
    write_audit(by=by, action="governance.draft_agenda", subject=meeting_entry(meeting), items=len(items))
    return list(meeting.items.all())


Drafted = Iterator[tuple[str, str, str, str, int]]
ORIGIN = AgendaItem.Origin


def _drafted(
    day: date,
    promises: Sequence[Finding],
    exceptions: Sequence[Finding],
    waiting: Sequence[Contribution],
    gaps: Sequence[Link],
) -> Drafted:
    """Title, origin, subject, words and minutes of each item, in the order of the agenda.

    What a decision can dispose of has an item of its own; what is only to be looked at is gathered into one.
    """
    slots = meeting_rules(settings.PACK).agenda
    for slot in slots.opening:
        yield slot.title, ORIGIN.STANDING, "", "", slot.minutes
    yield from _of_the_year(day)
    yield from _of_the_law(day)
    yield from _of_worries()
    if promises:
        late = "\n".join(f"{f.subject.partition(':')[2]}: {f.words}" for f in promises)
        yield f"Promises that are late ({len(promises)})", ORIGIN.PROMISE, "promises:late", late, 20
    for finding in exceptions:
        yield finding.words.partition(":")[0], ORIGIN.EXCEPTION, finding.subject, finding.words, 5
    for action, finding in open_actions(day):
        name = entry("action", f"{action.decision.key}/{action.number}")
        yield f"Action: {action.words}", ORIGIN.ACTION, name, finding.words, 5
    yield from _of_people(waiting, gaps)
    for slot in slots.closing:
        yield slot.title, ORIGIN.STANDING, "", "", slot.minutes


def _of_the_year(day: date) -> Drafted:
    """Each item of the business cycle that waits for a decision."""
    titles = {f"cycle:{item.key}": item.title for item in meeting_rules(settings.PACK).cycle}
    asked = {f.subject: f for f in business_cycle(day) if f.state in {"due", "overdue"}}
    for subject, finding in asked.items():
        words = _sentence(finding.words.removeprefix(f"{titles[subject]}: "))
        yield titles[subject], ORIGIN.CYCLE, subject, words, 10


def _of_the_law(day: date) -> Drafted:
    """Each duty that is due or breached; those that nothing shows, together."""
    duties = register(day)
    for row in duties:
        if row.finding.state in {"due", "breached"}:
            yield row.duty.title, ORIGIN.DUTY, row.finding.subject, row.finding.words, 10
    unproven = [f"{row.duty.title}. {row.finding.words}" for row in duties if row.finding.state == "unproven"]
    if unproven:
        title = f"Duties that nothing recorded shows ({len(unproven)})"
        yield title, ORIGIN.DUTY, "register:unproven", "\n".join(unproven), 15


def _of_worries() -> Drafted:
    """How many safeguarding worries are past their agreed time, route by route."""
    if worries := late_by_route(now()):
        lines = [
            f"{name.rpartition('/')[2].replace('-', ' ').capitalize()}: {n}" for name, n in worries.items()
        ]
        title = f"Safeguarding worries not answered in time ({sum(worries.values())})"
        yield title, ORIGIN.DUTY, "register:safeguarding-routes", "\n".join(lines), 10


def _of_people(waiting: Sequence[Contribution], gaps: Sequence[Link]) -> Drafted:
    """What residents and partners said, and the needs that nothing meets."""
    for said in waiting:
        words = said.words if said.may_publish else "The words are not published, as asked."
        name = entry("contribution", said.receipt)
        yield f"Contribution {said.receipt}", ORIGIN.CONTRIBUTION, name, words, 5
    for gap in gaps:
        yield f"Unmet need: {gap.note.partition('.')[0]}", ORIGIN.CONTRIBUTION, gap.source, gap.note, 5


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def meeting_entry(meeting: Meeting) -> str:
    """The name of a meeting as an entry."""
    return entry("meeting", meeting.key)


def item_entry(item: AgendaItem) -> str:
    """The name of an agenda item in the thread."""
    return entry("item", f"{item.meeting.key}/{item.number}")


def refuse_taken_off(item: AgendaItem) -> None:
    """Raise where an item is no longer on its agenda."""
    if item.place is None:
        raise Conflict("That item was taken off the agenda.", hint="Put it back first.")


@transaction.atomic
def add_item(
    *,
    by: Person,
    meeting: Meeting,
    title: str,
    words: str = "",
    minutes: int = 10,
    exempt_ground: str = "",
    why_late: str = "",
) -> AgendaItem:
    """Add an item at the end of an agenda; two added at once get a number each.

    Once the agenda is published, an item needs the special circumstances that make it urgent (Local Government Act
    1972, section 100B(4)(b)): `why_late` is kept and shown beside it.
    """
    require(by, "governance.draft_agenda")
    if not title.strip():
        raise BadInput("An item needs a title.")
    if not 1 <= minutes <= 480:
        raise BadInput("An item takes between 1 minute and 8 hours.")
    kept = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if kept.agenda_on and not why_late.strip():
        raise BadInput("The agenda is published: say why this cannot wait for the next meeting.")
    last = meeting.items.aggregate(number=Max("number"), place=Max("place"))
    item = AgendaItem.objects.create(
        meeting=meeting,
        number=(last["number"] or 0) + 1,
        place=(last["place"] or 0) + 1,
        title=title.strip()[:200],
        words=words.strip(),
        minutes=minutes,
        origin=AgendaItem.Origin.OTHER,
        exempt_ground=lawful_ground(exempt_ground),
    )
    if kept.agenda_on:
        AgendaChange.objects.create(by=by, item=item, place=item.place, why=why_late.strip()[:300])
    write_audit(by=by, action="governance.add_item", subject=item_entry(item))
    return item
