"""The API of governance: every read answers, every write needs a token for it, and says what it may answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from endeavour.core.models import Body, Person, Role, Route
from endeavour.core.public import issue_token, now, today
from endeavour.governance import actions, queries
from endeavour.governance.models import Contribution, Decision, Meeting
from integration.governance.conftest import WORDS

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


def writes() -> list[tuple[str, dict[str, object]]]:
    from endeavour.website.api import api

    schema = api.get_openapi_schema()
    return [
        (path, methods["post"])
        for path, methods in schema["paths"].items()
        if path.startswith(API) and "post" in methods
    ]


def test_every_write_declares_its_guard_and_what_it_may_answer() -> None:
    assert len(writes()) == 11
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
        concrete = path.removeprefix(API).format(key="k", number=1, receipt="r")
        assert post(client, concrete, {})[0] == 401, path
    assert post(client, "/meetings", given, narrow)[0] == 403
    assert post(client, "/meetings", given, {"Authorization": "Bearer ce_x_y"})[0] == 401
    assert not Meeting.objects.exists()
    assert not Decision.objects.exists()
