"""The desk's decisions, actions, replies and evidence about duties."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from endeavour.core.public import LONDON, today
from endeavour.errors import NotFound
from endeavour.governance import actions, queries
from endeavour.governance.actions import DecisionWords
from endeavour.governance.asking import asked, person_for
from endeavour.governance.choices import body_field
from endeavour.governance.forms import Answers, Field, Form
from endeavour.governance.models import Level, Reach, Reply
from endeavour.strategy.public import guides_on, statements

LEVELS = tuple(Level.choices)


def _words(values: Answers) -> DecisionWords:
    """The form's answers as a decision; a form of a day without aims or principles does not ask for them."""
    words: dict[str, Any] = dict(values)
    words.update({guide.kind: values.chosen(guide.kind) for guide in queries.GUIDES if guide.kind in values})
    return DecisionWords(**words)


@require_http_methods(["GET", "HEAD", "POST"])
def new_decision(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Record a decision; `?supersedes=KEY` puts another in the place of an earlier one."""
    person = person_for(request, "governance.record_decision")
    item = queries.meeting_item(key, number)
    earlier = queries.decision(request.GET["supersedes"]) if request.GET.get("supersedes") else None
    day = item.meeting.starts_at.astimezone(LONDON).date()
    guides = [
        Field(
            guide.kind,
            guide.question,
            "several",
            hint=guide.hint,
            options=tuple((one.key, one.title) for one in held),
        )
        for guide in queries.GUIDES
        if (held := guides_on(guide.kind, day))
    ]
    form = Form(
        title=f"Record a decision: {item.title}",
        button="Record this decision",
        done="The decision is recorded. Add what is to be done because of it.",
        checks=True,
        intro=f"This takes the place of: {earlier.title}."
        if earlier
        else "A decision is never edited afterwards. If it was wrong, another takes its place and both stay readable.",
        back=(f"/meeting/{key}", item.meeting.title),
        fields=(
            Field("title", "The decision in one line", most=200, heading="What was decided"),
            Field("options", "Which options were considered?", "area"),
            Field("decided", "What was decided?", "area"),
            Field("reason", "Why?", "area"),
            Field(
                "level",
                "At which level?",
                "choice",
                options=LEVELS,
                value=Level.NEIGHBOURHOOD,
                needed="Choose a level.",
                heading="How locally",
            ),
            Field("level_reason", "Why no more locally?", "area", hint="Needed for place and system"),
            Field(
                "reach",
                "Done once for all, or differently from place to place?",
                "choice",
                options=(("", "Not said"), *Reach.choices),
                hint="What is done once saves effort; what is varied fits each place",
            ),
            Field("effect_health", "Effect on people’s health and wellbeing", "area", heading="What it does"),
            Field("effect_quality", "Effect on the quality of services", "area"),
            Field("effect_resources", "Effect on the sustainable use of resources", "area"),
            Field("effect_inequality", "Effect on inequalities, in each of the three", "area"),
            *guides,
            Field("equality_impact", "Equality impact: which groups, how, what will be done", "area"),
            Field("dissent", "Who disagreed, and why?", "area", heading="Dissent"),
        ),
    )

    if earlier:
        words = {f.name: getattr(earlier, f.name) or "" for f in form.fields}
        form = form.filled(words | {g.kind: ",".join(getattr(earlier, g.kind) or ()) for g in queries.GUIDES})

    def check(values: Answers) -> dict[str, str]:
        missing = _words(values).missing()
        return {name: f"The decision does not yet say {words}." for name, words in missing.items()}

    def work(values: Answers) -> HttpResponse:
        made = actions.record_decision(by=person, item=item, words=_words(values), supersedes=earlier)
        return redirect("governance:decision", key=made.key)

    return asked(request, form, work, check)


@require_http_methods(["GET", "HEAD", "POST"])
def new_action(request: HttpRequest, key: str) -> HttpResponse:
    """Give a body something to do because of a decision."""
    person = person_for(request, "governance.record_decision")
    decision = queries.decision(key)
    promises = tuple((s.ref, f"{s.ref}. {s.words}"[:110]) for s in statements("we"))
    measures = tuple(sorted(queries.measure_titles().items(), key=lambda pair: pair[1]))
    form = Form(
        title="Add an action",
        button="Add this action",
        back=(f"/decision/{key}", decision.title),
        fields=(
            Field("words", "What is to be done?", "area", needed="Say what is to be done."),
            body_field("owner", "By whom?", needed="Choose who is to do it."),
            Field("due", "By when?", "date", needed="Say by when."),
            Field("promise", "Which promise does it serve?", "choice", options=(("", "None"), *promises)),
            Field(
                "measure",
                "Which measure will show that it worked?",
                "choice",
                options=(("", "None yet"), *measures),
            ),
        ),
    )

    def work(values: Answers) -> HttpResponse:
        actions.add_action(
            by=person,
            decision=decision,
            words=values["words"],
            owner=queries.body(values["owner"]),
            due_on=values.day("due"),
            promise=values["promise"],
            measure=values["measure"],
        )
        return redirect("governance:decision", key=key)

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def report_action(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Report on an action."""
    person = person_for(request, "governance.report_action")
    decision = queries.decision(key)
    action = next((a for a in decision.actions.all() if a.number == number), None)
    if action is None:
        raise NotFound(f"This decision has no action {number}.")
    form = Form(
        title=f"Report on: {action.words}",
        button="Send this report",
        back=(f"/decision/{key}", decision.title),
        fields=(
            Field("words", "What happened?", "area", needed="Say what happened."),
            Field("day", "When?", "date", needed="Say when."),
            Field("evidence", "Where can it be seen?", hint="Needed when it is done", most=300),
            Field(
                "done",
                "Is it done?",
                "choice",
                options=(("no", "Not yet"), ("yes", "Yes, it is done")),
                value="no",
            ),
        ),
    )

    def work(values: Answers) -> HttpResponse:
        actions.report_action(
            by=person,
            action=action,
            happened_on=values.day("day"),
            words=values["words"],
            evidence=values["evidence"],
            done=values.is_yes("done"),
        )
        return redirect("governance:decision", key=key)

    def check(values: Answers) -> dict[str, str]:
        unseen = values.is_yes("done") and not values["evidence"].strip()
        return {"evidence": "Say where it can be seen that it is done."} if unseen else {}

    return asked(request, form, work, check)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, receipt: str) -> HttpResponse:
    """Answer somebody, or say why not."""
    person = person_for(request, "governance.reply")
    found = queries.contribution(receipt)
    form = Form(
        title=f"Reply to {receipt}",
        button="Publish this reply",
        checks=True,
        intro=found.words,
        back=("/desk/today", "Today"),
        fields=(
            Field("words", "Your reply", "area", needed="Write the answer, or the reason, first."),
            Field(
                "outcome",
                "What becomes of it?",
                "choice",
                options=tuple(Reply.Outcome.choices),
                value=Reply.Outcome.ANSWERED,
            ),
        ),
    )

    def work(values: Answers) -> HttpResponse:
        actions.reply(by=person, contribution=found, outcome=values["outcome"], words=values["words"])
        return redirect("governance:contribution", receipt=receipt)

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def duty_evidence(request: HttpRequest, duty: str) -> HttpResponse:
    """Record something that bears on a duty."""
    person = person_for(request, "governance.record_duty_evidence")
    row = next((r for r in queries.register(today()) if r.duty.key == duty), None)
    if row is None:
        raise NotFound(f"There is no duty '{duty}'.", hint="See /register.")
    # What answers a trigger is a decision, recorded on its agenda item and nowhere else.
    shows = row.duty.answers_trigger or row.duty.needs
    kinds = tuple((k, k.replace("-", " ")) for k in (shows, "note"))
    form = Form(
        title=f"Record evidence: {row.duty.title}",
        button="Record",
        back=("/register", "Statutory register"),
        fields=(
            Field("words", "What happened?", "area", needed="Say what happened."),
            Field("kind", "What kind of evidence is it?", "choice", options=kinds, value=kinds[0][0]),
            Field("day", "When did it happen?", "date", needed="Say when it happened."),
            Field("source", "Where can it be checked?", most=300),
        ),
    )

    def work(values: Answers) -> HttpResponse:
        actions.record_duty_evidence(
            by=person,
            duty=duty,
            kind=values["kind"],
            happened_on=values.day("day"),
            words=values["words"],
            source=values["source"],
        )
        return redirect("governance:register")

    return asked(request, form, work)
