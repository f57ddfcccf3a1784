"""Which version of the theory of change held on a day."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from endeavour.strategy.models import TheoryVersion


def current_theory(*, at: date) -> TheoryVersion | None:
    """The newest version recorded by that day, with its reviews; the first one there is for an earlier day."""
    found = TheoryVersion.objects.prefetch_related("reviews").order_by("-version")
    versions = list(found)
    known = [v for v in versions if timezone.localdate(v.recorded_at) <= at]
    return known[0] if known else (versions[-1] if versions else None)
