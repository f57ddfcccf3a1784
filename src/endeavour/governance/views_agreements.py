"""Agreements to share data: the register for everybody, and the desk's form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import csv_response, may, today
from endeavour.governance import actions, queries
from endeavour.governance.asking import as_at_of, asked, person_for, signed_in
from endeavour.governance.choices import body_field
from endeavour.governance.forms import Answers, Field, Form
from endeavour.governance.models import DataAgreement

COLUMNS = (
    "key", "title", "state", "controller", "parties", "purpose", "lawful_basis", "data", "mode", "starts_on", "ends_on",
    "review_on", "version", "source", "illustrative",
)  # fmt: skip


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every agreement to share data on a day, those with the gravest faults first."""
    day = as_at_of(request)
    rows = queries.agreements(day)
    context = {
        "as_at": day,
        "rows": rows,
        "faulty": [row for row in rows if row.is_faulty and row.is_open],
        "illustrative": any(row.terms.is_illustrative for row in rows),
        "may_agree": may(signed_in(request), "governance.agree_data"),
    }
    return render(request, "governance/agreements.html", context)


@require_safe
def register_csv(request: HttpRequest) -> HttpResponse:
    """The register as CSV."""
    rows = []
    for row in queries.agreements(as_at_of(request)):
        terms = row.terms
        parties = "; ".join(name for _, name in row.parties)
        rows.append(
            [terms.key, terms.title, row.state, row.controller, parties, terms.purpose, terms.lawful_basis, terms.data,
             terms.mode, terms.starts_on, terms.ends_on or "", terms.review_on, terms.version, terms.source,
             "yes" if terms.is_illustrative else "no"]
        )  # fmt: skip
    return csv_response("data-agreements.csv", COLUMNS, rows)


@require_safe
def agreement(request: HttpRequest, key: str) -> HttpResponse:
    """One agreement on a day."""
    day = as_at_of(request)
    context = {
        "as_at": day,
        "row": queries.agreement(key, day),
        "may_agree": may(signed_in(request), "governance.agree_data"),
    }
    return render(request, "governance/agreement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest) -> HttpResponse:
    """Record an agreement; `?key=` records another version of one, such as its review."""
    person = person_for(request, "governance.agree_data")
    known = queries.bodies(today())
    key = request.GET.get("key", "")
    form = Form(
        title="Record an agreement to share data",
        button="Publish this agreement",
        back=("/data-agreements", "Data agreements"),
        checks=True,
        fields=(
            Field("title", "What is it called?", needed="Give it a title."),
            body_field("controller", "Who answers for the data (the controller)?", needed="Choose the controller."),
            Field("parties", "Who else is part of it?", "area", hint="One body a line, by its name or short name", needed="Name at least one other party.", rows=6),
            Field("purpose", "What is it for?", "area", needed="Say what it is for."),
            Field("lawful_basis", "On what basis in law?", "area", needed="Give its basis in law."),
            Field("data", "Which kinds of data?", "area", needed="Say which kinds of data."),
            Field("mode", "In what form do people appear in it?", "choice", options=tuple(DataAgreement.Mode.choices), value=DataAgreement.Mode.PSEUDONYMISED),
            Field("starts_on", "First day", "date", needed="Say when it starts."),
            Field("ends_on", "Last day, if it has one", "date"),
            Field("review_on", "To be reviewed by", "date", needed="Say by when it is looked at again."),
            Field("source", "Where can it be checked?", most=300, needed="Say where it can be checked."),
        ),
    )  # fmt: skip
    if key:
        row = queries.agreement(key, today())
        said = {
            name: str(getattr(row.terms, name))
            for name in ("controller", "purpose", "lawful_basis", "data", "mode")
        }
        said["parties"] = "\n".join(name for _, name in row.parties)
        form = form.another_version(row.terms.title, said, row.terms.starts_on, row.terms.ends_on)
    by_name = {name.casefold(): b for b in known for name in (b.key, b.short_name, b.name) if name}

    def check(values: Answers) -> dict[str, str]:
        unknown = [line for line in _lines(values["parties"]) if line.casefold() not in by_name]
        if not unknown:
            return {}
        verb = "is no body" if len(unknown) == 1 else "are no bodies"
        return {"parties": f"{'; '.join(unknown)} {verb} that exists today."[:300]}

    def work(values: Answers) -> HttpResponse:
        made = actions.agree_data(
            by=person,
            key=key,
            title=values["title"],
            controller=queries.body(values["controller"]),
            parties=[by_name[line.casefold()] for line in _lines(values["parties"])],
            purpose=values["purpose"],
            lawful_basis=values["lawful_basis"],
            data=values["data"],
            mode=values["mode"],
            starts_on=values.day("starts_on"),
            ends_on=values.day_or_none("ends_on"),
            review_on=values.day("review_on"),
            source=values["source"],
        )
        return redirect("governance:agreement", key=made.key)

    return asked(request, form, work, check)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
