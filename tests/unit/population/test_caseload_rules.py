"""What comes next for a household, and the lawful moves."""

from datetime import date

import pytest

from endeavour.population import rules
from endeavour.population.models import Consent, Workstream
from endeavour.population.rules import Work, next_step

DAY = date(2026, 11, 22)


def work(state: str, starts: date = date(2026, 11, 1), due: date = date(2026, 12, 1)) -> Work:
    return Work("help with the rent", state, starts, due)


@pytest.mark.parametrize(
    ("given", "state", "late"),
    [
        ({"has_lead": False}, "lead", 0),
        ({}, "ask", 0),
        ({"consent": "asked", "consent_on": date(2026, 11, 1)}, "waiting", 0),
        ({"consent": "asked", "consent_on": date(2026, 10, 1)}, "waiting", 24),
        ({"consent": "declined", "consent_on": date(2026, 11, 1)}, "peace", 0),
        ({"consent": "withdrawn", "consent_on": date(2026, 5, 1)}, "ask", 0),
        ({"consent": "given", "consent_on": DAY}, "plan", 0),
        ({"consent": "given", "consent_on": DAY, "work": [work("planned")]}, "act", 21),
        ({"consent": "given", "consent_on": DAY, "work": [work("under_way")]}, "act", 0),
        ({"consent": "given", "consent_on": DAY, "work": [work("done"), work("stopped")]}, "close", 0),
        ({"consent": "given", "consent_on": DAY, "work": [work("stopped")]}, "plan", 0),
    ],
)
def test_what_comes_next(given, state, late) -> None:
    facts = {"has_lead": True, "consent": "", "consent_on": None, "work": []} | given
    step = next_step(**facts, as_at=DAY)
    assert (step.state, step.days_late(DAY)) == (state, late)
    assert step.state in rules.STEP_WORDS


def test_the_most_pressing_work_comes_first() -> None:
    later, sooner = work("under_way", due=date(2026, 12, 24)), work("planned", starts=date(2026, 12, 1))
    step = next_step(has_lead=True, consent="given", consent_on=DAY, work=[later, sooner], as_at=DAY)
    assert step.words == "Begin: help with the rent."


def test_every_state_has_its_moves_and_no_move_leads_nowhere() -> None:
    assert set(rules.CONSENT_MOVES) == {"", *Consent.State.values}
    assert {m for moves in rules.CONSENT_MOVES.values() for m in moves} <= set(Consent.State.values)
    assert set(rules.WORK_MOVES) == set(Workstream.State.values)
    assert {m for moves in rules.WORK_MOVES.values() for m in moves} <= set(Workstream.State.values)
