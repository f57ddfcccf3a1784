"""Which published measures changed by more than noise: the control chart's exceptions, for the agenda.

Only figures that passed the disclosure gate, or that others published, are read; a series too short to tell is left out.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from endeavour.core.public import today
from endeavour.errors import Missing
from endeavour.governance.findings import Finding
from endeavour.strategy.public import signals

FEWEST_POINTS = 8
DIRECTIONS = {"higher is better": 1, "lower is better": -1, "neither": 0}


@cache
def titles(pack: str) -> dict[str, str]:
    """The title of each measure and published indicator of a pack, by its id."""
    from endeavour.engine.measures.catalogue import Catalogue
    from endeavour.pack import Pack

    named = {indicator.id: indicator.name for indicator in Pack.open(pack).indicators}
    return named | {measure.id: measure.title for measure in Catalogue.open(pack).measures}


def exceptions(pack: str) -> list[Finding]:
    """The latest point of each measure's series for the whole system, where a rule of the control chart speaks of it.

    Source: NHS England, Making Data Count (see `engine.statistics.spc`). The open statistics' series are read too, such
    as waits in emergency departments. No series long enough: no exception.
    """
    from endeavour.engine.measures.catalogue import Catalogue
    from endeavour.engine.measures.release import published_figures

    try:
        rows = published_figures().to_pylist()
    except Missing:
        rows = []
    series: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for row in rows:
        if row["grouping"] == "system" and row["value"] is not None:
            series[row["measure"]].append((row["year"], row["value"]))
    measures = {measure.id: measure for measure in Catalogue.open(pack).measures}
    found = []
    for key, points in sorted(series.items()):
        if key in measures:
            finding = exception(key, measures[key].title, measures[key].polarity, sorted(points))
            found += [finding] if finding else []
    named = {finding.subject for finding in found}
    seen = (Finding(f"measure:{s.measure}", "exception", s.words) for s in signals(at=today()))
    return [*found, *(finding for finding in seen if finding.subject not in named)]


def exception(key: str, title: str, polarity: str, points: list[tuple[str, float]]) -> Finding | None:
    """What the latest of these points (period and value, in order) says, or nothing where it is noise.

    >>> steady = [(str(year), 10.0 + year % 2) for year in range(2010, 2020)]
    >>> exception("falls", "Falls", "lower is better", steady) is None
    True
    >>> print(exception("falls", "Falls", "lower is better", [*steady, ("2020", 19.0)]).words)
    Falls: 19.0 in 2020 is above the upper limit. This is worse, and more than chance.
    """
    from endeavour.engine.statistics.spc import Rule, Variation, control_chart

    if len(points) < FEWEST_POINTS:
        return None
    chart = control_chart([value for _, value in points], direction=DIRECTIONS.get(polarity, 0))
    rule, said = Rule(chart.rule[-1]), Variation(chart.variation.item())
    if said is Variation.COMMON_CAUSE:
        return None
    meaning = {Variation.CONCERN: "worse", Variation.IMPROVEMENT: "better"}.get(said, "a change")
    period, value = points[-1]
    words = f"{title}: {value} in {period} is {rule.words}. This is {meaning}, and more than chance."
    return Finding(f"measure:{key}", "exception", words)
