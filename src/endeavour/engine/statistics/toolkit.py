"""The World Health Organization's 21 summary measures of inequality, each by its short name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from endeavour.engine.statistics._shape import DEFAULT_CONFIDENCE, Confidence, Estimate
from endeavour.engine.statistics.attributable import (
    population_attributable_fraction,
    population_attributable_risk,
)
from endeavour.engine.statistics.concentration import (
    absolute_concentration_index,
    relative_concentration_index,
)
from endeavour.engine.statistics.inequality import (
    between_group_sd,
    between_group_variance,
    coefficient_of_variation,
    difference,
    index_of_disparity,
    mean_difference_from_best,
    mean_difference_from_mean,
    mean_difference_from_reference,
    mean_log_deviation,
    ratio,
    theil_index,
)
from endeavour.engine.statistics.slope_index import slope_index
from endeavour.errors import BadInput

MEASURES: Mapping[str, str] = {
    "ACI": "absolute_concentration_index",
    "BGSD": "between_group_sd",
    "BGV": "between_group_variance",
    "COV": "coefficient_of_variation",
    "D": "difference",
    "IDISU": "index_of_disparity",
    "IDISW": "index_of_disparity",
    "MDBU": "mean_difference_from_best",
    "MDBW": "mean_difference_from_best",
    "MDMU": "mean_difference_from_mean",
    "MDMW": "mean_difference_from_mean",
    "MDRU": "mean_difference_from_reference",
    "MDRW": "mean_difference_from_reference",
    "MLD": "mean_log_deviation",
    "PAF": "population_attributable_fraction",
    "PAR": "population_attributable_risk",
    "R": "ratio",
    "RCI": "relative_concentration_index",
    "RII": "slope_index",
    "SII": "slope_index",
    "TI": "theil_index",
}
"""The toolkit's 21 measures by its short names, and the function here that answers each; see `measure`."""


def measure(
    code: str,
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    ordered: bool = True,
    favourable: bool = True,
    reference: int | None = None,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Any of the toolkit's 21 measures by its short name (`MEASURES`), with that function's units and rules.

    SII and RII are the untransformed line of `slope_index` and need standard errors for their limits; MDRU
    and MDRW need a `reference`.
    Source: Schlotheuber and Hosseinpoor (2022), Int J Environ Res Public Health 19:3697, and each function's.

    >>> measure("MDMW", [10.0, 20.0], [3, 1]).value.item()
    3.75
    """
    name = code.upper()
    if name not in MEASURES:
        raise BadInput(f"'{code}' is not a measure of inequality", hint=f"Choose from {', '.join(MEASURES)}.")
    ends = {"ordered": ordered, "favourable": favourable}
    if name in ("D", "R"):
        compare = difference if name == "D" else ratio
        return compare(value, standard_error, **ends, reference=reference, confidence=confidence)
    if name in ("SII", "RII"):
        errors = 0.0 if standard_error is None else standard_error
        both = slope_index(value, population, errors, confidence=confidence)
        return _pointed(both.sii if name == "SII" else both.rii, standard_error is None)
    given = (value, population, standard_error)
    if name in ("ACI", "RCI"):
        index = absolute_concentration_index
        index = index if name == "ACI" else relative_concentration_index
        return index(*given, confidence=confidence)
    if name in ("PAR", "PAF"):
        risk = population_attributable_risk if name == "PAR" else population_attributable_fraction
        return risk(*given, **ends, confidence=confidence)
    return _plain(name, given, favourable, reference, confidence)


def _pointed(estimate: Estimate, bare: bool) -> Estimate:
    """The estimate, its limits made NaN when they rest on no standard error."""
    if not bare:
        return estimate
    unknown = {level: np.full_like(estimate.value, np.nan) for level in estimate.lower}
    return Estimate(estimate.value, unknown, dict(unknown), estimate.reason, estimate.extra)


def _plain(
    name: str,
    given: tuple[ArrayLike, ArrayLike, ArrayLike | None],
    favourable: bool,
    reference: int | None,
    confidence: Confidence,
) -> Estimate:
    value, population, error = given
    weighted = name.endswith("W")
    if name in ("MDBU", "MDBW"):
        people = population if weighted else None
        return mean_difference_from_best(value, people, error, favourable=favourable, confidence=confidence)
    if name in ("MDRU", "MDRW"):
        if reference is None:
            raise BadInput(f"{name} needs a reference subgroup", hint="Name one by its place, from 0.")
        people = population if weighted else None
        return mean_difference_from_reference(
            value, people, error, reference=reference, confidence=confidence
        )
    if name in ("MDMU", "MDMW"):
        return mean_difference_from_mean(*given, weighted=weighted, confidence=confidence)
    if name in ("IDISU", "IDISW"):
        return index_of_disparity(*given, weighted=weighted, confidence=confidence)
    simple = {
        "BGV": between_group_variance,
        "BGSD": between_group_sd,
        "COV": coefficient_of_variation,
        "TI": theil_index,
        "MLD": mean_log_deviation,
    }
    return simple[name](*given, confidence=confidence)
