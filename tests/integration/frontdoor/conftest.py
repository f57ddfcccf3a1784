"""The pack's directory, loaded once for a file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from endeavour.frontdoor.public import load_directory


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """The directory, loaded once; each test then rolls back to it, and the last leaves an empty database."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_directory("mse", by=None)
        transaction.set_rollback(True)


@pytest.fixture
def directory(loaded: int, db: None) -> int:
    """How many services the directory has, in a database that has them."""
    return loaded
