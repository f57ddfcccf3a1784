"""Which function answers each METHOD of `endeavour stats`, and what its options are called there."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from endeavour.errors import BadInput, NotFound

FRAMES = "endeavour.engine.statistics.frames"
SERIES = "endeavour.engine.statistics.frames_series"
INEQUALITY = "endeavour.engine.statistics.frames_inequality"
LIFE = "endeavour.engine.statistics.frames_life"
COMMON = {"group_by": "group_by", "confidence": "confidence"}
COUNTS = {"numerator": "events", "denominator": "population", "multiplier": "multiplier", **COMMON}


@dataclass(frozen=True)
class Method:
    """One METHOD: the function, its options (ours to the function's name), and which of them it cannot do without."""

    words: str
    call: str
    options: Mapping[str, str]
    needs: tuple[str, ...]
    module: str = FRAMES
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def run(self, table: Any, given: Mapping[str, Any]) -> Any:
        """The result as an Arrow table; `given` holds only the options that were given."""
        lacking = [option for option in self.needs if option not in given]
        if lacking:
            named = " and ".join(flag(option) for option in lacking)
            raise BadInput(f"this method needs {named}", hint="See: endeavour stats --help")
        function = getattr(importlib.import_module(self.module), self.call)
        arguments = {self.options[option]: value for option, value in given.items() if option in self.options}
        return function(table, **arguments, **self.fixed)


def flag(option: str) -> str:
    """An option as it is typed."""
    return f"--{option.replace('_', '-')}"


_INDIRECT = {
    **COUNTS,
    "age": "age",
    "reference_numerator": "reference_events",
    "reference_denominator": "reference_population",
}
_INDIRECT_NEEDS = ("numerator", "denominator", "reference_numerator", "reference_denominator")
_FUNNEL = {
    "numerator": "numerator",
    "denominator": "denominator",
    "statistic": "statistic",
    "rate": "rate_column",
    "rate_type": "rate_type",
    "years": "years",
    "multiplier": "multiplier",
    **COMMON,
}

_SUBGROUPS = {
    "value": "value",
    "denominator": "population",
    "lower": "lower",
    "upper": "upper",
    "standard_error": "standard_error",
    "order": "order",
    **COMMON,
}
_SLOPE = {
    **_SUBGROUPS,
    "indicator_type": "indicator_type",
    "transform": "transform",
    "multiplier": "multiplier",
}
_MEASURES = {
    "aci": "absolute concentration index",
    "bgsd": "between-group standard deviation",
    "bgv": "between-group variance",
    "cov": "coefficient of variation",
    "d": "difference",
    "idisu": "index of disparity",
    "idisw": "index of disparity, weighted by people",
    "mdbu": "mean difference from the best",
    "mdbw": "mean difference from the best, weighted by people",
    "mdmu": "mean difference from the mean",
    "mdmw": "mean difference from the mean, weighted by people",
    "mdru": "mean difference from a reference",
    "mdrw": "mean difference from a reference, weighted by people",
    "mld": "mean log deviation",
    "paf": "population attributable fraction",
    "par": "population attributable risk",
    "r": "ratio",
    "rci": "relative concentration index",
    "ti": "Theil index",
}


def _measure(code: str, words: str) -> Method:
    options = {**_SUBGROUPS, "favourable": "favourable", "reference": "reference"}
    return Method(words, "inequality", options, ("value", "denominator"), INEQUALITY, {"code": code})


METHODS: dict[str, Method] = {
    "proportion": Method(
        "share of a population, Wilson's interval",
        "proportion",
        {"numerator": "numerator", "denominator": "denominator", "multiplier": "multiplier", **COMMON},
        ("numerator", "denominator"),
    ),
    "rate": Method(
        "events for a population, Byar's interval (exact under 10)",
        "rate",
        COUNTS,
        ("numerator", "denominator"),
    ),
    "mean": Method("mean, Student's t interval", "mean", {"value": "value", **COMMON}, ("value",)),
    "dsr": Method(
        "directly standardised rate, Dobson's interval",
        "dsr",
        {**COUNTS, "age": "age", "standard": "standard", "event_frequency": "event_frequency"},
        ("numerator", "denominator", "standard"),
    ),
    "isr-rate": Method("indirectly standardised rate", "indirect_rate", _INDIRECT, _INDIRECT_NEEDS),
    "isr-ratio": Method("indirectly standardised ratio", "indirect_ratio", _INDIRECT, _INDIRECT_NEEDS),
    "quantile": Method(
        "which tenth (or fifth...) each area is in",
        "quantile",
        {"value": "value", "quantiles": "quantiles_wanted", "invert": "invert", "group_by": "group_by"},
        ("value",),
        fixed={"result": "value"},
    ),
    "life-expectancy": Method(
        "years of life to come at each age, Chiang's method",
        "life_expectancy",
        {"numerator": "deaths", "denominator": "population", "age": "age", "at": "at", **COMMON},
        ("numerator", "denominator", "age"),
    ),
    "health-expectancy": Method(
        "years of life to come in good health, Sullivan's method",
        "health_expectancy",
        {
            "numerator": "deaths",
            "denominator": "population",
            "healthy": "healthy",
            "surveyed": "surveyed",
            "age": "age",
            "at": "at",
            **COMMON,
        },
        ("numerator", "denominator", "healthy", "surveyed", "age"),
        LIFE,
    ),
    "years-of-life-lost": Method(
        "years lost by deaths before an age (75 unless --limit says another)",
        "years_of_life_lost",
        {
            "numerator": "deaths",
            "denominator": "population",
            "age": "age",
            "standard": "standard",
            "limit": "limit",
            "multiplier": "multiplier",
            **COMMON,
        },
        ("numerator", "age"),
        LIFE,
    ),
    "arriaga": Method(
        "years each age adds to a reference population's life expectancy over this one's",
        "arriaga",
        {
            "numerator": "deaths",
            "denominator": "population",
            "reference_numerator": "other_deaths",
            "reference_denominator": "other_population",
            "age": "age",
            "group_by": "group_by",
        },
        ("numerator", "denominator", "reference_numerator", "reference_denominator", "age"),
        LIFE,
    ),
    "benchmark": Method(
        "each row's 95% limits against a benchmark: better, worse or similar",
        "benchmark",
        {
            "value": "value",
            "lower": "lower",
            "upper": "upper",
            "benchmark": "benchmark",
            "polarity": "polarity",
        },
        ("value", "lower", "upper", "benchmark"),
        LIFE,
    ),
    "funnel": Method("each area against control limits at its own size", "funnel", _FUNNEL, ("numerator",)),
    "funnel-lines": Method(
        "the lines of the funnel, 100 points to draw",
        "funnel_lines",
        {name: to for name, to in {**_FUNNEL, "ratio_type": "ratio_type"}.items() if name != "group_by"},
        ("numerator",),
    ),
    "sii": Method(
        "slope index of inequality (and the relative one beside it)",
        "sii",
        _SLOPE,
        ("value", "denominator"),
        INEQUALITY,
    ),
    "rii": Method(
        "relative index of inequality (and the slope beside it)",
        "sii",
        _SLOPE,
        ("value", "denominator"),
        INEQUALITY,
        {"index": "rii"},
    ),
    "spc": Method(
        "control chart, as Making Data Count draws it; a row a point",
        "spc",
        {
            "value": "value",
            "time": "time",
            "direction": "direction",
            "target": "target",
            "baseline": "baseline",
            "rebase": "rebase",
            "screen": "screen",
            "group_by": "group_by",
        },
        ("value",),
        SERIES,
    ),
    "trend": Method(
        "recent trend of the latest five years",
        "trend",
        {
            "value": "value",
            "lower": "lower",
            "upper": "upper",
            "numerator": "numerator",
            "denominator": "denominator",
            "time": "time",
            "group_by": "group_by",
        },
        ("time",),
        SERIES,
    ),
    "maihda": Method(
        "multilevel model of intersectional strata; --group-by names each characteristic",
        "maihda",
        {"numerator": "events", "denominator": "people", **COMMON},
        ("numerator", "denominator", "group_by"),
        INEQUALITY,
    ),
    **{code: _measure(code, words) for code, words in _MEASURES.items()},
}


def method(name: str) -> Method:
    """The method of this name, or an error that lists them."""
    try:
        return METHODS[name]
    except KeyError:
        raise NotFound(f"there is no method '{name}'", hint=f"Methods: {', '.join(METHODS)}.") from None
