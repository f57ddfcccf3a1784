"""The as-at clock, where today is fixed to a day gone by."""

from __future__ import annotations

from datetime import timedelta

import pytest

from endeavour.core.public import end_of, now


def test_what_is_recorded_on_a_fixed_day_is_known_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    fixed = now().date() - timedelta(days=30)
    assert end_of(fixed) < now()
    monkeypatch.setenv("ENDEAVOUR_TODAY", fixed.isoformat())
    assert end_of(fixed) > now(), "today is not over"
    assert end_of(fixed - timedelta(days=1)) < now()
