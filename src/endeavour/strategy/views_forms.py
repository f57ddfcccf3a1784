"""The forms about one promise: each says what it asks and what publishing does; `asking.ask` does the rest."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from endeavour.core.public import Person, entry, today
from endeavour.errors import BadInput
from endeavour.strategy import (
    actions,
    language,
    measuring,
    observations,
    queries,
    resources,
)
from endeavour.strategy.asking import ask, signed_in
from endeavour.strategy.forms import Answers, Form, Question, day_typed
from endeavour.strategy.models import Explanation, PromiseMeasure, Resource, Variant
from endeavour.strategy.report import freezing
from endeavour.strategy.rules import voice_of

form_view = require_http_methods(["GET", "HEAD", "POST"])


def _promise(ref: str, part: str = "") -> str:
    return reverse("strategy:promise", args=[ref]) + (f"#{part}" if part else "")


@form_view
def evidence(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Record what shows how a promise stands."""
    said = queries.statement(ref)
    form = Form(
        title=f"Record evidence for {ref}", button="Record this evidence",
        intro=said.paraphrase or said.words, back=(_promise(ref), ref), public_words=("words",),
        questions=(
            Question("title", "What shows it, in one line", need="Say in one line what shows it."),
            Question("happened", "When did it happen?", "day", hint="Not when you heard of it. For example, 28 6 2023.",
                     need="Give the day, the month and the year it happened."),
            Question("source", "Where it can be checked", hint="Minutes, a publication, a count, a receipt. Not the strategy itself."),
            Question("url", "Its address on the web, if it has one", "url"),
            Question("words", "What it shows", "area"),
            Question("settles", "It shows that the promise was kept", "yes"),
        ),
    )  # fmt: skip

    def publish(person: Person, given: Answers) -> str:
        actions.record_evidence(
            by=person, ref=ref, title=given["title"], happened_on=given["happened"], words=given["words"],
            url=given["url"], source=given["source"], settles=given["settles"],
        )  # fmt: skip
        return _promise(ref, "evidence")

    return ask(request, form, publish, action="strategy.evidence")


@form_view
def withdraw(request: HttpRequest, ref: str, evidence: int) -> HttpResponseBase:
    """Take a piece of evidence back."""
    form = Form(
        title="Take this evidence back", button="Take it back",
        intro="It stays to be seen, with your reason, and counts no more from today on.", back=(_promise(ref), ref),
        questions=(Question("why", "Why is it taken back?", "area", need="Say why."),),
    )  # fmt: skip

    def publish(person: Person, given: Answers) -> str:
        actions.withdraw_evidence(by=person, evidence=evidence, why=given["why"])
        return _promise(ref, "evidence")

    return ask(request, form, publish, action="strategy.evidence")


