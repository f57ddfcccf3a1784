"""People and statements for the strategy's tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from endeavour.core.public import Link, Person, Role, add_link
from endeavour.strategy.importer import StrategyRead, parse
from endeavour.strategy.importer.extract import text_lines

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
    monkeypatch.setenv("ENDEAVOUR_TODAY", "2026-11-22")


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


@pytest.fixture
def pack(db: None) -> dict[str, int]:
    from endeavour.strategy.public import load_statements

    return load_statements("mse", None)
