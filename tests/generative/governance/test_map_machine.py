"""Whoever comes, withdraws or is followed, in whatever order: a seat nobody holds is always a fault of the map, a route
is silent exactly when it is, past days keep their answer, and what an ending body owes never loses or changes its heir."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import hypothesis
import pytest
from django.db import transaction
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
from endeavour.core.models import Body, Membership, Person, Post, Role, Route, Succession
from endeavour.core.public import LONDON, today
from endeavour.errors import BadInput, Conflict
from endeavour.governance import actions, queries

CADENCE = 10
AGO = st.integers(0, 30)


class Map(RuleBasedStateMachine):
    """A board with three seats, two forums that feed it and are fed, and a register of what they share."""

    def __init__(self) -> None:
        super().__init__()
        self.saved = transaction.atomic()
        self.saved.__enter__()
        self.day = today()
        self.holding: dict[str, list[tuple[date, date | None]]] = {}
        self.sent: dict[str, date] = {}
        self.named: dict[str, str] = {}
        self.heirs: list[str] = []
        self.shared: set[str] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.saved.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        ensure_demo_people()
        self.who = Person.objects.get(role=Role.SECRETARY)
        self.board, self.assembly, self.network = (
            Body.objects.create(
                key=key,
                name=key,
                legal_form="forum",
                partner_class="partnership",
                valid_from=date(2022, 7, 1),
            )
            for key in ("board", "assembly", "network")
        )
        for n in range(3):
            post = Post.objects.create(key=f"seat-{n}", body=self.board, title=f"Seat {n}")
            self.holding[post.key] = []
        for source, target in (("assembly", "board"), ("board", "assembly"), ("network", "board")):
            Route.objects.create(
                kind="feeds", source=Body.objects.get(key=source), target=Body.objects.get(key=target), owner="Us",
                cadence_days=CADENCE,
            )  # fmt: skip
        self.routes = [row.name for row in queries.routes(self.day)]

    def _held(self, seat: str, day: date) -> bool:
        return any(start <= day and (end is None or day < end) for start, end in self.holding[seat])

    def _end(self, seat: str, on: date) -> bool:
        held = self._held(seat, on)
        self.holding[seat] = [
            (start, on if start <= on and (end is None or on < end) else end)
            for start, end in self.holding[seat]
        ]
        return held

    @rule(n=st.integers(0, 2), ago=AGO)
    def come(self, n: int, ago: int) -> None:
        seat, on = f"seat-{n}", self.day - timedelta(days=ago)
        post = Post.objects.get(key=seat)
        if any(start >= on for start, _ in self.holding[seat]):
            with pytest.raises(Conflict):
                actions.fill_seat(by=self.who, post=post, holder="Somebody", on=on)
            return
        actions.fill_seat(by=self.who, post=post, holder="Somebody", on=on)
        self._end(seat, on)
        self.holding[seat].append((on, None))

    @rule(n=st.integers(0, 2), ago=AGO)
    def withdraw(self, n: int, ago: int) -> None:
        seat, on = f"seat-{n}", self.day - timedelta(days=ago)
        post = Post.objects.get(key=seat)
        if any(start >= on for start, _ in self.holding[seat]):
            with pytest.raises(Conflict):
                actions.empty_seat(by=self.who, post=post, on=on)
        elif not self._held(seat, on):
            with pytest.raises(BadInput):
                actions.empty_seat(by=self.who, post=post, on=on)
        else:
            actions.empty_seat(by=self.who, post=post, on=on)
            assert self._end(seat, on)

    @rule(n=st.integers(0, 2), ago=st.integers(-2, 30))
    def send(self, n: int, ago: int) -> None:
        name, on = self.routes[n], self.day - timedelta(days=ago)
        source, kind, target = name.split("/")
        given = {"source": source, "kind": kind, "target": target, "words": "News",
                 "happened_at": datetime.combine(on, time(12), tzinfo=LONDON)}  # fmt: skip
        if ago < 0:
            with pytest.raises(BadInput):
                actions.record_message(by=self.who, **given)  # type: ignore[arg-type]
            return
        actions.record_message(by=self.who, **given)  # type: ignore[arg-type]
        self.sent[name] = max(on, self.sent.get(name, on))

    @precondition(lambda self: len(self.shared) < 3)
    @rule()
    def share(self) -> None:
        made = actions.agree_data(
            by=self.who, title=f"Data {len(self.shared)}", controller=self.board, parties=[self.network], purpose="p",
            lawful_basis="l", data="d", mode="named", starts_on=self.day, review_on=self.day + timedelta(days=365), source="s",
        )  # fmt: skip
        self.shared.add(f"agreement:{made.key}")

    @precondition(lambda self: len(self.heirs) < 2)
    @rule()
    def follow(self) -> None:
        heir = Body.objects.create(
            key=f"heir-{len(self.heirs)}", name="Heir", legal_form="forum", partner_class="partnership",
            valid_from=self.day + timedelta(days=1),
        )  # fmt: skip
        Succession.objects.create(predecessor=self.board, successor=heir, on=heir.valid_from)
        self.heirs.append(heir.key)

    @rule(data=st.data(), nobody=st.booleans())
    def name(self, data: st.DataObject, nobody: bool) -> None:
        subject = data.draw(
            st.sampled_from([row.subject for row in queries.handover("board", self.day).rows])
        )
        heir = None if nobody or not self.heirs else Body.objects.get(key=self.heirs[-1])
        actions.name_heir(by=self.who, body=self.board, subject=subject, heir=heir, words="So agreed")
        self.named[subject] = heir.key if heir else ""

    @invariant()
    def a_seat_is_vacant_exactly_when_nobody_holds_it(self) -> None:
        if not self.holding:
            return
        for ago in (0, 7, 30):
            day = self.day - timedelta(days=ago)
            faults = queries.board_map_faults(day)
            vacant = {f.subject.removeprefix("post:") for f in faults if f.state == "vacant"}
            assert vacant == {seat for seat in self.holding if not self._held(seat, day)}, ago
        for seat in self.holding:
            assert Membership.objects.filter(post__key=seat, valid_to__isnull=True).count() <= 1

    @invariant()
    def a_route_is_silent_exactly_past_its_cadence_and_the_past_keeps_its_answer(self) -> None:
        if not self.holding:
            return
        silent = {
            f.subject.removeprefix("route:")
            for f in queries.board_map_faults(self.day)
            if f.state == "silent"
        }
        late = {n for n in self.routes if n not in self.sent or (self.day - self.sent[n]).days > CADENCE}
        assert silent == late
        yesterday = queries.board_map_faults(self.day - timedelta(days=1))
        known = {f.words for f in yesterday if f.state == "silent"}
        assert known == {"No message has been recorded on this route."}, "recorded today, unknown yesterday"

    @invariant()
    def each_open_thing_has_one_line_and_the_heir_last_named(self) -> None:
        if not self.holding:
            return
        rows = {row.subject: row for row in queries.handover("board", self.day).rows}
        assert {s for s in rows if s.startswith("post:")} == {f"post:{seat}" for seat in self.holding}
        assert {s for s in rows if s.startswith("route:")} == {f"route:{name}" for name in self.routes}
        assert {s for s in rows if s.startswith("agreement:")} == self.shared
        proposed = self.heirs[0] if len(self.heirs) == 1 else ""
        for subject, row in rows.items():
            assert row.heir == self.named.get(subject, proposed), subject


@pytest.mark.django_db
def test_no_order_of_comings_and_goings_loses_a_fault_or_an_heir() -> None:
    settings = hypothesis.settings(max_examples=12, stateful_step_count=12, deadline=None)
    run_state_machine_as_test(Map, settings=settings)
