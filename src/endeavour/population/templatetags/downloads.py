"""`{% download csv "Download this list" %}`: a table and what its columns mean, side by side on every page."""

from __future__ import annotations

from django import template

from endeavour.population.downloads import metadata_of

register = template.Library()


@register.inclusion_tag("population/download.html")
def download(csv: str, words: str = "Download these numbers") -> dict[str, str]:
    """Both links of one table; `csv` is its address with the query that makes it this one."""
    return {"csv": csv, "about": metadata_of(csv), "words": words}
