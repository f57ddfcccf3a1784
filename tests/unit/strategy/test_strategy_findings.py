"""How promises stand, example by example: the rules as a reader would state them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from endeavour.strategy.figures import Observed
from endeavour.strategy.findings import EvidenceFact, Facts, MeasureFact, Need, State, judge

SAID = date(2022, 12, 1)
PROMISE = Facts("W1", "we", SAID, due_on=date(2023, 9, 1), owner="icp", document="strategy")


def proof(day: date, *, recorded: date | None = None, settles: bool = True, **more: object) -> EvidenceFact:
    return EvidenceFact(f"evidence:{day}", day, recorded or day, settles, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("as_at", "state", "words"),
    [
        (date(2022, 11, 30), State.NOT_YET_SAID, "first said on 1 December 2022"),
        (date(2022, 12, 1), State.ON_TIME, "due in 9 months"),
        (date(2023, 8, 31), State.ON_TIME, "due in 1 month"),
        (date(2023, 9, 1), State.DUE, "due this month"),
        (date(2023, 9, 30), State.DUE, "due this month"),
        (date(2023, 10, 1), State.OVERDUE, "late by 1 month"),
        (date(2026, 11, 22), State.OVERDUE, "late by 38 months"),
    ],
)
def test_a_promise_without_evidence_grows_late(as_at: date, state: State, words: str) -> None:
    found = judge(PROMISE, as_at).standing
    assert (found.state, found.words) == (state, words)
    assert found.because == ("statement:W1",)


def test_overdue_since_the_month_after() -> None:
    assert judge(PROMISE, date(2026, 1, 1)).standing.since == date(2023, 10, 1)


def test_kept_in_time_and_kept_late() -> None:
    early = replace(PROMISE, evidence=(proof(date(2023, 8, 5)),))
    late = replace(PROMISE, evidence=(proof(date(2024, 1, 5)),))
    assert judge(early, date(2026, 1, 1)).standing.words == "kept in August 2023"
    assert judge(late, date(2026, 1, 1)).standing.words == "kept in January 2024, 4 months late"
    assert judge(late, date(2026, 1, 1)).standing.state == State.DONE


def test_evidence_counts_from_the_day_it_was_recorded() -> None:
    facts = replace(PROMISE, evidence=(proof(date(2023, 8, 5), recorded=date(2026, 5, 1)),))
    assert judge(facts, date(2026, 4, 30)).standing.state == State.OVERDUE
    assert judge(facts, date(2026, 5, 1)).standing.state == State.DONE


def test_evidence_that_does_not_settle_leaves_it_late() -> None:
    found = judge(replace(PROMISE, evidence=(proof(date(2023, 8, 5), settles=False),)), date(2026, 1, 1))
    assert found.standing.state == State.OVERDUE
    assert not found.has(State.NO_EVIDENCE)


@pytest.mark.parametrize(("recurrence", "months"), [("annual", None), ("ongoing", None), ("ongoing", 6)])
def test_a_promise_for_every_year_misses_its_review(recurrence: str, months: int | None) -> None:
    facts = replace(
        PROMISE, recurrence=recurrence, review_months=months, evidence=(proof(date(2023, 9, 10)),)
    )
    assert judge(facts, date(2024, 3, 1)).standing.state == State.DONE
    assert judge(facts, date(2024, 10, 1)).standing.state == State.MISSED_REVIEW
    again = replace(facts, evidence=(*facts.evidence, proof(date(2024, 9, 10))))
    assert judge(again, date(2024, 10, 1)).standing.state == State.DONE


def test_a_document_cannot_prove_itself_but_may_tell_what_went_before() -> None:
    own = {"source_document": "strategy", "document_on": date(2023, 1, 1)}
    itself = replace(PROMISE, evidence=(proof(date(2023, 1, 1), **own),))
    found = judge(itself, date(2026, 1, 1))
    assert found.standing.state == State.OVERDUE
    assert found.has(State.EVIDENCE_ASSERTS_ITSELF)
    assert found.has(State.NO_EVIDENCE)
    before = replace(PROMISE, evidence=(proof(date(2022, 12, 20), **own),))
    assert judge(before, date(2026, 1, 1)).standing.state == State.DONE


def test_what_happened_before_the_promise_cannot_keep_it() -> None:
    found = judge(replace(PROMISE, evidence=(proof(date(2021, 1, 1)),)), date(2026, 1, 1))
    assert found.standing.state == State.OVERDUE
    assert found.has(State.EVIDENCE_PREDATES)


def test_missing_owner_measure_and_inverted_dependency_are_told() -> None:
    facts = replace(PROMISE, owner="", needs=(Need("W2", date(2024, 3, 1)), Need("W3", date(2023, 1, 1))))
    found = judge(facts, date(2023, 1, 1))
    assert {f.state for f in found.flags} == {
        State.NO_EVIDENCE, State.NO_OWNER, State.NO_MEASURE, State.DEPENDENCY_INVERTED,
    }  # fmt: skip
    inverted = next(f for f in found.flags if f.state == State.DEPENDENCY_INVERTED)
    assert inverted.because == ("statement:W1", "statement:W2")
    measured = replace(PROMISE, measures=(MeasureFact("measure:m", date(2024, 1, 1)),))
    assert judge(measured, date(2023, 12, 31)).has(State.NO_MEASURE)
    assert not judge(measured, date(2024, 1, 1)).has(State.NO_MEASURE)


def test_a_statement_without_a_date_is_never_late() -> None:
    assert judge(replace(PROMISE, due_on=None), date(2099, 1, 1)).standing.state == State.NO_DATE


def months(*values: float, start: tuple[int, int] = (2024, 1)) -> tuple[Observed, ...]:
    """A figure a month from the start on."""
    found = []
    for number, value in enumerate(values):
        year, month = divmod(start[0] * 12 + start[1] - 1 + number, 12)
        first = date(year, month + 1, 1)
        found.append(Observed(first, first.replace(day=28), value, None, None, "", "r"))
    return tuple(found)


STEADY = (70.0, 72.0) * 8
MEASURED = MeasureFact("measure:m", date(2024, 1, 1), "higher", "month", figures=months(*STEADY))


def flags(measure: MeasureFact, day: date, stated: date = SAID) -> dict[State, str]:
    judged = judge(replace(PROMISE, stated_on=stated, measures=(measure,)), day)
    return {f.state: f.words for f in judged.flags if f.because == (measure.id,)}


@pytest.mark.parametrize(
    ("newest", "polarity", "state"),
    [
        (95.0, "higher", State.MEASURE_BETTER),
        (95.0, "lower", State.MEASURE_WORSE),
        (95.0, "neither", State.MEASURE_CHANGED),
        (40.0, "higher", State.MEASURE_WORSE),
        (71.0, "higher", State.MEASURE_STEADY),
    ],
)
def test_a_measure_says_whether_it_moved_by_more_than_chance(
    newest: float, polarity: str, state: State
) -> None:
    moved = replace(MEASURED, polarity=polarity, figures=months(*STEADY, newest))
    found = flags(moved, date(2025, 6, 15))
    assert list(found) == [state]
    assert "more than chance" in found[state]


def test_a_figure_counts_only_once_it_is_out() -> None:
    late = replace(MEASURED, lag_days=60, figures=months(*STEADY, 95.0))
    assert State.MEASURE_STEADY in flags(late, date(2025, 6, 15))
    assert State.MEASURE_BETTER in flags(late, date(2025, 7, 28))
    assert flags(late, date(2024, 2, 1)) == {State.NO_FIGURE: "no figure of an agreed measure is out yet"}
    assert flags(late, date(2023, 12, 31)) == {}


def test_figures_go_stale_when_a_newer_one_should_be_out() -> None:
    assert State.EVIDENCE_STALE not in flags(MEASURED, date(2025, 6, 29))
    found = flags(MEASURED, date(2025, 6, 30))
    assert (
        found[State.EVIDENCE_STALE]
        == "the newest figure of a measure is for April 2025, and a newer one was due"
    )


def test_figures_from_before_the_promise_prove_nothing_of_it() -> None:
    found = flags(MEASURED, date(2025, 6, 15), stated=date(2025, 5, 1))
    assert list(found) == [State.EVIDENCE_PREDATES]


def test_few_figures_tell_nothing_and_none_are_awaited_before_the_lag_is_over() -> None:
    few = replace(MEASURED, figures=months(70.0, 95.0))
    assert State.MEASURE_UNTOLD in flags(few, date(2024, 3, 1))
    slow = replace(MEASURED, moves_from=date(2026, 1, 1))
    assert "none was expected before January 2026" in flags(slow, date(2025, 6, 1))[State.MEASURE_STEADY]
    assert "expected" not in flags(slow, date(2026, 1, 1))[State.MEASURE_STEADY]


def test_what_the_release_says_of_its_months_counts() -> None:
    from endeavour.engine.measures.months import series_words

    year = Observed(date(2024, 4, 1), date(2025, 3, 31), 9.0, 8.0, 10.0, "", "r", series_words(2, 3))
    yearly = replace(MEASURED, every="year", figures=(year,))
    assert State.MEASURE_WORSE in flags(yearly, date(2025, 6, 1))


def test_every_state_has_words() -> None:
    from endeavour.strategy.findings import LABELS

    assert set(LABELS) == set(State)
