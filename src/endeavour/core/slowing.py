"""Keeping one address from writing without end where nobody has to sign in."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

from endeavour.core.clock import today
from endeavour.errors import TooMany

HOURLY_LIMIT = 30


def slow_down(request: HttpRequest, what: str) -> None:
    """Refuse the thirty-first write of an hour from one address; only a hash of the address is held, in memory."""
    address = hashlib.sha256(f"{request.META.get('REMOTE_ADDR')}{today()}".encode()).hexdigest()[:16]
    key = f"slow-{what}-{address}"
    cache.add(key, 0, timeout=3600)
    if cache.incr(key) > HOURLY_LIMIT:
        raise TooMany("You have sent a lot in the last hour.", hint="Wait an hour, or ring instead.")
