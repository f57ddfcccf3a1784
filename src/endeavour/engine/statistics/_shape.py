"""What every statistic shares: how arrays broadcast, which levels of confidence, why a figure is not shown.

Both halves of the engine build on this module. A method takes arrays of groups (any shapes that broadcast),
returns arrays of the same shape, and never lets one group touch another:

* a value that is not known (NaN) gives NaN in that group alone, with `Reason.MISSING`;
* a figure the field does not publish (a rate standardised from few events, say) is NaN, with its reason;
* input that cannot be right (a negative count) raises `BadInput` once, naming the first rows at fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from endeavour.errors import BadInput

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Confidence = float | Sequence[float] | None

DEFAULT_CONFIDENCE: tuple[float, ...] = (0.95,)
BOTH = (0.95, 0.998)
"""The two levels the field prints side by side: 95% ('two sigma') and 99.8% ('three sigma')."""

_ROWS_NAMED = 5


class Reason(IntEnum):
    """Why a group has no figure; 0 is 'shown'. `code` is printed in results, `words` explains it.

    >>> Reason.FEW_EVENTS.code
    'fewer-than-10-events'
    >>> Reason(0).code
    ''
    """

    SHOWN = 0
    MISSING = 1
    FEW_EVENTS = 2
    NO_POPULATION = 3
    SMALL_POPULATION = 4
    NO_DEATHS_IN_LAST_BAND = 5
    DEATHS_EXCEED_POPULATION = 6
    TOO_FEW_VALUES = 7
    NO_EXPECTED_EVENTS = 8
    NOT_DEFINED = 9
    NO_SPREAD = 10
    DID_NOT_CONVERGE = 11
    INTERVAL_TOO_WIDE = 12
    MISSING_BANDS = 13
    FEWER_AREAS_THAN_QUANTILES = 14

    @property
    def code(self) -> str:
        """The short text printed in a `reason` column; empty when the figure is shown."""
        return _CODES[self][0]

    @property
    def words(self) -> str:
        """One plain sentence for a reader."""
        return _CODES[self][1]


_CODES: Mapping[Reason, tuple[str, str]] = {
    Reason.SHOWN: ("", ""),
    Reason.MISSING: ("missing-input", "An input for this group is not known."),
    Reason.FEW_EVENTS: ("fewer-than-10-events", "Not shown: fewer than 10 events is too few to standardise."),
    Reason.NO_POPULATION: ("no-population", "Not shown: an age band has no population."),
    Reason.SMALL_POPULATION: ("population-5000-or-fewer", "Not shown: the population is 5,000 or fewer."),
    Reason.NO_DEATHS_IN_LAST_BAND: (
        "no-deaths-in-last-band",
        "Not shown: nobody died in the oldest age band, so its length of life cannot be known.",
    ),
    Reason.DEATHS_EXCEED_POPULATION: (
        "deaths-exceed-population",
        "Not shown: an age band has more deaths than people.",
    ),
    Reason.TOO_FEW_VALUES: ("too-few-values", "Not shown: there are too few values."),
    Reason.NO_EXPECTED_EVENTS: (
        "no-expected-events",
        "Not shown: the reference rates expect no events.",
    ),
    Reason.NOT_DEFINED: ("not-defined", "Not shown: the formula has no answer for this group."),
    Reason.NO_SPREAD: ("no-spread", "Not shown: every value is the same."),
    Reason.DID_NOT_CONVERGE: ("did-not-converge", "Not shown: the model did not settle on an answer."),
    Reason.INTERVAL_TOO_WIDE: (
        "interval-over-20-years",
        "Value not shown: its 95% interval is wider than 20 years.",
    ),
    Reason.MISSING_BANDS: ("missing-age-bands", "Not shown: an age band is missing from this group."),
    Reason.FEWER_AREAS_THAN_QUANTILES: (
        "fewer-areas-than-quantiles",
        "Not shown: the group has fewer areas than quantiles were asked for.",
    ),
}


def reason_codes(reason: ArrayLike) -> NDArray[np.str_]:
    """The printed code of each reason, in the shape given.

    >>> reason_codes([0, 2]).tolist()
    ['', 'fewer-than-10-events']
    """
    table = np.array([r.code for r in Reason])
    return np.asarray(table[np.asarray(reason, dtype=np.intp)])


@dataclass(frozen=True)
class Estimate:
    """One value a group, an interval for each level of confidence, and a reason where there is no figure.

    `value`, `reason`, `lower[level]` and `upper[level]` all have the shape of the groups. `extra` holds a
    method's other columns (counts, a slope's intercept), each in that shape too.
    """

    value: Floats
    lower: Mapping[float, Floats]
    upper: Mapping[float, Floats]
    reason: Codes
    extra: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    @property
    def confidence(self) -> tuple[float, ...]:
        """The levels, in the order asked for."""
        return tuple(self.lower)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Name to array, in printing order: value, lower_0.95, upper_0.95, ..., the extras, reason.

        >>> one = np.array([1.0]); e = Estimate(one, {0.95: one}, {0.95: one}, np.array([0], np.uint8))
        >>> list(e.columns())
        ['value', 'lower_0.95', 'upper_0.95', 'reason']
        """
        columns: dict[str, NDArray[Any]] = {"value": self.value}
        for level in self.lower:
            columns[f"lower_{level:g}"] = self.lower[level]
            columns[f"upper_{level:g}"] = self.upper[level]
        columns.update(self.extra)
        columns["reason"] = reason_codes(self.reason)
        return columns


