"""The registers: what partners owe, who may decide, where worries go, where people could fall, what is stopped."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client

from endeavour.core.loading import load_pack
from endeavour.core.models import AuditEntry, Body, Person, Role, Route
from endeavour.core.public import issue_token, today
from endeavour.errors import BadInput, Conflict, Forbidden, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.definitions import read_definition
from endeavour.governance.definitions_registers import Entries, named_entries
from endeavour.governance.models import Meeting, RegisterEntry
from endeavour.governance.registers import REGISTERS, STATES
from endeavour.pack import Pack
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db
RISK = {"happens": "Nobody is told", "harms": "Older people", "eased": "A call", "sign": ""}


@pytest.fixture
def real(secretary: Person) -> Person:
    load_pack(Pack.open("mse"), by=None)
    return secretary


def keep(by: Person, **other: object) -> RegisterEntry:
    given = {
        "register": "risks", "title": "Home on a Friday", "body": Body.objects.get(key="mseft"),
        "other": Body.objects.get(key="eput"), "answers": RISK, "starts_on": today(),
        "review_on": today() + timedelta(days=365), "source": "Board paper",
    }  # fmt: skip
    return actions.keep_register(by=by, **{**given, **other})  # type: ignore[arg-type]


def states(day: date, register: str) -> dict[str, list[str]]:
    return {row.kept.key: [f.state for f in row.findings] for row in queries.entries(day, register)}


def test_what_the_pack_names_answers_every_question_lies_with_bodies_and_is_marked_illustrative(
    real: Person,
) -> None:
    known = set(Body.objects.values_list("key", flat=True))
    named = named_entries(settings.PACK)
    assert {kept.register for kept in named} == set(REGISTERS), "each register is shown at work"
    for kept in named:
        kind = REGISTERS[kept.register]
        assert set(kept.everybody) <= known, kept.key
        assert (
            {q.name for q in kind.questions if q.needed}
            <= set(kept.answers)
            <= {q.name for q in kind.questions}
        )
        assert bool(kept.other) or not kind.between, kept.key
        assert kept.is_illustrative is kept.source.startswith("Illustrative."), kept.key
        assert kept.is_illustrative or kept.source.startswith("Strategy 2022, section"), kept.key


def test_each_register_is_judged_on_any_day(real: Person) -> None:
    now = date(2026, 11, 22)
    assert states(now, "risks") == {
        "home-from-hospital": ["no_route", "review_due"],
        "child-to-adult-services": ["no_route"],
    }
    assert states(now, "stop-list") == {"one-off-leaflets": ["no_decision", "review_due"]}
    assert states(now, "delegations") == {"small-help-at-once": ["review_missed"]}
    assert states(date(2024, 3, 1), "delegations") == {"small-help-at-once": ["not_started"]}
    assert states(date(2024, 6, 1), "delegations") == {"small-help-at-once": ["in_force"]}
    assert states(now, "shared-things") == {
        "surgery-rooms-at-weekends": ["review_missed"],
        "community-minibus": ["in_force"],
        "library-meeting-room": ["in_force"],
    }
    assert states(now, "hand-offs") == {"ward-to-home-care": ["no_route"]}
    assert states(now, "joint-arrangements") == {
        "equipment-at-home": ["party_ended", "no_decision", "review_missed"]
    }
    assert states(now, "shared-risks-of-money") == {"equipment-at-home-overspend": ["no_decision"]}
    assert states(now, "trials") == {"evening-vaccination-bus": ["expired"]}
    assert states(now, "mobilisation") == {"cold-week": ["review_missed"]}
    assert {f for found in states(now, "assurance").values() for f in found} <= set(STATES)


def test_a_risk_lies_on_a_hand_off_and_asks_for_its_route(real: Person) -> None:
    made = keep(real)
    assert states(today(), "risks")[made.key] == ["no_route"]
    Route.objects.create(kind="feeds", source=made.other, target=made.body)
    assert states(today(), "risks")[made.key] == ["in_force"]
    alone = keep(real, title="Too few nurses", other=None)
    assert states(today(), "risks")[alone.key] == ["in_force"], "one that lies with a body asks for no route"


def test_an_entry_of_a_register_no_longer_kept_here_is_left_out(real: Person) -> None:
    RegisterEntry.objects.create(
        register="compact", key="old", version=1, title="Old", body=Body.objects.get(key="mseft"), answers={},
        starts_on=today(), review_on=today() + timedelta(days=9), source="s",
    )  # fmt: skip
    assert "old" not in {row.kept.key for row in queries.entries(today())}


def test_what_is_kept_of_a_judgement_goes_when_anything_it_rests_on_changes(real: Person) -> None:
    """Rows are kept between two looks: a version, a closing, a name and a route each change the next look."""
    made = keep(real)
    assert states(today(), "risks")[made.key] == ["no_route"]
    assert queries.entries(today(), "risks") is not queries.entries(today(), "risks"), "nobody shares a list"
    Route.objects.create(kind="feeds", source=made.body, target=made.other)
    assert states(today(), "risks")[made.key] == ["in_force"]
    Body.objects.filter(key="mseft").update(name="A new name")
    assert queries.register_entry("risks", made.key, today()).body == "A new name"
    keep(real, key=made.key, other=None, title="Home on a Sunday")
    assert queries.register_entry("risks", made.key, today()).kept.title == "Home on a Sunday"
    Body.objects.filter(key="mseft").update(valid_to=today())
    assert states(today(), "risks")[made.key] == ["party_ended"]


def test_a_long_title_still_has_a_name_in_the_thread(real: Person) -> None:
    made = keep(real, title="What could happen " * 11)
    assert queries.register_entry("risks", made.key, today()).kept.version == 1
    again = keep(real, title="What could happen " * 11, key=made.key)
    assert again.version == 2


def test_what_is_stopped_names_its_decision_and_stands_in_its_thread(
    secretary: Person, held: Meeting, client: Client
) -> None:
    decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    said = {"what": "Leaflets", "evidence": "Nobody read one", "instead": "Calls", "people": "Calls"}
    icp = Body.objects.get(key="icp")
    made = keep_stop(secretary, icp, said, None)
    assert states(today(), "stop-list")[made.key] == ["no_decision"]
    keep_stop(secretary, icp, said, decision, key=made.key)
    assert states(today(), "stop-list")[made.key] == ["in_force"]
    assert "Leaflets" in client.get(f"/registers/stop-list/{made.key}").content.decode()
    onward = client.get(f"/thread/register/stop-list/{made.key}")
    assert WORDS.title in onward.content.decode()


def keep_stop(by: Person, body: Body, said: dict[str, str], decision: object, key: str = "") -> RegisterEntry:
    return actions.keep_register(
        by=by, register="stop-list", title="Leaflets", body=body, answers=said, starts_on=today(),
        review_on=today() + timedelta(days=90), source="Minutes", decision=decision, key=key,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_review_is_a_version_and_the_past_keeps_its_answer(real: Person) -> None:
    made = keep(real, starts_on=today() - timedelta(days=800), review_on=today() - timedelta(days=1))
    assert "review_missed" in states(today(), "risks")[made.key]
    keep(real, key=made.key, starts_on=made.starts_on, other=None)
    row = queries.register_entry("risks", made.key, today())
    assert (row.state, row.kept.version, len(row.versions)) == ("In force", 2, 2)
    assert made.key not in states(today() - timedelta(days=1), "risks")
    audited = AuditEntry.objects.filter(
        action="governance.keep_register", subject=f"register:risks/{made.key}"
    )
    assert audited.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterEntry.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": " "}, "What is it called"),
        ({"answers": {}}, "What could happen"),
        ({"source": ""}, "Where can it be checked"),
        ({"review_on": date(2020, 1, 1)}, "review must come after"),
        ({"ends_on": date(2020, 1, 1)}, "cannot end before"),
        ({"key": "nothing-known"}, "no entry"),
        ({"register": "delegations", "other": None, "answers": dict.fromkeys(("scope", "limit", "outcome", "told"), "x")}, "Who handed it"),
        ({"register": "stop-list", "answers": dict.fromkeys(("what", "evidence", "instead", "people"), "x")}, "lies with one body"),
    ],
)  # fmt: skip
def test_half_an_entry_is_refused(real: Person, given: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        keep(real, **given)
    assert not RegisterEntry.objects.exists()


def test_what_has_closed_is_taken_or_unknown_is_refused(real: Person) -> None:
    with pytest.raises(Conflict, match="did not exist"):
        keep(real, other=Body.objects.get(key="icb"))
    keep(real)
    for title in ("Home on a Friday", "New"):
        with pytest.raises(Conflict, match="is known"):
            keep(real, title=title)
    with pytest.raises(BadInput, match="choose another"):
        keep(real, title="Alone", other=Body.objects.get(key="mseft"))
    with pytest.raises(NotFound, match="no register"):
        keep(real, register="wishes")


def test_form_file_desk_and_interface_say_the_same(client: Client, desk: Client, real: Person) -> None:
    form = {
        "title": "Home on a Friday", "body": "mseft", "other": "eput", **{f"q-{k}": v for k, v in RISK.items()}, "decision": "",
        "starts_on": "2026-01-01", "ends_on": "", "review_on": "2027-01-01", "source": "Register", "_check": "yes",
    }  # fmt: skip
    assert desk.post("/registers/risks/new", {**form, "q-harms": ""}).status_code == 422
    assert "Check your answers" in desk.post("/registers/risks/new", form).content.decode()
    del form["_check"]
    see = desk.post("/registers/risks/new", form).headers["Location"]
    assert see == "/registers/risks/home-on-a-friday"
    assert "no route between the two" in desk.get(see).content.decode()
    assert "Older people" in desk.get("/registers/risks/new?key=home-on-a-friday").content.decode()
    lines = client.get("/registers/risks.csv").content.decode().splitlines()
    told = client.get("/api/governance/registers/risks").json()
    assert len(lines) - 1 == len(told) == 3
    assert "Home on a Friday" in desk.get("/desk/today").content.decode()
    assert "made up to show" in client.get("/registers/stop-list").content.decode()
    for address in REGISTERS:
        assert client.get(f"/registers/{address}").status_code == 200
    for unknown in (
        "/registers/wishes",
        "/registers/wishes.csv",
        "/registers/risks/nothing",
        "/api/governance/registers/wishes",
    ):
        assert client.get(unknown).status_code == 404, unknown


MONEY = {
    "pounds": "80000",
    "span": "Each year",
    "from": "Winter beds",
    "to": "Balance classes",
    "shaped": "Carers",
}
"""A sum that a decision moved."""


def test_a_decision_tells_what_money_it_moved_and_whose_words_shaped_it(
    client: Client, held: Meeting, real: Person
) -> None:
    decision = actions.record_decision(by=real, item=held.items.all()[0], words=WORDS)
    page, address = f"/decision/{decision.key}", f"/api/governance/decisions/{decision.key}"
    assert "Money that it moved" not in client.get(page).content.decode()
    assert client.get(address).json()["money"] == []
    for sum_ in ("a lot", "-5", "0", "1,20"):
        with pytest.raises(BadInput, match="Write a sum in pounds"):
            keep(real, register="money-moved", title="Beds", answers={**MONEY, "pounds": sum_})
    unsaid = keep(real, register="money-moved", title="Nobody decided", answers=MONEY)
    assert states(today(), "money-moved")[unsaid.key] == ["no_decision"]
    kept = keep(real, register="money-moved", title="From beds", answers=MONEY, decision=decision)
    told = client.get(page).content.decode()
    assert "£80,000" in told
    assert "Winter beds" in told
    assert "Carers" in told
    [money] = client.get(address).json()["money"]
    assert (money["pounds"], money["taken_from"], money["goes_to"]) == (
        "80000",
        "Winter beds",
        "Balance classes",
    )
    assert client.get(money["see"]).status_code == 200
    for listed in ("/registers/money-moved", money["see"]):
        assert "£80,000" in client.get(listed).content.decode()
    assert "£80,000. Each year." in client.get("/registers/money-moved").content.decode()
    lines = client.get("/registers/money-moved.csv").content.decode().splitlines()
    assert any("80000" in line and decision.key in line for line in lines)
    taken_back = keep(real, register="money-moved", title="From beds", answers=MONEY, key=kept.key)
    assert taken_back.version == 2
    assert "Money that it moved" not in client.get(page).content.decode(), (
        "the newest version names no decision"
    )


def test_what_crosses_a_border_lies_with_a_neighbour(real: Person) -> None:
    flow = {
        "crosses": "People of Tilbury",
        "agreed": "Each tells the other",
        "many": "",
        "same": "",
        "learnt": "",
    }
    with pytest.raises(BadInput, match="With which neighbouring system"):
        keep(real, register="across-borders", title="Tilbury", other=None, answers=flow)
    neighbour = Body.objects.get(key="ics-north-east-london")
    kept = keep(real, register="across-borders", title="Tilbury", other=neighbour, answers=flow)
    assert states(today(), "across-borders")[kept.key] == ["in_force"]


ROOM = {"what": "A hall for sixty", "where": "High Street", "free": "Evenings", "ask": "Front desk", "terms": "Free", "used": ""}  # fmt: skip


@pytest.fixture
def member(real: Person) -> Person:
    """Somebody who signs in for a hospital trust."""
    member = Person.objects.get(role=Role.PARTNER)
    member.body = Body.objects.get(key="mseft")
    member.save(update_fields=["body"])
    return member


def room(by: Person, **other: object) -> RegisterEntry:
    given = {"register": "shared-things", "title": "The hall", "other": None, "answers": ROOM}
    return keep(by, **{**given, **other})


def test_a_partner_lists_and_changes_what_is_its_own_through_page_and_api(
    client: Client, real: Person, member: Person
) -> None:
    client.force_login(member)
    assert "Record something to share" in client.get("/registers/shared-things").content.decode()
    assert "Record a risk" not in client.get("/registers/risks").content.decode()
    page = client.get("/registers/shared-things/new").content.decode()
    assert "Mid and South Essex NHS Foundation Trust" in page
    assert page.count('value="mseft"') == page.count('value="eput"') + 1, (
        "only its own is offered as its owner"
    )
    assert "By which decision" not in page
    form = {"title": "The hall", "body": "mseft", **{f"q-{k}": v for k, v in ROOM.items()}, "starts_on": "2026-01-01",
            "ends_on": "", "review_on": "2027-01-01", "source": "Estates list"}  # fmt: skip
    sent = client.post("/registers/shared-things/new", form)
    assert sent.headers["Location"] == "/registers/shared-things/the-hall"
    assert "Record its review" in client.get("/registers/shared-things/the-hall").content.decode()
    again = client.post("/registers/shared-things/new?key=the-hall", {**form, "q-free": "Mornings"})
    assert again.status_code == 302
    assert queries.register_entry("shared-things", "the-hall", today()).kept.version == 2
    assert (
        client.post("/registers/shared-things/new", {**form, "title": "B", "body": "eput"}).status_code == 422
    )
    assert client.get("/registers/risks/new").status_code == 403
    _, secret = issue_token(by=member, person=member, name="estates system", scopes=["governance"])
    headers = {"Authorization": f"Bearer {secret}"}
    sent = {
        "title": "The minibus", "body": "mseft", "answers": {**ROOM, "used": "Half"}, "starts_on": "2026-01-01",
        "review_on": "2027-01-01", "source": "Fleet list",
    }  # fmt: skip
    path = "/api/governance/registers/shared-things"
    answers = [
        client.post(path, {**sent, **other}, content_type="application/json", headers=headers).status_code
        for other in ({}, {"body": "eput", "title": "Theirs"})
    ]
    assert answers == [201, 403]


def test_an_entry_of_another_body_stays_out_of_a_partners_hands(real: Person, member: Person) -> None:
    theirs = room(real, body=Body.objects.get(key="eput"), title="Their hall")
    for body in ("eput", "mseft"):
        with pytest.raises(Forbidden, match="no other"):
            room(member, key=theirs.key, title="Their hall", body=Body.objects.get(key=body))
    member.body = None
    with pytest.raises(Forbidden):
        room(member)
    assert queries.register_entry("shared-things", theirs.key, today()).kept.version == 1


def test_what_a_body_wrote_of_itself_the_secretariat_leaves_while_the_body_exists(
    real: Person, member: Person
) -> None:
    made = room(member)
    with pytest.raises(Forbidden, match="only it changes it"):
        room(real, key=made.key)
    Body.objects.filter(key="mseft").update(valid_to=today())
    with pytest.raises(Conflict, match=r"did not exist|ended"):
        room(real, key=made.key)  # it lies with a body that goes on
    assert room(real, key=made.key, body=Body.objects.get(key="eput")).version == 2


def test_a_partner_names_no_decision(secretary: Person, held: Meeting) -> None:
    decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    own = Body.objects.get(key="n0")
    member = Person.objects.get(role=Role.PARTNER)
    member.body = own
    with pytest.raises(Forbidden, match="which decision"):
        actions.keep_register(
            by=member, register="shared-things", title="The hall", body=own, answers=ROOM, starts_on=today(),
            review_on=today() + timedelta(9), source="s", decision=decision,
        )  # fmt: skip


def test_a_pack_that_names_an_unknown_register_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "governance").mkdir()
    line = "{kind: wishes, key: a, title: A, body: b, answers: {}, starts_on: 2026-01-01, review_on: 2027-01-01, source: s}"
    (tmp_path / "governance" / "registers.yaml").write_text(f"entries: [{line}]", encoding="utf-8")
    with pytest.raises(BadInput, match="'wishes' is no register"):
        read_definition(tmp_path, "registers.yaml", Entries)
