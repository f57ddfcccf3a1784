"""What is loaded once for a file of tests, because loading it for each would take most of their time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="module")
def map_loaded_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The pack's areas, bodies, seats and routes; each test rolls back to them, and the last leaves an empty database.

    For files whose tests, all of them, may find the map there: which of them runs first must not matter.
    """
    from endeavour.core.loading import load_pack
    from endeavour.pack import Pack

    with django_db_blocker.unblock(), transaction.atomic():
        load_pack(Pack.open("mse"), by=None)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def promises_loaded_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The pack's statements, kept for a file of tests in the same way."""
    from endeavour.strategy.public import load_statements

    with django_db_blocker.unblock(), transaction.atomic():
        load_statements("mse", by=None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def promised(promises_loaded_once: None, db: None) -> None:
    """A database that has the statements."""


@pytest.fixture
def mapped(map_loaded_once: None, db: None) -> None:
    """A database that has the map."""
