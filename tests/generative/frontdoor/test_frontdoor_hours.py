"""Opening hours against a slow clock that walks minute by minute: holidays, midnight and the clocks changing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endeavour.frontdoor.hours import (
    DAYS,
    LONDON,
    Hours,
    bank_holidays,
    in_words,
    is_open,
    make_hours,
    minutes,
    next_opening,
)

UTC = ZoneInfo("UTC")
RULES = st.builds(
    Hours,
    st.frozensets(st.sampled_from(DAYS), min_size=1),
    st.integers(0, 1439),
    st.integers(1440, 2000),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    st.none() | st.dates(date(2026, 6, 1), date(2027, 6, 1)),
    st.booleans(),
)
MOMENTS = st.datetimes(datetime(2026, 1, 3), datetime(2026, 12, 30), timezones=st.just(UTC))


def slowly_open(rule: Hours, moment: datetime) -> bool:
    """Read the wall clock: is this minute inside the opening of today, or yesterday's past midnight?"""
    local = moment.astimezone(LONDON)
    for back in (0, 1):
        day = local.date() - timedelta(days=back)
        if DAYS[day.weekday()] not in rule.days or (
            day in bank_holidays(day.year) and not rule.on_bank_holidays
        ):
            continue
        if (rule.valid_from and day < rule.valid_from) or (rule.valid_to and day > rule.valid_to):
            continue
        minute = local.hour * 60 + local.minute + 1440 * back
        if rule.opens <= minute < rule.closes:
            return True
    return False


def clocks_change_near(moment: datetime) -> bool:
    day = moment.astimezone(LONDON)
    return len({(day + timedelta(days=d)).utcoffset() for d in (-2, -1, 0, 1)}) > 1


@settings(max_examples=300, deadline=None)
@given(RULES, MOMENTS)
def test_open_is_what_the_wall_clock_says(rule: Hours, moment: datetime) -> None:
    if not clocks_change_near(moment):
        assert is_open([rule], moment) == slowly_open(rule, moment)


@settings(max_examples=200, deadline=None)
@given(RULES, MOMENTS)
def test_the_next_opening_is_an_opening_and_lies_ahead(rule: Hours, moment: datetime) -> None:
    opens = next_opening([rule], moment)
    if opens is not None:
        assert opens > moment
        assert is_open([rule], opens)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_nine_o_clock_is_nine_o_clock_when_the_clocks_change(day: date) -> None:
    rule = make_hours("SU", "09:00", "17:00")
    assert rule is not None
    assert is_open([rule], datetime(day.year, day.month, day.day, 9, 0, tzinfo=LONDON))
    assert not is_open([rule], datetime(day.year, day.month, day.day, 8, 59, tzinfo=LONDON))
    assert not is_open([rule], datetime(day.year, day.month, day.day, 17, 0, tzinfo=LONDON))


def test_a_time_the_clocks_skip_opens_when_they_have_moved() -> None:
    rule = make_hours("SU", "01:30", "03:00")
    assert rule is not None
    assert not is_open([rule], datetime(2026, 3, 29, 0, 59, tzinfo=UTC))
    assert is_open([rule], datetime(2026, 3, 29, 1, 45, tzinfo=UTC))


def test_closed_on_christmas_day_unless_never_closed() -> None:
    weekday, always = make_hours("FR", "09:00", "17:00"), make_hours(",".join(DAYS), "00:00", "24:00")
    assert weekday is not None
    assert always is not None
    noon = datetime(2026, 12, 25, 12, 0, tzinfo=LONDON)
    assert not is_open([weekday], noon)
    assert is_open([always], noon)


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_any_text_makes_a_rule_or_none(days: str, opens: str, closes: str) -> None:
    rule = make_hours(days, opens, closes)
    assert rule is None or (0 <= rule.opens < rule.closes <= rule.opens + 1440)
    assert minutes(opens) is None or 0 <= (minutes(opens) or 0) <= 1440


def test_a_week_in_words() -> None:
    rule = make_hours("MO,TU,WE,TH,FR", "09:00", "17:30")
    assert rule is not None
    assert in_words([rule]) == ["Monday to Friday, 9am to 5.30pm"]
