"""What every template has to hand: the `{% nhs %}` components, charts, and numbers and days in our words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from endeavour.charts.chart import Cell, Chart
from endeavour.charts.words import count_words, day_words, number_words
from endeavour.website import components, promises

register = template.Library()


@register.simple_tag
def nhs(component: str, **arguments: Any) -> SafeString:
    """One NHS.UK component: `{% nhs "card" heading="Find help" href="/find-help" clickable=True %}`."""
    return components.render(component, components.nested(arguments))


@register.simple_block_tag
def nhsblock(content: str, component: str, **arguments: Any) -> SafeString:
    """One NHS.UK component around markup: `{% nhsblock "details" summary="More" %}...{% endnhsblock %}`."""
    if not content.strip():
        raise components.ComponentError(f"{component} has nothing between its tags.")
    return components.render(component, components.nested(arguments), body=content)


@register.filter
def optional(value: Any) -> Any:
    """The value, or, when it is empty, nothing at all: the argument is left out."""
    return value if value not in (None, "", [], {}, ()) else components.OMIT


@register.inclusion_tag("website/promised_here.html")
def promised_here(area: Any) -> dict[str, Any]:
    """What was promised for an area and its next meeting in public: `{% promised_here area %}`."""
    standings = promises.standings()
    return {
        "area": area,
        "standings": standings,
        "promises": promises.total(standings),
        "meeting": promises.next_meeting({area.code, *(wider.code for wider in area.wider)}),
    }


@register.inclusion_tag("website/chart.html")
def chart(picture: Chart, csv: str = "", level: int = 2, id: str = "") -> dict[str, Any]:  # noqa: A002
    """A chart with its finding, its picture, its table and its CSV: `{% chart picture csv="/core20.csv" %}`."""
    cells = [
        [
            {"text": cell_words(cell), "numeric": place in picture.numeric_columns}
            for place, cell in enumerate(row)
        ]
        for row in picture.rows
    ]
    heads = [
        {"text": head, "numeric": place in picture.numeric_columns}
        for place, head in enumerate(picture.headers)
    ]
    return {
        "chart": picture,
        "svg": mark_safe(picture.svg),  # noqa: S308 - the chart promises complete, escaped markup
        "heads": heads,
        "rows": cells,
        "csv": csv,
        "heading": f"h{level}",
        "id": id,
    }


@register.filter
def every(days: int) -> str:
    """How often, in the words people use: a year of 366 days is a year.

    >>> every(366), every(91), every(30), every(7), every(14), every(45), every(1)
    ('every year', 'every 3 months', 'every month', 'every week', 'every 2 weeks', 'every 45 days', 'every day')
    """
    months = round(days / 30.4375)
    known = [
        (months // 12, "year", months % 12 == 0 and abs(days - months * 30.4375) <= 1),
        (months, "month", abs(days - months * 30.4375) <= 1),
        (days // 7, "week", days % 7 == 0),
        (days, "day", True),
    ]
    count, unit = next((count, unit) for count, unit, fits in known if count and fits)
    return f"every {unit}" if count == 1 else f"every {count} {unit}s"


@register.filter
def cell_words(value: Cell) -> str:
    """A table's cell: 'not known' for nothing, thousands separated, never a bare dash."""
    if value is None or value == "":
        return "not known"
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, float):
        return number_words(value, 1 if abs(value) >= 1 or value == 0 else 3)
    return number_words(value, 0)


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as 31 March 2026."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return day_words(value)


@register.filter
def number(value: float | None, places: int = 0) -> str:
    """A number with thousands separators; 'not known' when there is none."""
    return number_words(value, places)


@register.filter
def percent(value: float | None, places: int = 1) -> str:
    """A share of 1 as a percentage: 0.167 is 16.7%."""
    return "not known" if value is None else f"{number_words(value * 100, places)}%"


@register.filter
def count_of(value: int | None, words: str) -> str:
    """A count with its noun: `{{ 3|count_of:"meeting,meetings" }}` is '3 meetings'."""
    return count_words(value, words)


@register.inclusion_tag("website/breadcrumb.html")
def breadcrumb(*steps: str) -> dict[str, Any]:
    """The way back: `{% breadcrumb "/area" "Your area" %}`, an address and its name in turn; Home comes first."""
    if len(steps) % 2:
        raise components.ComponentError("breadcrumb takes an address and its name in turn.")
    return {"trail": list(zip(steps[::2], steps[1::2], strict=True))}
