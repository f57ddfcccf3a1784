"""A published measure that changed by more than chance puts itself on the next agenda; noise does not."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from endeavour.core.models import Body, Person
from endeavour.core.public import now, today
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.governance import actions
from endeavour.governance.exceptions import exceptions
from endeavour.governance.models import AgendaItem

pytestmark = pytest.mark.django_db
NOISE = [10.0, 11.0, 10.0, 12.0, 11.0, 10.0, 11.0, 12.0, 10.0, 11.0, 12.0, 10.0, 11.0, 10.0, 12.0]
MEASURES = [m for m in Catalogue.open("mse").measures if m.reads == "lake" and m.expected_lag_days < 200]


def publish(var: Path, series: dict[str, list[float]], months: tuple[float, ...] = ()) -> None:
    """A release whose yearly series end with the last year that is over; `months` lie within that year."""
    folder = var / "measures"
    folder.mkdir()
    last = today().year - 1 - (today().month < 4)
    rows = []
    for key, values in series.items():
        for n, value in enumerate(reversed(values)):
            year = f"{last - n}/{(last - n + 1) % 100:02}"
            rows += [_row(var, key, grouping, year, year, "year", value) for grouping in ("system", "place")]
        year = f"{last}/{(last + 1) % 100:02}"
        rows += [
            _row(var, key, "system", year, f"{last}-{n:02}", "month", value)
            for n, value in enumerate(months, 4)
        ]
    pq.write_table(pa.Table.from_pylist(rows), folder / f"{var.parent.name}.parquet")
    (folder / "current").write_text(f"{var.parent.name}\n")


def _row(
    var: Path, key: str, grouping: str, year: str, period: str, kind: str, value: float
) -> dict[str, object]:
    return {
        "measure": key, "grouping": grouping, "group": "all", "year": year, "period": period, "period_kind": kind,
        "subgroup": "", "value": value, "low": value, "high": value, "reason": "", "release": var.parent.name, "spc": "",
    }  # fmt: skip


def drafted(secretary: Person, icp: Body) -> list[AgendaItem]:
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now(), minutes=60, place="Hall"
    )
    return [
        item
        for item in actions.draft_agenda(by=secretary, meeting=meeting, exceptions=exceptions())
        if item.origin == "exception"
    ]


def test_without_a_release_with_too_few_years_or_an_unknown_measure_there_is_no_exception(var: Path) -> None:
    assert exceptions() == []
    publish(var, {MEASURES[0].id: [10.0, 10.5, 90.0], "unknown": [*NOISE, 90.0]})
    assert exceptions() == []


def test_the_months_of_a_year_are_never_set_beside_whole_years(var: Path) -> None:
    """A year's count is about twelve times a month's: that is no change."""
    publish(var, {MEASURES[0].id: [120.0, 121.0, 119.0]}, months=(10.0,) * 9)
    assert exceptions() == []


def test_one_change_has_an_item_with_its_reason(var: Path, secretary: Person, icp: Body) -> None:
    changed, steady = MEASURES[:2]
    publish(var, {changed.id: [*NOISE, 90.0], steady.id: [*NOISE, 11.0]})
    (item,) = drafted(secretary, icp)
    assert (item.subject, item.title) == (f"measure:{changed.id}", changed.title)
    assert "above the upper limit" in item.words


def test_many_changes_are_gathered_named_and_counted(var: Path, secretary: Person, icp: Body) -> None:
    many = MEASURES[:12]
    publish(var, {measure.id: [*NOISE, 90.0] for measure in many})
    (item,) = drafted(secretary, icp)
    assert (item.subject, item.title) == (
        "measures:changed",
        "Measures that changed by more than chance (12)",
    )
    lines = item.words.splitlines()
    assert lines[-1] == "And 2 more: see /measure."
    named = [m for m in many if any(line.startswith(f"{m.title}: ") for line in lines)]
    assert len(named) == len(lines) - 1 == 10
