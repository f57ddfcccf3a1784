"""A body's seats beside a membership to weigh up, and putting one up."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import Body, may
from endeavour.governance import actions, queries
from endeavour.governance.asking import as_at_of, asked, person_for, signed_in
from endeavour.governance.forms import Answers, Field, Form
from endeavour.governance.membership import HOW


@require_safe
def membership(request: HttpRequest, key: str) -> HttpResponse:
    """A body's seats on a day beside a membership to weigh up; `?beside=` names which."""
    day, person = as_at_of(request), signed_in(request)
    context = {
        "as_at": day,
        "weighed": queries.membership(key, day, request.GET.get("beside", "")),
        "may_agree": may(person, "governance.agree_document"),
        "may_propose": may(person, "governance.propose_membership"),
    }
    return render(request, "governance/membership.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, key: str) -> HttpResponse:
    """Put a membership up to be weighed."""
    person = person_for(request, "governance.propose_membership")
    body = queries.body(key)
    form = Form(
        title=f"Put a membership of {body} up to be weighed",
        button="Put it up",
        intro="Nothing is decided by it. It stands beside the seats of today, for everybody to see.",
        checks=True,
        back=(f"/body/{key}/membership", "Who has a seat, and who might"),
        fields=(
            Field("title", "What is it called?", needed="Give it a title."),
            Field("rules", "How are its seats filled?", "area", hint="Who names whom, for how long, and what happens to an empty seat", needed="Say how its seats are filled."),
            Field("seats", "Its seats, one a line", "area", hint=_seats_hint(), needed="Write at least one seat.", rows=12),
            Field("source", "Who puts it up?", hint="A board, a paper, a date", most=300, needed="Say who puts it up."),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        made = actions.propose_membership(
            by=person, body=body, title=values["title"], rules=values["rules"], source=values["source"],
            seats=actions.seats_of(values["seats"]),
        )  # fmt: skip
        return redirect(f"/body/{key}/membership?beside={made.key}")

    return asked(request, form, work)


def _seats_hint() -> str:
    return (
        "Title; kind of partner; how; the body that names it; the Alliance’s area. The last two may be left out. "
        f"Kinds: {', '.join(Body.PartnerClass.values)}. How: {', '.join(HOW)}."
    )
