"""Writing to the strategy over HTTP: what the forms do, for programs that hold a token.

The router is the one that `api.py` reads on: an address that is both read and written must be on one router.

Every operation acts for the token's person, checks their role again, and is audited as theirs. A body that does not
fit is answered with 422 and the field's name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import ConfigDict

from endeavour.core.public import Person, TokenFor
from endeavour.strategy import actions, impact, language, measuring, plans, queries, resources
from endeavour.strategy.theory.loading import review_theory

router = Router(tags=["strategy"])
Words = Annotated[str, Field(max_length=20_000)]
Line = Annotated[str, Field(max_length=300)]


class Problem(Schema):
    """Why nothing was written; `error` is the kind, `message` the words, `hint` what to do."""

    error: str
    message: str
    hint: str


class Made(Schema):
    """What was written: its number and the page that shows it."""

    id: int
    see: str


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class EvidenceIn(_Strict):
    """Something that shows how a statement stands."""

    title: Line
    happened_on: date
    words: Words = ""
    url: Annotated[str, Field(max_length=500)] = ""
    source: Annotated[str, Field(max_length=200)] = ""
    settles: bool = False


class WhyIn(_Strict):
    """A reason."""

    why: Words


class ExplanationIn(WhyIn):
    """The owner's words on why something is not going well."""

    we_do: Words = ""
    you_can: Words = ""


class Step(_Strict):
    """A step of a path."""

    on: date
    value: float


class MeasureIn(_Strict):
    """How a statement will be measured; `measure` is an id of the catalogue."""

    measure: Annotated[str, Field(max_length=80)]
    why: Line = ""
    grouping: Annotated[str, Field(max_length=20)] = "system"
    group: Annotated[str, Field(max_length=80)] = "all"
    baseline: float | None = None
    baseline_on: date | None = None
    target: float | None = None
    target_on: date | None = None
    steps: tuple[Step, ...] = ()
    lag_months: Annotated[int, Field(ge=0, le=240)] = 0
    propose: bool = False


class DecisionIn(_Strict):
    """Whether a person agrees."""

    agree: bool


class ResourceIn(_Strict):
    """Time (days), skills (people) or money (pounds), required, pledged or given; a minus takes a mistake back."""

    kind: str
    stage: str
    amount: Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
    body: Annotated[str, Field(max_length=80)] = ""
    note: Line = ""


class ObjectiveIn(_Strict):
    """An objective in the partner's own words."""

    ref: Annotated[str, Field(min_length=1, max_length=40)]
    text: Annotated[str, Field(min_length=1, max_length=2_000)]


class PlanIn(_Strict):
    """A partner's plan; only somebody of the body that owns it may send its objectives."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,79}$")]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    owner: Annotated[str, Field(max_length=80)]
    period_from: date | None = None
    period_to: date | None = None
    review_on: date | None = None
    url: Annotated[str, Field(max_length=500)] = ""
    objectives: tuple[ObjectiveIn, ...] = ()


class AlignmentIn(_Strict):
    """Whether an objective of a partner's plan serves a shared promise."""

    plan: str
    objective: str
    statement: str
    serves: bool


class ReviewIn(_Strict):
    """An independent reviewer's view of a version of the theory of change."""

    version: int
    reviewer: Annotated[str, Field(max_length=160)]
    organisation: Annotated[str, Field(max_length=200)]
    words: Words
    signs_off: bool
    reviewed_on: date


class EffectIn(_Strict):
    """What a decision does to one group; `decision` is its key, such as 2026-12-03-icp/4."""

    decision: Annotated[str, Field(max_length=90)]
    group: Annotated[str, Field(max_length=120)]
    effect: str
    words: Words
    mitigation: Words = ""
    measure: Annotated[str, Field(max_length=80)] = ""


class MeaningIn(_Strict):
    """What a word means from a day on."""

    term: Annotated[str, Field(max_length=120)]
    meaning: Words
    valid_from: date
    source: Annotated[str, Field(max_length=200)] = ""


class VariantIn(_Strict):
    """A statement for another audience: easy_read, translation or plain."""

    kind: str
    words: Words
    language: Annotated[str, Field(max_length=12)] = "en"


def _post(path: str, action: str, summary: str) -> Callable[..., Any]:
    """An operation that writes: its token, its answers and every way it can be refused, declared."""
    problems = dict.fromkeys((401, 403, 404, 409, 422), Problem)
    return router.post(path, auth=TokenFor(action), response={201: Made, **problems}, summary=summary)


def _by(request: HttpRequest) -> Person:
    person: Person = request.auth  # type: ignore[attr-defined]
    return person


@_post("/statements/{ref}/evidence", "strategy.evidence", "Record evidence")
def evidence(request: HttpRequest, ref: str, given: EvidenceIn) -> Status[Made]:
    """Record what shows how a statement stands."""
    made = actions.record_evidence(by=_by(request), ref=ref, **given.dict())
    return Status(201, Made(id=made.pk, see=f"/promise/{ref}#evidence-{made.pk}"))


