"""Drafting an agenda from everything that is due, and adding to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from endeavour.core.public import LONDON, Link, Person, add_link, entry, require, today, write_audit
from endeavour.errors import BadInput, Conflict
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.findings import Finding
from endeavour.governance.models import AgendaItem, Contribution, Meeting
from endeavour.governance.queries import business_cycle, open_actions, raised_gaps, register, unanswered


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
            meeting=meeting, number=n, title=title[:200], origin=origin, subject=subject, words=words, minutes=minutes
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
    write_audit(
        by=by, action="governance.draft_agenda", subject=entry("meeting", meeting.key), items=len(items)
    )
    return list(meeting.items.all())


def _drafted(
    day: date,
    promises: Sequence[Finding],
    exceptions: Sequence[Finding],
    waiting: Sequence[Contribution],
    gaps: Sequence[Link],
) -> Iterator[tuple[str, str, str, str, int]]:
    """Title, origin, subject, words and minutes of each item, in the order of the agenda."""
    rules, origin = meeting_rules(settings.PACK), AgendaItem.Origin
    for slot in rules.agenda.opening:
        yield slot.title, origin.STANDING, "", "", slot.minutes
    titles = {f"cycle:{item.key}": item.title for item in rules.cycle}
    asked = {f.subject: f for f in business_cycle(day) if f.state in {"due", "overdue"}}
    for subject, finding in asked.items():
        words = finding.words.removeprefix(f"{titles[subject]}: ").capitalize()
        yield titles[subject], origin.CYCLE, subject, words, 10
    for row in register(day):
        if row.finding.state in {"due", "breached", "unproven"}:
            yield row.duty.title, origin.DUTY, row.finding.subject, row.finding.words, 10
    for finding in promises:
        yield (
            f"Promise {finding.subject.partition(':')[2]}",
            origin.PROMISE,
            finding.subject,
            finding.words,
            5,
        )
    for finding in exceptions:
        yield finding.words.partition(":")[0], origin.EXCEPTION, finding.subject, finding.words, 5
    for action, finding in open_actions(day):
        name = entry("action", f"{action.decision.key}/{action.number}")
        yield f"Action: {action.words}", origin.ACTION, name, finding.words, 5
    for said in waiting:
        words = said.words if said.may_publish else "The words are not published, as asked."
        yield (
            f"Contribution {said.receipt}",
            origin.CONTRIBUTION,
            entry("contribution", said.receipt),
            words,
            5,
        )
    for gap in gaps:
        yield f"Unmet need: {gap.note.partition('.')[0]}", origin.CONTRIBUTION, gap.source, gap.note, 5
    for slot in rules.agenda.closing:
        yield slot.title, origin.STANDING, "", "", slot.minutes


def item_entry(item: AgendaItem) -> str:
    """The name of an agenda item in the thread."""
    return entry("item", f"{item.meeting.key}/{item.number}")


@transaction.atomic
def add_item(
    *, by: Person, meeting: Meeting, title: str, words: str = "", minutes: int = 10, exempt_ground: str = ""
) -> AgendaItem:
    """Add an item at the end of an agenda; two added at once get a number each."""
    require(by, "governance.draft_agenda")
    if not title.strip():
        raise BadInput("An item needs a title.")
    if not 1 <= minutes <= 480:
        raise BadInput("An item takes between 1 minute and 8 hours.")
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    last = meeting.items.aggregate(last=Max("number"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=meeting,
        number=last + 1,
        title=title.strip()[:200],
        words=words.strip(),
        minutes=minutes,
        origin=AgendaItem.Origin.OTHER,
        exempt_ground=exempt_ground.strip(),
    )
    write_audit(by=by, action="governance.add_item", subject=item_entry(item))
    return item
