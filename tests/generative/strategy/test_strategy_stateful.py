"""A partnership lives for a while: whatever people record, in whatever order, some things always hold.

An answer about an earlier day never changes. What was recorded cannot be rewritten. A document cannot prove itself. A
partner's objective is written by its owner alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from endeavour.core.public import Body, Link, Person, Role, today
from endeavour.errors import BadInput, Forbidden
from endeavour.strategy import plans, queries
from endeavour.strategy.actions import explain, record_evidence, withdraw_evidence
from endeavour.strategy.measuring import decide_measure, propose_measure
from endeavour.strategy.models import Alignment, Evidence, Explanation, Objective, PromiseMeasure
from endeavour.strategy.public import load_statements

REFS = ["W2", "W12", "W20", "I7"]
KEYS = ["early-cancer", "ae_within_4_hours"]


class Partnership(RuleBasedStateMachine):
    """People record things day after day; every earlier answer is kept and asked again."""

    clock: Callable[[str], None]

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.move(date(2026, 1, 5))
        self.secretary = Person.objects.get(username="a-secretary")
        self.editors = [self.secretary, Person.objects.get(username="an-analyst")]
        self.partners = list(Person.objects.filter(role=Role.PARTNER).order_by("id"))
        self.told: dict[date, list[object]] = {}
        self.objectives: dict[tuple[int, str], str] = {}
        self.rows: dict[type, int] = {}

    def move(self, day: date) -> None:
        type(self).clock(day.isoformat())

    def answer(self, day: date) -> list[object]:
        found = [(j.statement.ref, j.judgement.findings) for j in queries.judged(at=day, refs=REFS)]
        reasons = {
            ref: [e.why for e in said] for ref, said in queries.explanations(at=day, refs=REFS).items()
        }
        served = {ref: [o.pk for o, _ in pairs] for ref, pairs in plans.matrix(at=day).served.items()}
        return [
            found,
            reasons,
            served,
            [(m.ref, m.measure_key, m.state) for m in queries.measures(REFS, at=day)],
        ]

    @rule(days=st.integers(1, 200))
    def a_day_ends(self, days: int) -> None:
        for day in list(self.told)[-4:]:
            assert self.answer(day) == self.told[day], day
        self.told[today()] = self.answer(today())
        self.move(today() + timedelta(days=days))

    @rule(ref=st.sampled_from(REFS), ago=st.integers(0, 1200), settles=st.booleans())
    def evidence(self, ref: str, ago: int, settles: bool) -> None:
        happened = today() - timedelta(days=ago)
        try:
            record_evidence(
                by=self.secretary,
                ref=ref,
                title="Seen",
                happened_on=happened,
                source="Minutes",
                settles=settles,
            )
        except BadInput:
            assert happened < date(2022, 12, 1)

    @rule(ref=st.sampled_from(REFS), ago=st.integers(0, 900))
    def a_document_about_itself(self, ref: str, ago: int) -> None:
        with pytest.raises(BadInput, match=r"cannot prove|was first said"):
            record_evidence(
                by=self.secretary, ref=ref, title="We say so", happened_on=today() - timedelta(days=ago),
                source="Itself", source_document="strategy-2022", settles=True,
            )  # fmt: skip

    @precondition(lambda self: Evidence.objects.filter(ref__in=REFS, withdraws=None).exists())
    @rule(data=st.data())
    def taken_back(self, data: st.DataObject) -> None:
        there = list(Evidence.objects.filter(ref__in=REFS, withdraws=None).values_list("pk", flat=True))
        withdraw_evidence(by=self.secretary, evidence=data.draw(st.sampled_from(there)), why="A mistake.")

    @rule(ref=st.sampled_from(REFS), key=st.sampled_from(KEYS), who=st.integers(0, 1))
    def proposed(self, ref: str, key: str, who: int) -> None:
        agreed = self.agreed()
        propose_measure(by=self.editors[who], ref=ref, measure_key=key)
        assert self.agreed() == agreed

    @rule(data=st.data(), agree=st.booleans(), who=st.integers(0, 1))
    def decided(self, data: st.DataObject, agree: bool, who: int) -> None:
        there = queries.measures(REFS, at=today())
        if not there:
            return
        item = data.draw(st.sampled_from(there))
        proposal = queries.proposal_of(item.ref, item.measure_key)
        by = self.editors[who]
        try:
            decide_measure(by=by, ref=item.ref, measure_key=item.measure_key, agree=agree)
        except Forbidden:
            assert agree
            assert proposal is not None
            assert proposal.proposed_by == by

    def agreed(self) -> set[tuple[str, str]]:
        found = queries.measures(REFS, at=today())
        return {(m.ref, m.measure_key) for m in found if m.state == "confirmed"}

    @rule(ref=st.sampled_from(REFS), why=st.sampled_from(["No staff.", "No money.", "Nobody asked."]))
    def explained(self, ref: str, why: str) -> None:
        explain(by=self.secretary, ref=ref, why=why)

    @rule(
        who=st.integers(0, 1),
        plan=st.integers(0, 1),
        ref=st.sampled_from("123"),
        text=st.sampled_from(["Go", "Stay"]),
    )
    def objective(self, who: int, plan: int, ref: str, text: str) -> None:
        known = self.objectives.get((plan, ref))
        try:
            plans.add_objectives(by=self.partners[who], plan=f"plan-{plan}", objectives={ref: text})
        except Forbidden:
            assert who != plan
        except Exception:
            assert known not in {None, text}
        else:
            assert who == plan
            self.objectives[plan, ref] = text

    @rule(ref=st.sampled_from(["W1", "W2"]), serves=st.booleans(), data=st.data())
    def aligned(self, ref: str, serves: bool, data: st.DataObject) -> None:
        if self.objectives:
            plan, number = data.draw(st.sampled_from(sorted(self.objectives)))
            plans.decide_alignment(
                by=self.secretary, plan=f"plan-{plan}", objective=number, ref=ref, serves=serves
            )

    @invariant()
    def nothing_recorded_goes_away(self) -> None:
        for model in (Evidence, Explanation, PromiseMeasure, Alignment, Objective):
            count = model.objects.count()
            assert count >= self.rows.get(model, 0)
            self.rows[model] = count

    @invariant()
    def a_partner_reads_its_own_words(self) -> None:
        stored = {(int(p[-1]), r): t for p, r, t in Objective.objects.values_list("plan__key", "ref", "text")}
        assert stored == self.objectives

    @invariant()
    def the_thread_says_what_is_agreed(self) -> None:
        tied = Link.objects.filter(kind="measured_by", valid_to__isnull=True)
        assert {(t.source[10:], t.target[8:]) for t in tied} == self.agreed()

    @invariant()
    def nobody_agreed_with_themselves(self) -> None:
        assert not PromiseMeasure.objects.filter(state="confirmed", by=F("proposed_by")).exists()

    def teardown(self) -> None:
        assert all(self.answer(day) == told for day, told in self.told.items())
        for model in (Evidence, Explanation, PromiseMeasure):
            if model.objects.exists():
                with pytest.raises(DatabaseError), transaction.atomic():
                    model.objects.update(ref="W99")
        transaction.savepoint_rollback(self.point)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_partnership_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDEAVOUR_TODAY", "2026-01-05")
    load_statements("mse", None)
    Person.objects.create(username="a-secretary", role=Role.SECRETARY)
    Person.objects.create(username="an-analyst", role=Role.ANALYST)
    for number in range(2):
        body = Body.objects.create(
            key=f"body-{number}", name=f"Body {number}", legal_form="other", partner_class="other"
        )
        who = Person.objects.create(username=f"a-partner-{number}", role=Role.PARTNER, body=body)
        plans.add_plan(by=who, key=f"plan-{number}", title=f"Plan {number}", owner=body.key)
    Partnership.clock = staticmethod(lambda day: monkeypatch.setenv("ENDEAVOUR_TODAY", day))
    few = settings(
        max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Partnership, settings=few)