@_post("/evidence/{number}/withdraw", "strategy.evidence", "Take evidence back")
def withdraw(request: HttpRequest, number: int, given: WhyIn) -> Status[Made]:
    """Take a piece of evidence back from today on; both rows stay."""
    made = actions.withdraw_evidence(by=_by(request), evidence=number, why=given.why)
    return Status(201, Made(id=made.pk, see=f"/promise/{made.ref}#evidence-{number}"))


@_post("/statements/{ref}/explanations", "strategy.explain", "Say why")
def explanation(request: HttpRequest, ref: str, given: ExplanationIn) -> Status[Made]:
    """Say why a promise is not going well, what we do and what you can do."""
    made = actions.explain(by=_by(request), ref=ref, **given.dict())
    return Status(201, Made(id=made.pk, see=f"/promise/{ref}#why"))


@_post("/statements/{ref}/measures", "strategy.measure", "Set a measure")
def measure(request: HttpRequest, ref: str, given: MeasureIn) -> Status[Made]:
    """Tie a statement to a measure of the catalogue, with its start, path and target."""
    sent = given.dict(exclude={"measure", "steps"})
    steps = [(step.on, step.value) for step in given.steps]
    made = measuring.set_measure(by=_by(request), ref=ref, measure_key=given.measure, steps=steps, **sent)
    return Status(201, Made(id=made.pk, see=f"/promise/{ref}/measure/{given.measure}"))


@_post("/statements/{ref}/measures/{key}/decision", "strategy.measure", "Agree or withdraw a measure")
def decide_measure(request: HttpRequest, ref: str, key: str, given: DecisionIn) -> Status[Made]:
    """Agree to a proposed measure, or withdraw one."""
    made = measuring.decide_measure(by=_by(request), ref=ref, measure_key=key, agree=given.agree)
    return Status(201, Made(id=made.pk, see=f"/promise/{ref}#measure"))


@_post("/statements/{ref}/resources", "strategy.resource", "Record a need, a pledge or a gift")
def resource(request: HttpRequest, ref: str, given: ResourceIn) -> Status[Made]:
    """Record what a promise needs, or what was pledged or given."""
    made = resources.record_resource(by=_by(request), ref=ref, **given.dict())
    return Status(201, Made(id=made.pk, see=f"/promise/{ref}#resources"))


@_post("/statements/{ref}/versions", "strategy.variant", "Publish a version for another audience")
def variant(request: HttpRequest, ref: str, given: VariantIn) -> Status[Made]:
    """Publish an Easy Read version or a translation, made from the statement's words of today."""
    said = queries.statement(ref)
    made = language.publish_variant(
        by=_by(request), entry=f"statement:{ref}", source=said.words, **given.dict()
    )
    return Status(201, Made(id=made.pk, see=f"/promise/{ref}#words"))


@_post("/plans", "strategy.plan", "Add a partner's plan")
def plan(request: HttpRequest, given: PlanIn) -> Status[Made]:
    """Put a plan in the library; likeness of words proposes what its objectives serve."""
    sent = given.dict(exclude={"objectives"})
    made = plans.add_plan(by=_by(request), objectives={o.ref: o.text for o in given.objectives}, **sent)
    return Status(201, Made(id=made.pk, see=f"/partner-plan/{made.key}"))


@_post("/alignments", "strategy.align", "Decide what an objective serves")
def alignment(request: HttpRequest, given: AlignmentIn) -> Status[Made]:
    """Say whether a partner's objective serves a shared promise."""
    made = plans.decide_alignment(
        by=_by(request), plan=given.plan, objective=given.objective, ref=given.statement, serves=given.serves
    )
    return Status(201, Made(id=made.pk, see=f"/partner-plan/{given.plan}"))


@_post("/theory-reviews", "strategy.review_theory", "Review the theory of change")
def review(request: HttpRequest, given: ReviewIn) -> Status[Made]:
    """Record an independent review; whoever published a version cannot sign it off."""
    made = review_theory(by=_by(request), **given.dict())
    return Status(201, Made(id=made.pk, see="/theory-of-change"))


@_post("/effects", "strategy.assess", "Record a decision's effect on a group")
def effect(request: HttpRequest, given: EffectIn) -> Status[Made]:
    """Record one group's line of an impact assessment; the newest for a group counts."""
    made = impact.assess_impact(
        by=_by(request), decision=f"decision:{given.decision}", group=given.group, effect=given.effect,
        words=given.words, mitigation=given.mitigation, measure_key=given.measure,
    )  # fmt: skip
    return Status(201, Made(id=made.pk, see=f"/impact/{given.decision}"))


@_post("/meanings", "strategy.glossary", "Agree a meaning")
def meaning(request: HttpRequest, given: MeaningIn) -> Status[Made]:
    """Agree what a word means from a day on; the meaning before it ends that day."""
    made = language.agree_meaning(by=_by(request), **given.dict())
    return Status(201, Made(id=made.pk, see=f"/glossary/meanings#{made.key}"))
