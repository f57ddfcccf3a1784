"""What partners propose outside health: the list, each proposal with its effects by group, and the forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from endeavour.core.public import Person, csv_response, may, today
from endeavour.strategy import impact, observations, presenters, proposals, queries
from endeavour.strategy.asking import ask, signed_in
from endeavour.strategy.forms import Answers, Form, Question, day_typed
from endeavour.strategy.models import Proposal
from endeavour.strategy.rules import edits, owns
from endeavour.strategy.views import as_at_of
from endeavour.strategy.views_forms import form_view
from endeavour.strategy.views_forms_shared import ask_effect


@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """Every proposal known on a day, with how many groups were looked at; those open to comment first."""
    day = as_at_of(request)
    found = proposals.proposals(at=day)
    looked_at = impact.assessed_groups([p.name for p in found], at=day)
    names, groups = queries.body_names(), impact.groups()
    rows = [
        (p, names.get(p.now.body, p.now.body), p.standing(day), len(looked_at.get(p.name, ()))) for p in found
    ]
    context = {
        "as_at": day,
        "slider": presenters.slider(day),
        "rows": rows,
        "groups": len(groups),
        "unassessed": sum(not looked for *_, looked in rows),
        "may_propose": may(signed_in(request), "strategy.propose"),
    }
    return render(request, "strategy/proposals.html", context)


@require_safe
def proposals_csv(request: HttpRequest) -> HttpResponse:
    """A line a proposal and group looked at; an empty group is a proposal that nobody assessed."""
    day = as_at_of(request)
    header = ["proposal", "title", "body", "kind", "comments_by", "decided_on", "outcome", "illustrative", "group", "effect", "words", "mitigation", "measure"]  # fmt: skip
    return csv_response(f"proposals-{day}.csv", header, _csv_rows(day))


def _csv_rows(day: date) -> Iterator[list[object]]:
    found = proposals.proposals(at=day)
    lines = impact.lines_of([p.name for p in found], at=day)
    for p in found:
        row = p.now
        head = [row.key, row.title, row.body, row.kind, row.comments_by, row.decided_on, row.outcome, "yes" if row.is_illustrative else "no"]  # fmt: skip
        for line in lines.get(p.name, ()):
            yield [*head, line.group, line.effect, line.words, line.mitigation, line.measure_key]
        if p.name not in lines:
            yield [*head, "", "nobody assessed it", "", "", ""]


@require_safe
def proposal(request: HttpRequest, key: str) -> HttpResponse:
    """One proposal on a day: what it is, what it does to each group, and what became of it."""
    day = as_at_of(request)
    found = proposals.proposal(key, at=day)
    person = signed_in(request)
    owner = owns(person, found.now.body)
    assessed = impact.assessment(found.name, impact.groups(), at=day)
    context = {
        "as_at": day,
        "slider": presenters.slider(day),
        "proposal": found.now,
        "versions": found.versions,
        "standing": found.standing(day),
        "body": queries.body_names().get(found.now.body, found.now.body),
        "assessment": assessed,
        "effects": [(line, observations.measurables().get(line.measure_key)) for line in assessed.lines],
        "may_change": may(person, "strategy.propose") and (edits(person) or owner),
        "may_assess": may(person, "strategy.assess") or (may(person, "strategy.assess_proposal") and owner),
    }
    return render(request, "strategy/proposal.html", context)


@form_view
def propose(request: HttpRequest, key: str = "") -> HttpResponseBase:
    """List what a body proposes, or say what changed, such as the outcome."""
    now = proposals.proposal(key).now if key else None
    names = queries.body_names()
    bodies = (
        ((now.body, names.get(now.body, now.body)),)
        if now
        else tuple(sorted(names.items(), key=lambda pair: pair[1]))
    )
    form = Form(
        title=f"Change: {now.title}" if now else "List a proposal", button="Publish this proposal",
        intro="What is decided about homes, roads, work or rents changes people’s health. List it before it is decided.",
        back=(reverse("strategy:proposal", args=[key]), now.title) if now else ("/proposals", "Proposals"),
        public_words=("words", "outcome"),
        questions=(
            Question("title", "What is it called?", need="Give it a title."),
            Question("body", "Whose proposal is it?", "choice", options=bodies, need="Choose a body."),
            Question("kind", "What kind is it?", "choice", options=tuple(Proposal.Kind.choices), need="Choose a kind."),
            Question("words", "What is proposed?", "area", hint="Plain words, for people who live there.", need="Say what is proposed."),
            Question("comments_by", "Until when can people comment?", "day", hint="Leave it empty when nobody has said."),
            Question("decided_on", "When was it decided?", "day", hint="Leave it empty until it is."),
            Question("outcome", "What was decided?", "area", hint="And what changed because of its effects on people."),
            Question("url", "Its address on the web", "url"),
            Question("source", "Where can it be checked?", need="Say where it can be checked."),
        ),
    )  # fmt: skip
    if now:
        texts = ("title", "body", "kind", "words", "outcome", "url", "source")
        form = form.filled(
            {name: getattr(now, name) for name in texts}
            | day_typed("comments_by", now.comments_by)
            | day_typed("decided_on", now.decided_on)
        )

    def publish(person: Person, given: Answers) -> str:
        made = proposals.record_proposal(by=person, key=key, **given)
        return reverse("strategy:proposal", args=[made.key])

    return ask(request, form, publish, action="strategy.propose")


@form_view
def assess_proposal(request: HttpRequest, key: str) -> HttpResponseBase:
    """Say what a proposal does to one group: the body that made it may, and so may those who assess decisions."""
    found = proposals.proposal(key, at=today())
    page = reverse("strategy:proposal", args=[key])
    return ask_effect(
        request, found.name, title="What does this proposal do to one group?", intro=found.now.title,
        back=(page, found.now.title), action="strategy.assess_proposal",
    )  # fmt: skip
