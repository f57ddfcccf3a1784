"""The safety content of the pack, and when its crisis numbers were last found right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.conf import settings
from django.db.models import Max

from endeavour.core.public import LONDON, Event
from endeavour.frontdoor.models import Service
from endeavour.frontdoor.safety import Safety, read_safety


def safety() -> Safety:
    """The safety content of the pack in use."""
    return read_safety(settings.PACK)


LINES_CHECKED = "crisis_lines_checked"
NUMBER_CHECKED = "crisis_number_checked"
CRISIS_CARDS = "page:crisis-cards"


def number_subject(number: str) -> str:
    """What an event says it is about when one number was rung."""
    return f"number:{number}"


def numbers_checked() -> dict[str, date]:
    """Each number of the crisis cards and the day it was last found right: alone, with all of them, or by the pack."""
    content = safety()
    rung = Event.objects.filter(kind__in=[LINES_CHECKED, NUMBER_CHECKED]).values("subject")
    last = {
        row["subject"]: row["at"].astimezone(LONDON).date() for row in rung.annotate(at=Max("happened_at"))
    }
    whole = max(last.get(CRISIS_CARDS, content.lines_checked_on), content.lines_checked_on)
    numbers = sorted({number for topic in content.topics for number in topic.to_ring})
    return {number: max(whole, last.get(number_subject(number), whole)) for number in numbers}


def checked_safety() -> Safety:
    """The safety content with the days its crisis numbers were last checked: here, where that is later than the pack's.

    A card is as fresh as the oldest of its numbers, and all of them as fresh as the oldest of all.
    """
    content, days = safety(), numbers_checked()
    topics = [replace(t, checked_on=min((days[n] for n in t.to_ring), default=None)) for t in content.topics]
    oldest = min(days.values(), default=content.lines_checked_on)
    return replace(content, topics=tuple(topics), lines_checked_on=oldest)


def crisis_lines() -> list[Service]:
    """The crisis lines of the directory, by name, with their telephones."""
    found = Service.objects.filter(is_crisis_line=True, status=Service.Status.ACTIVE)
    return list(found.prefetch_related("particulars").order_by("name"))