@form_view
def reason(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The owner says why a promise is not going well, what we do, and what you can do."""
    item = queries.judged_one(ref)
    person = signed_in(request)
    queries.require_to("strategy.explain", person)
    voice = Explanation.Voice(voice_of(person, item.statement.owner))
    earlier = queries.explanations(refs=[ref]).get(ref, [])
    form = Form(
        title=f"Say why {ref} is not going well", button="Publish these words",
        intro=f"{item.statement.paraphrase or item.statement.words} It is {item.judgement.standing.words}. Your words are published as those of {voice.label}.",
        back=(_promise(ref), ref), public_words=("why", "we_do", "you_can"),
        questions=(
            Question("why", "Why is it not going well?", "area", hint="Plain words, for a reader of 9 to 11.", need="Give the reason."),
            Question("we_do", "What are we doing about it?", "area"),
            Question("you_can", "What can residents do?", "area"),
        ),
    )  # fmt: skip
    if earlier:
        form = form.filled({name: getattr(earlier[0], name) for name in ("why", "we_do", "you_can")})

    def publish(person: Person, given: Answers) -> str:
        actions.explain(by=person, ref=ref, why=given["why"], we_do=given["we_do"], you_can=given["you_can"])
        return _promise(ref, "why")

    return ask(request, form, publish, action="strategy.explain")


@form_view
def answer(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Say which promise answers something that was heard."""
    heard = queries.statement(ref)
    promises = tuple(
        (s.ref, f"{s.ref}: {s.paraphrase or s.words}"[:110]) for s in queries.statements("we", "prose")
    )
    form = Form(
        title=f"Which promise answers {ref}?", button="Tie them together", intro=heard.words,
        back=("/honesty", "What is not going well"),
        questions=(Question("promise", "The promise", "choice", options=promises, need="Choose a promise."),),
    )  # fmt: skip

    def publish(person: Person, given: Answers) -> str:
        actions.answer_challenge(by=person, challenge=ref, ref=given["promise"])
        return f"/honesty#{ref}"

    return ask(request, form, publish, action="strategy.answer")


@form_view
def choose_measure(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose the measure first: what it is decides whose figures there are."""
    queries.require_to("strategy.measure", signed_in(request))
    said = queries.statement(ref)
    if key := request.GET.get("measure", ""):
        return redirect("strategy:set-measure", ref, observations.measurable(key).key)
    groups = (("lake", "Worked out from synthetic residents"), ("open", "Published statistics"))
    listed = [
        (title, [m for m in observations.measurables().values() if m.kind == kind]) for kind, title in groups
    ]
    return render(request, "strategy/choose_measure.html", {"said": said, "groups": listed})


@form_view
def set_measure(request: HttpRequest, ref: str, measure: str) -> HttpResponseBase:
    """Say how a promise will be measured: whose figures, where it starts, where it should go."""
    said = queries.statement(ref)
    known = observations.measurable(measure)
    known_here = [m for m in queries.measures_of(ref) if m.measure_key == measure]
    there = known_here[-1] if known_here else None
    seen = observations.observed(measure, *observations.WHOLE, at=today())
    latest = next((o for o in reversed(seen) if o.value is not None), None)
    hint = (
        f"The latest figure for the whole system is {latest.value:,.1f}, for {latest.period}."
        if latest
        else ""
    )
    form = Form(
        title=f"Measure {ref} by: {known.title}", button="Propose this measure",
        intro=f"{said.paraphrase or said.words} Figures are in {known.unit}, about {known.about}. It counts once somebody else agrees.",
        back=(_promise(ref, "measure"), ref),
        questions=(
            Question("group", "Whose figures?", "choice", options=tuple(observations.groups_of(measure)), need="Choose whose figures."),
            Question("why", "Why does this show whether the promise is kept?", need="Give the reason."),
            Question("baseline", "Where does it start?", "number", hint=hint or "A number; leave it empty while it is not known."),
            Question("baseline_on", "The day of that figure", "day"),
            Question("target", "Where should it get to?", "number", hint="Leave it empty while no target is agreed."),
            Question("target_on", "By which day?", "day"),
            Question("steps", "Steps on the way, if it is not a straight line", "area", hint="One a line, such as: 2027-04-01 65"),
            Question("lag", "For how many months is no movement expected?", "number"),
        ),
    ).filled(_measure_typed(there))  # fmt: skip

    def publish(person: Person, given: Answers) -> str:
        grouping, _, group = given["group"].partition("~")
        numbers = {n: float(given[n]) if given[n] is not None else None for n in ("baseline", "target")}
        measuring.propose_measure(
            by=person, ref=ref, measure_key=measure, grouping=grouping, group=group, why=given["why"],
            baseline=numbers["baseline"], baseline_on=given["baseline_on"], target=numbers["target"],
            target_on=given["target_on"], steps=measuring.read_steps(given["steps"]),
            lag_months=int(given["lag"] or 0),
        )  # fmt: skip
        return reverse("strategy:measure", args=[ref, measure])

    return ask(request, form, publish, action="strategy.measure")


def _measure_typed(there: PromiseMeasure | None) -> dict[str, str]:
    """What stands now, so that setting it anew starts from it."""
    if there is None:
        return {"group": "~".join(observations.WHOLE)}
    numbers = {"baseline": there.baseline, "target": there.target, "lag": there.lag_months or None}
    return {
        "group": f"{there.grouping}~{there.group}",
        "why": there.why,
        **{name: f"{value:g}" for name, value in numbers.items() if value is not None},
        **day_typed("baseline_on", there.baseline_on),
        **day_typed("target_on", there.target_on),
    }


@form_view
def decide_measure(request: HttpRequest, ref: str, measure: str) -> HttpResponse:
    """Somebody agrees to what another proposed, turns it down, or withdraws an agreed measure."""
    person = signed_in(request)
    queries.require_to("strategy.measure", person)
    if request.method == "POST":
        agree = request.POST.get("agree")
        if agree not in {"yes", "no"}:
            raise BadInput("Say whether you agree.", hint="Use one of the two buttons.")
        measuring.decide_measure(by=person, ref=ref, measure_key=measure, agree=agree == "yes")
    return redirect(_promise(ref, "measure"))


@form_view
def resource(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Record what a promise needs, or what was pledged or given to it."""
    said = queries.statement(ref)
    bodies = tuple(sorted(queries.body_names().items(), key=lambda pair: pair[1]))
    form = Form(
        title=f"What {ref} needs, and who gives it", button="Record this",
        intro=said.paraphrase or said.words, back=(_promise(ref, "resources"), ref),
        questions=(
            Question("kind", "What is it?", "choice", options=tuple(Resource.Kind.choices), need="Choose time, skills or money."),
            Question("stage", "Is it needed, pledged or given?", "choice", options=tuple(Resource.Stage.choices), need="Choose one."),
            Question("amount", "How much?", "number", need="Give the amount.", hint="Days of time, people with a skill, or pounds. To take a mistake back, record the same with a minus."),
            Question("body", "From which body?", "choice", options=(("", "Not from a body: it is what is needed"), *bodies)),
            Question("note", "Anything to add, in one line"),
        ),
    )  # fmt: skip

    def publish(person: Person, given: Answers) -> str:
        resources.record_resource(
            by=person, ref=ref, kind=given["kind"], stage=given["stage"], amount=given["amount"], body=given["body"],
            note=given["note"],
        )  # fmt: skip
        return _promise(ref, "resources")

    return ask(request, form, publish, action="strategy.resource")


@form_view
def version(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Publish an Easy Read version, a translation or plain words of a promise, made from its words of today."""
    said = queries.statement(ref)
    return ask_for_version(
        request, entry("statement", ref), said.words, title=f"{ref} for another audience",
        intro=f"Made from these words: {said.words}", back=(_promise(ref, "words"), ref),
    )  # fmt: skip


@form_view
def report_version(request: HttpRequest, release: str) -> HttpResponseBase:
    """Publish an Easy Read version or a translation of a frozen report."""
    found = freezing.release_named(release)
    page = reverse("strategy:release", args=[found.sha256[:12]])
    return ask_for_version(
        request, entry("release", found.sha256[:12]), found.sha256, title="This report for another audience",
        intro=f"Made from the report as at {found.as_at.day} {found.as_at:%B %Y}, which never changes.",
        back=(page, "Annual report"),
    )  # fmt: skip


def ask_for_version(
    request: HttpRequest, name: str, source: str, *, title: str, intro: str, back: tuple[str, str]
) -> HttpResponseBase:
    """Ask for an entry in words for another audience, tied to `source`, the words that it is made from."""
    form = Form(
        title=title, button="Publish this version", intro=intro, back=back, public_words=("words",),
        questions=(
            Question("kind", "What kind of version?", "choice", options=tuple(Variant.Kind.choices), need="Choose one."),
            Question("language", "In which language?", "choice", options=tuple(language.LANGUAGES.items())),
            Question("words", "The words", "area", need="Write the words."),
            Question("made_by", "Who made it?", need="Say who made it: people, a group or a translator."),
        ),
    ).filled({"language": "en"})  # fmt: skip

    def publish(person: Person, given: Answers) -> str:
        language.publish_variant(
            by=person, entry=name, kind=given["kind"], words=given["words"], source=source,
            language=given["language"] or "en", made_by=given["made_by"],
        )  # fmt: skip
        return back[0]

    return ask(request, form, publish, action="strategy.variant")
