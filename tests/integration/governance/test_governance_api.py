"""The API of governance: every read answers, every write needs a token for it, and says what it may answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from endeavour.core.models import Body, Person, Role, Route
from endeavour.core.public import issue_token, now, today
from endeavour.governance import actions, queries
from endeavour.governance.models import Contribution, Decision, Escalation, Meeting, Paper
from endeavour.governance.paper_checks import LARGEST_PAPER
from integration.governance.conftest import WORDS
from integration.governance.test_papers import pdf

pytestmark = pytest.mark.django_db
API = "/api/governance"


@pytest.fixture
def headers(secretary: Person) -> dict[str, str]:
    _, secret = issue_token(by=secretary, person=secretary, name="our system", scopes=["governance"])
    return {"Authorization": f"Bearer {secret}"}


def post(
    client: Client, path: str, given: object, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str]]:
    answer = client.post(API + path, given, content_type="application/json", headers=headers or {})
    return answer.status_code, answer.json()


def test_every_read_answers(client: Client, secretary: Person, held: Meeting) -> None:
    said = actions.contribute(by=None, words="Why?", theme="falls")
    decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    actions.add_action(by=secretary, decision=decision, words="Train", owner=held.body, due_on=today())
    paths = [
        "/meetings", f"/meetings/{held.key}", "/decisions?level=neighbourhood", f"/decisions/{decision.key}",
        "/register", "/cycle?as_at=2024-06-01", "/map/faults", "/partners", "/influence",
        f"/thread/contribution/{said.receipt}", f"/thread/item/{held.key}/1", "/handover/icp",
    ]  # fmt: skip
    for path in paths:
        assert client.get(API + path).status_code == 200, path
    assert client.get(f"{API}/decisions/{decision.key}").json()["actions"][0]["state"] == "due"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/meetings/none", 404),
        ("/decisions?level=moon", 422),
        ("/register?as_at=1999-01-01", 422),
        ("/register?as_at=x", 422),
    ],
)
def test_a_bad_question_has_one_shape_of_answer(client: Client, path: str, status: int) -> None:
    answer = client.get(API + path)
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message", "hint"}


def test_a_program_lives_the_secretarys_day(client: Client, icp: Body, headers: dict[str, str]) -> None:
    Route.objects.create(kind="feeds", source=Body.objects.get(key="n0"), target=icp)
    status, said = post(client, "/contributions", {"words": "Mum falls", "theme": "falls"}, headers)
    receipt = said["name"].partition(":")[2]
    starts = (now() - timedelta(days=1)).isoformat()
    status, made = post(client, "/meetings", {"body": "icp", "starts_at": starts, "place": "Hall"}, headers)
    assert (status, made["see"]) == (201, f"/meeting/{made['name'].partition(':')[2]}")
    key = made["name"].partition(":")[2]
    assert post(client, f"/meetings/{key}/notice", {}, headers)[0] == 201
    assert post(client, f"/meetings/{key}/agenda", {}, headers)[0] == 201
    assert post(client, f"/meetings/{key}/agenda", {}, headers)[0] == 409
    status, item = post(client, f"/meetings/{key}/items", {"title": "Falls"}, headers)
    number = item["name"].rpartition("/")[2]
    decision = {**WORDS.__dict__}
    status, refused = post(client, f"/meetings/{key}/items/{number}/decisions", decision, headers)
    assert status == 409
    assert "without a quorum" in refused["message"]
    meeting, who = queries.meeting(key), Person.objects.get(role=Role.SECRETARY)
    for seat in icp.posts.all():
        actions.record_attendance(by=who, meeting=meeting, post=seat, how="present")
    status, decided = post(client, f"/meetings/{key}/items/{number}/decisions", decision, headers)
    assert status == 201
    name = decided["name"].partition(":")[2]
    again = {**decision, "supersedes": name}
    assert post(client, f"/meetings/{key}/items/{number}/decisions", again, headers)[0] == 201
    due = today().isoformat()
    assert (
        post(
            client, f"/decisions/{name}/actions", {"words": "Train", "owner": "icp", "due_on": due}, headers
        )[0]
        == 201
    )
    report = {"happened_on": due, "words": "Done", "evidence": "register", "done": True}
    assert post(client, f"/decisions/{name}/actions/1/reports", report, headers)[0] == 201
    assert post(client, f"/meetings/{key}/minutes", {"words": "We met."}, headers)[0] == 201
    assert (
        post(client, f"/contributions/{receipt}/replies", {"outcome": "answered", "words": "Yes"}, headers)[0]
        == 201
    )
    message = {"source": "n0", "kind": "feeds", "target": "icp", "happened_at": starts, "words": "Report"}
    assert post(client, "/messages", message, headers)[0] == 201


def test_a_program_keeps_the_books_of_the_bodies(
    client: Client, held: Meeting, headers: dict[str, str]
) -> None:
    day, key = today().isoformat(), held.key
    given = {
        f"/meetings/{key}/attendance": {"seat": "seat-1", "how": "absent"},
        f"/meetings/{key}/interests": {"seat": "seat-1", "holder": "A", "words": "Sells beds", "declared_on": day, "item": 2, "then": "left"},
        "/register/involve/evidence": {"kind": "involvement", "happened_on": day, "words": "A workshop"},
        "/partners/schools/approaches": {"happened_on": day, "words": "Wrote to them"},
        "/bodies/icp/documents": {"kind": "values", "words": "We listen", "agreed_on": day, "review_on": "2099-01-01"},
        "/seats/seat-1/holder": {"holder": "A. Member", "on": day},
        "/handover/icp/heirs": {"subject": "post:seat-1", "words": "Nobody would"},
    }  # fmt: skip
    for path, values in given.items():
        status, made = post(client, path, values, headers)
        assert status == 201, (path, made)
        assert client.get(made["see"]).status_code == 200, path
    assert post(client, f"/meetings/{key}/attendance", {"seat": "seat-1", "how": "asleep"}, headers)[0] == 422
    assert post(client, f"/meetings/{key}/cancel", {"why": "Snow"}, headers)[0] == 422, "it has begun"
    assert post(client, f"/meetings/{key}/interests", {**given[f"/meetings/{key}/interests"], "item": 999}, headers)[0] == 404  # fmt: skip
    starts = (now() + timedelta(days=9)).isoformat()
    coming = post(client, "/meetings", {"body": "icp", "starts_at": starts, "place": "Hall"}, headers)[1][
        "see"
    ]
    assert post(client, f"{coming.replace('meeting', 'meetings')}/cancel", {"why": "Snow"}, headers)[0] == 201
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert post(client, "/seats/seat-1/holder", {"on": tomorrow}, headers)[0] == 201
    assert "post:seat-1" in {f.subject for f in queries.board_map_faults(today() + timedelta(days=1))}


def test_a_program_keeps_account_of_what_the_desk_keeps(
    client: Client, secretary: Person, held: Meeting, headers: dict[str, str]
) -> None:
    day, later = today().isoformat(), (today() + timedelta(days=99)).isoformat()
    starts = (now() + timedelta(days=30)).isoformat()
    coming = post(client, "/meetings", {"body": "icp", "starts_at": starts, "place": "Hall"}, headers)[1][
        "name"
    ][8:]
    for title in ("Falls", "Homes"):
        assert post(client, f"/meetings/{coming}/items", {"title": title}, headers)[0] == 201
    route = {"when": "At once", "within": "4 hours", "unanswered": "Call the chair"}
    dates = {"starts_on": day, "review_on": later, "source": "Minutes"}
    given = {
        f"/meetings/{coming}/items/2/place": {"place": 1, "why": "A guest"},
        f"/meetings/{coming}/agenda/publication": {},
        "/data-agreements": {"title": "Falls data", "controller": "icp", "parties": ["n0"], "purpose": "p", "lawful_basis": "l", "data": "d", "mode": "named", **dates},
        "/registers/safeguarding-routes": {"title": "A route", "body": "n0", "other": "n1", "answers": route, **dates},
        "/escalations": {"route": "a-route", "reference": "A-1", "raised_at": now().isoformat()},
        "/bodies/icp/memberships": {"title": "By lot", "rules": "Drawn each year", "source": "A paper", "seats": [{"title": "Resident", "partner_class": "residents", "how": "drawn"}]},
        "/imports/meetings": {"text": "body,day,time,place\nicp,2027-09-02,14:00,Hall\n"},
        "/templates/community-assembly/body": {},
    }  # fmt: skip
    for path, values in given.items():
        status, made = post(client, path, values, headers)
        assert status == 201, (path, made)
        client.force_login(secretary)
        assert client.get(made["see"]).status_code == 200, path
        client.logout()
    agenda = client.get(f"{API}/meetings/{coming}").json()
    assert [(i["number"], i["place"]) for i in agenda["items"]] == [(2, 1), (1, 2)]
    assert agenda["changes"][0]["why"] == "A guest"
    assert client.get(f"{API}/bodies/icp/membership").json()["proposals"][0] == "by-lot"
    made = Escalation.objects.get()
    answer = {"answered_at": now().isoformat(), "words": "Taken up"}
    assert post(client, f"/escalations/{made.pk}/answer", answer, headers)[0] == 201
    strange = {**given["/registers/safeguarding-routes"], "title": "B", "answers": {**route, "colour": "red"}}
    assert post(client, "/registers/safeguarding-routes", strange, headers)[0] == 422
    assert post(client, "/escalations", {**given["/escalations"], "raised_at": "2026-01-01T10:00:00"}, headers)[0] == 422  # fmt: skip


def test_a_partners_program_signs_and_only_for_its_own_body(
    client: Client, secretary: Person, icp: Body
) -> None:
    actions.agree_document(
        by=secretary, body=icp, kind="compact", words="We listen", agreed_on=today(), review_on=today() + timedelta(9)
    )  # fmt: skip
    Person.objects.filter(role=Role.PARTNER).update(body=Body.objects.get(key="n0"))
    partner = Person.objects.get(role=Role.PARTNER)
    _, secret = issue_token(by=partner, person=partner, name="x", scopes=["governance.sign_compact"])
    said = {"version": 1, "name": "A", "offers": "Rooms", "needs": "Notice"}
    assert post(client, "/compact/signatures", said, {"Authorization": f"Bearer {secret}"})[0] == 201
    found = client.get(f"{API}/compact").json()
    assert {row["body"]: row["state"] for row in found["signers"]}["n0"] == "signed"
    assert post(client, "/compact/signatures", {**said, "version": 2}, {"Authorization": f"Bearer {secret}"})[0] == 409  # fmt: skip


PAPER = {"title": "Falls", "consultation": "Asked 200", "finance": "Within budget", "legal": "None", "equality": "Helps",
         "verified_by": "Head of law", "topics": ["safeguarding"], "recommendation": "Fund it"}  # fmt: skip


def send(
    client: Client, path: str, content: bytes, headers: dict[str, str], **other: str
) -> tuple[int, dict[str, str]]:
    file = SimpleUploadedFile("paper.pdf", content)
    answer = client.post(API + path, {**PAPER, **other, "file": file}, headers=headers)
    return answer.status_code, answer.json()


def test_a_paper_comes_in_over_http_with_the_desks_own_checks(
    client: Client, secretary: Person, held: Meeting, headers: dict[str, str]
) -> None:
    path = f"/meetings/{held.key}/items/3/papers"
    assert send(client, path, pdf(), {})[0] == 401
    for content, words in ((pdf(script=True), "script"), (b"MZ", "PDF or a Word"), (b"%PDF-" + b"x" * LARGEST_PAPER, "25 MB")):  # fmt: skip
        status, refused = send(client, path, content, headers)
        assert (status, words in refused["message"]) == (422, True), refused
    assert send(client, path, pdf(), headers, title="falls.pdf")[0] == 422
    assert send(client, path, pdf(), headers, legal=" ")[0] == 422
    assert send(client, path, pdf(), headers, colour="red")[0] == 422
    assert not Paper.objects.exists()
    status, made = send(client, path, pdf(), headers)
    assert status == 201, made
    paper = Paper.objects.get()
    assert paper.topics == ["safeguarding"]
    assert paper.implications == {name: PAPER[name] for name in actions.IMPLICATIONS}
    sha256 = paper.sha256
    item = {"meeting": held.key, "item": 4}
    assert post(client, f"/papers/{sha256}/boards", item, headers)[0] == 201
    assert post(client, f"/papers/{sha256}/boards", item, headers)[0] == 409
    consulted = {"body": "n0", "happened_on": today().isoformat(), "words": "Nothing to add"}
    assert post(client, f"/papers/{sha256}/consultations", consulted, headers)[0] == 201
    outcome = f"{path}/{sha256}/outcomes"
    assert post(client, outcome, {"outcome": "approved", "words": "Yes"}, headers)[0] == 422, "no decision"
    assert post(client, outcome, {"outcome": "noted", "words": "Seen"}, headers)[0] == 201
    boards = client.get(f"{API}/papers/{sha256}").json()["boards"]
    assert [row["outcome"] for row in boards] == ["noted", ""]


BAD = [
    ("/meetings", {"body": "icp", "starts_at": "0022-12-01T10:00:00Z", "place": "Hall"}),
    ("/meetings", {"body": "icp", "starts_at": "2026-12-01T10:00:00", "place": "Hall"}),
    ("/meetings", {"body": "icp", "starts_at": "2026-12-01T10:00:00Z"}),
    ("/meetings", {"body": "icp", "starts_at": "2026-12-01T10:00:00Z", "place": "Hall", "colour": "red"}),
    ("/contributions", {"words": ""}),
    ("/contributions", {"words": "x", "kind": "shout"}),
    ("/contributions", {"words": "x" * 5_000}),
]


@pytest.mark.parametrize(("path", "given"), BAD)
def test_what_does_not_fit_is_422_and_writes_nothing(
    client: Client, icp: Body, headers: dict[str, str], path: str, given: dict[str, str]
) -> None:
    status, answer = post(client, path, given, headers)
    assert (status, set(answer)) == (422, {"error", "message", "hint"})
    assert not Meeting.objects.exists()
    assert not Contribution.objects.exists()


NAMES = {"key": "k", "number": 1, "receipt": "r", "duty": "d", "group": "g", "body": "b", "seat": "s", "name": "risks",
         "template": "t", "kind": "bodies", "sha256": "x"}  # fmt: skip


def writes() -> list[tuple[str, dict[str, object]]]:
    from endeavour.website.api import api

    schema = api.get_openapi_schema()
    return [
        (path, methods["post"])
        for path, methods in schema["paths"].items()
        if path.startswith(API) and "post" in methods
    ]


def test_every_write_declares_its_guard_and_what_it_may_answer() -> None:
    assert len(writes()) >= 33
    for path, operation in writes():
        assert operation["security"], path
        assert {int(status) for status in operation["responses"]} >= {201, 401, 403, 404, 409, 422}, path  # type: ignore[attr-defined]


def test_no_write_happens_without_a_token_or_beyond_its_scope(
    client: Client, secretary: Person, icp: Body
) -> None:
    _, secret = issue_token(by=secretary, person=secretary, name="x", scopes=["governance.reply"])
    narrow = {"Authorization": f"Bearer {secret}"}
    given = {"body": "icp", "starts_at": now().isoformat(), "place": "Hall"}
    for path, _ in writes():
        concrete = path.removeprefix(API).format_map(NAMES)
        assert post(client, concrete, {})[0] == 401, path
    assert post(client, "/meetings", given, narrow)[0] == 403
    assert post(client, "/meetings", given, {"Authorization": "Bearer ce_x_y"})[0] == 401
    assert not Meeting.objects.exists()
    assert not Decision.objects.exists()


def test_the_desk_over_http_holds_what_its_page_shows_and_opens_to_nobody_else(
    client: Client, secretary: Person, held: Meeting, headers: dict[str, str]
) -> None:
    said = actions.contribute(by=None, words="Why is the lift broken?", may_publish=False)
    decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    for words, days in (("Mend the lift", -3), ("Buy rails", 9)):
        actions.add_action(
            by=secretary,
            decision=decision,
            words=words,
            owner=held.body,
            due_on=today() + timedelta(days=days),
        )
    actions.call_meeting(
        by=secretary, body=held.body, title="", starts_at=now() + timedelta(days=30), minutes=60, place="Hall"
    )
    told = client.get(f"{API}/desk", headers=headers).json()
    assert (told["waiting"], told["as_at"]) == (1, today().isoformat())
    by_kind = {kind: [line for line in told["lines"] if line["kind"] == kind] for kind in
               ("answer", "minutes", "notice", "action_late", "action_due", "meeting", "cycle", "duty")}  # fmt: skip
    assert all(by_kind.values()), {kind for kind, lines in by_kind.items() if not lines}
    assert by_kind["answer"][0] == {
        "kind": "answer", "title": said.receipt, "words": "Why is the lift broken?", "see": f"/question/{said.receipt}"
    }  # fmt: skip
    assert [line["title"] for line in by_kind["action_late"]] == ["Mend the lift"]
    client.force_login(secretary)
    page = client.get("/desk/today").content.decode()
    for line in told["lines"]:
        if line["kind"] not in {"cycle", "register"}:  # of the registers the page shows the first ten
            assert line["see"].partition("#")[0] in page, line
    client.logout()
    assert client.get(f"{API}/desk").status_code == 401
    member = Person.objects.get(role=Role.PARTNER)
    _, secret = issue_token(by=member, person=member, name="y", scopes=["governance"])
    answer = client.get(f"{API}/desk", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 403
