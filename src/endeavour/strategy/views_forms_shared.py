"""The forms about what is shared: the theory, decisions' effects, words, the report and partners' plans."""

from __future__ import annotations

import yaml
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.text import slugify

from endeavour.core.public import Person, today
from endeavour.errors import BadInput
from endeavour.strategy import impact, language, observations, plans, queries
from endeavour.strategy.asking import ask, signed_in
from endeavour.strategy.forms import Answers, Form, Question, day_typed
from endeavour.strategy.models import ImpactAssessment
from endeavour.strategy.report import freezing
from endeavour.strategy.report.content import SECTIONS
from endeavour.strategy.rules import require_own_plan
from endeavour.strategy.theory.loading import publish_theory, read_theory, review_theory
from endeavour.strategy.theory.reading import current_theory
from endeavour.strategy.views_forms import form_view

LARGEST_FILE = 1_000_000


def take_file(request: HttpRequest, answer: str) -> None:
    """Put the text of a file that was sent where it would have been typed, so that it is checked and kept as a draft."""
    if sent := request.FILES.get("file"):
        if sent.size is None or sent.size > LARGEST_FILE:
            raise BadInput("The file is larger than 1 MB.", hint="What is asked for fits in far less.")
        typed = request.POST.copy()
        typed[answer] = sent.read().decode("utf-8-sig", errors="replace")
        request.POST = typed  # type: ignore[assignment]


@form_view
def review(request: HttpRequest) -> HttpResponseBase:
    """An independent reviewer signs the theory of change off, or says why not."""
    theory = current_theory(at=today())
    if theory is None:
        raise BadInput("There is no theory of change to review.", hint="Run: endeavour up")
    form = Form(
        title=f"Review version {theory.version} of the theory of change",
button="Publish this review", intro=theory.title, back=("/theory-of-change", "Theory of change"),
        public_words=("words",),
        questions=(
            Question("reviewer", "Who reviewed it?", need="Give the reviewer's name."),
            Question("organisation", "From which organisation?", hint="One that did not write it, such as a university.", need="Give the organisation."),
            Question("reviewed", "On which day?", "day", need="Give the day of the review."),
            Question("words", "What did they find?", "area", need="Say what they found."),
            Question("signs_off", "They sign it off", "yes", hint="Leave empty when they do not, or not yet."),
        ),
    )  # fmt: skip

    def publish(person: Person, given: Answers) -> str:
        review_theory(
            by=person, version=theory.version, reviewer=given["reviewer"], organisation=given["organisation"],
            words=given["words"], signs_off=given["signs_off"], reviewed_on=given["reviewed"],
        )  # fmt: skip
        return "/theory-of-change"

    return ask(request, form, publish, action="strategy.review_theory")


@form_view
def new_theory(request: HttpRequest) -> HttpResponseBase:
    """Publish the next version of the theory of change; the versions before it stay."""
    now = current_theory(at=today())
    form = Form(
        title="Publish the next version of the theory of change", button="Publish this version",
        intro="Somebody of another body must review it before it is signed off.", back=("/theory-of-change", "Theory of change"),
        questions=(
            Question("content", "The theory in YAML", "area", need="Give the theory.",
                     hint="Boxes under nodes (id, kind, label) and arrows under edges (from, to, grade, source). Or choose a file below."),
            Question("file", "Or a YAML file", "file"),
        ),
    )  # fmt: skip
    if now:
        form = form.filled({"content": yaml.safe_dump(now.content, sort_keys=False, allow_unicode=True)})
    take_file(request, "content")

    def publish(person: Person, given: Answers) -> str:
        if publish_theory(content=read_theory(given["content"]), by=person) is None:
            raise BadInput("This very theory is a version already.", column="content")
        return "/theory-of-change"

    return ask(request, form, publish, action="strategy.theory")


@form_view
def assess(request: HttpRequest, decision: str) -> HttpResponseBase:
    """Record what a decision does to one group."""
    about = impact.name_of_decision(decision)
    page = reverse("strategy:impact", args=[decision])
    return ask_effect(
        request, about, title="What does this decision do to one group?",
        intro=f"Decision {decision}", back=(page, "Effects by group"), action="strategy.assess",
    )  # fmt: skip


def ask_effect(
    request: HttpRequest, about: str, *, title: str, intro: str, back: tuple[str, str], action: str
) -> HttpResponseBase:
    """Ask what a decision or a proposal does to one group; publishing leads back to its page."""
    measures = tuple((m.key, m.title) for m in observations.measurables().values())
    form = Form(
        title=title, button="Publish this effect", intro=intro, back=back, public_words=("words", "mitigation"),
        questions=(
            Question("group", "Which group?", "choice", options=tuple((g, g) for g in impact.groups()), need="Choose a group."),
            Question("effect", "What is the effect?", "choice", options=tuple(ImpactAssessment.Effect.choices), need="Choose an effect."),
            Question("words", "What will they notice?", "area", need="Say what the effect is."),
            Question("mitigation", "What will be done to soften it?", "area", hint="Needed where the effect is worse."),
            Question("measure", "Which measure will show it?", "choice", options=(("", "None yet"), *measures)),
        ),
    )  # fmt: skip

    def publish(person: Person, given: Answers) -> str:
        impact.assess_impact(
            by=person, about=about, group=given["group"], effect=given["effect"], words=given["words"],
            mitigation=given["mitigation"], measure_key=given["measure"],
        )  # fmt: skip
        return back[0]

    return ask(request, form, publish, action=action)


