"""The desk's partners and bodies: approaches, seats, ways of working, bodies from a draft, heirs, files of rows."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from endeavour.core.public import today
from endeavour.errors import BadInput, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.asking import asked, person_for
from endeavour.governance.choices import body_field, yes_no
from endeavour.governance.forms import Answers, Field, Form
from endeavour.governance.models import WorkingDocument

LARGEST_FILE = 2 * 1024 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
def outreach(request: HttpRequest, group: str) -> HttpResponse:
    """Record an approach to a group of partners."""
    person = person_for(request, "governance.record_outreach")
    row = queries.partner(group, today())
    step, owner, _ = row.next_step
    form = Form(
        title=f"Record an approach: {row.group.title}",
        button="Record this approach",
        back=(f"/partner/{group}", row.group.title),
        fields=(
            Field("words", "What was tried, and what came of it?", "area", needed="Say what was tried and what came of it."),
            Field("day", "When?", "date", value=today().isoformat(), needed="Say when."),
            yes_no("took_part", "Did they join in?"),
            Field("next_step", "What is next?", value=step),
            Field("next_owner", "Who does it?", value=owner, most=160),
            Field("next_on", "By when?", "date"),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        actions.record_outreach(
            by=person,
            group=group,
            happened_on=values.day("day"),
            words=values["words"],
            took_part=values.is_yes("took_part"),
            next_step=values["next_step"],
            next_owner=values["next_owner"],
            next_on=values.day_or_none("next_on"),
        )
        return redirect("governance:partner", group=group)

    return asked(request, form, work)


@require_POST
def set_up(request: HttpRequest, template: str) -> HttpResponse:
    """Set up a promised body from its draft."""
    person = person_for(request, "governance.set_up_body")
    body = actions.set_up_body(by=person, template=template)
    messages.success(request, f"{body} has its seats and a first version of its terms of reference.")
    return redirect("governance:ways", key=body.key)


@require_http_methods(["GET", "HEAD", "POST"])
def agree_document(request: HttpRequest, key: str) -> HttpResponse:
    """Publish a version of how a body works."""
    person = person_for(request, "governance.agree_document")
    on = queries.working_body(key, today())
    standing = {p.document.kind: p.document for p in on.practices}
    kind = request.GET.get("kind", WorkingDocument.Kind.TERMS)
    words = standing[kind].words if kind in standing else ""
    form = Form(
        title=f"How {on.body} works: publish a version",
        button="Publish",
        intro="The version before it stays readable.",
        back=(f"/body/{key}/ways", on.body.name),
        fields=(
            Field("kind", "What is it?", "choice", options=tuple(WorkingDocument.Kind.choices), value=kind),
            Field("words", "The words", "area", value=words, needed="Write the document.", rows=16),
            Field("agreed_on", "Agreed on", "date", needed="Say when it was agreed."),
            Field("review_on", "To be reviewed by", "date", needed="Say by when it is looked at again."),
        ),
    )

    def work(values: Answers) -> HttpResponse:
        actions.agree_document(
            by=person,
            body=on.body,
            kind=values["kind"],
            words=values["words"],
            agreed_on=values.day("agreed_on"),
            review_on=values.day("review_on"),
        )
        return redirect("governance:ways", key=key)

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def fill_seat(request: HttpRequest, key: str, seat: str) -> HttpResponse:
    """Say who holds a seat from a day; with no name, that nobody does."""
    person = person_for(request, "governance.fill_seat")
    post = queries.seat(seat)
    if post.body.key != key:
        raise NotFound(f"{post.title} is not a seat of this body.")
    form = Form(
        title=f"Who holds this seat? {post.title}",
        button="Record",
        back=(f"/body/{key}/ways", post.body.name),
        fields=(
            Field(
                "holder",
                "Name, as published",
                hint="Leave it empty to say that the seat is vacant",
                most=160,
            ),
            Field("on", "From which day?", "date", value=today().isoformat(), needed="Say from which day."),
        ),
    )

    def work(values: Answers) -> HttpResponse:
        day = values.day("on")
        if values["holder"].strip():
            actions.fill_seat(by=person, post=post, holder=values["holder"], on=day)
        else:
            actions.empty_seat(by=person, post=post, on=day)
        return redirect("governance:ways", key=key)

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def name_heir(request: HttpRequest, key: str) -> HttpResponse:
    """Say who takes one thing over; `?subject=` names it."""
    person = person_for(request, "governance.name_heir")
    found = queries.handover(key, today())
    subject = request.GET.get("subject", "")
    row = next((row for row in found.rows if row.subject == subject), None)
    if row is None:
        raise NotFound("That is not open at this body.", hint=f"See /body/{key}/handover.")
    form = Form(
        title="Who takes this over?",
        button="Record",
        intro=row.words,
        back=(f"/body/{key}/handover", f"Handing over from {found.body}"),
        fields=(
            body_field("heir", "Body", empty="Nobody", value=row.heir, without=key),
            Field("words", "Why, or who agreed it?", "area", needed="Say why, or who agreed it."),
        ),
    )

    def work(values: Answers) -> HttpResponse:
        heir = queries.body(values["heir"]) if values["heir"] else None
        actions.name_heir(by=person, body=found.body, subject=subject, heir=heir, words=values["words"])
        return redirect("governance:handover", key=key)

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, kind: str) -> HttpResponse:
    """Bring bodies or meetings in from a CSV file: first a look at what would happen, then all of it or nothing."""
    person = person_for(request, "governance.import_rows")
    if kind not in actions.KINDS:
        raise NotFound("Only bodies and meetings can be brought in.")
    context: dict[str, object] = {"kind": actions.KINDS[kind], "text": "", "fault": ""}
    if request.method == "POST":
        try:
            text = context["text"] = _uploaded(request)
            if "confirm" in request.POST:
                done = actions.import_rows(by=person, kind=kind, text=text)
                messages.success(
                    request, f"{len(done.new)} brought in, {len(done.there)} were there already."
                )
                return redirect("/bodies" if kind == "bodies" else "/meetings")
            context["read"] = actions.read_rows(kind, text)
        except BadInput as error:
            context["fault"] = str(error)
    bad = context["fault"] or getattr(context.get("read"), "faults", [])
    return render(request, "governance/bring_in.html", context, status=422 if bad else 200)


@require_safe
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """The file to fill in."""
    person_for(request, "governance.import_rows")
    if kind not in actions.KINDS:
        raise NotFound("Only bodies and meetings can be brought in.")
    response = HttpResponse(actions.KINDS[kind].template(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}-template.csv"'
    return response


def _uploaded(request: HttpRequest) -> str:
    """The file chosen, or the text that came back from the preview."""
    upload = request.FILES.get("file")
    if upload is None:
        if not (text := request.POST.get("text", "")):
            raise BadInput("Choose a file.")
        return text
    if upload.size is None or upload.size > LARGEST_FILE:
        raise BadInput("The file is larger than 2 MB.", hint="Split it.")
    try:
        return str(upload.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("The file is not UTF-8 text.", hint="Save it as 'CSV UTF-8' and try again.") from error
