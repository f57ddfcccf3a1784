"""Governance in words for e-mail."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

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
