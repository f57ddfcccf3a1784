"""Drafting an agenda from everything that is due, and adding to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from endeavour.core.public import (
    LONDON,
    Body,
    Link,
    Person,
    add_link,
    entry,
    now,
    require,
    today,
    write_audit,
)
from endeavour.errors import BadInput, Conflict
from endeavour.governance.actions.lengths import whole
from endeavour.governance.actions.meetings import lawful_ground, refuse_cancelled
from endeavour.governance.agenda import Drafted, fitted, gathered
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.findings import Finding, occurrences
from endeavour.governance.models import AgendaChange, AgendaItem, Contribution, Meeting
from endeavour.governance.queries import (
    business_cycle,
    count_unanswered,
    first_actions,
    late_by_route,
    raised_gaps,
    register,
    to_take_again,
    unanswered,
)


@transaction.atomic
def draft_agenda(
    *, by: Person, meeting: Meeting, promises: Sequence[Finding] = (), exceptions: Sequence[Finding] = ()
) -> list[AgendaItem]:
    """Build the agenda from standing items, the business cycle, duties, promises, measures, actions,
    contributions, and the unmet needs that the front door raised with this body.

    Each item keeps what put it there, and gets the time that the meeting has for it. An agenda is drafted once; after
    that items are added one by one.
    """
    require(by, "governance.draft_agenda")
    kept = Meeting.objects.select_for_update().get(pk=meeting.pk)
    refuse_cancelled(kept)
    if kept.items.exists():
        raise Conflict("This meeting already has an agenda.", hint="Add items to it instead.")
    # A future meeting takes up what will be due by then; one entered afterwards what is known today.
    day = max(meeting.starts_at.astimezone(LONDON).date(), today())
    waiting = unanswered(MOST_VOICES)
    business = [
        *_of_people(waiting, raised_gaps(meeting.body)),
        *_of_worries(),
        *_of_decisions(meeting.body),
        *_of_the_law(day),
        *_of_the_year(day),
        *_of_promises(promises),
        *_of_measures(exceptions),
        *_of_actions(day),
    ]
    items = [
        AgendaItem(
            meeting=meeting, number=n, place=n, title=found.title[:200], origin=found.origin, subject=found.subject,
            words=found.words, minutes=found.minutes,
        )
        for n, found in enumerate(_in_order(business, meeting.lasts), 1)
    ]  # fmt: skip
    AgendaItem.objects.bulk_create(items)
    themes = {entry("contribution", c.receipt): c.theme for c in waiting}
    for item in items:
        if item.origin == ORIGIN.CONTRIBUTION and item.subject != WAITING:
            add_link(by=by, kind=Link.Kind.RESPONDS_TO, source=item_entry(item), target=item.subject)
            if theme := themes.get(item.subject):
                add_link(
                    by=by, kind=Link.Kind.RESPONDS_TO, source=item_entry(item), target=entry("theme", theme)
                )
    write_audit(by=by, action="governance.draft_agenda", subject=meeting_entry(meeting), items=len(items))
    return list(meeting.items.all())


ORIGIN = AgendaItem.Origin
# How many of a kind an agenda names; the rest are counted, with the page that lists them, and come back next time.
MOST_VOICES, MOST_GAPS, MOST_LINES = 6, 4, 10
# The item that only counts those who still wait: it answers nobody, so it is tied to nobody's words.
WAITING = "contributions:waiting"


def _in_order(business: Sequence[Drafted], lasts: int) -> list[Drafted]:
    """The standing items around the business of the day, which shares the minutes that they leave."""
    slots = meeting_rules(settings.PACK).agenda
    opening, closing = (
        [Drafted(slot.title, ORIGIN.STANDING, minutes=slot.minutes) for slot in part]
        for part in (slots.opening, slots.closing)
    )
    room = lasts - sum(item.minutes for item in (*opening, *closing))
    minutes = fitted([item.minutes for item in business], room)
    timed = [replace(item, minutes=given) for item, given in zip(business, minutes, strict=True)]
    return [*opening, *timed, *closing]


def _of_people(waiting: Sequence[Contribution], gaps: Sequence[Link]) -> Iterator[Drafted]:
    """What residents and partners said, those first who have waited longest, and the needs that nothing meets."""
    for said in waiting:
        words = said.words if said.may_publish else "The words are not published, as asked."
        name = entry("contribution", said.receipt)
        yield Drafted(f"Contribution {said.receipt}", ORIGIN.CONTRIBUTION, name, words, 5)
    if len(waiting) == MOST_VOICES and (more := count_unanswered() - MOST_VOICES):
        words = "They come on the next agendas in turn, unless they are answered before. See /have-your-say."
        yield Drafted(f"{more:,} more who wait for an answer", ORIGIN.CONTRIBUTION, WAITING, words, 5)
    for gap in gaps[:MOST_GAPS]:
        yield Drafted(
            f"Unmet need: {gap.note.partition('.')[0]}", ORIGIN.CONTRIBUTION, gap.source, gap.note, 5
        )


def _of_worries() -> Iterator[Drafted]:
    """How many safeguarding worries are past their agreed time, route by route."""
    if worries := late_by_route(now()):
        lines = [
            f"{name.rpartition('/')[2].replace('-', ' ').capitalize()}: {n}" for name, n in worries.items()
        ]
        title = f"Safeguarding worries not answered in time ({sum(worries.values())})"
        yield Drafted(title, ORIGIN.DUTY, "register:safeguarding-routes", "\n".join(lines), 10)


def _of_decisions(body: Body) -> Iterator[Drafted]:
    """Each decision of this body that rests on no quorum since its meeting's attendance was corrected.

    None is gathered, because each is taken again by a decision of its own.
    """
    for found, finding in to_take_again(body):
        yield Drafted(f"Take again: {found.title}", ORIGIN.DECISION, finding.subject, finding.words, 10)


def _of_the_law(day: date) -> Iterator[Drafted]:
    """Each duty that is breached or waits for an answer; those due again together, and those that nothing shows."""
    duties = register(day)
    again = []
    for row in duties:
        item = Drafted(row.duty.title, ORIGIN.DUTY, row.finding.subject, row.finding.words, 10)
        if row.finding.state == "breached" or (row.finding.state == "due" and row.duty.answers_trigger):
            yield item
        elif row.finding.state == "due":
            again.append(item)
    yield from gathered(again, "Duties due again ({n})", "register:due")
    unproven = [f"{row.duty.title}. {row.finding.words}" for row in duties if row.finding.state == "unproven"]
    if unproven:
        title = f"Duties that nothing recorded shows ({len(unproven)})"
        yield Drafted(title, ORIGIN.DUTY, "register:unproven", "\n".join(unproven), 5)


def _of_the_year(day: date) -> Iterator[Drafted]:
    """Each item of the business cycle that waits for a decision: what a duty in law asks for, then what waits longest.

    None is gathered or left out, because each leaves the cycle by a decision of its own.
    """
    found = defaultdict(list)
    for finding in business_cycle(day):
        found[finding.subject].append(finding)
    waiting = []
    for item in meeting_rules(settings.PACK).cycle_items():
        subject = f"cycle:{item.key}"
        days = zip(occurrences(item, day), found[subject], strict=True)
        if unmet := [(due, finding) for due, finding in days if finding.state != "met"]:
            since, finding = unmet[0]
            words = _sentence(finding.words.removeprefix(f"{item.title}: "))
            waiting.append((not item.duty, since, Drafted(item.title, ORIGIN.CYCLE, subject, words, 10)))
    yield from (item for _, _, item in sorted(waiting, key=lambda row: row[:2]))


def _of_promises(promises: Sequence[Finding]) -> Iterator[Drafted]:
    if promises:
        late = "\n".join(f"{f.subject.partition(':')[2]}: {f.words}" for f in promises)
        yield Drafted(f"Promises that are late ({len(promises)})", ORIGIN.PROMISE, "promises:late", late, 5)


def _of_measures(exceptions: Sequence[Finding]) -> Iterator[Drafted]:
    """The measures that changed by more than chance: one by itself, several together."""
    items = [
        Drafted(
            title, ORIGIN.EXCEPTION, found.subject, words.strip() if len(exceptions) > 1 else found.words, 5
        )
        for found in exceptions
        for title, _, words in (found.words.partition(":"),)
    ]
    title = "Measures that changed by more than chance ({n})"
    yield from gathered(items[:MOST_LINES], title, "measures:changed", number=len(items), more="/measure")


def _of_actions(day: date) -> Iterator[Drafted]:
    """The actions that are late on the day: one by itself, several together, the longest late first."""
    late, number = first_actions(day, "late", MOST_LINES)
    items = [
        Drafted(
            action.words, ORIGIN.ACTION, entry("action", f"{action.decision.key}/{action.number}"),
            f"{action.owner.name}. {finding.words}", 5,
        )
        for action, finding in late
    ]  # fmt: skip
    if len(items) == 1:
        yield replace(items[0], title=f"Action: {items[0].title}")
        return
    yield from gathered(items, "Actions that are late ({n})", "actions:late", number=number, more="/actions")


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
    refuse_cancelled(kept)
    if kept.agenda_on and not why_late.strip():
        raise BadInput("The agenda is published: say why this cannot wait for the next meeting.")
    last = meeting.items.aggregate(number=Max("number"), place=Max("place"))
    item = AgendaItem.objects.create(
        meeting=meeting,
        number=(last["number"] or 0) + 1,
        place=(last["place"] or 0) + 1,
        title=whole(AgendaItem, "title", title),
        words=words.strip(),
        minutes=minutes,
        origin=AgendaItem.Origin.OTHER,
        exempt_ground=lawful_ground(exempt_ground),
    )
    if kept.agenda_on:
        AgendaChange.objects.create(
            by=by, item=item, place=item.place, why=whole(AgendaChange, "why", why_late)
        )
    write_audit(by=by, action="governance.add_item", subject=item_entry(item))
    return item
