"""What no likeness may overrule: pairs that agree on almost everything and are still two people.

Twins share a birth date, an address and a surname; housemates and parents with children share an address and often a
name. A model that adds up agreements joins them (precision 0.94 on the standard extracts without this guard). So:

* two records with different valid NHS numbers are two people, whatever else agrees;
* two records with the same birth date at the same address and dissimilar forenames are twins, not one person;
* a person has at most `MOST_BIRTH_DATES` birth dates: the right one and one slip (`is_slip`). That stops chains in
  which each record is near the next and the last is far from the first, and keeps a child apart from the parent at home
  whose name it bears. Only an equal NHS number may join birth dates that are no slip of each other.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MOST_BIRTH_DATES = 2
MOST_RECORDS = 25
"""More records of one person than this is a fault in an extract (a default birth date, a test name), not a person."""

LIKE_FORENAMES = (
    "(coalesce(l.middle = r.middle, TRUE) "
    "AND coalesce(l.root = r.root OR jaro_winkler_similarity(l.forename, r.forename) >= 0.8 "
    "OR (length(least(l.forename, r.forename)) = 1 AND l.forename[1] = r.forename[1]), TRUE))"
)
"""SQL: the forenames of l and r may be one name (equal, a short form, a slip, an initial), or one is not known.

Two names beginning alike and going on with other initials are two: brothers are named Muhammad Ali and Muhammad Yusuf."""

SAME_HOME = (
    "coalesce(l.uprn = r.uprn, FALSE) OR coalesce(l.postcode = r.postcode AND l.house = r.house, FALSE)"
)


FIRST_DAY = date(1800, 1, 1)
"""The resolver counts birth dates in days from here."""


def is_slip(one: int, other: int) -> bool:
    """Whether one birth date may be the other mistyped, both in days from FIRST_DAY.

    Day and month are swapped, two of the three parts agree, or only the year was known and stands as its first day.

    >>> days = [(date(*parts) - FIRST_DAY).days for parts in ((1976, 6, 20), (1976, 6, 2), (1976, 1, 1), (2009, 7, 6))]
    >>> [is_slip(days[0], other) for other in days]
    [True, True, True, False]
    """
    first, second = (FIRST_DAY + timedelta(days=day) for day in (one, other))
    same_year, same_month, same_day = (
        first.year == second.year,
        first.month == second.month,
        first.day == second.day,
    )
    if same_year + same_month + same_day >= 2:
        return True
    is_swapped = (first.month, first.day) == (second.day, second.month)
    return same_year and (is_swapped or (1, 1) in ((first.month, first.day), (second.month, second.day)))


def kept_apart(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `apart` (left_id, right_id): records born on one day at one home whose forenames are dissimilar."""
    homes = ("l.uprn = r.uprn", "l.postcode = r.postcode AND l.house = r.house")
    queries = (
        "SELECT l.unique_id AS left_id, r.unique_id AS right_id FROM record AS l JOIN record AS r "
        f"ON l.birth_date = r.birth_date AND {home} AND l.unique_id < r.unique_id WHERE NOT {LIKE_FORENAMES}"
        for home in homes
    )
    connection.execute(f"CREATE TABLE apart AS {' UNION '.join(queries)} ORDER BY left_id, right_id")
