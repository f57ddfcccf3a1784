"""A safeguarding worry runs against a clock: what is past its agreed time is on the desk, raised, and told once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import rich.style  # noqa: F401 - draws a random number when it is first read, which is no test's doing
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from typer.testing import CliRunner

from endeavour.core.models import Body, Event, Person, Role
from endeavour.core.public import now, today
from endeavour.errors import BadInput, Conflict, Forbidden, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.models import Escalation

pytestmark = pytest.mark.django_db
ROUTE = "adult-at-risk"


@pytest.fixture
def real(mapped: None, secretary: Person) -> Person:
    return secretary


def worry(by: Person, reference: str = "2026-114", hours: int = 0, route: str = ROUTE) -> Escalation:
    return actions.raise_escalation(
        by=by, route=route, reference=reference, raised_at=now() - timedelta(hours=hours)
    )


def four_hours(by: Person) -> str:
    """A route with a clock of four hours, so that a test need not wait for a working day."""
    answers = {"when": "At once", "within": "4 hours", "unanswered": "Call the chair", "jointly": ""}
    made = actions.keep_register(
        by=by, register="safeguarding-routes", title="A provider worries", body=Body.objects.get(key="essex-cc"),
        other=Body.objects.get(key="safeguarding-partnerships"), answers=answers, starts_on=today(),
        review_on=today() + timedelta(days=365), source="Board paper",
    )  # fmt: skip
    return made.key


def test_the_clock_runs_from_the_moment_it_was_raised_by_the_routes_own_time(real: Person) -> None:
    key = four_hours(real)
    early, late = worry(real, "A-1", 1, key), worry(real, "A-2", 5, key)
    assert late.answer_by - late.raised_at == timedelta(hours=4)
    rows = {row.escalation.pk: row for row in queries.escalations_for(real, now())}
    assert rows[early.pk].finding.state == "waiting"
    assert rows[late.pk].finding.words == "Past its time by 1 hour."
    assert [row.escalation.pk for row in queries.late_escalations(now())] == [late.pk]
    states = [f.state for f in queries.register_entry("safeguarding-routes", key, today()).findings]
    assert states[0] == "past_its_time"
    actions.answer_escalation(by=real, escalation=late, answered_at=now(), words="Taken up by the duty team")
    assert queries.late_escalations(now()) == []
    with pytest.raises(Conflict, match="already"):
        actions.answer_escalation(by=real, escalation=late, answered_at=now(), words="Again")
    with pytest.raises(DatabaseError), transaction.atomic():
        Escalation.objects.update(answer_by=now() + timedelta(days=9))


def test_what_is_late_is_on_the_desk_on_the_next_agenda_and_told_once(real: Person, client: Client) -> None:
    from endeavour.cli.governance import app

    late = worry(real, "A-2", 5, four_hours(real))
    Person.objects.filter(role=Role.SECRETARY).update(email="secretary@example.org")
    Person.objects.filter(role=Role.PARTNER).update(email="partner@example.org", body=late.body)
    Person.objects.filter(role=Role.PRACTITIONER).update(email="other@example.org", body=None)
    client.force_login(real)
    assert "1 safeguarding worry is past the agreed time" in client.get("/desk/today").content.decode()
    meeting = actions.call_meeting(
        by=real, body=Body.objects.get(key="icp"), title="", starts_at=now() + timedelta(days=30), minutes=60, place="Hall"
    )  # fmt: skip
    actions.draft_agenda(by=real, meeting=meeting)
    assert meeting.items.filter(title="Safeguarding worries not answered in time (1)").exists()
    told = CliRunner().invoke(app, ["remind"])
    assert "1 worry" in told.output
    assert sorted(m.to[0] for m in mail.outbox) == ["partner@example.org", "secretary@example.org"]
    assert all("A-2" not in m.body for m in mail.outbox), "no number leaves by e-mail"
    assert actions.raise_late() == 0
    assert Event.objects.filter(kind="escalation_late").count() == 1


def test_only_either_side_and_the_secretariat_see_or_touch_a_worry(real: Person, client: Client) -> None:
    made = worry(real, route=four_hours(real))
    Person.objects.filter(role=Role.PARTNER).update(body=Body.objects.get(key="mseft"))
    stranger = Person.objects.get(role=Role.PARTNER)
    assert queries.escalations_for(stranger, now()) == []
    with pytest.raises(NotFound):
        queries.escalation_for(stranger, made.pk, now())
    with pytest.raises(Forbidden, match="Only somebody of"):
        worry(stranger, "B-1")
    with pytest.raises(Forbidden, match="Only somebody of"):
        actions.answer_escalation(by=stranger, escalation=made, answered_at=now(), words="Done")
    client.force_login(stranger)
    assert "None is past its agreed time" in client.get("/escalations").content.decode()
    assert client.get(f"/escalation/{made.pk}/answer").status_code == 404
    assert Client().get("/escalations").status_code in {302, 403}
    public = Client().get(f"/body/{made.body.key}/handover").content.decode()
    assert made.reference not in public


@pytest.mark.parametrize("reference", ["", "Mrs Smith", "Jane", "12 High St", "x" * 41 + "1", "<b>1"])
def test_a_number_is_asked_for_and_never_a_name(real: Person, reference: str) -> None:
    with pytest.raises(BadInput, match="without a name"):
        worry(real, reference)
    assert not Escalation.objects.exists()


def test_moments_that_cannot_be_and_numbers_known_are_refused(real: Person) -> None:
    made = worry(real)
    with pytest.raises(Conflict, match="raised already"):
        worry(real)
    with pytest.raises(BadInput, match="has not been raised"):
        worry(real, "C-1", -2)
    with pytest.raises(BadInput, match="more than a month"):
        worry(real, "C-2", 24 * 40)
    for moment in (made.raised_at - timedelta(minutes=1), now() + timedelta(hours=1)):
        with pytest.raises(BadInput, match="comes after"):
            actions.answer_escalation(by=real, escalation=made, answered_at=moment, words="Done")
    with pytest.raises(BadInput, match="what is done next"):
        actions.answer_escalation(by=real, escalation=made, answered_at=now(), words=" ")
    with pytest.raises(NotFound):
        worry(real, "C-3", route="nowhere")


def test_a_route_needs_a_time_that_a_clock_can_keep(real: Person) -> None:
    row = queries.register_entry("safeguarding-routes", ROUTE, today())
    given = {"register": "safeguarding-routes", "key": ROUTE, "title": row.kept.title, "source": "s",
             "body": Body.objects.get(key=row.kept.body), "other": Body.objects.get(key=row.kept.other),
             "starts_on": today(), "review_on": today() + timedelta(days=9)}  # fmt: skip
    with pytest.raises(BadInput, match="A clock keeps the time"):
        actions.keep_register(by=real, answers={**row.kept.answers, "within": "soon"}, **given)  # type: ignore[arg-type]
    actions.keep_register(by=real, answers={**row.kept.answers, "within": "2 working days"}, **given)  # type: ignore[arg-type]
    assert worry(real).answer_by > worry(real, "D-1").raised_at + timedelta(days=1)


def test_the_desk_records_a_worry_and_its_answer(real: Person, client: Client) -> None:
    client.force_login(real)
    key = four_hours(real)
    moment: datetime = now() - timedelta(minutes=5)
    given = {"route": key, "reference": "E-1", "day": moment.date().isoformat(), "time": "00:00"}
    assert client.post("/escalations/new", {**given, "reference": "Mrs Smith"}).status_code == 422
    assert client.post("/escalations/new", given).status_code == 302
    made = Escalation.objects.get()
    assert "E-1" in client.get("/escalations").content.decode()
    answer = {"words": "Taken up", "day": today().isoformat(), "time": "00:01"}
    assert client.post(f"/escalation/{made.pk}/answer", answer).status_code in {302, 422}
    answer["time"] = now().astimezone().strftime("%H:%M")
    client.post(f"/escalation/{made.pk}/answer", answer)
    assert "Taken up" in client.get("/escalations").content.decode()
