"""Whatever is written, a day has at most one version of an identity, and replaying a day gives the same answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from endeavour.core.models import Area, Body, Succession

pytestmark = pytest.mark.django_db
DAYS = st.integers(0, 60).map(lambda n: date(2020, 1, 1) + timedelta(days=n))


@settings(max_examples=40, deadline=None)
@given(spans=st.lists(st.tuples(st.none() | DAYS, st.none() | DAYS), max_size=8))
def test_versions_of_one_area_never_overlap(spans: list[tuple[date | None, date | None]]) -> None:
    with transaction.atomic():
        for start, end in spans:
            try:
                with transaction.atomic():
                    Area.objects.create(code="E1", kind="ward", name="A", valid_from=start, valid_to=end)
            except DatabaseError:
                continue
        for n in range(-1, 62):
            day = date(2020, 1, 1) + timedelta(days=n)
            held = list(Area.objects.at(day))  # type: ignore[attr-defined]
            assert len(held) <= 1
            assert held == [a for a in Area.objects.all() if a.held_on(day)]
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None)
@given(
    starts=st.lists(st.none() | DAYS, min_size=2, max_size=5),
    pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12),
)
def test_successions_never_form_a_ring(starts: list[date | None], pairs: list[tuple[int, int]]) -> None:
    with transaction.atomic():
        bodies = [
            Body.objects.create(
                key=f"b{n}", name="B", legal_form="forum", partner_class="other", valid_from=start
            )
            for n, start in enumerate(starts)
        ]
        follows: dict[int, set[int]] = {}
        for a, b in pairs:
            try:
                with transaction.atomic():
                    Succession.objects.create(
                        predecessor=bodies[a % len(bodies)],
                        successor=bodies[b % len(bodies)],
                        on=date(2021, 1, 1),
                    )
            except DatabaseError:
                continue
            follows.setdefault(a % len(bodies), set()).add(b % len(bodies))
        for start in range(len(bodies)):
            reached, frontier = set(), {start}
            while frontier:
                frontier = {n for m in frontier for n in follows.get(m, set())} - reached
                reached |= frontier
            assert start not in reached
        transaction.set_rollback(True)
