"""How the partnership's promises stand today, and where its next meeting is: for the home page and for an area's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from endeavour.core.public import today, while_data_stand
from endeavour.governance import public as governance
from endeavour.strategy import public as strategy

_STATE_ORDER = ("overdue", "missed_review", "due", "on_time", "done", "no_date", "not_yet_said")


@while_data_stand
def standings() -> list[dict[str, object]]:
    """How many promises stand in each state, in words, worst first."""
    counts = {
        str(state): number for state, number in strategy.standing_counts(strategy.judged("we", "i")).items()
    }
    labels = {str(state): str(label) for state, label in strategy.LABELS.items()}
    return [
        {"state": state, "words": labels.get(state, state.replace("_", " ")), "count": counts[state]}
        for state in _STATE_ORDER
        if counts.get(state)
    ]


def total(found: Sequence[Mapping[str, object]]) -> int:
    """How many promises there are in every state together.

    >>> total([{"count": 2}, {"count": 40}])
    42
    """
    return sum(int(str(item["count"])) for item in found)


def next_meeting(area_codes: Collection[str]) -> object | None:
    """The soonest meeting to come of a body that serves one of these areas; None where none is announced."""
    coming, _ = governance.meetings(as_at=today())
    return next((meeting for meeting in coming if meeting.body.area_code in area_codes), None)
