"""The primary rules: which single figures are too small to show, and how the others are rounded.

A count of 1 to 7 is hidden and every other is rounded to the nearest 5 (NHS England's rule for patient counts).
Nought is shown: that nobody is in a group is itself the finding, and is not a person.
"""

from __future__ import annotations

from typing import Final

GATE: Final = 3
"""Raised whenever the gate hides what it did not: what an older gate let out may tell more than this one allows."""

SMALLEST_SHOWN: Final = 8
ROUND_TO: Final = 5
DOMINANT_SHARE: Final = 0.5
CLOSENESS: Final = 0.1


def is_small(count: int) -> bool:
    """Whether a count is between 1 and 7.

    >>> [is_small(n) for n in (0, 1, 7, 8)]
    [False, True, True, False]
    """
    return 0 < count < SMALLEST_SHOWN


def tells_of_few(numerator: int, denominator: int | None) -> bool:
    """Whether a figure is of 1 to 7 people: those counted, all whom they are of, or the rest of these.

    >>> tells_of_few(3, 90), tells_of_few(88, 90), tells_of_few(40, 90), tells_of_few(3, None), tells_of_few(0, 90)
    (True, True, False, True, False)
    """
    if denominator is None:
        return is_small(numerator)
    return any(map(is_small, (numerator, denominator, denominator - numerator)))


def rounded(count: int) -> int:
    """The count to the nearest 5; 8 becomes 10.

    >>> [rounded(n) for n in (0, 8, 12, 13, 117)]
    [0, 10, 10, 15, 115]
    """
    return ROUND_TO * ((2 * count + ROUND_TO) // (2 * ROUND_TO))


def interval(shown: int) -> tuple[int, int]:
    """The counts that could stand behind a shown figure, as anybody who knows the rules can tell.

    >>> interval(0), interval(10), interval(115)
    ((0, 0), (8, 12), (113, 117))
    """
    if shown == 0:
        return 0, 0
    return max(SMALLEST_SHOWN, shown - ROUND_TO // 2), shown + ROUND_TO // 2


def is_dominated(total: float, largest: float, second: float) -> bool:
    """Whether one contributor could be told from a total: it is over half, or the next could guess it within 10%.

    The first is the dominance rule, the second the p-per-cent rule: the runner-up knows its own part and bounds the
    leader by the total less that part.

    >>> is_dominated(100, 60, 5), is_dominated(100, 40, 30), is_dominated(100, 48, 50)
    (True, False, True)
    """
    if total <= 0:
        return False
    remainder = total - largest - second
    return largest > DOMINANT_SHARE * total or remainder < CLOSENESS * largest
