"""When a reminder is due. Nothing here is stored: the same records on the same day always give the same reminders."""

from __future__ import annotations

from datetime import date, datetime

# How many days a request may stand in a state before its service is reminded.
PATIENCE = {"received": 2, "passed_on": 2, "accepted": 5, "contacted": 14, "waiting": 28, "not_helped": 2}
PROPOSAL_PATIENCE = 7
# A crisis line is named before its check falls due, so that it is never late.
CRISIS_NOTICE = 5
AGAIN_AFTER = 7


def request_is_late(state: str, since: date, day: date) -> bool:
    """Whether a request has stood in a state for longer than people should wait.

    >>> request_is_late("received", date(2026, 11, 1), date(2026, 11, 3)), request_is_late("received", date(2026, 11, 1), date(2026, 11, 4))
    (False, True)
    >>> request_is_late("helped", date(2020, 1, 1), date(2026, 1, 1))
    False
    """
    return state in PATIENCE and (day - since).days > PATIENCE[state]


def check_is_due(assured_on: date | None, promise_days: int, day: date, *, is_crisis_line: bool) -> bool:
    """Whether a record should be checked now: its promise runs out, or a crisis line's soon will.

    >>> check_is_due(date(2026, 11, 1), 30, date(2026, 11, 26), is_crisis_line=True)
    True
    >>> check_is_due(date(2026, 11, 1), 30, date(2026, 11, 26), is_crisis_line=False)
    False
    """
    notice = CRISIS_NOTICE if is_crisis_line else 0
    return assured_on is None or (day - assured_on).days >= promise_days - notice


def may_send_again(last: datetime | None, moment: datetime) -> bool:
    """Whether a week has passed since the same reminder."""
    return last is None or (moment - last).days >= AGAIN_AFTER
