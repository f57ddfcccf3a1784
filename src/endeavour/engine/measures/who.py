"""Who a measure counts, in the words the gate knows people by: the same people in every measure, however it says them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from endeavour.engine.disclosure import People
from endeavour.engine.measures.groupings import AGE_BANDS, PLUS

if TYPE_CHECKING:
    from endeavour.engine.measures.definition import Measure

OLDEST: Final = People().ages[1]


def people_of(measure: Measure) -> tuple[People, People]:
    """The people of a lake measure's denominator and, among them, of its numerator."""
    base = _people(measure.denominator)
    if measure.counts != "people":
        base = People(base.conditions | {f"counts {measure.counts}"}, base.ages)
    return base, base & _people(measure.numerator)


def meanings() -> dict[tuple[str, str], People]:
    """The groups that a measure may also name in its conditions: age bands, and the PLUS groups.

    >>> meanings()["age_band", "age_band:18-39"].ages, meanings()["plus", "plus:carers"].conditions
    ((18, 40), frozenset({'plus_carer'}))
    """
    bands = {("age_band", f"age_band:{band}"): People(ages=_band(band)) for band in AGE_BANDS}
    return bands | {("plus", f"plus:{group}"): People(frozenset({column})) for group, column in PLUS.items()}


def _band(words: str) -> tuple[int, int]:
    """The ages of a band.

    >>> _band("18-39"), _band("80+")
    ((18, 40), (80, 200))
    """
    first, _, last = words.rstrip("+").partition("-")
    return int(first), int(last) + 1 if last else OLDEST


@cache
def _people(condition: str) -> People:
    """A condition taken apart: ages as a range, everything else as text that is the same wherever it means the same.

    >>> _people("age >= 18 AND has('DEP')")
    People(conditions=frozenset({"has('DEP')"}), ages=(18, 200))
    >>> sorted(_people("contacts('gp', 'bp_check') >= 5").conditions)
    ["contacts('gp') > 0", "contacts('gp', 'bp_check') > 0", "contacts('gp', 'bp_check') >= 5"]
    >>> _people("has('B') OR has('A')").conditions
    frozenset({"has('A') OR has('B')"})
    """
    import sqlglot
    from sqlglot import exp

    found = People()
    for part in _flat(sqlglot.parse_one(condition, read="duckdb"), exp.And):
        ages = _ages(part)
        if ages is not None:
            found &= People(ages=ages)
        else:
            either = sorted(one.sql(dialect="duckdb") for one in _flat(part, exp.Or))
            found &= People(frozenset({_as_written(" OR ".join(either)), *map(_as_written, _met(part))}))
    return found


def _flat(node: Any, joined_by: Any) -> list[Any]:
    node = node.unnest()
    if not isinstance(node, joined_by):
        return [node]
    return [*_flat(node.left, joined_by), *_flat(node.right, joined_by)]


def _ages(part: Any) -> tuple[int, int] | None:
    """The ages of a condition on age alone; None for any other."""
    from sqlglot import exp

    if not isinstance(part, (exp.GTE, exp.GT, exp.LT, exp.LTE)) or part.this.name != "age":
        return None
    if not part.expression.is_int:
        return None
    age = int(part.expression.name) + isinstance(part, (exp.GT, exp.LTE))
    return (age, OLDEST) if isinstance(part, (exp.GTE, exp.GT)) else (0, age)


def _met(part: Any) -> list[str]:
    """What follows from having met a service so often: that it, and any of its kind, was met at all."""
    from sqlglot import exp

    if not isinstance(part, (exp.GT, exp.GTE)) or not isinstance(part.this, exp.Anonymous):
        return []
    if part.this.name.lower() != "contacts" or (isinstance(part, exp.GTE) and part.expression.name == "0"):
        return []
    words = [word.sql(dialect="duckdb") for word in part.this.expressions]
    return [f"contacts({', '.join(words[:n])}) > 0" for n in range(1, len(words) + 1)]


def _as_written(text: str) -> str:
    """Functions as the definitions write them: sqlglot prints unknown ones in capitals."""
    for name in ("has", "controlled", "contacts"):
        text = text.replace(f"{name.upper()}(", f"{name}(")
    return text
