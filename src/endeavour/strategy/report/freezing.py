"""Freezing a report: from then on its figures and words are what they were."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from endeavour.core.public import Person, require, today, write_audit
from endeavour.errors import BadInput, Corrupt, NotFound
from endeavour.strategy.at_once import one_at_a_time
from endeavour.strategy.models import Narrative, Release
from endeavour.strategy.moments import this_moment
from endeavour.strategy.report.content import SECTIONS, build, digest


@transaction.atomic
def freeze_report(*, by: Person | None, as_at: date | None = None) -> Release:
    """Keep the report as it is now under the digest of its content; the same content twice is one release."""
    if by is not None:
        require(by, "strategy.release")
    day = as_at or today()
    if day > today():
        raise BadInput("A report cannot be frozen for a day to come.", hint="Give a day up to today.")
    content = build(day)
    sha = digest(content)
    if known := Release.objects.filter(sha256=sha).first():
        return known
    with one_at_a_time("froze this report"):
        made = Release.objects.create(
            by=by, recorded_at=this_moment(), kind="annual_report", as_at=day, sha256=sha, content=content
        )
    write_audit(by=by, action="strategy.release", subject=f"release:{sha[:12]}", as_at=day.isoformat())
    return made


@transaction.atomic
def write_narrative(*, by: Person | None, section: str, words: str) -> Narrative:
    """Write a section of the report's words; earlier words stay, and no figure can be written here."""
    require(by, "strategy.narrate")
    if section not in {key for key, _ in SECTIONS}:
        raise BadInput(
            f"'{section[:20]}' is not a section of the report.", hint=", ".join(k for k, _ in SECTIONS)
        )
    if not words.strip() or len(words) > 20_000:
        raise BadInput("The words are empty or longer than 20,000 characters.")
    made = Narrative.objects.create(by=by, recorded_at=this_moment(), section=section, words=words.strip())
    write_audit(by=by, action="strategy.narrate", subject=f"report:{section}")
    return made


def release_named(name: str) -> Release:
    """A release by its digest or the first 8 or more characters of it; checked against its digest before it is used."""
    if len(name) < 8 or not all(c in "0123456789abcdef" for c in name.lower()):
        raise NotFound(
            f"'{name[:20]}' does not name a release.", hint="See /report for the releases there are."
        )
    found = list(Release.objects.filter(sha256__startswith=name.lower())[:2])
    if len(found) != 1:
        raise NotFound(
            f"There is no one release '{name[:20]}'.", hint="See /report for the releases there are."
        )
    if digest(found[0].content) != found[0].sha256:
        raise Corrupt("The release does not match its digest.", hint="Restore it from a backup.")
    return found[0]


def releases() -> list[Release]:
    """Every release, newest first."""
    return list(Release.objects.order_by("-recorded_at", "-id"))
