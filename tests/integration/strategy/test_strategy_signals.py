"""What moved by more than chance, from the pack's own published series: found, dated and as it stood on any day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from endeavour.core.public import Person
from endeavour.strategy import observations, queries
from endeavour.strategy.measuring import decide_measure, propose_measure
from endeavour.strategy.signals import signals

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def tables(pack: dict[str, int], var: object) -> None:
    """The pack's published statistics, installed."""
    from endeavour.pack import Pack
    from endeavour.pack.store import compile_store

    compile_store(Pack.open("mse"))


@pytest.mark.usefixtures("pack")
def test_without_figures_there_is_no_signal(var: object) -> None:
    assert signals(at=date(2026, 11, 22)) == []


@pytest.mark.usefixtures("tables")
def test_waits_that_moved_are_found_with_their_period() -> None:
    found = {s.measure: s for s in signals(at=date(2026, 11, 22))}
    assert found["rtt_over_18_weeks"].movement == "worse"
    assert "February 2025 is above the upper limit" in found["rtt_over_18_weeks"].words
    assert "No newer figure is held here." in found["rtt_over_18_weeks"].words
    assert found["ae_within_4_hours"].period == "July 2025"
    assert "discharges_by_5pm" not in found
    earlier = {s.measure: s for s in signals(at=date(2024, 6, 1))}
    assert earlier["rtt_over_18_weeks"].period == "May 2024"
    assert "No newer figure" not in earlier["rtt_over_18_weeks"].words
    assert signals(at=date(2017, 1, 1)) == []


@pytest.mark.usefixtures("tables")
def test_an_agreed_measure_says_how_its_promise_moves_and_when_its_figures_went_stale(
    secretary: Person, person: Callable[[str], Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENDEAVOUR_TODAY", "2024-06-15")
    propose_measure(by=person("analyst"), ref="W20", measure_key="rtt_over_18_weeks")
    decide_measure(by=secretary, ref="W20", measure_key="rtt_over_18_weeks", agree=True)
    assert observations.series("rtt_over_18_weeks", *observations.WHOLE)
    now, then = (
        queries.judged_one("W20", at=day).judgement for day in (date(2026, 11, 22), date(2024, 6, 15))
    )
    assert then.has("measure_worse")
    assert not then.has("evidence_stale")
    assert now.has("measure_worse")
    assert now.has("evidence_stale")
    assert not queries.judged_one("W20", at=date(2024, 6, 14)).judgement.has("measure_worse")
    [stale] = [f for f in now.flags if f.state == "evidence_stale"]
    assert stale.because == ("measure:rtt_over_18_weeks",)
    assert "February 2025" in stale.words
