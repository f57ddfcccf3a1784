"""Standard populations that rates are standardised to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from endeavour.engine.statistics._shape import Floats
from endeavour.errors import BadInput, NotFound

ESP2013_AGES: tuple[int, ...] = tuple(range(0, 95, 5))
"""The first age of each band of the European Standard Population 2013: 0-4, 5-9, ..., 85-89, 90 and over."""

ESP2013: tuple[int, ...] = (
    5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500,
    1500, 1000,
)  # fmt: skip
"""European Standard Population 2013, 19 bands from 0-4 to 90 and over, 100,000 in all.

Source: Eurostat (2013), *Revision of the European Standard Population*.
"""

ESP2013_INFANTS: tuple[int, ...] = (1000, 4000, *ESP2013[1:])
"""The same with the first band split into infants under 1 (1,000) and ages 1-4 (4,000): 20 bands."""

_NAMED: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]] = MappingProxyType(
    {"esp2013": ((0, 1, *ESP2013_AGES[1:]), ESP2013_INFANTS)},
)


def standard_population(name: str, ages: Sequence[float]) -> Floats:
    """The weights of a named standard population for bands that begin at these ages.

    Bands may be coarser than the standard's, in any ascending order that starts on its boundaries, and need
    not reach back to birth; the last band is taken as open. Ages 0, 1, 5, ... give the infant split.
    Units: persons in a standard population of 100,000. Shape: that of `ages`.
    Errors: `NotFound` for an unknown name; `BadInput` for ages that are not ascending or fall inside a band.

    >>> standard_population("esp2013", [0, 1, 5, 65]).tolist()
    [1000.0, 4000.0, 75500.0, 19500.0]
    """
    try:
        edges, weights = _NAMED[name.lower()]
    except KeyError:
        known = ", ".join(sorted(_NAMED))
        raise NotFound(f"there is no standard population called {name!r}", hint=f"Known: {known}.") from None
    starts = [float(age) for age in ages]
    if starts != sorted(set(starts)):
        raise BadInput("ages are not in ascending order without repeats")
    unknown = [age for age in starts if age not in edges]
    if unknown:
        inside = ", ".join(f"{age:g}" for age in unknown)
        raise BadInput(f"ages {inside} fall inside a band of {name}", hint=f"Its bands begin at {edges}.")
    band = np.searchsorted(starts, edges, side="right") - 1
    used = band >= 0
    each = np.array(weights, dtype=np.float64)[used]
    return np.bincount(band[used], weights=each, minlength=len(starts)).astype(np.float64)
