"""Whatever is recorded later, a past day keeps its answer; and no cycle item ever falls off."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from endeavour.governance.findings import (
    CycleItem,
    Disposal,
    Duty,
    Shown,
    cycle,
    duty_state,
    is_working_day,
    last_notice_day,
    occurrences,
)

DAYS = st.dates(date(2018, 1, 1), date(2030, 1, 1))
EVIDENCE = st.builds(
    Shown,
    id=st.text("abc", min_size=1, max_size=4),
    duty=st.just("d"),
    kind=st.sampled_from(["receipt", "trigger", "decision"]),
    on=DAYS,
    asserts_itself=st.booleans(),
    answers=st.text("abc", max_size=4),
)
DUTIES = st.builds(
    Duty,
    key=st.just("d"),
    title=st.just("D"),
    act=st.just("A"),
    commenced=DAYS,
    repealed=st.none() | DAYS,
    needs=st.sampled_from(["receipt", "decision"]),
    answers_trigger=st.sampled_from(["", "trigger"]),
    within_days=st.integers(1, 400),
    after=st.none() | DAYS,
    stale_after_days=st.integers(0, 900),
    optional=st.booleans(),
)


@given(duty=DUTIES, evidence=st.lists(EVIDENCE, max_size=6), later=st.lists(EVIDENCE, max_size=6), as_at=DAYS)
def test_later_evidence_never_changes_a_past_day(
    duty: Duty, evidence: list[Shown], later: list[Shown], as_at: date
) -> None:
    added = [e for e in later if e.on > as_at]
    assert duty_state(duty, [*evidence, *added], as_at) == duty_state(duty, evidence, as_at)


@given(duty=DUTIES, evidence=st.lists(EVIDENCE, max_size=6), as_at=DAYS)
def test_a_duty_shown_met_rests_on_named_evidence(duty: Duty, evidence: list[Shown], as_at: date) -> None:
    finding = duty_state(duty, evidence, as_at)
    if finding.state == "met":
        assert finding.because
        assert set(finding.because) <= {e.id for e in evidence if e.on <= as_at}


@given(
    first=DAYS,
    months=st.integers(0, 24),
    as_at=DAYS,
    disposed=st.lists(st.tuples(st.integers(0, 40), DAYS), max_size=5),
)
def test_every_occurrence_is_either_decided_or_still_asked_for(
    first: date, months: int, as_at: date, disposed: list[tuple[int, date]]
) -> None:
    item = CycleItem("k", "K", first, months)
    due = occurrences(item, as_at)
    disposals = [Disposal("k", due[n % len(due)], f"decision:{n}", on) for n, on in disposed if due]
    found = cycle([item], disposals, as_at)
    assert len(found) == len(due)
    known = {d.occurrence for d in disposals if d.on <= as_at}
    assert sum(f.state == "met" for f in found) == len(known)


@given(meeting=st.dates(date(2020, 1, 10), date(2035, 1, 1)), days=st.integers(1, 20))
def test_notice_leaves_exactly_that_many_whole_working_days(meeting: date, days: int) -> None:
    last = last_notice_day(meeting, days)
    between = [last + timedelta(days=n) for n in range(1, (meeting - last).days)]
    assert sum(map(is_working_day, between)) == days
    assert is_working_day(last)
