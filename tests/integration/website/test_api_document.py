"""The document of the API tells what its addresses answer: errors too, and each shape under a name of its own."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from ninja import Schema

from endeavour.core.public import Person, Role, issue_token


def shapes(kind: type = Schema) -> list[type]:
    found = [s for s in kind.__subclasses__() if s.__module__.startswith("endeavour.")]
    return found + [deeper for s in found for deeper in shapes(s)]


def test_every_address_says_how_it_refuses() -> None:
    document = Client().get("/api/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert {"404", "422"} <= set(operation["responses"]), f"{method} {path}"


def test_no_two_different_shapes_share_a_name() -> None:
    Client().get("/api/openapi.json")
    named: dict[str, set[str]] = {}
    for shape in shapes():
        if not shape.__name__.startswith("_"):
            told = json.dumps(shape.model_json_schema()["properties"], sort_keys=True)
            named.setdefault(shape.__name__, set()).add(told)
    twice = [name for name, told in named.items() if len(told) > 1]
    assert twice == [], "the document would tell one of them for both"


@pytest.mark.django_db
def test_a_body_that_is_not_json_is_refused_in_the_one_shape() -> None:
    somebody = Person.objects.create_user(username="s", password="a-long-password-1", role=Role.SECRETARY)
    _, secret = issue_token(by=None, person=somebody, name="test", scopes=["strategy"])
    given = {"content_type": "application/json", "HTTP_AUTHORIZATION": f"Bearer {secret}"}
    response = Client().post("/api/strategy/meanings", "{not json", **given)
    assert response.status_code == 422
    assert set(response.json()) == {"error", "message", "hint"}


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "status"), [("0", 422), ("1783900800", 422), ("2026-11-22", 200)])
def test_a_number_is_no_day(day: str, status: int) -> None:
    assert Client().get("/api/population/plus-groups", {"as_at": day}).status_code == status
