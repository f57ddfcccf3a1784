"""Handing over: the closure of 31 March 2026, every promise with an heir or named as having none, history kept."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.test import Client
from typer.testing import CliRunner

from endeavour.core.accounts import ensure_demo_people
from endeavour.core.loading import load_pack
from endeavour.core.models import Body, Person, Role
from endeavour.core.public import today
from endeavour.errors import BadInput, Conflict
from endeavour.governance import actions, queries
from endeavour.pack import Pack
from endeavour.strategy.public import load_statements

pytestmark = pytest.mark.django_db
LAST, NEXT = date(2026, 3, 31), date(2026, 4, 1)


@pytest.fixture
def real(db: None) -> Person:
    """The partnership as its pack says it is, and its secretary."""
    pack = Pack.open("mse")
    load_pack(pack, by=None)
    load_statements(pack, by=None)
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
