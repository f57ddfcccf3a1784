"""Whatever a feed holds, each of its records is read or rejected with a report, and nothing of it is lost."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endeavour.frontdoor.models import FeedRecord, Service
from endeavour.frontdoor.oruk.export import export_services
from endeavour.frontdoor.oruk.feed import import_feed

pytestmark = pytest.mark.django_db
TEXT = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["<script>alert(1)</script>Help", "<b onclick=x>", "a" * 400, "\x00", "{{ 7*7 }}", "=1+1", "active"]
    ),
)
ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=6,
)
IDS = st.sampled_from(["a", "b", "ac148810-d857-441c-9679-408f346de14b", 7])
PLACES = st.lists(
    st.fixed_dictionaries(
        {
            "id": IDS,
            "location": st.fixed_dictionaries(
                {"id": IDS}, optional={"latitude": ANY, "longitude": ANY, "name": ANY}
            ),
        }
    ),
    max_size=2,
)
ALMOST = st.fixed_dictionaries(
    {"id": IDS, "name": TEXT},
    optional={
        "description": ANY, "status": ANY, "minimum_age": ANY, "maximum_age": ANY, "assured_date": ANY, "schedules": ANY,
        "phones": ANY, "organization": st.one_of(ANY, st.fixed_dictionaries({"id": IDS, "name": TEXT}, optional={"parent_organization_id": IDS})),
        "service_at_locations": st.one_of(ANY, PLACES), "languages": ANY, "attributes": ANY, "endeavour": ANY, "unheard_of": ANY,
    },
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(ALMOST, ALMOST, ANY), max_size=5))
def test_every_record_has_an_outcome_and_what_was_not_taken_is_kept_whole(
    tmp_path: Path, records: list[Any]
) -> None:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps({"contents": records}))
    with transaction.atomic():
        reading = import_feed(source=path, key="f")
        assert reading.added + reading.changed + reading.same + reading.rejected == len(records)
        assert FeedRecord.objects.count() == len(records), "a report for each"
        assert Service.objects.count() == reading.added
        kept = Counter(FeedRecord.objects.exclude(raw="").values_list("raw", flat=True))
        troubled = Counter(line["record"] for line in reading.report)
        assert kept.total() == troubled.total(), "each with a problem is kept whole"
        sent = Counter(json.dumps(r, ensure_ascii=False).replace("\\u0000", "") for r in records)
        assert not kept - sent
        for service in Service.objects.all():
            assert "<script" not in f"{service.name}{service.description}"
            assert len(service.name) <= 300
        first = export_services("f")
        again = import_feed(source=path, key="f")
        assert (again.added, again.changed) == (0, 0), "reading it again changes nothing"
        assert export_services("f") == first
        transaction.set_rollback(True)
