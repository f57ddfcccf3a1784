"""Long lists, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from endeavour.errors import NotFound

Row = TypeVar("Row")
Thing = TypeVar("Thing", bound=Model)
ON_A_PAGE = 100


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list that may be long."""

    rows: list[Row]
    total: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page; an empty list has one."""
        return max(1, -(-self.total // ON_A_PAGE))


def page_of(found: QuerySet[Thing], number: int) -> Page[Thing]:
    """One page of what was found; only its own rows are read. `NotFound` past the end."""
    page: Page[Thing] = Page([], found.count(), number)
    if not 1 <= number <= page.last:
        raise NotFound(f"There is no page {number} of {page.last}.", hint="Start at the first.")
    start = (number - 1) * ON_A_PAGE
    return replace(page, rows=list(found[start : start + ON_A_PAGE]))
