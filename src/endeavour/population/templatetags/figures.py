"""`{{ figure|value_of }}` and `{{ figure|interval_of }}`: a figure of a table, whose ends have as many decimals as itself."""

from __future__ import annotations

from django import template

from endeavour.charts.words import number_words
from endeavour.population.presenters_measures import decimals
from endeavour.population.queries.figures import Figure

register = template.Library()


@register.filter
def value_of(figure: Figure) -> str:
    """The value without its unit, which the table's caption says."""
    return number_words(figure.value, decimals(figure.value))


@register.filter
def interval_of(figure: Figure) -> str:
    """Both ends of its interval."""
    places = decimals(figure.value)
    return f"{number_words(figure.low, places)} to {number_words(figure.high, places)}"
