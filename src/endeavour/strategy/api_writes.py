"""Writing to the strategy over HTTP: what the forms do, for programs that hold a token.

The router is the one that `api.py` reads on: an address that is both read and written must be on one router.

Every operation acts for the token's person, checks their role again, and is audited as theirs. A body that does not
fit is answered with 422 and the field's name.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from endeavour.core.api_shapes import NOT_EMPTY, WRITE_ERRORS, Strict, one_of, token_holder
from endeavour.core.public import Day, TokenFor
from endeavour.strategy import actions, impact, language, measuring, plans, queries, resources
from endeavour.strategy.models import ImpactAssessment, Resource, Variant
from endeavour.strategy.report import freezing
from endeavour.strategy.report.content import SECTIONS
from endeavour.strategy.theory.loading import review_theory

router = Router(tags=["strategy"])
Words = Annotated[str, Field(max_length=20_000)]
Said = Annotated[str, Field(max_length=20_000, json_schema_extra=NOT_EMPTY)]
Line = Annotated[str, Field(max_length=300)]


class Made(Schema):
    """What was written: its number and the page that shows it."""

    id: int
    see: str


class EvidenceIn(Strict):
    """Something that shows how a statement stands."""

    title: Line
    happened_on: Day
    words: Words = ""
    url: Annotated[str, Field(max_length=500)] = ""
    source: Annotated[str, Field(max_length=200)] = ""
    settles: bool = False


class WhyIn(Strict):
    """A reason."""

    why: Words


class ExplanationIn(WhyIn):
    """The owner's words on why something is not going well."""

    we_do: Words = ""
    you_can: Words = ""


class Step(Strict):
    """A step of a path."""

    on: Day
    value: float


class MeasureIn(Strict):
    """How a statement will be measured; `measure` is an id of the catalogue."""

    measure: Annotated[str, Field(max_length=80)]
    why: Line = ""
    grouping: Annotated[str, Field(max_length=20)] = "system"
    group: Annotated[str, Field(max_length=80)] = "all"
    baseline: float | None = None
    baseline_on: Day | None = None
    target: float | None = None
    target_on: Day | None = None
    steps: tuple[Step, ...] = ()
    lag_months: Annotated[int, Field(ge=0, le=240)] = 0


class DecisionIn(Strict):
    """Whether a person agrees."""

    agree: bool


class ResourceIn(Strict):
    """Time (days), skills (people) or money (pounds), required, pledged or given; a minus takes a mistake back."""

    kind: Annotated[str, one_of(Resource.Kind)]
    stage: Annotated[str, one_of(Resource.Stage)]
    amount: Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
    body: Annotated[str, Field(max_length=80)] = ""
    note: Line = ""


class ObjectiveIn(Strict):
    """An objective in the partner's own words."""

    ref: Annotated[str, Field(min_length=1, max_length=40)]
    text: Annotated[str, Field(min_length=1, max_length=2_000)]


class PlanIn(Strict):
    """A partner's plan; only somebody of the body that owns it may send its objectives."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,79}$")]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    owner: Annotated[str, Field(max_length=80)]
    period_from: Day | None = None
    period_to: Day | None = None
    review_on: Day | None = None
    url: Annotated[str, Field(max_length=500)] = ""
    objectives: tuple[ObjectiveIn, ...] = ()


class AlignmentIn(Strict):
    """Whether an objective of a partner's plan serves a shared promise."""

    plan: str
    objective: str
    statement: str
    serves: bool


class ReviewIn(Strict):
    """An independent reviewer's view of a version of the theory of change."""

    version: int
    reviewer: Annotated[str, Field(max_length=160)]
    organisation: Annotated[str, Field(max_length=200)]
    words: Words
    signs_off: bool
    reviewed_on: Day


class EffectIn(Strict):
    """What a decision does to one group; `decision` is its key, such as 2026-12-03-icp-4."""

    decision: Annotated[str, Field(max_length=90)]
    group: Annotated[str, Field(max_length=120)]
    effect: Annotated[str, one_of(ImpactAssessment.Effect)]
    words: Words
    mitigation: Words = ""
    measure: Annotated[str, Field(max_length=80)] = ""


class MeaningIn(Strict):
    """What a word means from a day on."""

    term: Annotated[str, Field(max_length=120)]
    meaning: Words
    valid_from: Day
    source: Annotated[str, Field(max_length=200)] = ""


