"""Governance for residents: asking, following a receipt, the thread both ways, whose words moved something."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import Body, csv_response, entry, may, slow_down, today
from endeavour.governance import actions, queries
from endeavour.governance.asking import asked, signed_in
from endeavour.governance.forms import Answers, Field, Form
from endeavour.governance.thread_picture import picture
from endeavour.pack import Pack


def _question() -> Form:
    groups = tuple((group.id, group.name) for group in Pack.open(settings.PACK).plus_groups)
    return Form(
        title="Ask a question or tell us something",
        button="Send",
        checks=True,
        intro="You do not have to give a name. You get a receipt, and with it you can see what became of your words.",
        back=("/have-your-say", "Have your say"),
        fields=(
            Field("words", "What would you like to ask or tell us?", "area", hint="Please leave out names and anything private.", most=4_000, needed="Write your question first.", rows=6),
            Field("kind", "What is it?", "choice", options=(("question", "A question for a public meeting"), ("contribution", "Something you should know")), value="question"),
            Field("theme", "What is it about, in a word or two?", hint="For example, falls, housing, GP appointments. You can leave this out.", most=60),
            Field("partner_class", "Who are you?", "choice", options=tuple(Body.PartnerClass.choices), value="residents"),
            Field("group", "Do you belong to, or speak for, one of these groups?", "choice", hint="You need not say. It helps us to see whose words are heard and whose are not.", options=(("", "I would rather not say, or none of them"), *groups)),
            Field("publish", "May we publish your words?", "choice", options=(("yes", "Yes"), ("no", "No, only the answer")), value="yes"),
        ),
    )  # fmt: skip


@require_safe
def have_your_say(request: HttpRequest) -> HttpResponse:
    """How to be heard, and what others asked."""
    coming, _ = queries.meetings(as_at=today())
    context = {
        "coming": coming[:3],
        "questions": queries.public_questions(10),
        "answering": queries.answering(today()),
        "receipt": request.GET.get("receipt", ""),
    }
    return render(request, "governance/have_your_say.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest) -> HttpResponse:
    """Ask, and get a receipt."""
    person = signed_in(request)

    def work(values: Answers) -> HttpResponse:
        # The secretary types in what a room of people asked.
        if not may(person, "governance.reply"):
            slow_down(request, "question")
        taken = actions.contribute(
            by=person,
            words=values["words"],
            kind=values["kind"],
            theme=values["theme"],
            partner_class=values["partner_class"],
            group=values["group"],
            body=person.body if person else None,
            may_publish=values["publish"] != "no",
        )
        return redirect("governance:contribution", receipt=taken.receipt)

    return asked(request, _question(), work)


@require_safe
def contribution(request: HttpRequest, receipt: str) -> HttpResponse:
    """What became of somebody's words: the receipt, the replies, the thread."""
    found = queries.contribution(receipt)
    thread = queries.thread_of(entry("contribution", found.receipt))
    context = {
        "contribution": found,
        "replies": sorted(found.replies.all(), key=lambda reply: reply.recorded_at),
        "thread": thread,
        # A theme alone only sorts the words; what counts as taken up is tied to these very words.
        "taken_up": any(k.through == thread.entry.name and k.entry.stage != "Theme" for k in thread.onward),
        "may_reply": may(signed_in(request), "governance.reply"),
    }
    return render(request, "governance/contribution.html", context)


@require_safe
def follow(request: HttpRequest) -> HttpResponse:
    """Go to what a receipt stands for."""
    return redirect("governance:contribution", receipt=request.GET.get("receipt", "").strip().upper() or "-")


@require_safe
def thread(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The thread of one entry, both ways, as a picture and as lists."""
    found = queries.thread_of(f"{kind}:{key}")
    context = {
        "thread": found,
        "chart": None if found.is_loose else picture(found),
        "csv": f"/thread/{kind}/{key}.csv",
    }
    return render(request, "governance/thread.html", context)


@require_safe
def thread_csv(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The same links as CSV."""
    return _csv(f"thread-{kind}", picture(queries.thread_of(f"{kind}:{key}")).csv())


@require_safe
def influence(request: HttpRequest) -> HttpResponse:
    """Whose words moved something: by class of partner and by PLUS group, with those who were not heard named."""
    rows, groups = queries.influence(), queries.group_influence()
    context = {
        "rows": rows,
        "groups": groups,
        "heard": [row for row in groups if row.contributed.numerator != 0],
        "unheard": [row.label for row in groups if row.contributed.numerator == 0],
        "said": sum(row.contributed for row in rows),
        "on_agenda": sum(row.on_agenda for row in rows),
        "decided": sum(row.decided for row in rows),
        "refused": queries.refusals(),
        "room": queries.room(today()),
        "silent": [row.label for row in rows if not row.contributed],
        "unmoved": [row.label for row in rows if row.contributed and row.has_none],
    }
    return render(request, "governance/influence.html", context)


@require_safe
def influence_csv(request: HttpRequest) -> HttpResponse:
    """Influence by class of partner as CSV."""
    header = ["partner_class", "contributed", "on_agenda", "decided"]
    rows = ([r.partner_class, r.contributed, r.on_agenda, r.decided] for r in queries.influence())
    return csv_response("influence.csv", header, rows)


def _csv(name: str, text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
