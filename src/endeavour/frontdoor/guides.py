"""The printed guide to local help: the same words as the pages, dated, in standard and large print, as tagged PDF."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from endeavour.core.public import now, today
from endeavour.errors import Missing, NotFound
from endeavour.frontdoor import hours, presenters, queries
from endeavour.frontdoor.models import Service

# A guide is something a receptionist hands over: sixty services fill about twelve sides.
LONGEST = 60
TOPIC = 20
EACH = 5


def guide_context(
    *, place: str = "", tag: str = "", large: bool = False, limit: int = LONGEST
) -> dict[str, Any]:
    """What a guide says: services by rung, gentlest first, for a place or a topic, with when and where.

    `tag` is one of the topics of the front door, or a word that services are tagged with.
    """
    town = queries.place_named(place)
    if place.strip() and town is None:
        raise NotFound(
            f"We do not know the place '{place[:40]}'.", hint="Give a town in the area, or leave it out."
        )
    topic = next((t for t in presenters.topics() if t["key"] == tag), None)
    if topic:
        services = _answers(topic["words"], place, TOPIC)
    elif tag:
        services = queries.all_services(tag=tag, district=town.district if town else "")
    else:
        services = _a_little_of_everything(place)
    services = services[:limit]
    if not services:
        raise NotFound(
            "There are no services to put in this guide.", hint="Choose another town or kind of help."
        )
    content = queries.checked_safety()
    groups = []
    for rung in content.ladder.rungs:
        here = sorted((s for s in services if s.rung == rung.key), key=lambda s: s.name)
        lines = [_line(s, town.name if town else "") for s in here]
        if lines:
            groups.append((rung, lines))
    notices = sorted({s.feed.source for s in services if s.is_illustrative and s.feed})
    named = [town.name if town else "", topic["heading"] if topic else tag]
    title = ": ".join(["Help near you", *(part for part in named if part)])
    return {"title": title, "groups": groups, "safety": content, "today": today(), "large": large,
            "notices": notices, "count": len(services), "topics": content.topics,
            "overdue": content.overdue(today()), "lines_overdue": content.lines_overdue(today())}  # fmt: skip


def _answers(words: str, place: str, limit: int) -> list[Service]:
    found = queries.find_help(words, near=place, limit=limit)
    return [shown.service for shown in presenters.every_shown(found)]


def _a_little_of_everything(place: str) -> list[Service]:
    """The best few of every topic near a place: what a receptionist is asked for, not whatever comes first by name."""
    each = [_answers(topic["words"], place, EACH) for topic in presenters.topics()]
    chosen: dict[str, Service] = {}
    for rank in range(max(map(len, each), default=0)):
        for answers in each:
            if rank < len(answers):
                chosen.setdefault(answers[rank].given_id, answers[rank])
    return list(chosen.values())


def _line(service: Service, town: str) -> dict[str, Any]:
    places = [o.location.name for o in service.at.all() if not o.location.is_confidential]
    here = [name for name in places if town and town in name] or places[:2]
    return {
        "service": service,
        "hours": "; ".join(hours.in_words(queries.hours_of(service.schedules.all()))),
        "where": ", ".join(here),
        "phones": ", ".join(queries.phones_of(service)),
        "open": queries.opening_words(service, now()),
    }


def guide_html(*, place: str = "", tag: str = "", large: bool = False) -> str:
    """The guide as one page that stands alone."""
    return render_to_string("frontdoor/guide_print.html", guide_context(place=place, tag=tag, large=large))


def guide_text(*, place: str = "", tag: str = "") -> str:
    """The guide as plain text, the emergency words first, no line but what somebody would read out."""
    return render_to_string("frontdoor/guide.txt", guide_context(place=place, tag=tag))


def guide_pdf(*, place: str = "", tag: str = "", large: bool = False) -> bytes:
    """The guide as PDF/UA-1: tagged, titled, in English, so that a screen reader reads it."""
    try:
        from weasyprint import CSS, HTML
    except ImportError as error:
        raise Missing(
            "Printing to PDF is not installed.", hint="pip install 'common-endeavour[pdf]'"
        ) from error
    # Whole in small print; in large print a service may run on, or half of each sheet would be empty.
    size, inside = ("18pt", "auto") if large else ("11.5pt", "avoid")
    style = CSS(
        string="@page { size: A4; margin: 18mm 16mm; @bottom-center { content: counter(page) ' of ' counter(pages);"
        f" font: {size} Arial, 'Liberation Sans', sans-serif; }} }}"
        # A heading stands over what it heads.
        "h2, h2 + p, h3 { break-after: avoid; }"
        f"body {{ font: {size}/1.45 Arial, 'Liberation Sans', sans-serif; color: #000; }} h1 {{ font-size: 1.9em; }}"
        "h2 { font-size: 1.4em; border-top: 2pt solid #000; padding-top: 4pt; } h3 { font-size: 1.1em; margin: 8pt 0 2pt; }"
        f"p {{ margin: 2pt 0; }} .first {{ border: 2.5pt solid #000; padding: 8pt; }} section.s {{ break-inside: {inside}; }}"
    )
    html = HTML(string=guide_html(place=place, tag=tag, large=large))
    pdf: bytes = html.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1")
    return pdf
