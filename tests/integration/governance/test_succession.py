"""Handing over: the closure of 31 March 2026, every promise with an heir or named as having none, history kept."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from typer.testing import CliRunner

from endeavour.core.accounts import ensure_demo_people
from endeavour.core.models import Body, Person, Role
from endeavour.core.public import now, today
from endeavour.errors import BadInput, Conflict
from endeavour.governance import actions, queries
from endeavour.governance.models import Paper

pytestmark = pytest.mark.django_db
LAST, NEXT = date(2026, 3, 31), date(2026, 4, 1)


@pytest.fixture
def real(mapped: None, promised: None) -> Person:
    """The partnership as its pack says it is, and its secretary."""
    ensure_demo_people()
    return Person.objects.get(role=Role.SECRETARY)


def test_the_board_that_closed_hands_over_to_the_one_that_followed(real: Person) -> None:
    found = queries.handover("icb", today())
    assert found.last_day == LAST
    assert [h.key for h in found.heirs] == ["essex-icb"]
    assert {row.heir for row in found.rows} == {"essex-icb"}
    assert {"duty", "seat", "route"} <= {row.kind for row in found.rows}
    assert {row.subject for row in found.rows if row.kind == "seat"} == {
        "post:icb-chair",
        "post:icb-chief-executive",
    }


def test_the_same_is_true_on_the_day_before_and_after(real: Person) -> None:
    before, after = (queries.handover("icb", day) for day in (LAST, NEXT))
    seats = [
        {row.subject for row in found.rows if row.kind in {"seat", "route"}} for found in (before, after)
    ]
    assert seats[0] == seats[1]
    assert Body.objects.get(key="icb").held_on(LAST)
    assert not Body.objects.get(key="icb").held_on(NEXT)
    assert Body.objects.get(key="essex-icb").held_on(NEXT)


def test_were_the_partnership_removed_every_open_promise_has_no_heir_until_one_is_named(real: Person) -> None:
    found = queries.handover("icp", today())
    promises = {row.subject for row in found.rows if row.kind == "promise"}
    assert {"statement:W1", "statement:W16", "statement:W26"} <= promises
    assert promises <= {row.subject for row in found.without_heir}
    heir = Body.objects.get(key="essex-cc")
    actions.name_heir(by=real, body=found.body, subject="statement:W16", heir=heir, words="Agreed in public")
    actions.name_heir(
        by=real, body=found.body, subject="statement:W1", heir=None, words="Nobody would take it"
    )
    rows = {row.subject: row for row in queries.handover("icp", today()).rows}
    assert (rows["statement:W16"].heir, rows["statement:W16"].settled) == ("essex-cc", "named")
    assert (rows["statement:W1"].heir, rows["statement:W1"].settled) == ("", "nobody")
    assert {row.subject for row in queries.handover("icp", LAST).without_heir} >= {"statement:W16"}, (
        "not known then"
    )


def test_a_later_word_about_an_heir_stands_and_both_stay(real: Person) -> None:
    icb = Body.objects.get(key="icb")
    for key in ("essex-cc", "essex-icb"):
        actions.name_heir(
            by=real, body=icb, subject="post:icb-chair", heir=Body.objects.get(key=key), words="So agreed"
        )
    assert {r.subject: r.heir for r in queries.handover("icb", today()).rows}["post:icb-chair"] == "essex-icb"


def test_an_heir_must_go_on_and_the_thing_must_be_open(real: Person) -> None:
    icb, ended = Body.objects.get(key="icb"), Body.objects.get(key="ccg-thurrock")
    named = {"by": real, "body": icb, "subject": "post:icb-chair", "words": "Why not"}
    with pytest.raises(Conflict, match="ends before"):
        actions.name_heir(**named, heir=ended)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="from itself"):
        actions.name_heir(**named, heir=icb)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="not open"):
        actions.name_heir(**{**named, "subject": "post:nobody"}, heir=None)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="Say why"):
        actions.name_heir(**{**named, "words": " "}, heir=None)  # type: ignore[arg-type]


def test_the_page_the_file_and_the_command_say_the_same(client: Client, real: Person) -> None:
    from endeavour.cli.governance import app

    page = client.get("/body/icb/handover").content.decode()
    assert "It closed on 31 March 2026." in page
    lines = client.get("/body/icb/handover.csv").content.decode().splitlines()
    api = client.get("/api/governance/handover/icb").json()
    printed = CliRunner().invoke(app, ["handover", "icb", "--json"])
    said = json.loads(printed.stdout)
    assert len(lines) - 1 == len(api["open"]) == len(said["open"])
    assert api["ends_on"] == said["ends_on"] == "2026-03-31"
    assert "no heir" in client.get("/body/icp/handover").content.decode()


def test_everything_that_is_open_has_its_line_and_whoever_takes_it_over(real: Person, client: Client) -> None:
    """Data agreements, entries, papers, documents, proposals, the compact and worries: none is left behind."""
    trust, hub = Body.objects.get(key="mseft"), Body.objects.get(key="icp")
    later = today() + timedelta(days=365)
    meeting = actions.call_meeting(
        by=real, body=trust, title="", starts_at=now() + timedelta(days=30), minutes=60, place="Hall"
    )
    item = actions.add_item(by=real, meeting=meeting, title="Falls")
    paper = Paper.objects.create(
        item=item, title="On falls", author_body=trust, media_type="application/pdf", bytes=1, sha256="a"
    )
    actions.agree_data(
        by=real, title="Falls data", controller=trust, parties=[hub], purpose="p", lawful_basis="l", data="d",
        mode="named", starts_on=today(), review_on=later, source="s",
    )  # fmt: skip
    for body in (hub, trust):
        actions.agree_document(
            by=real, body=body, kind="compact", words="We listen", agreed_on=today(), review_on=later
        )
    seats = [{"title": "Resident", "partner_class": "residents", "how": "drawn"}]
    actions.propose_membership(by=real, body=trust, title="By lot", rules="r", seats=seats, source="s")
    Person.objects.filter(role=Role.PARTNER).update(body=trust)
    partner = Person.objects.get(role=Role.PARTNER)
    actions.sign_compact(by=partner, version=1, name="A", offers="Rooms", needs="Time")
    answers = {"when": "w", "within": "4 hours", "unanswered": "u"}
    route = actions.keep_register(
        by=real, register="safeguarding-routes", title="A route", body=trust, other=hub, answers=answers,
        starts_on=today(), review_on=later, source="s",
    )  # fmt: skip
    worry = actions.raise_escalation(by=real, route=route.key, reference="A-1", raised_at=now())
    found = queries.handover("mseft", today())
    held = {row.subject: row.kind for row in found.rows}
    expected = {
        f"meeting:{meeting.key}": "meeting", f"paper:{paper.pk}": "paper", "agreement:falls-data": "agreement",
        "register:safeguarding-routes/a-route": "entry", "document:mseft/compact": "document", "membership:by-lot": "membership",
        "compact:mseft": "compact", f"escalation:{worry.pk}": "worry", "register:risks/home-from-hospital": "entry",
    }  # fmt: skip
    assert {name: held.get(name) for name in expected} == expected
    assert {row.subject for row in found.without_heir} == set(held), "no successor is recorded"
    actions.name_heir(by=real, body=trust, subject="agreement:falls-data", heir=hub, words="So agreed")
    assert {row.subject for row in queries.handover("mseft", today()).without_heir} == set(held) - {
        "agreement:falls-data"
    }
    page = client.get("/body/mseft/handover").content.decode()
    assert "Data agreements (1)" in page
    assert "A-1" not in page
    assert queries.handover("mseft", LAST).rows, "what was recorded later is unknown then"
    assert not {row.subject for row in queries.handover("mseft", LAST).rows} & set(expected) - {
        "register:risks/home-from-hospital"
    }


def test_an_ending_board_hands_its_data_agreements_and_entries_to_the_one_that_follows(real: Person) -> None:
    kinds = {row.kind: row.heir for row in queries.handover("icb", today()).rows}
    assert set(kinds) <= set(queries.BELONGINGS)
    assert {"agreement", "seat", "route", "duty"} <= set(kinds)
    assert set(kinds.values()) == {"essex-icb"}


def test_plans_resources_campaigns_and_proposals_of_a_body_are_handed_over(
    real: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is there from the day it was recorded until it is over, given, kept, left or decided, on any day asked."""
    from endeavour.cli.governance import app
    from endeavour.strategy import campaigns, plans, proposals, resources

    trust = Body.objects.get(key="mseft")
    Person.objects.filter(role=Role.PARTNER).update(body=trust)
    partner = Person.objects.get(role=Role.PARTNER)
    before, start = today() - timedelta(days=1), today()
    plans.add_plan(
        by=partner, key="beds", title="Bed plan", owner="mseft", period_from=date(2026, 4, 1),
        period_to=start + timedelta(days=5), review_on=date(2027, 1, 5),
    )  # fmt: skip
    plans.add_plan(by=partner, key="old", title="Old plan", owner="mseft", period_to=date(2025, 3, 31))
    plans.add_plan(by=real, key="theirs", title="Another's plan", owner="eput")
    for stage, amount in (("pledged", 30), ("given", 12)):
        resources.record_resource(
            by=partner, ref="W16", kind="time", stage=stage, amount=Decimal(amount), body="mseft"
        )
    resources.record_resource(
        by=partner, ref="W16", kind="money", stage="given", amount=Decimal(9), body="mseft"
    )
    ways = [
        {"key": "walk", "side": "residents", "words": "I will walk."},
        {"key": "answer", "side": "services", "words": "We will answer in a week."},
    ]
    campaigns.keep_campaign(
        by=real, key="move", title="Move more", words="w", residents_ask="r", services_ask="s", covenant="c",
        ways=ways, ref="W1", starts_on=before, source="s",
    )  # fmt: skip
    campaigns.join_campaign(by=partner, key="move", body="mseft", brings="Rooms")
    promised = campaigns.pledge(by=partner, key="move", way="answer", body="mseft")
    mine = {
        "title": "A new ward", "body": "mseft", "kind": "plan", "words": "w", "source": "s", "comments_by": None, "url": ""
    }  # fmt: skip
    made = proposals.record_proposal(by=partner, **mine)  # type: ignore[arg-type]

    def held(day: date) -> dict[str, str]:
        kinds = {"plan", "resource", "campaign", "pledge", "proposal"}
        found = queries.handover("mseft", day).rows
        rows = {row.subject: row.words for row in found if row.kind in kinds}
        shown = rows.pop("campaign:common-endeavour", "")  # the pack's own, on the days since it was loaded
        assert shown.endswith("(made up to show how it works)") is (day >= start)
        return rows

    expected = {
        "plan:beds": f"Bed plan, until {start + timedelta(days=5):%-d %B %Y}, to be reviewed by 5 January 2027",
        "resource:W16/time": "Time (days) for W16: 18 of 30 pledged are still to be given",
        "campaign:move": "Move more: it brings Rooms",
        f"pledge:{promised.pk}": "Move more: We will answer in a week.",
        f"proposal:{made.key}": "A new ward",
    }
    assert held(start) == expected
    assert held(before) == {}, "what was recorded later was unknown then"
    assert promised.receipt not in client.get("/body/mseft/handover").content.decode()
    for text in (
        client.get("/body/mseft/handover").content.decode(),
        client.get("/body/mseft/handover.csv").content.decode(),
        client.get("/api/governance/handover/mseft").content.decode(),
        CliRunner().invoke(app, ["handover", "mseft", "--json"]).stdout,
    ):
        for words in expected.values():
            assert words in text
    actions.name_heir(
        by=real, body=trust, subject="resource:W16/time", heir=Body.objects.get(key="eput"), words="Agreed"
    )
    rows = {row.subject: row for row in queries.handover("mseft", today()).rows}
    assert (rows["resource:W16/time"].heir, rows["plan:beds"].heir) == ("eput", "")

    # A week on: the plan is over, the rest was given, kept, left and decided; the day asked about before still says the same.
    later = today() + timedelta(days=7)
    monkeypatch.setenv("ENDEAVOUR_TODAY", later.isoformat())
    resources.record_resource(
        by=partner, ref="W16", kind="time", stage="given", amount=Decimal(18), body="mseft"
    )
    campaigns.say_how_it_went(by=partner, receipt=promised.receipt, kind="kept")
    campaigns.join_campaign(by=partner, key="move", body="mseft", leaves=True)
    proposals.record_proposal(by=partner, **mine, key=made.key, decided_on=later, outcome="Built")  # type: ignore[arg-type]
    assert held(later) == {}
    assert held(start) == expected
