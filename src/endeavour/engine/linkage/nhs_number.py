"""NHS numbers: nine digits and a check digit (modulus 11), by the NHS Data Dictionary."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def check_digits(bodies: NDArray[Any]) -> NDArray[np.int64]:
    """The check digit of each nine-digit number; 10 where none exists, so that the number is not issued.

    Weights 10 to 2 on the digits from the left; 11 minus the remainder of their sum by 11, and 11 counts as 0.
    Source: NHS Data Dictionary, NHS NUMBER.

    >>> check_digits(np.array([943476591])).tolist()
    [9]
    """
    bodies = np.asarray(bodies, np.int64)
    total = sum(((bodies // 10**place) % 10) * (place + 2) for place in range(9))
    return np.asarray((11 - total % 11) % 11, np.int64)


def is_valid(number: str) -> bool:
    """Whether the text is a whole NHS number, spaces and dashes aside; ten equal digits are a known filler.

    >>> is_valid("943 476 5919"), is_valid("943 476 5918"), is_valid("0000000000"), is_valid("")
    (True, False, False, False)
    """
    digits = number.replace(" ", "").replace("-", "")
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()) or len(set(digits)) == 1:
        return False
    return int(check_digits(np.array([int(digits[:9])]))[0]) == int(digits[9])


def valid_sql(column: str) -> str:
    """The same test as a SQL predicate (DuckDB and Spark) on text; never true unless ten digits begin it."""
    total = " + ".join(
        f"TRY_CAST(substr({column}, {place}, 1) AS INTEGER) * {11 - place}" for place in range(1, 10)
    )
    return (
        f"((11 - ({total}) % 11) % 11 = TRY_CAST(substr({column}, 10, 1) AS INTEGER)"
        f" AND {column} <> repeat(substr({column}, 1, 1), 10))"
    )
