"""The registers of the partnership: a list of each, each entry's page, its file, and one form for all of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import Body, csv_response, today
from endeavour.governance import actions, queries
from endeavour.governance.asking import as_at_of, asked, person_for, signed_in
from endeavour.governance.forms import Answers, Field, Form
from endeavour.governance.models import Decision
from endeavour.governance.registers import REGISTERS, Register
from endeavour.governance.rules import SECRETARIAT, may_keep_entries, require_keeps_entries


@require_safe
def registers(request: HttpRequest) -> HttpResponse:
    """Every register with how many entries it has and how many need attention on a day."""
    day = as_at_of(request)
    rows = queries.entries(day)
    counts = [
        (register, sum(r.register == register for r in rows), sum(r.register == register and r.is_faulty for r in rows))
        for register in REGISTERS.values()
    ]  # fmt: skip
    return render(request, "governance/registers.html", {"as_at": day, "counts": counts})


@require_safe
def register(request: HttpRequest, register: str) -> HttpResponse:
    """One register on a day."""
    day = as_at_of(request)
    found = queries.register_of(register)
    rows = queries.entries(day, register)
    context = {
        "as_at": day,
        "register": found,
        "rows": rows,
        "faulty": sum(row.is_faulty for row in rows),
        "illustrative": any(row.kept.is_illustrative for row in rows),
        "may_keep": may_keep_entries(signed_in(request), by_partners=found.by_partners),
    }
    return render(request, "governance/register_list.html", context)


@require_safe
def register_csv(request: HttpRequest, register: str) -> HttpResponse:
    """One register on a day as a file."""
    day = as_at_of(request)
    kind = queries.register_of(register)
    asked_for = [question.name for question in kind.questions]
    header = ["key", "title", "body", "other", "state", "starts_on", "ends_on", "review_on", "decision", "version", "illustrative", "source", *asked_for]  # fmt: skip
    rows = []
    for row in queries.entries(day, register):
        kept = row.kept
        rows.append([
            kept.key, kept.title, kept.body, kept.other, row.findings[0].state, kept.starts_on, kept.ends_on or "",
            kept.review_on, kept.decision, kept.version, "yes" if kept.is_illustrative else "no", kept.source,
            *(kept.answers.get(name, "") for name in asked_for),
        ])  # fmt: skip
    return csv_response(f"{register}-{day}.csv", header, rows)


@require_safe
def entry(request: HttpRequest, register: str, key: str) -> HttpResponse:
    """One entry on a day."""
    day = as_at_of(request)
    row = queries.register_entry(register, key, day)
    may_keep = may_keep_entries(signed_in(request), by_partners=row.register.by_partners, body=row.kept.body)
    context = {"as_at": day, "row": row, "may_keep": may_keep}
    return render(request, "governance/register_entry.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, register: str) -> HttpResponse:
    """Record an entry; `?key=` records another version of one, such as its review."""
    person = person_for(request, "governance.keep_register")
    kind = queries.register_of(register)
    require_keeps_entries(person, by_partners=kind.by_partners)
    bodies = {b.key: b for b in queries.bodies(today())}
    own = [key for key in bodies if may_keep_entries(person, by_partners=kind.by_partners, body=key)]
    decisions = {d.key: d for d in queries.decisions()[:100]} if person.role in SECRETARIAT else None
    form = _form(kind, bodies, own, decisions)
    key = request.GET.get("key", "")
    if key:
        kept = queries.register_entry(register, key, today()).kept
        require_keeps_entries(person, by_partners=kind.by_partners, body=kept.body)
        said = {"body": kept.body, "other": kept.other, "decision": kept.decision}
        said |= {f"q-{name}": text for name, text in kept.answers.items()}
        form = form.another_version(kept.title, said, kept.starts_on, kept.ends_on)

    def work(values: Answers) -> HttpResponse:
        made = actions.keep_register(
            by=person,
            register=register,
            key=key,
            title=values["title"],
            body=bodies[values["body"]],
            other=bodies.get(values.get("other", "")),
            answers={question.name: values[f"q-{question.name}"] for question in kind.questions},
            decision=decisions.get(values["decision"]) if decisions is not None else None,
            starts_on=values.day("starts_on"),
            ends_on=values.day_or_none("ends_on"),
            review_on=values.day("review_on"),
            source=values["source"],
        )
        return redirect("governance:register_entry", register=register, key=made.key)

    return asked(request, form, work)


def _form(
    kind: Register, bodies: dict[str, Body], own: list[str], decisions: dict[str, Decision] | None
) -> Form:
    """The questions of a register; it lies with one of `own`, and a partner is asked for no decision."""
    choose = (("", "Choose"), *((key, b.name) for key, b in bodies.items()))
    mine = tuple((key, bodies[key].name) for key in own)
    mine = mine if len(mine) == 1 else (("", "Choose"), *mine)
    nobody = choose if kind.between else (("", "Nobody else"), *choose[1:])
    other = Field(
        "other", kind.other, "choice", options=nobody, needed="Choose the other body." if kind.between else ""
    )
    known = () if decisions is None else tuple((key, decision.title) for key, decision in decisions.items())
    named = Field("decision", "By which decision?", "choice", options=(("", "None named"), *known))
    by_decision = () if decisions is None else (named,)
    return Form(
        title=f"Record {kind.entry}",
        button="Publish this entry",
        back=(f"/registers/{kind.key}", kind.title),
        checks=True,
        fields=(
            Field("title", "What is it called?", needed="Give it a title."),
            Field("body", kind.body, "choice", options=mine, value=mine[0][0], needed="Choose a body."),
            *((other,) if kind.other else ()),
            *(
                Field(f"q-{q.name}", q.label, "area", hint=q.hint, needed="This needs an answer." if q.needed else "", rows=3)
                for q in kind.questions
            ),
            *by_decision,
            Field("starts_on", "First day", "date", needed="Say when it starts."),
            Field("ends_on", "Last day, if it has one", "date"),
            Field("review_on", "To be looked at again by", "date", needed="Say by when it is looked at again."),
            Field("source", "Where can it be checked?", most=300, needed="Say where it can be checked."),
        ),
    )  # fmt: skip
