"""Our own short schema gives the verdict of the standard's schemas, on feeds that are wrong in one place."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from endeavour.frontdoor.oruk.validate import Checker

WRONG: dict[str, Any] = {
    "null": None, "a number": 7, "text": "not right", "nothing in it": "", "a list": [], "a record": {}, "yes": True,
}  # fmt: skip


def places(thing: Any, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where each field of a record stands; of a list the first entry."""
    inside: Any = thing.items() if isinstance(thing, dict) else list(enumerate(thing))[:1]
    for key, value in inside:
        yield (*before, key)
        if isinstance(value, dict | list):
            yield from places(value, (*before, key))


def spoilt(record: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The record again and again, each time with one field left out or wrong, and what was done."""
    for place in places(record):
        for name, value in (("left out", None), *WRONG.items()):
            made = copy.deepcopy(record)
            holder: Any = made
            for key in place[:-1]:
                holder = holder[key]
            if name == "left out":
                del holder[place[-1]]
            else:
                holder[place[-1]] = value
            yield f"{'/'.join(map(str, place))} is {name}", made


@pytest.mark.parametrize(
    "endpoint", ["services", "services/{id}", "service_at_locations/{id}", "organizations/{id}"]
)
def test_a_feed_wrong_in_one_place_has_the_verdict_of_the_standards_schemas(
    shared: Path, endpoint: str
) -> None:
    given = shared / "conformance/openreferral"
    ours, theirs = Checker(), Checker(given / "oruk-3.0/schema")
    stem = {"services": "service_list", "services/{id}": "service_full", "organizations/{id}": "organization_full",
            "service_at_locations/{id}": "service_at_location_full"}[endpoint]  # fmt: skip
    record = json.loads((given / f"validator-mocks/V3.0-UK-Test/{stem}.json").read_text(encoding="utf-8"))
    record = record["contents"][0] if endpoint == "services" else record
    assert not ours.problems(endpoint, record)
    tried = {
        what: (bool(ours.problems(endpoint, made)), bool(theirs.problems(endpoint, made)))
        for what, made in spoilt(record)
    }
    assert len(tried) > 80
    assert any(theirs for _, theirs in tried.values())
    assert [what for what, (mine, standard) in tried.items() if mine != standard] == []
