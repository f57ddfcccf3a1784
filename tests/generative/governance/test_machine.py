"""Whatever the secretary does in whatever order: no cycle item is lost, nothing is decided without a quorum, nothing
decided is ever changed, and each open thing of the body has one line in its handover."""

from __future__ import annotations

from datetime import date, timedelta

import hypothesis
import pytest
from django.db import DatabaseError, transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from endeavour.core.accounts import ensure_demo_people
from endeavour.core.models import AuditEntry, Body, Person, Post, Role
from endeavour.core.public import LONDON, now, today
from endeavour.errors import BadInput, Conflict
from endeavour.governance import actions, queries
from endeavour.governance.actions import DecisionWords
from endeavour.governance.models import Decision, Meeting
from integration.governance.conftest import WORDS

HOWS = ["present", "deputy", "present", "apologies", "absent"]


class Partnership(RuleBasedStateMachine):
    """One body of four seats, whose meetings are held, decide and are corrected."""

    def __init__(self) -> None:
        super().__init__()
        self.saved = transaction.atomic()
        self.saved.__enter__()
        self.decided: dict[str, str] = {}
        self.quorate: dict[str, set[str]] = {}
        self.acted = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.saved.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        ensure_demo_people()
        self.who = Person.objects.get(role=Role.SECRETARY)
        self.body = Body.objects.create(
            key="icp",
            name="ICP",
            short_name="ICP",
            legal_form="statutory_committee",
            partner_class="partnership",
        )
        self.seats = [Post.objects.create(key=f"s{n}", body=self.body, title=f"Seat {n}") for n in range(4)]
        self.first = {(f.subject, f.words.partition(":")[2]) for f in queries.business_cycle(today())}
        self.asked = len(queries.business_cycle(today()))

    @property
    def meetings(self) -> list[Meeting]:
        return list(Meeting.objects.filter(key__in=self.quorate).order_by("pk"))

    @rule(days=st.integers(1, 40))
    def hold(self, days: int) -> None:
        started = now() - timedelta(days=days)
        key = actions.meetings.meeting_key(self.body, started.astimezone(LONDON).date())
        if key in self.quorate:
            with pytest.raises(Conflict):
                self._call(days)
            return
        meeting = self._call(days)
        waiting = {f.subject for f in queries.business_cycle(today()) if f.state != "met"}
        items = actions.draft_agenda(by=self.who, meeting=meeting)
        assert {item.subject for item in items if item.origin == "cycle"} == waiting, (
            "none is gathered or lost"
        )
        self.quorate[meeting.key] = set()

    def _call(self, days: int) -> Meeting:
        return actions.call_meeting(
            by=self.who,
            body=self.body,
            title="",
            starts_at=now() - timedelta(days=days),
            minutes=60,
            place="Hall",
        )

    @precondition(lambda self: self.quorate)
    @rule(data=st.data(), filled=st.sets(st.integers(0, 3), min_size=1), how=st.sampled_from(HOWS))
    def attend(self, data: st.DataObject, filled: set[int], how: str) -> None:
        meeting = data.draw(st.sampled_from(self.meetings))
        if any(d.item.meeting_id == meeting.pk for d in Decision.objects.select_related("item")):
            return  # the record of a meeting that decided is left as it is
        for seat in (self.seats[n] for n in filled):
            actions.record_attendance(by=self.who, meeting=meeting, post=seat, how=how)
            (set.add if how in HOWS[:3] else set.discard)(self.quorate[meeting.key], seat.key)

    @precondition(lambda self: self.quorate)
    @rule(data=st.data(), origin=st.sampled_from(["cycle", "duty", "standing"]), undo=st.booleans())
    def decide(self, data: st.DataObject, origin: str, undo: bool) -> None:
        meeting = queries.meeting(data.draw(st.sampled_from(sorted(self.quorate))))
        item = next((i for i in meeting.items.all() if i.origin == origin), meeting.items.all()[0])
        standing = [d for d in queries.decisions() if d.item.meeting_id == meeting.pk]
        earlier = standing[0] if undo and standing else None
        words = DecisionWords(**{**WORDS.__dict__, "decided": f"Decision {len(self.decided)}"})
        give = {"by": self.who, "item": item, "words": words, "supersedes": earlier}
        if len(self.quorate[meeting.key]) < 3:
            with pytest.raises(Conflict, match="without a quorum"):
                actions.record_decision(**give)  # type: ignore[arg-type]
            return
        made = actions.record_decision(**give)  # type: ignore[arg-type]
        assert made.key not in self.decided
        self.decided[made.key] = words.decided
        if earlier:
            with pytest.raises(Conflict, match="already superseded"):
                actions.record_decision(**give)  # type: ignore[arg-type]

    @rule(data=st.data(), place=st.one_of(st.none(), st.integers(1, 30)))
    def rearrange(self, data: st.DataObject, place: int | None) -> None:
        coming = Meeting.objects.filter(starts_at__gt=now()).first()
        if coming is None:
            coming = self._call(-30)
            actions.draft_agenda(by=self.who, meeting=coming)
        item = data.draw(st.sampled_from(list(coming.items.order_by("number"))))
        before = item.place
        try:
            actions.arrange_item(by=self.who, item=item, place=place, why="So agreed")
        except BadInput:
            assert item.place == before
        places = coming.items.filter(place__isnull=False).order_by("place").values_list("place", flat=True)
        assert list(places) == list(range(1, len(places) + 1))

    @precondition(lambda self: self.decided)
    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        decision = queries.decision(data.draw(st.sampled_from(sorted(self.decided))))
        actions.add_action(
            by=self.who, decision=decision, words="Do it", owner=self.body, due_on=date(2027, 1, 1)
        )
        self.acted += 1

    @precondition(lambda self: self.decided)
    @rule(sql=st.sampled_from(["update", "delete"]))
    def tamper(self, sql: str) -> None:
        found = Decision.objects.all()
        deed = (
            (lambda: found.update(decided="Changed"))
            if sql == "update"
            else (lambda: found._raw_delete(found.db))
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()

    @rule(words=st.sampled_from([" ", "reason", "effect_inequality"]))
    def say_too_little(self, words: str) -> None:
        if not self.quorate or not words.strip():
            return
        meeting = queries.meeting(sorted(self.quorate)[0])
        less = DecisionWords(**{**WORDS.__dict__, words: " "})
        with pytest.raises(BadInput):
            actions.record_decision(by=self.who, item=meeting.items.all()[0], words=less)

    @invariant()
    def no_cycle_item_is_lost(self) -> None:
        if not hasattr(self, "asked"):
            return
        found = queries.business_cycle(today())
        assert len(found) == self.asked
        met = [f for f in found if f.state == "met"]
        assert all(f.because[0].partition(":")[2] in self.decided for f in met)
        if not self.decided:
            assert not met

    @invariant()
    def what_was_decided_stays(self) -> None:
        assert dict(Decision.objects.values_list("key", "decided")) == self.decided
        assert AuditEntry.objects.filter(action="governance.record_decision").count() == len(self.decided)

    @invariant()
    def the_handover_holds_each_open_thing_once(self) -> None:
        if not hasattr(self, "body"):
            return
        rows = queries.handover("icp", today()).rows
        assert len({row.subject for row in rows}) == len(rows)
        actions_open = [row for row in rows if row.kind == "action"]
        standing = {d.key for d in queries.decisions()}
        mine = [a for a, _ in queries.open_actions(today())]
        assert len(actions_open) == len(mine) <= self.acted
        assert {a.decision.key for a in mine} <= standing
        assert {row.subject for row in rows if row.kind == "seat"} == {f"post:{s.key}" for s in self.seats}


@pytest.mark.django_db
def test_no_order_of_deeds_breaks_the_promises_of_governance() -> None:
    settings = hypothesis.settings(max_examples=15, stateful_step_count=16, deadline=None)
    run_state_machine_as_test(Partnership, settings=settings)
