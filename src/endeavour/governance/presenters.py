"""Governance in words for e-mail."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from endeavour.governance.models import Escalation
from endeavour.governance.queries.news import News


def digest_words(news: News) -> str:
    """A digest as plain text, each line with its address."""
    site, parts = settings.PUBLIC_URL, []
    if news.meetings:
        lines = [
            f"* {m.title}, {timezone.localtime(m.starts_at):%-d %B %Y at %H:%M}, {m.place}\n  {site}/meeting/{m.key}"
            for m in news.meetings
        ]
        parts.append("Meetings to come\n" + "\n".join(lines))
    if news.decisions:
        parts.append(
            "Decided\n" + "\n".join(f"* {d.title}\n  {site}/decision/{d.key}" for d in news.decisions)
        )
    if news.minutes:
        parts.append(
            "Minutes\n"
            + "\n".join(f"* {m.meeting.title}\n  {site}/meeting/{m.meeting.key}" for m in news.minutes)
        )
    if news.answers:
        answers = "\n".join(f"* {r.words}\n  {site}/question/{r.contribution.receipt}" for r in news.answers)
        parts.append("Questions answered\n" + answers)
    return "\n\n".join(parts) + "\n"


def late_worry_words(late: Escalation) -> str:
    """That a worry is past its time, between whom, and where to look: nothing about the case."""
    return (
        f"{late.body} raised a safeguarding worry with {late.other}, to be answered by "
        f"{timezone.localtime(late.answer_by):%-d %B %Y at %H:%M}. Nobody has recorded an answer.\n\n"
        f"Sign in to see it: {settings.PUBLIC_URL}/escalations\n"
        f"What the route says happens now: {settings.PUBLIC_URL}/registers/safeguarding-routes/{late.route}\n"
    )