class VariantIn(Strict):
    """A statement for another audience: easy_read, translation or plain."""

    kind: Annotated[str, one_of(Variant.Kind)]
    words: Words
    language: Annotated[str, Field(max_length=12)] = "en"
    made_by: Annotated[str, Field(max_length=200)] = ""


def post_for_token(path: str, action: str, summary: str) -> Callable[..., Any]:
    """An operation that writes: its token, its answers and every way it can be refused, declared."""
    return router.post(path, auth=TokenFor(action), response={201: Made, **WRITE_ERRORS}, summary=summary)


@post_for_token("/statements/{ref}/evidence", "strategy.evidence", "Record evidence")
def evidence(request: HttpRequest, ref: str, given: EvidenceIn) -> Status[Made]:
    """Record what shows how a statement stands."""
    made = actions.record_evidence(by=token_holder(request), ref=ref, **given.dict())
    return Status(201, Made(id=made.pk, see=f"/promise/{ref}#evidence-{made.pk}"))


@post_for_token("/evidence/{number}/withdraw", "strategy.evidence", "Take evidence back")
def withdraw(request: HttpRequest, number: int, given: WhyIn) -> Status[Made]:
    """Take a piece of evidence back from today on; both rows stay."""
    made = actions.withdraw_evidence(by=token_holder(request), evidence=number, why=given.why)
    return Status(201, Made(id=made.pk, see=f"/promise/{made.ref}#evidence-{number}"))


@post_for_token("/statements/{ref}/explanations", "strategy.explain", "Say why")
def explanation(request: HttpRequest, ref: str, given: ExplanationIn) -> Status[Made]:
    """Say why a promise is not going well, what we do and what you can do."""
    made = actions.explain(by=token_holder(request), ref=ref, **given.dict())
    return Status(201, Made(id=made.pk, see=f"/promise/{ref}#why"))


@post_for_token("/statements/{ref}/measures", "strategy.measure", "Propose a measure")
def measure(request: HttpRequest, ref: str, given: MeasureIn) -> Status[Made]:
    """Propose a measure of the catalogue for a statement, with its start, path and target; somebody else agrees."""
    sent = given.dict(exclude={"measure", "steps"})
    steps = [(step.on, step.value) for step in given.steps]
    made = measuring.propose_measure(
        by=token_holder(request), ref=ref, measure_key=given.measure, steps=steps, **sent
    )
    return Status(201, Made(id=made.pk, see=f"/promise/{ref}/measure/{given.measure}"))


@post_for_token(
    "/statements/{ref}/measures/{key}/decision", "strategy.measure", "Agree or withdraw a measure"
)
def decide_measure(request: HttpRequest, ref: str, key: str, given: DecisionIn) -> Status[Made]:
    """Agree to a measure that somebody else proposed, turn it down, or withdraw an agreed one."""
    made = measuring.decide_measure(by=token_holder(request), ref=ref, measure_key=key, agree=given.agree)
    return Status(201, Made(id=made.pk, see=f"/promise/{ref}#measure"))


@post_for_token("/statements/{ref}/resources", "strategy.resource", "Record a need, a pledge or a gift")
def resource(request: HttpRequest, ref: str, given: ResourceIn) -> Status[Made]:
    """Record what a promise needs, or what was pledged or given."""
    made = resources.record_resource(by=token_holder(request), ref=ref, **given.dict())
    return Status(201, Made(id=made.pk, see=f"/promise/{ref}#resources"))


@post_for_token("/statements/{ref}/versions", "strategy.variant", "Publish a version for another audience")
def variant(request: HttpRequest, ref: str, given: VariantIn) -> Status[Made]:
    """Publish an Easy Read version or a translation, made from the statement's words of today."""
    said = queries.statement(ref)
    made = language.publish_variant(
        by=token_holder(request), entry=f"statement:{ref}", source=said.words, **given.dict()
    )
    return Status(201, Made(id=made.pk, see=f"/promise/{ref}#words"))


@post_for_token("/plans", "strategy.plan", "Add a partner's plan")
def plan(request: HttpRequest, given: PlanIn) -> Status[Made]:
    """Put a plan in the library; likeness of words proposes what its objectives serve."""
    sent = given.dict(exclude={"objectives"})
    made = plans.add_plan(
        by=token_holder(request), objectives={o.ref: o.text for o in given.objectives}, **sent
    )
    return Status(201, Made(id=made.pk, see=f"/partner-plan/{made.key}"))