@form_view
def meaning(request: HttpRequest) -> HttpResponseBase:
    """Agree what a word means from a day on."""
    term = request.GET.get("term", "")
    now = next((t for t in language.glossary() if t.key == term), None)
    form = Form(
        title="Agree what a word means", button="Agree this meaning",
        intro="The meaning before it ends on that day and stays to be seen.", back=("/glossary/meanings", "Agreed meanings"),
        public_words=("meaning",),
        questions=(
            Question("term", "The word", need="Give the word."),
            Question("meaning", "What it means", "area", hint="One plain sentence.", need="Give its meaning."),
            Question("valid_from", "From which day?", "day", need="Give the day."),
            Question("source", "Who agreed it, or where it stands"),
        ),
    ).filled({"term": now.term if now else "", "meaning": now.meaning if now else "", **day_typed("valid_from", today())})  # fmt: skip

    def publish(person: Person, given: Answers) -> str:
        made = language.agree_meaning(
            by=person, term=given["term"], meaning=given["meaning"], valid_from=given["valid_from"],
            source=given["source"],
        )  # fmt: skip
        return f"/glossary/meanings#{made.key}"

    return ask(request, form, publish, action="strategy.glossary")


@form_view
def report_words(request: HttpRequest) -> HttpResponseBase:
    """The secretariat writes a section of the report; figures cannot be written."""
    form = Form(
        title="Write the report’s words", button="Publish these words",
        intro="Figures cannot be written here: they are counted. Earlier words are kept.",
        back=("/report", "Annual report"), public_words=("words",),
        questions=(
            Question("section", "Section", "choice", options=tuple(SECTIONS), need="Choose a section."),
            Question("words", "Words", "area", hint="Plain words for readers aged 9 to 11.", need="Write the words."),
        ),
    )  # fmt: skip

    def publish(person: Person, given: Answers) -> str:
        freezing.write_narrative(by=person, section=given["section"], words=given["words"])
        return "/report"

    return ask(request, form, publish, action="strategy.narrate")


@form_view
def new_plan(request: HttpRequest) -> HttpResponseBase:
    """List a partner's plan in the library."""
    bodies = tuple(sorted(queries.body_names().items(), key=lambda pair: pair[1]))
    form = Form(
        title="Put a plan in the library", button="List this plan", back=("/partner-plans", "Partners’ plans"),
        intro="Leave a day empty when you do not know it. What the plan sets out to do is added by its owner alone.",
        questions=(
            Question("title", "What is it called?", need="Give its title."),
            Question("owner", "Whose plan is it?", "choice", options=bodies, need="Choose a body."),
            Question("period_from", "Its first day", "day"),
            Question("period_to", "Its last day", "day"),
            Question("review_on", "When is it to be reviewed?", "day"),
            Question("url", "Its address on the web", "url"),
            Question("source", "Who says that there is such a plan?", need="Say where it is named."),
        ),
    )  # fmt: skip

    def publish(person: Person, given: Answers) -> str:
        key = slugify(f"{given['owner']}-{given['title']}")[:80].strip("-")
        made = plans.add_plan(by=person, key=key, **given)
        return reverse("strategy:partner-plan", args=[made.key])

    return ask(request, form, publish, action="strategy.plan")


@form_view
def objectives(request: HttpRequest, key: str) -> HttpResponseBase:
    """The owner of a plan adds what it sets out to do, typed, pasted or from a CSV file."""
    plan = plans.plan_named(key)
    queries.require_to("strategy.plan", signed_in(request))
    require_own_plan(signed_in(request), plan.owner)
    page = reverse("strategy:partner-plan", args=[key])
    form = Form(
        title=f"What {plan.title} sets out to do", button="Add these objectives", back=(page, plan.title),
        intro="These are your words. Nobody else can add to them, and nobody can change them.",
        questions=(
            Question("objectives", "The objectives", "area", need="Give at least one objective.",
                     hint="A first line 'ref,text', then one a line, such as: 1.1,Fewer falls among older people. Or choose a CSV file below."),
            Question("file", "Or a CSV file with the same columns", "file"),
        ),
    )  # fmt: skip
    take_file(request, "objectives")

    def publish(person: Person, given: Answers) -> str:
        plans.add_objectives(by=person, plan=key, objectives=plans.parse_objectives(given["objectives"]))
        return page

    return ask(request, form, publish, action="strategy.plan")
