"""The compact between partners: the version that stands, who signed it and who did not, and signing for oneself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import csv_response, may, today
from endeavour.errors import NotFound
from endeavour.governance import actions, queries
from endeavour.governance.asking import as_at_of, asked, person_for, signed_in
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.forms import Answers, Field, Form


@require_safe
def compact(request: HttpRequest) -> HttpResponse:
    """The compact on a day, with every partner asked to sign it."""
    day, person = as_at_of(request), signed_in(request)
    found = queries.compact(day)
    context = {
        "as_at": day,
        "compact": found,
        "may_sign": bool(found.practice) and may(person, "governance.sign_compact"),
        "hub": meeting_rules(settings.PACK).hub,
        "may_agree": may(person, "governance.agree_document"),
    }
    return render(request, "governance/compact.html", context)


@require_safe
def compact_csv(request: HttpRequest) -> HttpResponse:
    """Every partner and its signature as CSV."""
    header = ["body", "name", "state", "version", "signed_by", "offers", "needs", "words"]
    rows = []
    for row in queries.compact(as_at_of(request)).rows:
        kept = row.signature
        said = [kept.document.version, kept.name, kept.offers, kept.needs] if kept else ["", "", "", ""]
        rows.append([row.body.key, row.body.name, row.finding.state, *said, row.finding.words])
    return csv_response("compact.csv", header, rows)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest) -> HttpResponse:
    """Sign the version that stands for the body that one signs in for."""
    person = person_for(request, "governance.sign_compact")
    found = queries.compact(today())
    if found.practice is None:
        raise NotFound("No compact has been agreed yet.", hint="See /compact.")
    document = found.practice.document
    form = Form(
        title=f"Sign version {document.version} of the compact for {person.body or 'your organisation'}",
        button="Sign",
        intro=document.words,
        checks=True,
        back=("/compact", "The compact"),
        fields=(
            Field("name", "Your name and post, as published", most=160, needed="Give your name and post."),
            Field("offers", "What does your organisation offer?", "area", hint="Time, skills, places, money, knowledge", needed="Say what you offer."),
            Field("needs", "What does it need from the others?", "area", needed="Say what you need."),
            Field("version", "Which version are you signing?", "number", value=str(document.version), needed="Say which version."),
        ),
    )  # fmt: skip
    mine = next((row.signature for row in found.rows if row.body == person.body), None)
    if mine:
        form = form.filled({"offers": mine.offers, "needs": mine.needs})

    def work(values: Answers) -> HttpResponse:
        words = {name: values[name] for name in ("name", "offers", "needs")}
        actions.sign_compact(by=person, version=int(values["version"]), **words)
        return redirect("governance:compact")

    return asked(request, form, work)
