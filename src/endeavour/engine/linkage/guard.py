"""What no likeness may overrule: pairs that agree on almost everything and are still two people.

Twins share a birth date, an address and a surname; housemates and parents with children share an address and often a
name. A model that adds up agreements joins them (precision 0.94 on the standard extracts without this guard). So:

* two records with different valid NHS numbers are two people, whatever else agrees;
* two records with the same birth date at the same address and dissimilar forenames are twins, not one person;
* a person has at most `MOST_BIRTH_DATES` birth dates: the right one and one slip. That stops chains in which each
  record is near the next and the last is far from the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MOST_BIRTH_DATES = 2
MOST_RECORDS = 25
"""More records of one person than this is a fault in an extract (a default birth date, a test name), not a person."""

LIKE_FORENAMES = (
    "coalesce(l.root = r.root OR jaro_winkler_similarity(l.forename, r.forename) >= 0.8 "
    "OR (length(least(l.forename, r.forename)) = 1 AND l.forename[1] = r.forename[1]), TRUE)"
)
"""SQL: the forenames of l and r may be one name (equal, a short form, a slip, an initial), or one is not known."""

SAME_HOME = (
    "coalesce(l.uprn = r.uprn, FALSE) OR coalesce(l.postcode = r.postcode AND l.house = r.house, FALSE)"
)


def kept_apart(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `apart` (left_id, right_id): records born on one day at one home whose forenames are dissimilar."""
    homes = ("l.uprn = r.uprn", "l.postcode = r.postcode AND l.house = r.house")
    queries = (
        "SELECT l.unique_id AS left_id, r.unique_id AS right_id FROM record AS l JOIN record AS r "
        f"ON l.birth_date = r.birth_date AND {home} AND l.unique_id < r.unique_id WHERE NOT {LIKE_FORENAMES}"
        for home in homes
    )
    connection.execute(f"CREATE TABLE apart AS {' UNION '.join(queries)} ORDER BY left_id, right_id")
