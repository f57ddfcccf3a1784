"""The lines of a data pack that tell each measure by group: deprivation, ethnicity, age and sex within the area."""

from __future__ import annotations

from endeavour.errors import Missing
from endeavour.population.data_pack_lines import GROUPS, Line
from endeavour.population.presenters_measures import grouping_words, unit_of, value_words
from endeavour.population.queries import figures
from endeavour.population.queries.figures import Figure

TOLD_BY = ("imd_quintile", "ethnicity", "age_band", "sex")


def group_lines(code: str) -> list[Line]:
    """One line a group and measure, grouping by grouping, the groups in their own order; none where the area is not told so."""
    try:
        found = figures.of_area_by(code, TOLD_BY)
        wholes = {f.measure: f for f in figures.wholes()}
    except Missing:
        return []
    return [_line(figure, wholes.get(figure.measure)) for figure in found]


def _line(figure: Figure, whole: Figure | None) -> Line:
    measure = figures.definition(figure.measure)
    return Line(
        GROUPS, grouping_words(figure.by), measure.title, figure.period, value_words(measure, figure.value, "hidden"),
        "" if whole is None else value_words(measure, whole.value, "hidden"), figure.numerator, figure.denominator,
        figure.value, figure.low, figure.high, unit_of(measure).strip(), None if whole is None else whole.value,
        figure.reason if figure.value is None else "", measure.source, figure.beside_system or "", figure.subgroup_words,
    )  # fmt: skip
