"""Moving items of an agenda until it is published, taking them off with a reason, and publishing it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from endeavour.core.public import Link, Person, add_link, now, require, today, write_audit
from endeavour.errors import BadInput, Conflict
from endeavour.governance.actions.agenda import item_entry, meeting_entry
from endeavour.governance.actions.lengths import whole
from endeavour.governance.agenda import rearranged
from endeavour.governance.findings import in_words
from endeavour.governance.models import AgendaChange, AgendaItem, Meeting

# Far enough above every place that items on their way to a new one never stand in the way of another.
ASIDE = 1_000


@transaction.atomic
def arrange_item(*, by: Person, item: AgendaItem, place: int | None, why: str) -> AgendaChange:
    """Put an item at a place of the agenda, counted from 1; with no place, take it off. Putting it back is a place too.

    What put the item there stays open: a duty, a cycle's item or a resident's words come back on the next agenda.
    Raises `Conflict` once the agenda is published, once the meeting has begun and once something was decided on it.
    """
    require(by, "governance.arrange_item")
    if not why.strip():
        raise BadInput("Say why. Everybody can read it.")
    if place is not None and place < 1:
        raise BadInput("Places are counted from 1.")
    meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    refuse_fixed(meeting)
    kept = AgendaItem.objects.select_for_update().get(pk=item.pk)
    order = list(meeting.items.filter(place__isnull=False).order_by("place").values_list("pk", flat=True))
    after = rearranged(order, kept.pk, place)
    new = after.index(kept.pk) + 1 if kept.pk in after else None
    if new == kept.place:
        raise BadInput("It stands there already." if new else "It is off the agenda already.")
    if new is None and kept.decisions.exists():
        raise Conflict("Something was decided on this item, so it stays.")
    meeting.items.filter(place__isnull=False).update(place=F("place") + ASIDE)
    if new is None:
        meeting.items.filter(pk=kept.pk).update(place=None)
    for number, pk in enumerate(after, 1):
        meeting.items.filter(pk=pk).update(place=number)
    made = AgendaChange.objects.create(
        by=by, item=kept, place_was=kept.place, place=new, why=whole(AgendaChange, "why", why)
    )
    _follow_in_the_thread(by, kept, off=new is None)
    write_audit(by=by, action="governance.arrange_item", subject=item_entry(kept), was=kept.place, place=new)
    return made


def refuse_fixed(meeting: Meeting) -> None:
    """Raise where an agenda can no longer be rearranged."""
    if meeting.agenda_on:
        raise Conflict(
            f"The agenda was published on {in_words(meeting.agenda_on)} and stays as it is.",
            hint="Put it off at the meeting, with a decision that says so.",
        )
    if meeting.starts_at <= now():
        raise Conflict("The meeting has begun, so its agenda stays as it is.")


def _follow_in_the_thread(by: Person, item: AgendaItem, *, off: bool) -> None:
    """What is off the agenda counts no longer as an answer to anybody; what is put back counts again."""
    tied = Link.objects.filter(kind=Link.Kind.RESPONDS_TO, source=item_entry(item))
    if off:
        tied.filter(valid_to__isnull=True).update(valid_to=today())
        return
    for target in set(tied.values_list("target", flat=True)):
        add_link(by=by, kind=Link.Kind.RESPONDS_TO, source=item_entry(item), target=target)


@transaction.atomic
def publish_agenda(*, by: Person, meeting: Meeting) -> Meeting:
    """Publish the agenda with its papers, once; from then on no item is moved or taken off, and a late one says why."""
    require(by, "governance.publish_agenda")
    kept = Meeting.objects.select_for_update().get(pk=meeting.pk)
    refuse_fixed(kept)
    if kept.cancelled_on:
        raise Conflict("This meeting was cancelled.")
    if not kept.items.filter(place__isnull=False).exists():
        raise BadInput("The agenda is empty.", hint="Draft it first.")
    kept.agenda_on = today()
    kept.save(update_fields=["agenda_on"])
    write_audit(by=by, action="governance.publish_agenda", subject=meeting_entry(kept))
    return kept
