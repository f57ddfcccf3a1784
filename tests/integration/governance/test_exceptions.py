"""A published measure that changed by more than chance puts itself on the next agenda; noise does not."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from endeavour.core.models import Body, Person
from endeavour.core.public import now
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.governance import actions
from endeavour.governance.exceptions import exceptions


def publish(var: Path, series: dict[str, list[float]]) -> None:
    folder = var / "measures"
    folder.mkdir()
    rows = [
        {
            "measure": key,
            "grouping": grouping,
            "group": "all",
            "year": str(2010 + n),
            "value": value,
            "low": value,
            "high": value,
            "reason": "",
            "release": var.parent.name,
        }
        for key, values in series.items()
        for n, value in enumerate(values)
        for grouping in ("system", "place")
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / f"{var.parent.name}.parquet")
    (folder / "current").write_text(f"{var.parent.name}\n")


NOISE = [10.0, 11.0, 10.0, 12.0, 11.0, 10.0, 11.0, 12.0, 10.0]


def test_without_a_release_or_with_too_few_years_there_is_no_exception(var: Path) -> None:
    assert exceptions("mse") == []
    measure = Catalogue.open("mse").measures[0]
    publish(var, {measure.id: [10.0, 10.5, 90.0], "unknown": [*NOISE, 90.0]})
    assert exceptions("mse") == []


@pytest.mark.django_db
def test_a_change_goes_on_the_agenda_with_its_reason(var: Path, secretary: Person, icp: Body) -> None:
    changed, steady = Catalogue.open("mse").measures[:2]
    publish(var, {changed.id: [*NOISE, 90.0], steady.id: [*NOISE, 11.0]})
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now(), minutes=60, place="Hall"
    )
    actions.draft_agenda(by=secretary, meeting=meeting, exceptions=exceptions("mse"))
    (item,) = [i for i in meeting.items.all() if i.origin == "exception"]
    assert item.subject == f"measure:{changed.id}"
    assert "above the upper limit" in item.words
