"""The statistics of population health: exact, vectorised over any number of groups.

Arrays in, arrays out: every function here takes arrays of groups that broadcast and returns arrays of that
shape. For a dataframe, use `endeavour.engine.statistics.frames`, `frames_inequality` and `frames_series`,
which take the same names; for a file, `endeavour stats`. Each name is imported from its module on first use,
so that asking for one costs nothing for the others; but for the three that share their module's name, which
must be bound here at once or Python would bind the module.

>>> from endeavour.engine.statistics import rate
>>> float(rate(20, 1000, multiplier=1000).value)
20.0
"""

from __future__ import annotations

import importlib
from typing import Any

from endeavour.engine.statistics.health_expectancy import health_expectancy
from endeavour.engine.statistics.life_expectancy import life_expectancy
from endeavour.engine.statistics.maihda import maihda

_HOMES = {
    "_shape": ("Estimate", "Reason", "reason_codes"),
    "proportions": ("proportion",),
    "rates": ("rate", "count_limits", "byar_limits"),
    "means": ("mean", "mean_from_summary"),
    "standardisation": ("dsr", "indirect_rate", "indirect_ratio"),
    "standard_populations": ("ESP2013", "ESP2013_AGES", "standard_population"),
    "life_expectancy": ("ABRIDGED_AGES",),
    "years_lost": ("Contributions", "arriaga", "years_left", "years_of_life_lost"),
    "quantiles": ("quantile",),
    "funnel": ("FunnelLimits", "funnel_limits", "funnel_points", "funnel_significance"),
    "benchmark": ("Comparison", "compare_with_benchmark"),
    "slope_index": ("Slope", "slope_index", "standard_error_of"),
    "inequality": (
        "between_group_sd",
        "between_group_variance",
        "coefficient_of_variation",
        "difference",
        "index_of_disparity",
        "mean_difference_from_best",
        "mean_difference_from_mean",
        "mean_difference_from_reference",
        "mean_log_deviation",
        "ratio",
        "theil_index",
    ),
    "concentration": ("absolute_concentration_index", "concentration_curve", "relative_concentration_index"),
    "attributable": ("population_attributable_fraction", "population_attributable_risk"),
    "toolkit": ("MEASURES", "measure"),
    "spc": ("Assurance", "ControlChart", "Rule", "Variation", "control_chart"),
    "trend": ("Trend", "trend_of_proportions", "trend_of_values"),
    "maihda": ("Maihda", "indicators", "proportional_change_in_variance"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = ["health_expectancy", "life_expectancy", "maihda", *sorted(_HOME_OF)]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
