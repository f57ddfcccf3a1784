"""Who is at the table, for everybody: partners, how a body works, who takes over, news by e-mail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import csv_response, may, slow_down
from endeavour.governance import actions, queries
from endeavour.governance.asking import as_at_of, asked, signed_in
from endeavour.governance.forms import Answers, Field, Form


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """Every group that belongs at the table, whether it takes part, and what is done about those who do not."""
    day = as_at_of(request)
    rows = queries.partners(day)
    context = {
        "as_at": day,
        "rows": rows,
        "missing": [row for row in rows if row.finding.state == "not_engaged"],
        "promised": queries.promised_bodies(day),
        "may_record": may(signed_in(request), "governance.record_outreach"),
    }
    return render(request, "governance/partners.html", context)


@require_safe
def partners_csv(request: HttpRequest) -> HttpResponse:
    """The register of partners as CSV."""
    header = ["group", "class", "state", "words", "next_step", "next_owner", "next_on"]
    rows = (
        [row.group.title, row.class_words, row.state, row.finding.words, *row.next_step]
        for row in queries.partners(as_at_of(request))
    )
    return csv_response("partners.csv", header, rows)


@require_safe
def partner(request: HttpRequest, group: str) -> HttpResponse:
    """One group of partners: what it did, what was tried, what is next."""
    day = as_at_of(request)
    context = {
        "as_at": day,
        "row": queries.partner(group, day),
        "may_record": may(signed_in(request), "governance.record_outreach"),
    }
    return render(request, "governance/partner.html", context)


@require_safe
def ways(request: HttpRequest, key: str) -> HttpResponse:
    """How one body works on a day: seats and who holds them, terms of reference, values, compact, reviews."""
    day = as_at_of(request)
    person = signed_in(request)
    context = {
        "as_at": day,
        "on": queries.working_body(key, day),
        "may_agree": may(person, "governance.agree_document"),
        "may_fill": may(person, "governance.fill_seat"),
    }
    return render(request, "governance/ways.html", context)


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Every way of working whose review is late."""
    day = as_at_of(request)
    return render(request, "governance/reviews.html", {"as_at": day, "late": queries.late_reviews(day)})


@require_safe
def interests(request: HttpRequest) -> HttpResponse:
    """The register of interests on a day."""
    day = as_at_of(request)
    return render(request, "governance/interests.html", {"as_at": day, "rows": queries.interests(day)})


@require_safe
def attendance(request: HttpRequest) -> HttpResponse:
    """How each seat was filled, our representatives on other boards first."""
    day = as_at_of(request)
    rows = queries.attendance(day)
    context = {
        "as_at": day,
        "ours": [row for row in rows if row.is_ours],
        "others": [row for row in rows if not row.is_ours],
        "never": sum(not row.recorded for row in rows),
    }
    return render(request, "governance/attendance.html", context)


@require_safe
def attendance_csv(request: HttpRequest) -> HttpResponse:
    """The same as CSV."""
    header = ["seat", "body", "named_by", "recorded", "present", "deputy", "apologies", "absent"]
    rows = []
    for row in queries.attendance(as_at_of(request)):
        named = row.post.nominated_by.key if row.post.nominated_by else ""
        counts = (row.recorded, row.present, row.deputy, row.apologies, row.absent)
        rows.append([row.post.key, row.post.body.key, named, *counts])
    return csv_response("attendance.csv", header, rows)


@require_safe
def handover(request: HttpRequest, key: str) -> HttpResponse:
    """What a body that ends still owes on a day, and who takes each thing over."""
    day = as_at_of(request)
    found = queries.handover(key, day)
    names = queries.body_names()
    groups: dict[str, list[tuple[queries.Handed, str]]] = {}
    for row in found.rows:
        if not row.heir:
            continue  # listed first, under 'No heir'
        groups.setdefault(row.kind, []).append((row, names.get(row.heir, "")))
    context = {
        "as_at": day,
        "found": found,
        "groups": [(queries.BELONGINGS[kind][0], rows) for kind, rows in groups.items()],
        "may_name": may(signed_in(request), "governance.name_heir"),
    }
    return render(request, "governance/handover.html", context)


@require_safe
def handover_csv(request: HttpRequest, key: str) -> HttpResponse:
    """The handover pack as CSV: one line a thing, with its heir."""
    found = queries.handover(key, as_at_of(request))
    header = ["kind", "id", "words", "heir", "settled", "why"]
    rows = ([r.kind, r.subject, r.words, r.heir, r.settled, r.why] for r in found.rows)
    return csv_response(f"handover-{found.body.key}-{found.as_at}.csv", header, rows)


NEWS = Form(
    title="News by e-mail",
    button="Send me an e-mail to confirm",
    intro="We write when a meeting is called, something is decided, minutes are published or a question is answered. "
    "We keep your address for nothing else, and forget it when you stop.",
    back=("/meetings", "Meetings"),
    fields=(Field("address", "Your e-mail address", "email", needed="Enter your e-mail address."),),
)


@require_http_methods(["GET", "HEAD", "POST"])
def news(request: HttpRequest) -> HttpResponse:
    """Ask for news: nothing comes until the owner of the address confirms."""

    def work(values: Answers) -> HttpResponse:
        slow_down(request, "news")  # each sends an e-mail to an address that nobody has confirmed
        actions.subscribe(address=values["address"])
        return render(request, "governance/news.html", {"state": "asked"})

    return asked(request, NEWS, work)


@require_http_methods(["GET", "HEAD", "POST"])
def news_of(request: HttpRequest, key: str) -> HttpResponse:
    """Confirm, or stop. A visit alone changes nothing, because mail programs open links by themselves."""
    if request.method == "POST" and "stop" in request.POST:
        actions.unsubscribe(key=key)
        return render(request, "governance/news.html", {"state": "stopped"})
    if request.method == "POST":
        actions.confirm_subscription(key=key)
        return redirect("governance:news_of", key=key)
    found = queries.subscription(key)
    state = "confirmed" if found.confirmed_at else "waiting"
    return render(request, "governance/news.html", {"state": state})
