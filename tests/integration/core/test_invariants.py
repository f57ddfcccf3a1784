"""What the database itself refuses, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from endeavour.core.clock import now
from endeavour.core.events import record_event
from endeavour.core.models import Area, AuditEntry, Body, Event, Membership, Post, Route, Succession

pytestmark = pytest.mark.django_db


def body(key: str, start: date | None = None, end: date | None = None) -> Body:
    return Body.objects.create(
        key=key, name=key.upper(), legal_form="forum", partner_class="other", valid_from=start, valid_to=end
    )


def refused(work: object) -> bool:
    try:
        with transaction.atomic():
            work()  # type: ignore[operator]
    except DatabaseError:
        return True
    return False


def test_one_area_has_one_version_a_day() -> None:
    Area.objects.create(
        code="E1", kind="ward", name="Old", valid_from=date(2010, 1, 1), valid_to=date(2020, 1, 1)
    )
    Area.objects.create(code="E1", kind="ward", name="New", valid_from=date(2020, 1, 1))
    assert refused(lambda: Area.objects.create(code="E1", kind="ward", name="X", valid_from=date(2019, 6, 1)))
    assert refused(lambda: Area.objects.filter(name="Old").update(valid_to=date(2020, 1, 2)))
    assert [a.name for a in Area.objects.at(date(2019, 12, 31))] == ["Old"]  # type: ignore[attr-defined]
    assert [a.name for a in Area.objects.at(date(2020, 1, 1))] == ["New"]  # type: ignore[attr-defined]


def test_nothing_ends_before_it_starts() -> None:
    assert refused(lambda: body("a", date(2022, 1, 1), date(2022, 1, 1)))


def test_a_successor_starts_later_so_no_cycle_can_be_written() -> None:
    ccg, icb, next_icb = body("ccg"), body("icb", date(2022, 7, 1)), body("next", date(2026, 4, 1))
    Succession.objects.create(predecessor=ccg, successor=icb, on=date(2022, 7, 1))
    Succession.objects.create(predecessor=icb, successor=next_icb, on=date(2026, 4, 1))
    assert refused(
        lambda: Succession.objects.create(predecessor=next_icb, successor=ccg, on=date(2027, 1, 1))
    )
    assert refused(lambda: Succession.objects.create(predecessor=icb, successor=icb, on=date(2027, 1, 1)))
    assert refused(lambda: Body.objects.filter(key="icb").update(valid_from=date(2026, 5, 1)))
    assert refused(lambda: Body.objects.filter(key="icb").update(valid_from=None))


def test_a_post_has_one_holder_at_a_time() -> None:
    post = Post.objects.create(key="chair", body=body("icp"), title="Chair")
    Membership.objects.create(post=post, holder="A", valid_from=date(2022, 7, 1), valid_to=date(2024, 1, 1))
    Membership.objects.create(post=post, holder="B", valid_from=date(2024, 1, 1))
    assert refused(lambda: Membership.objects.create(post=post, holder="C", valid_from=date(2023, 1, 1)))


def test_a_route_stands_once_at_a_time() -> None:
    a, b = body("a"), body("b")
    Route.objects.create(kind="feeds", source=a, target=b)
    Route.objects.create(kind="mirrors", source=a, target=b)
    assert refused(
        lambda: Route.objects.create(kind="feeds", source=a, target=b, valid_from=date(2025, 1, 1))
    )


def test_events_and_audit_are_append_only() -> None:
    record_event(by=None, kind="meeting", subject="body:icp", happened_at=now())
    for model in (Event, AuditEntry):
        assert model.objects.count() == 1
        assert refused(lambda model=model: model.objects.update(subject="else"))
        assert refused(lambda model=model: model.objects.all().delete())
        assert model.objects.get().subject == "body:icp"


def test_an_event_and_its_audit_entry_stand_or_fall_together() -> None:
    def fails() -> None:
        record_event(by=None, kind="meeting", subject="body:icp", happened_at=now())
        raise DatabaseError

    assert refused(fails)
    assert Event.objects.count() == AuditEntry.objects.count() == 0
