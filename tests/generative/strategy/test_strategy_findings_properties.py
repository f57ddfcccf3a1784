"""What must hold of every judgement: replay gives the same answer, and the future never reaches back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from endeavour.strategy.figures import Observed
from endeavour.strategy.findings import STANDINGS, EvidenceFact, Facts, MeasureFact, Need, State, judge

DAYS = st.dates(date(2017, 1, 1), date(2030, 12, 31))
MONTHS = DAYS.map(lambda day: day.replace(day=1))


@st.composite
def evidences(draw: st.DrawFn) -> EvidenceFact:
    happened = draw(DAYS)
    return EvidenceFact(
        id=f"evidence:{draw(st.integers(1, 10**6))}",
        happened_on=happened,
        recorded_on=happened + timedelta(days=draw(st.integers(0, 900))),
        settles=draw(st.booleans()),
        source_document=draw(st.sampled_from(["", "strategy", "minutes"])),
        document_on=draw(st.one_of(st.none(), DAYS)),
    )


def _figure(end: date, value: float) -> Observed:
    return Observed(end - timedelta(days=30), end, value, None, None, "", "r")


MEASURES = st.builds(
    MeasureFact,
    id=st.just("measure:m"),
    agreed_on=DAYS,
    polarity=st.sampled_from(["higher", "lower", "neither"]),
    every=st.sampled_from(["week", "month", "year"]),
    lag_days=st.sampled_from([0, 60]),
    figures=st.lists(st.builds(_figure, DAYS, st.floats(-100, 100)), max_size=20).map(
        lambda rows: tuple(sorted(rows, key=lambda o: o.end))
    ),
)
FACTS = st.builds(
    Facts,
    ref=st.just("W1"),
    kind=st.sampled_from(["we", "i", "duty"]),
    stated_on=DAYS,
    due_on=st.one_of(st.none(), MONTHS),
    recurrence=st.sampled_from(["none", "ongoing", "annual"]),
    review_months=st.one_of(st.none(), st.integers(1, 36)),
    owner=st.sampled_from(["", "icp"]),
    document=st.just("strategy"),
    evidence=st.lists(evidences(), max_size=6, unique_by=lambda e: e.id).map(tuple),
    measures=st.lists(MEASURES, max_size=2).map(tuple),
    needs=st.lists(st.builds(Need, ref=st.just("W2"), due_on=st.one_of(st.none(), MONTHS)), max_size=2).map(
        tuple
    ),
)


@given(FACTS, DAYS)
@settings(max_examples=300, deadline=None)
def test_the_same_question_gets_the_same_answer(facts: Facts, as_at: date) -> None:
    found = judge(facts, as_at)
    assert found == judge(facts, as_at)
    shuffled = replace(facts, evidence=tuple(reversed(facts.evidence)))
    assert judge(shuffled, as_at).standing == found.standing
    assert found.standing.state in STANDINGS
    assert all(f.because for f in found.findings)


@given(FACTS, DAYS, evidences(), DAYS)
@settings(max_examples=300, deadline=None)
def test_evidence_recorded_later_never_changes_an_earlier_answer(
    facts: Facts, as_at: date, later: EvidenceFact, measured: date
) -> None:
    recorded = max(later.recorded_on, as_at + timedelta(days=1))
    more = replace(
        facts,
        evidence=(*facts.evidence, replace(later, recorded_on=recorded)),
        measures=(
            *(
                replace(m, figures=(*m.figures, _figure(as_at + timedelta(days=1), 99.0)))
                for m in facts.measures
            ),
            MeasureFact(
                "measure:n", max(measured, as_at + timedelta(days=1)), figures=(_figure(as_at, 1.0),)
            ),
        ),
    )
    assert judge(more, as_at) == judge(facts, as_at)


@given(FACTS, DAYS)
@settings(max_examples=300, deadline=None)
def test_nothing_is_kept_without_sound_evidence(facts: Facts, as_at: date) -> None:
    found = judge(facts, as_at)
    if found.standing.state in {State.DONE, State.MISSED_REVIEW}:
        used = {e.id: e for e in facts.evidence if e.id in found.standing.because}
        assert used
        for e in used.values():
            assert e.settles
            assert facts.stated_on <= e.happened_on <= as_at
            assert e.recorded_on <= as_at
            assert not (e.source_document == "strategy" and e.document_on and e.happened_on >= e.document_on)


@given(FACTS, DAYS, st.integers(1, 800))
@settings(max_examples=200, deadline=None)
def test_lateness_only_grows(facts: Facts, as_at: date, days: int) -> None:
    silent = replace(facts, evidence=())
    order = [State.NOT_YET_SAID, State.ON_TIME, State.DUE, State.OVERDUE]
    first, second = judge(silent, as_at).standing, judge(silent, as_at + timedelta(days=days)).standing
    if facts.due_on and facts.due_on >= facts.stated_on:
        assert order.index(first.state) <= order.index(second.state)
