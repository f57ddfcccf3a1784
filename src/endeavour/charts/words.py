"""Numbers and days as the site writes them."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite


def number_words(value: float | None, places: int = 0) -> str:
    """A number with thousands separators and a real minus sign; 'not known' where there is none.

    >>> number_words(1199519), number_words(-7.94, 1), number_words(None), number_words(2.5)
    ('1,199,519', '−7.9', 'not known', '3')
    """
    if value is None or not isfinite(value):
        return "not known"
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)
    return f"{rounded:,f}".replace("-", "\N{MINUS SIGN}")


def day_words(value: date | None) -> str:
    """A day as 31 March 2026; 'not known' where there is none.

    >>> day_words(date(2026, 3, 31))
    '31 March 2026'
    """
    return "not known" if value is None else f"{value.day} {value:%B %Y}"


def count_words(value: int | None, words: str) -> str:
    """A count with its noun; `words` is 'singular,plural'.

    >>> count_words(1, "meeting,meetings"), count_words(1200, "person,people"), count_words(0, "gap,gaps")
    ('1 meeting', '1,200 people', 'no gaps')
    """
    singular, _, plural = words.partition(",")
    if value is None:
        return f"{plural or singular}: not known"
    return f"{number_words(value) if value else 'no'} {singular if value == 1 else plural or singular}"
