"""Notice, quorum, cycle, map and duties: examples a secretary would recognise."""

from __future__ import annotations

from datetime import date

import pytest

from endeavour.governance.findings import (
    CycleItem,
    Disposal,
    Duty,
    Quorum,
    RouteFact,
    Shown,
    cycle,
    duty_state,
    last_notice_day,
    map_faults,
    notice,
    quorum,
)


@pytest.mark.parametrize(
    ("meeting", "days", "last"),
    [
        (date(2026, 12, 3), 5, date(2026, 11, 25)),  # an ordinary week
        (date(2026, 4, 7), 3, date(2026, 3, 30)),  # Good Friday and Easter Monday do not count
        (date(2027, 1, 4), 5, date(2026, 12, 22)),  # Christmas, its substitute and New Year
    ],
)
def test_clear_working_days(meeting: date, days: int, last: date) -> None:
    assert last_notice_day(meeting, days) == last


@pytest.mark.parametrize(
    ("noticed_on", "as_at", "state"),
    [
        (date(2026, 11, 25), date(2026, 12, 1), "met"),
        (date(2026, 11, 26), date(2026, 12, 1), "breached"),
        (None, date(2026, 11, 25), "due"),
        (None, date(2026, 11, 26), "breached"),
    ],
)
def test_notice(noticed_on: date | None, as_at: date, state: str) -> None:
    assert notice("meeting:x", date(2026, 12, 3), noticed_on, 5, as_at).state == state


@pytest.mark.parametrize(
    ("filled", "state"),
    [
        (["nhs", "local_authority", "vcse"], "quorate"),
        (["nhs", "local_authority"], "inquorate"),
        (["nhs", "nhs", "vcse"], "inquorate"),
        ([], "inquorate"),
    ],
)
def test_quorum_needs_seats_and_classes(filled: list[str], state: str) -> None:
    assert quorum("meeting:x", filled, Quorum(3, frozenset({"nhs", "local_authority"}))).state == state


def test_a_cycle_item_stays_until_a_decision_disposes_of_that_year() -> None:
    item = CycleItem("review", "Review", date(2024, 9, 1), 12)
    gone = Disposal("review", date(2024, 9, 1), "decision:d1", date(2024, 10, 1))
    before = cycle([item], [gone], date(2024, 9, 15))
    after = cycle([item], [gone], date(2025, 11, 1))
    assert [f.state for f in before] == ["due"], "a decision of October is not known in September"
    assert [f.state for f in after] == ["met", "overdue"]


def test_map_faults() -> None:
    routes = [
        RouteFact("feeds", "forum", "icp", "secretariat", 90, date(2026, 1, 1)),
        RouteFact("feeds", "icp", "forum", "", None, None),
    ]
    found = map_faults(["icp", "forum", "lonely"], routes, {"chair": "Chair, ICP"}, date(2026, 6, 1), "icp")
    assert sorted((f.subject, f.state) for f in found) == [
        ("body:lonely", "no_route_in"),
        ("body:lonely", "no_route_out"),
        ("post:chair", "vacant"),
        ("route:forum/feeds/icp", "silent"),
        ("route:icp/feeds/forum", "no_owner"),
    ]


PUBLISH = Duty("publish", "Publish", "s.116ZB(7)", date(2022, 7, 1), None, "receipt", after=date(2022, 12, 1))
REVISE = Duty(
    "revise", "Consider", "s.116ZB(6)", date(2022, 7, 1), date(2027, 4, 1), "decision", "jsna-received", 183
)


@pytest.mark.parametrize(
    ("evidence", "state"),
    [
        ([], "unproven"),
        ([Shown("e1", "publish", "receipt", date(2022, 12, 5), asserts_itself=True)], "unproven"),
        ([Shown("e1", "publish", "receipt", date(2022, 11, 5))], "unproven"),
        ([Shown("e1", "publish", "note", date(2023, 1, 5))], "unproven"),
        ([Shown("e1", "publish", "receipt", date(2023, 1, 5))], "met"),
        ([Shown("e1", "publish", "receipt", date(2027, 1, 5))], "unproven"),
    ],
)
def test_only_later_outside_evidence_of_the_right_kind_shows_a_duty_met(
    evidence: list[Shown], state: str
) -> None:
    assert duty_state(PUBLISH, evidence, date(2026, 11, 22)).state == state


@pytest.mark.parametrize(
    ("as_at", "answered", "state"),
    [
        (date(2022, 6, 30), False, "not_in_force"),
        (date(2024, 1, 1), False, "not_triggered"),
        (date(2024, 6, 1), False, "due"),
        (date(2024, 12, 1), False, "breached"),
        (date(2024, 12, 1), True, "met"),
        (date(2027, 4, 1), False, "repealed"),
    ],
)
def test_each_trigger_needs_its_own_answer(as_at: date, answered: bool, state: str) -> None:
    evidence = [Shown("t1", "revise", "jsna-received", date(2024, 3, 1))]
    if answered:
        evidence.append(Shown("d1", "revise", "decision", date(2024, 7, 1), answers="t1"))
    assert duty_state(REVISE, evidence, as_at).state == state


def test_a_power_that_was_not_used_is_no_breach() -> None:
    power = Duty(
        "views", "May state views", "s.116ZB(5)", date(2022, 7, 1), None, "stated-view", optional=True
    )
    assert duty_state(power, [], date(2026, 1, 1)).state == "not_used"