def levels(confidence: Confidence) -> tuple[float, ...]:
    """The levels as a tuple of fractions in [0.5, 1); `None` or `()` asks for values without intervals.

    A percentage (95) is refused rather than guessed at, and so is a level asked for twice.

    >>> levels(0.95), levels([0.95, 0.998]), levels(None)
    ((0.95,), (0.95, 0.998), ())
    """
    if confidence is None:
        return ()
    given = confidence if isinstance(confidence, Iterable) else (confidence,)
    wanted = tuple(float(level) for level in given)
    for level in wanted:
        if not 0.5 <= level < 1:
            raise BadInput(
                f"a confidence of {level:g} is not a fraction from 0.5 up to, not including, 1",
                hint="Write 95% as 0.95.",
            )
    if len(set(wanted)) != len(wanted):
        raise BadInput("a level of confidence is asked for twice", hint="Give each level once.")
    return wanted


def normal_quantile(level: float) -> float:
    """The number of standard errors on each side of a two-sided interval at this level.

    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    return float(ndtri(level + (1 - level) / 2))


def floats(*arrays: ArrayLike) -> tuple[Floats, ...]:
    """The arrays as float64, broadcast against each other (read-only views where they had to grow).

    >>> [a.shape for a in floats([1, 2], 3)]
    [(2,), (2,)]
    """
    made = [_as_float(a) for a in arrays]
    if len({a.shape for a in made}) <= 1:
        return tuple(made)
    try:
        return tuple(np.broadcast_arrays(*made))
    except ValueError:
        shapes = ", ".join(str(a.shape) for a in made)
        raise BadInput(f"arrays of shapes {shapes} do not fit together") from None


def _as_float(values: ArrayLike) -> Floats:
    if isinstance(values, np.ma.MaskedArray):
        return np.asarray(np.ma.filled(values.astype(np.float64), np.nan), dtype=np.float64)
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadInput("a value is not a number", hint="Leave unknown values empty (NaN).") from None


def missing(*arrays: Floats) -> Flags:
    """True where any of the arrays is NaN.

    >>> missing(np.array([1.0, np.nan])).tolist()
    [False, True]
    """
    out = np.isnan(arrays[0])
    for array in arrays[1:]:
        out = out | np.isnan(array)
    return np.asarray(out)


def refuse(wrong: ArrayLike, message: str, *, hint: str = "") -> None:
    """Raise `BadInput` naming the first rows (counted from 0, groups flattened) where `wrong` is true.

    >>> refuse([False, True], "a count is negative")
    Traceback (most recent call last):
    endeavour.errors.BadInput: a count is negative (row 1; rows are counted from 0)
    """
    flags = np.asarray(wrong)
    if not flags.any():
        return
    rows = np.flatnonzero(flags)
    named = ", ".join(str(row) for row in rows[:_ROWS_NAMED])
    more = f" and {rows.size - _ROWS_NAMED} more" if rows.size > _ROWS_NAMED else ""
    noun = "row" if rows.size == 1 else "rows"
    raise BadInput(f"{message} ({noun} {named}{more}; rows are counted from 0)", hint=hint)


def group_numbers(values: Floats, groups: ArrayLike) -> NDArray[np.intp]:
    """Each value's group, numbered from 0; refused where they are not one list beside the other.

    >>> group_numbers(np.array([5.0, 7.0]), [0, 1]).tolist()
    [0, 1]
    """
    which = np.asarray(groups)
    if values.ndim != 1 or which.shape != values.shape:
        raise BadInput("values and groups must be one-dimensional and of one length")
    if not np.issubdtype(which.dtype, np.integer):
        raise BadInput(
            "groups must be whole numbers from 0", hint="Number the groups, or use the frame form."
        )
    refuse(which < 0, "a group number is negative")
    return which.astype(np.intp)


def refuse_counts(counts: Floats, what: str) -> None:
    """Refuse negative and infinite counts; NaN passes (it is 'not known')."""
    refuse(counts < 0, f"{what} is negative")
    refuse(np.isinf(counts), f"{what} is infinite")


def check_multiplier(multiplier: float, *, negative_allowed: bool = False) -> float:
    """A multiplier (100 for percentages, 100,000 for rates) that is finite and not zero.

    >>> check_multiplier(100)
    100.0
    """
    value = float(multiplier)
    if not np.isfinite(value) or value == 0 or (value < 0 and not negative_allowed):
        raise BadInput(f"a multiplier of {multiplier} cannot be used", hint="Use a number such as 100.")
    return value


def finish(
    value: Floats,
    lower: Mapping[float, Floats],
    upper: Mapping[float, Floats],
    reason: Codes,
    extra: Mapping[str, NDArray[Any]] | None = None,
) -> Estimate:
    """An `Estimate` where each group with a reason is NaN throughout.

    `Reason.INTERVAL_TOO_WIDE` is the exception: only the value is NaN, because the field prints the limits.
    """
    hidden = reason != Reason.SHOWN
    if hidden.any():
        value = np.where(hidden, np.nan, value)
        unlimited = hidden & (reason != Reason.INTERVAL_TOO_WIDE)
        lower = {level: np.where(unlimited, np.nan, limit) for level, limit in lower.items()}
        upper = {level: np.where(unlimited, np.nan, limit) for level, limit in upper.items()}
    return Estimate(value, lower, upper, reason, extra or {})
