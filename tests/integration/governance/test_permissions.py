"""Every action of governance, tried by every role: a row for each, and no action without one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from endeavour.core.models import AuditEntry, Body, Person, Role, Route
from endeavour.core.public import now, rules, today
from endeavour.errors import Forbidden, UserError
from endeavour.governance import actions
from endeavour.governance.models import Decision, Escalation, Meeting, Paper
from endeavour.governance.registers import REGISTERS
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db
DESK = frozenset({"secretary", "administrator"})
PARTNERS = DESK | {"partner"}
CARE = PARTNERS | {"practitioner"}
ANYBODY = frozenset(role.value for role in Role)
# Who may do each action, and what the action needs beside `by`; the names in braces are filled in by `world`.
TABLE: dict[str, tuple[frozenset[str], dict[str, object]]] = {
    "add_action": (DESK, {"decision": "{decision}", "words": "Do", "owner": "{icp}", "due_on": today()}),
    "add_item": (DESK, {"meeting": "{coming}", "title": "Falls"}),
    "add_paper": (PARTNERS, {"item": "{item}", "title": "A paper", "content": b"%PDF-"}),
    "agree_data": (DESK, {"title": "A", "controller": "{icp}", "parties": [], "purpose": "p", "lawful_basis": "l", "data": "d", "mode": "named", "starts_on": today(), "review_on": today(), "source": "s"}),
    "agree_document": (DESK, {"body": "{icp}", "kind": "values", "words": "w", "agreed_on": today(), "review_on": today() + timedelta(9)}),
    "answer_escalation": (CARE, {"escalation": "{worry}", "answered_at": now(), "words": "w"}),
    "arrange_item": (DESK, {"item": "{next item}", "place": None, "why": "w"}),
    "call_meeting": (DESK, {"body": "{icp}", "title": "", "starts_at": now() + timedelta(days=40), "minutes": 60, "place": "Hall"}),
    "cancel_meeting": (DESK, {"meeting": "{coming}", "why": "Snow"}),
    "carry_paper": (PARTNERS, {"paper": "{paper}", "item": "{item}"}),
    "contribute": (ANYBODY, {"words": "Why?"}),
    "declare_interest": (DESK, {"post": "{seat}", "holder": "A", "words": "w", "declared_on": today()}),
    "draft_agenda": (DESK, {"meeting": "{coming}"}),
    "drop_draft": (PARTNERS, {"form": "/meetings/new"}),
    "empty_seat": (DESK, {"post": "{seat}", "on": today()}),
    "fill_seat": (DESK, {"post": "{seat}", "holder": "A", "on": today()}),
    "give_notice": (DESK, {"meeting": "{coming}"}),
    "import_rows": (DESK, {"kind": "meetings", "text": "body,day,time,place\nicp,2027-09-02,14:00,Hall\n"}),
    "keep_draft": (PARTNERS, {"form": "/meetings/new", "values": {"a": "b"}}),
    "keep_register": (DESK, {"register": "risks", "title": "A", "body": "{icp}", "answers": {}, "starts_on": today(), "review_on": today(), "source": "s"}),
    "name_heir": (DESK, {"body": "{icp}", "subject": "post:seat-0", "heir": None, "words": "w"}),
    "propose_membership": (DESK, {"body": "{icp}", "title": "A", "rules": "r", "seats": [], "source": "s"}),
    "publish_agenda": (DESK, {"meeting": "{coming}"}),
    "publish_minutes": (DESK, {"meeting": "{held}", "words": "w"}),
    "raise_escalation": (CARE, {"route": "{route}", "reference": "A-1", "raised_at": now()}),
    "record_attendance": (DESK, {"meeting": "{held}", "post": "{seat}", "how": "present"}),
    "record_consultation": (DESK, {"paper": "{paper}", "body": "{icp}", "happened_on": today(), "words": "w"}),
    "record_decision": (DESK, {"item": "{item}", "words": WORDS}),
    "record_duty_evidence": (DESK, {"duty": "involve", "kind": "involvement", "happened_on": today(), "words": "w"}),
    "record_message": (PARTNERS, {"source": "n0", "kind": "feeds", "target": "icp", "happened_at": now(), "words": "w"}),
    "record_outreach": (DESK, {"group": "schools", "happened_on": today(), "words": "w"}),
    "reply": (DESK, {"contribution": "{said}", "outcome": "answered", "words": "w"}),
    "report_action": (PARTNERS, {"action": "{action}", "happened_on": today(), "words": "w"}),
    "resolve_paper": (DESK, {"paper": "{paper}", "outcome": "noted", "words": "w"}),
    "set_up_body": (DESK, {"template": "community-assembly"}),
    "sign_compact": (frozenset({"partner"}), {"version": 1, "name": "A", "offers": "o", "needs": "n"}),
}  # fmt: skip
# Addresses confirm and leave by the key in their own e-mail: nobody signs in for it.
BY_NOBODY = {"subscribe", "confirm_subscription", "unsubscribe", "send_digests", "raise_late"}
# The demonstration is made of other actions, each of which asks for itself.
NOT_WRITES = {"item_entry", "read_rows", "seats_of", "illustrate"}


def writes() -> dict[str, Callable[..., object]]:
    return {n: f for n, f in vars(actions).items() if inspect.isfunction(f) and n not in NOT_WRITES}


def test_every_action_has_its_row_and_every_rule_is_used() -> None:
    assert set(writes()) == set(TABLE) | BY_NOBODY
    assert {n for n, f in writes().items() if "by" in inspect.signature(f).parameters} == set(TABLE)
    asked = "".join(inspect.getsource(inspect.getmodule(f)) for f in writes().values())  # type: ignore[arg-type]
    unused = {n for n in rules() if n.startswith("governance.") and f'"{n}"' not in asked}
    assert unused == set()


@pytest.fixture
def world(secretary: Person, held: Meeting) -> dict[str, object]:
    icp = Body.objects.get(key="icp")
    Route.objects.create(kind="feeds", source=Body.objects.get(key="n0"), target=icp)
    Person.objects.filter(role__in=[Role.PARTNER, Role.PRACTITIONER]).update(body=Body.objects.get(key="n0"))
    route = actions.keep_register(
        by=secretary, register="safeguarding-routes", title="A route", body=Body.objects.get(key="n0"), other=icp,
        answers={"when": "w", "within": "4 hours", "unanswered": "u"}, starts_on=today(),
        review_on=today() + timedelta(9), source="s",
    )  # fmt: skip
    worry = Escalation.objects.create(
        route=route.key, body=icp, other=Body.objects.get(key="n0"), reference="A-0", raised_at=now() - timedelta(hours=1),
        answer_by=now() + timedelta(hours=1),
    )  # fmt: skip
    decision: Decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    action = actions.add_action(
        by=secretary, decision=decision, words="Do", owner=Body.objects.get(key="n0"), due_on=today()
    )
    coming = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now() + timedelta(days=30), minutes=60, place="Hall"
    )
    seat = icp.posts.order_by("pk")[0]
    paper = Paper.objects.create(
        item=held.items.all()[2], title="A paper", media_type="application/pdf", bytes=1, sha256="a"
    )
    return {
        "{route}": route.key, "{worry}": worry, "{next item}": actions.add_item(by=secretary, meeting=coming, title="A"),
        "{icp}": icp, "{held}": held, "{item}": held.items.all()[1], "{decision}": decision, "{action}": action,
        "{coming}": coming, "{seat}": seat, "{paper}": paper, "{said}": actions.contribute(by=None, words="Why?"),
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(TABLE))
def test_who_may_do_each_action(world: dict[str, object], name: str) -> None:
    allowed, given = TABLE[name]
    filled = {
        key: world.get(value, value) if isinstance(value, str) else value for key, value in given.items()
    }
    before = AuditEntry.objects.count()
    for role in Role:
        person = Person.objects.filter(role=role).first()
        assert person is not None, role
        if role.value in allowed:
            with transaction.atomic():
                try:
                    writes()[name](by=person, **filled)
                except Forbidden as refused:
                    pytest.fail(f"{role} may {name}, and was refused: {refused}")
                except UserError:
                    pass  # the state of things forbids it; the role did not
                transaction.set_rollback(True)
        else:
            with pytest.raises(Forbidden):
                writes()[name](by=person, **filled)
    assert AuditEntry.objects.count() == before
    if allowed != ANYBODY:
        with pytest.raises(Forbidden):
            writes()[name](by=None, **filled) if name != "import_rows" else writes()[name](
                by=Person(role=Role.RESIDENT), **filled
            )


# Who may keep which entry: the register, whose body it lies with ('own' or 'other'), and each role that signs in for n0.
KEEPS: dict[tuple[str, str], frozenset[str]] = {
    (register.key, whose): PARTNERS if register.by_partners and whose == "own" else DESK
    for register in REGISTERS.values()
    for whose in ("own", "other")
}


def test_partners_keep_five_registers_of_their_own_and_no_other() -> None:
    assert {key for key, kind in REGISTERS.items() if kind.by_partners} == {
        "shared-things", "trials", "anchors", "funding-of-groups", "conversations"
    }  # fmt: skip


@pytest.mark.parametrize(("register", "whose"), sorted(KEEPS))
def test_who_may_keep_each_register_for_whom(secretary: Person, icp: Body, register: str, whose: str) -> None:
    own, other = Body.objects.get(key="n0"), Body.objects.get(key="n1")
    Person.objects.exclude(role__in=[Role.SECRETARY, Role.ADMINISTRATOR]).update(body=own)
    kind = REGISTERS[register]
    given = {
        "register": register, "title": "A", "body": own if whose == "own" else other,
        "other": icp if kind.other else None, "starts_on": today(), "review_on": today() + timedelta(9),
        "source": "s", "answers": {q.name: "120" if q.pounds else "4 hours" for q in kind.questions},
    }  # fmt: skip
    for role in Role:
        person = Person.objects.filter(role=role).first()
        assert person is not None, role
        if role.value in KEEPS[register, whose]:
            with transaction.atomic():
                assert actions.keep_register(by=person, **given).version == 1  # type: ignore[arg-type]
                transaction.set_rollback(True)
        else:
            with pytest.raises(Forbidden):
                actions.keep_register(by=person, **given)  # type: ignore[arg-type]
    assert not AuditEntry.objects.filter(action="governance.keep_register").exists()
