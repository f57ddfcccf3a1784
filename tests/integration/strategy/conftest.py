"""People and statements for the strategy's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from endeavour.core.public import Link, Person, Role, add_link
from endeavour.strategy.importer import StrategyRead, parse
from endeavour.strategy.importer.extract import text_lines

TODAY = "2026-11-22"
SMALL = """# Test Integrated Care Strategy
2024-2030
June 2024

# 1. Context

W1\tWe will plant ten trees. (W1 - 09/24)
W2\tWe will meet in the open. (W2 - 10/24 and ongoing)
W3\tWe will count the birds. (W3 - 11/24 and annually)
I1\tI will sit in the shade. (I1 - 03/25 and ongoing)
"""


@pytest.fixture(autouse=True)
def _today_is_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about 22 November 2026, whenever they run."""
    monkeypatch.setenv("ENDEAVOUR_TODAY", TODAY)


@pytest.fixture
def person(db: None) -> Callable[[str], Person]:
    def make(role: str) -> Person:
        return Person.objects.create(username=f"a-{role}", role=role)

    return make


@pytest.fixture
def secretary(person: Callable[[str], Person]) -> Person:
    return person(Role.SECRETARY)


def read_small(text: str = SMALL) -> StrategyRead:
    import hashlib

    return parse(
        text_lines(text.encode(), name="small.txt"),
        name="small.txt",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


@pytest.fixture
def small(db: None) -> StrategyRead:
    from endeavour.strategy.public import import_document

    read = read_small()
    import_document(read, by=None)
    return read


@pytest.fixture
def decision(db: None) -> str:
    """The key of a decision that was taken: governance keeps decisions, and the thread tells this part of each."""
    key = "2026-12-03-icp-4"
    add_link(by=None, kind=Link.Kind.DECIDED_BY, source="item:2026-12-03-icp/4", target=f"decision:{key}")
    return key


@pytest.fixture(scope="module")
def loaded_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, int]]:
    """The pack's statements, loaded once; each test then rolls back to them, and the last leaves an empty database."""
    from endeavour.strategy.public import load_statements

    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("ENDEAVOUR_TODAY", TODAY)
        yield load_statements("mse", None)
        transaction.set_rollback(True)


@pytest.fixture
def pack(loaded_once: dict[str, int], db: None) -> dict[str, int]:
    """What was loaded, in a database that has it."""
    return loaded_once