@post_for_token("/alignments", "strategy.align", "Decide what an objective serves")
def alignment(request: HttpRequest, given: AlignmentIn) -> Status[Made]:
    """Say whether a partner's objective serves a shared promise."""
    made = plans.decide_alignment(
        by=token_holder(request),
        plan=given.plan,
        objective=given.objective,
        ref=given.statement,
        serves=given.serves,
    )
    return Status(201, Made(id=made.pk, see=f"/partner-plan/{given.plan}"))


@post_for_token("/theory-reviews", "strategy.review_theory", "Review the theory of change")
def review(request: HttpRequest, given: ReviewIn) -> Status[Made]:
    """Record an independent review; whoever published a version cannot sign it off."""
    made = review_theory(by=token_holder(request), **given.dict())
    return Status(201, Made(id=made.pk, see="/theory-of-change"))


@post_for_token("/effects", "strategy.assess", "Record a decision's effect on a group")
def effect(request: HttpRequest, given: EffectIn) -> Status[Made]:
    """Record one group's line of an impact assessment; the newest for a group counts."""
    made = impact.assess_impact(
        by=token_holder(request), about=f"decision:{given.decision}", group=given.group, effect=given.effect,
        words=given.words, mitigation=given.mitigation, measure_key=given.measure,
    )  # fmt: skip
    return Status(201, Made(id=made.pk, see=f"/impact/{given.decision}"))


@post_for_token("/meanings", "strategy.glossary", "Agree a meaning")
def meaning(request: HttpRequest, given: MeaningIn) -> Status[Made]:
    """Agree what a word means from a day on; the meaning before it ends that day."""
    made = language.agree_meaning(by=token_holder(request), **given.dict())
    return Status(201, Made(id=made.pk, see=f"/glossary/meanings#{made.key}"))


class AnswerIn(Strict):
    """The promise that answers a challenge which people told us of."""

    statement: Annotated[str, Field(max_length=40)]


class ObjectivesIn(Strict):
    """Objectives in the partner's own words; only its own people send them."""

    objectives: Annotated[tuple[ObjectiveIn, ...], Field(min_length=1, max_length=500)]


class SectionIn(Strict):
    """The words of one section of the annual report; no figure can be written here."""

    section: Annotated[str, one_of(key for key, _ in SECTIONS)]
    words: Said


class FreezeIn(Strict):
    """The day for which the annual report is frozen; today where it is left out."""

    as_at: Day | None = None


@post_for_token("/statements/{ref}/answers", "strategy.answer", "Say which promise answers what was heard")
def answer(request: HttpRequest, ref: str, given: AnswerIn) -> Status[Made]:
    """Tie a challenge that people told us of to the promise that answers it."""
    actions.answer_challenge(by=token_holder(request), challenge=ref, ref=given.statement)
    return Status(201, Made(id=queries.statement(ref).pk, see=f"/promise/{given.statement}"))


@post_for_token("/plans/{key}/objectives", "strategy.plan", "Add objectives to one's own plan")
def objectives(request: HttpRequest, key: str, given: ObjectivesIn) -> Status[Made]:
    """Add objectives to a plan of the body that the token's person signs in for."""
    said = {objective.ref: objective.text for objective in given.objectives}
    plans.add_objectives(by=token_holder(request), plan=key, objectives=said)
    return Status(201, Made(id=plans.plan_named(key).pk, see=f"/partner-plan/{key}"))


@post_for_token("/report/words", "strategy.narrate", "Write a section of the annual report")
def narrative(request: HttpRequest, given: SectionIn) -> Status[Made]:
    """Write a section's words; the earlier ones stay."""
    made = freezing.write_narrative(by=token_holder(request), **given.dict())
    return Status(201, Made(id=made.pk, see="/report"))


@post_for_token("/report/releases", "strategy.release", "Freeze the annual report")
def release(request: HttpRequest, given: FreezeIn) -> Status[Made]:
    """Keep the report as it is now, for ever; the same content twice is one release."""
    made = freezing.freeze_report(by=token_holder(request), as_at=given.as_at)
    return Status(201, Made(id=made.pk, see=f"/report/{made.sha256[:12]}"))
