"""A character that PostgreSQL cannot keep is refused in words on either database, and never ends in a fault."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, connection
from django.test import Client, RequestFactory

from endeavour.website.middleware import UserErrorMiddleware

SAID = [
    "A string literal cannot contain NUL (0x00) characters.",
    "PostgreSQL text fields cannot contain NUL (0x00) bytes",
    "unsupported Unicode escape sequence\nDETAIL:  \\u0000 cannot be converted to text.",
]


@pytest.mark.parametrize("fault", [ValueError(SAID[0]), DataError(SAID[1]), DataError(SAID[2])])
@pytest.mark.parametrize("path", ["/statements", "/api/strategy/statements"])
def test_the_fault_becomes_words(fault: Exception, path: str) -> None:
    answer = UserErrorMiddleware(lambda request: None).process_exception(RequestFactory().get(path), fault)  # type: ignore[arg-type, return-value]
    assert answer is not None
    assert answer.status_code == 422
    assert b"cannot be kept" in answer.content


def test_any_other_fault_stays_one() -> None:
    middleware = UserErrorMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    for fault in (ValueError("x"), DataError("y"), ImproperlyConfigured("NUL (0x00)")):
        assert middleware.process_exception(RequestFactory().get("/"), fault) is None


@pytest.mark.django_db
def test_a_search_for_it_is_answered(client: Client) -> None:
    for address in ("/statements?q=a%00b", "/decisions?q=a%00b"):
        assert client.get(address).status_code == (422 if connection.vendor == "postgresql" else 200)
