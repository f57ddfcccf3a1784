"""Comparison with a benchmark by whether intervals overlap."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from endeavour.engine.statistics._shape import Codes, floats, missing, refuse
from endeavour.errors import BadInput

Polarity = Literal["high-is-good", "low-is-good", "neutral"]
_POLARITIES = ("high-is-good", "low-is-good", "neutral")


class Comparison(IntEnum):
    """Where a group stands against its benchmark; the number after the name is the level of confidence.

    >>> Comparison.HIGHER_95.label("low-is-good"), Comparison.HIGHER_95.label()
    ('worse (95%)', 'higher (95%)')
    """

    NOT_COMPARED = 0
    LOWER_998 = 1
    LOWER_95 = 2
    SIMILAR = 3
    HIGHER_95 = 4
    HIGHER_998 = 5

    def label(self, polarity: Polarity = "neutral") -> str:
        """The words printed: higher or lower, or better or worse where one end of the scale is good."""
        if polarity not in _POLARITIES:
            raise BadInput(f"{polarity!r} is not a polarity", hint=f"Use one of {', '.join(_POLARITIES)}.")
        if self in {Comparison.NOT_COMPARED, Comparison.SIMILAR}:
            return "not compared" if self is Comparison.NOT_COMPARED else "similar"
        high = self in {Comparison.HIGHER_95, Comparison.HIGHER_998}
        sure = "99.8%" if self in {Comparison.HIGHER_998, Comparison.LOWER_998} else "95%"
        if polarity == "neutral":
            return f"{'higher' if high else 'lower'} ({sure})"
        return f"{'better' if high == (polarity == 'high-is-good') else 'worse'} ({sure})"


_MARKS: Mapping[float, tuple[Comparison, Comparison]] = MappingProxyType(
    {
        0.95: (Comparison.LOWER_95, Comparison.HIGHER_95),
        0.998: (Comparison.LOWER_998, Comparison.HIGHER_998),
    }
)


def compare_with_benchmark(
    lower: Mapping[float, ArrayLike],
    upper: Mapping[float, ArrayLike],
    benchmark: ArrayLike,
    *,
    benchmark_lower: ArrayLike | None = None,
    benchmark_upper: ArrayLike | None = None,
) -> Codes:
    """Whether each group's interval lies clear of its benchmark, as `Comparison` codes.

    Shapes: `lower[level]`, `upper[level]` (as in an `Estimate`) and the benchmark broadcast; the codes have
    that shape. Give limits at 0.95, at 0.998, or at both; others are refused.
    Units: all in those of the indicator. Polarity: the codes say higher or lower; `Comparison.label` turns
    them into better or worse. The benchmark is taken as exact unless its own 95% limits are given; then two
    intervals that touch are similar.
    Edge rules: an unknown (NaN) limit or benchmark gives `NOT_COMPARED`; a limit equal to the benchmark is
    similar.
    Errors: `BadInput` names rows where a lower limit is above its upper one.
    Source: OHID, public health technical guidance, 'Comparing with a benchmark'.

    >>> codes = compare_with_benchmark({0.95: [8.0, 12.0, 9.0]}, {0.95: [9.0, 15.0, 11.0]}, 10.0)
    >>> [Comparison(code).label() for code in codes]
    ['lower (95%)', 'higher (95%)', 'similar']
    """
    unknown_levels = set(lower) - {0.95, 0.998}
    if not lower or set(lower) != set(upper) or unknown_levels:
        raise BadInput("limits are compared at 0.95, at 0.998, or at both")
    low_line = benchmark if benchmark_lower is None else benchmark_lower
    high_line = benchmark if benchmark_upper is None else benchmark_upper
    everything = (*lower.values(), *upper.values(), low_line, high_line)
    shape = np.broadcast_shapes(*(np.shape(values) for values in everything))
    codes: Codes = np.full(shape, Comparison.SIMILAR, dtype=np.uint8)
    unknown = np.zeros(shape, dtype=bool)
    for level in sorted(lower):
        low, high, below, above = floats(lower[level], upper[level], low_line, high_line)
        refuse(low > high, "a lower limit is above its upper limit")
        under, over = _MARKS[level]
        codes[np.broadcast_to(high < below, shape)] = under
        codes[np.broadcast_to(low > above, shape)] = over
        unknown |= missing(low, high, below, above)
    codes[unknown] = Comparison.NOT_COMPARED
    return codes
