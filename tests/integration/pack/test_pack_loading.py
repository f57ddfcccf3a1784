"""Loading a pack: everything arrives, twice changes nothing, a refusal leaves the database as it was."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from endeavour.core.loading import load_pack
from endeavour.core.models import Area, AreaOverlap, AuditEntry, Body, Post, Route, Succession
from endeavour.errors import Conflict
from endeavour.pack import Pack

pytestmark = pytest.mark.django_db


def test_a_pack_arrives_whole() -> None:
    pack = Pack.open("mse")
    loaded = load_pack(pack, by=None)
    assert Area.objects.count() == loaded.added["area"] == pack.table("areas").num_rows - 1
    assert AreaOverlap.objects.count() == pack.table("area_overlaps").num_rows
    assert Body.objects.count() == pack.table("bodies").num_rows
    assert Succession.objects.count() == pack.table("successions").num_rows
    assert Route.objects.count() == pack.table("routes").num_rows
    assert Post.objects.count() == pack.table("posts").num_rows
    icp = Body.objects.get(key="icp")
    assert Post.objects.filter(body=icp, nominated_by__isnull=False).count() == 3
    entry = AuditEntry.objects.get(action="pack.load")
    assert entry.subject == "pack:mse"


def test_loading_twice_writes_nothing() -> None:
    pack = Pack.open("mse")
    load_pack(pack, by=None)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        again = load_pack(pack, by=None)
    assert again.writes == 0
    assert not [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert AuditEntry.objects.filter(action="pack.load").count() == 1


def test_what_was_changed_is_brought_back() -> None:
    pack = Pack.open("mse")
    load_pack(pack, by=None)
    Area.objects.filter(code="thurrock").update(name="Elsewhere")
    AreaOverlap.objects.filter(from_code="06Q", to_code="mid-essex").delete()
    AreaOverlap.objects.create(from_code="07G", to_code="mid-essex", weight=1, basis="exact")
    loaded = load_pack(pack, by=None)
    assert loaded.changed == {"area": 1}
    assert loaded.added == {"areaoverlap": 1}
    assert loaded.removed == {"areaoverlap": 1}
    assert Area.objects.get(code="thurrock").name == "Thurrock"


@pytest.mark.django_db(transaction=True)
def test_a_refusal_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    from endeavour.core import loading

    def no_such_body(row: dict[str, object], ids: dict[str, int]) -> dict[str, object]:
        return {**honest(row, ids), "target_id": 999_999_999, "source_id": 999_999_999}

    honest = loading._route
    monkeypatch.setattr(loading, "_route", no_such_body)
    with pytest.raises(Conflict, match="nothing was changed"):
        load_pack(Pack.open("mse"), by=None)
    assert (Area.objects.count(), Body.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)
