"""A day and a moment are read in one way by every part's interface: a number is neither, though a library would read one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pydantic import ValidationError

from endeavour.governance.api_writes import MeetingIn
from endeavour.strategy.api_writes import FreezeIn
from endeavour.website.api import api

pytestmark = pytest.mark.django_db


def days_asked() -> list[tuple[str, str]]:
    """Every address that may be asked about a day, and what it calls it."""
    paths: dict[str, dict[str, Any]] = api.get_openapi_schema()["paths"]
    return [
        (path, parameter["name"])
        for path, methods in paths.items()
        for parameter in methods.get("get", {}).get("parameters", [])
        if "'format': 'date'" in repr(parameter["schema"])
    ]


def test_a_number_is_no_day_at_any_address(client: Client) -> None:
    asked = days_asked()
    assert len(asked) >= 15
    for path, name in asked:
        address = path.replace("{", "").replace("}", "")
        for wrong in ("0", "1700000000", "20240401", "2024-4-1"):
            answer = client.get(address, {name: wrong})
            assert (answer.status_code, answer.json()["error"]) == (422, "bad-input"), (path, wrong)


@pytest.mark.parametrize("wrong", [0, 1700000000, "0", 1.5, True])
def test_a_number_is_no_day_or_moment_in_what_is_sent(wrong: object) -> None:
    with pytest.raises(ValidationError):
        FreezeIn(as_at=wrong)
    with pytest.raises(ValidationError):
        MeetingIn(body="icp", starts_at=wrong, place="Library")


def test_the_document_tells_what_must_not_be_empty_and_what_may_be_chosen() -> None:
    schemas = api.get_openapi_schema()["components"]["schemas"]
    assert schemas["MinutesIn"]["properties"]["words"]["pattern"] == r"\S"
    assert schemas["MeetingIn"]["properties"]["minutes"]["maximum"] == 600
    assert schemas["GroupEffectIn"]["properties"]["effect"]["enum"] == ["better", "worse", "same", "unknown"]
