"""Every table that is handed out: a CSV, and beside it what its columns mean, both made of one description.

The metadata follow the W3C's 'CSV on the Web': they lie at the CSV's address with `-metadata.json` after it, and the CSV
names them in a Link header, as that recommendation asks (section 5.2), so that a program which got the one finds the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from endeavour.charts.chart import Chart
from endeavour.core.public import csv_response
from endeavour.population.releases import unchanged

OGL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
SYNTHETIC = "Synthetic residents; every count passed the disclosure gate."
SUFFIX = "-metadata.json"


@dataclass(frozen=True)
class Table:
    """One table: `columns` say in order what each means, `rows` may be a generator, `name` is the file's without `.csv`.

    `source` is who counted it, `method` how and by whose method, `release` in which frozen copy; `more` is put beside them.
    """

    name: str
    title: str
    columns: Mapping[str, str]
    rows: Iterable[Iterable[object]]
    source: str
    method: str = ""
    release: str = ""
    licence: str = OGL
    more: Mapping[str, Any] = field(default_factory=dict)


Maker = Callable[..., Table]


def of_chart(name: str, picture: Chart, columns: Mapping[str, str], **told: Any) -> Table:
    """The table of a chart, its columns under names that a program can use."""
    assert len(columns) == len(picture.headers), "every column of the picture has a name"
    return Table(
        name,
        picture.title,
        columns,
        picture.rows,
        **({"source": picture.source, "more": {"notes": list(picture.notes)}} | told),
    )


def addresses(route: str, name: str, table: Maker, *, is_released: bool = True) -> list[URLPattern]:
    """The two addresses of a table: `route.csv` and `route.csv-metadata.json`, named `NAME-csv` and `NAME-metadata`.

    `is_released` says that the table rests on releases alone, so that an unchanged one need not be made again.
    """
    keep = unchanged if is_released else (lambda view: view)
    return [
        path(f"{route}.csv", require_safe(keep(_as_csv(table))), name=f"{name}-csv"),
        path(f"{route}.csv{SUFFIX}", require_safe(keep(_as_metadata(table))), name=f"{name}-metadata"),
    ]


def metadata_of(address: str) -> str:
    """Where the metadata of a CSV lie.

    >>> metadata_of("/inequality/slope.csv?measure=copd")
    '/inequality/slope.csv-metadata.json?measure=copd'
    """
    route, mark, query = address.partition("?")
    return f"{route}{SUFFIX}{mark}{query}"


def _as_csv(table: Maker) -> Callable[..., HttpResponse]:
    def as_csv(request: HttpRequest, **named: Any) -> HttpResponse:
        made = table(request, **named)
        response = csv_response(f"{made.name}.csv", made.columns, made.rows)
        where = metadata_of(request.get_full_path())
        response["Link"] = f'<{where}>; rel="describedby"; type="application/csvm+json"'
        return response

    return as_csv


def _as_metadata(table: Maker) -> Callable[..., HttpResponse]:
    def as_metadata(request: HttpRequest, **named: Any) -> HttpResponse:
        made = table(request, **named)
        told = {
            "@context": "http://www.w3.org/ns/csvw",
            "url": request.get_full_path().replace(SUFFIX, "", 1),
            "dc:title": made.title,
            "dc:publisher": "Common Endeavour",
            "dc:license": made.licence,
            "dc:source": made.source,
            "dc:description": made.method,
            "dc:identifier": made.release,
            "rdfs:seeAlso": "/methods",
            "tableSchema": {
                "columns": [
                    {"name": name, "titles": name, "dc:description": words} for name, words in made.columns.items()
                ]
            },
        }  # fmt: skip
        return JsonResponse({key: value for key, value in told.items() if value} | dict(made.more))

    return as_metadata
