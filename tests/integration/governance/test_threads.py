"""A resident follows a receipt both ways; influence has denominators and names who was not heard."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from endeavour.core.models import Body, Person
from endeavour.core.public import Link, add_link, now, today
from endeavour.errors import BadInput, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.models import Contribution, Decision, Reply
from endeavour.governance.thread_picture import picture
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def followed(secretary: Person, icp: Body) -> tuple[Contribution, Decision]:
    """Words that reached a decision, an action and a measure; and others of the same theme, kept private."""
    said = actions.contribute(by=None, words="Mum keeps falling", theme="falls", group="carers")
    actions.contribute(by=None, words="My secret", theme="falls", may_publish=False)
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now(), minutes=60, place="Hall"
    )
    actions.draft_agenda(by=secretary, meeting=meeting)
    for post in icp.posts.all():
        actions.record_attendance(by=secretary, meeting=meeting, post=post, how="present")
    item = next(i for i in queries.meeting(meeting.key).items.all() if i.subject.endswith(said.receipt))
    decision = actions.record_decision(by=secretary, item=item, words=WORDS)
    measure = next(iter(queries.measure_titles()))
    actions.add_action(
        by=secretary, decision=decision, words="Train staff", owner=icp, due_on=today(), measure=measure
    )
    return said, decision


def test_from_words_to_a_measure_and_back(followed: tuple[Contribution, Decision]) -> None:
    said, decision = followed
    onward = [knot.entry.stage for knot in queries.thread_of(f"contribution:{said.receipt}").onward]
    assert [onward.index(s) for s in ("On an agenda", "Decision", "Action", "Measure")] == sorted(
        onward.index(s) for s in ("On an agenda", "Decision", "Action", "Measure")
    )
    thread = queries.thread_of(f"decision:{decision.key}")
    assert "Mum keeps falling" in [knot.entry.words for knot in thread.back]
    assert "Train staff" in [knot.entry.words for knot in thread.onward]


def test_an_unmet_need_that_was_raised_stands_on_one_agenda(secretary: Person, icp: Body) -> None:
    words = "People in Thurrock could not find help with damp homes. 85 searches in a quarter."
    add_link(by=secretary, kind=Link.Kind.FEEDS, source="gap:damp.E06000034", target="body:icp", note=words)
    for expected, days in ((1, 0), (0, 30)):
        day = now() + timedelta(days=days)
        meeting = actions.call_meeting(
            by=secretary, body=icp, title="", starts_at=day, minutes=60, place="Hall"
        )
        actions.draft_agenda(by=secretary, meeting=meeting)
        raised = [item for item in meeting.items.all() if item.subject == "gap:damp.E06000034"]
        assert len(raised) == expected
        if raised:
            assert (raised[0].title, raised[0].words) == (
                "Unmet need: People in Thurrock could not find help with damp homes", words,
            )  # fmt: skip
            onward = queries.thread_of("gap:damp.E06000034").onward
            assert any(knot.entry.stage == "On an agenda" for knot in onward)


def test_how_long_answers_take_is_told(
    client: Client, secretary: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "We have answered nobody" in client.get("/have-your-say").content.decode()
    said = [actions.contribute(by=None, words=words, theme="falls") for words in ("One", "Two", "Three")]
    for days, one in ((3, said[0]), (8, said[1]), (30, said[0])):
        Reply.objects.create(
            by=secretary, contribution=one, outcome="answered", words="We shall see to it.",
            recorded_at=now() + timedelta(days=days),
        )  # fmt: skip
    day = today() + timedelta(days=40)
    assert queries.answering(day) == queries.Answering(2, 6, 1, 40)
    assert queries.answering(today()) == queries.Answering(0, None, 3, 0), "nobody was answered by then"
    assert queries.answering(day + timedelta(days=400)).answered == 0
    monkeypatch.setenv("ENDEAVOUR_TODAY", f"{day}")
    told = client.get("/api/governance/answering", {"as_at": day}).json()
    assert told == {"answered": 2, "half_within_days": 6, "waiting": 1, "longest_wait_days": 40}
    page = client.get("/have-your-say").content.decode()
    assert "we answered 2 questions or remarks, half of them within 6 days." in page
    assert "1 waits for an answer now, the longest for 40 days." in page


def test_what_was_said_in_private_is_shown_nowhere(
    client: Client, followed: tuple[Contribution, Decision]
) -> None:
    _, decision = followed
    private = Contribution.objects.get(words="My secret")
    pages = [
        "/thread/theme/falls", "/thread/theme/falls.csv", f"/question/{private.receipt}", "/have-your-say",
        f"/meeting/{decision.item.meeting.key}", "/api/governance/thread/theme/falls", f"/thread/decision/{decision.key}",
    ]  # fmt: skip
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "My secret" not in answer.content.decode(), page
    assert "not to be published" in client.get("/thread/theme/falls").content.decode()


def test_the_picture_escapes_words_links_each_entry_and_fits_a_phone(icp: Body) -> None:
    said = actions.contribute(by=None, words='<script>alert("x")</script> & falls', theme="falls")
    chart = picture(queries.thread_of(f"contribution:{said.receipt}"))
    assert "<script" not in chart.svg
    assert 'href="/thread/theme/falls"' in chart.svg
    assert chart.svg.count("<svg") == 2
    assert len(chart.rows) == 1


@pytest.mark.parametrize(
    ("name", "error"), [("decision:none", NotFound), ("theme:none", NotFound), ("x", BadInput)]
)
def test_what_nobody_knows_has_no_thread(name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        queries.thread_of(name)


def test_influence_has_denominators_and_names_the_silent(
    client: Client, followed: tuple[Contribution, Decision]
) -> None:
    residents = next(r for r in queries.influence() if r.partner_class == "residents")
    assert (residents.contributed, residents.on_agenda, residents.decided) == (2, 2, 1)
    page = client.get("/influence").content.decode()
    assert "1 of 2" in page
    assert "Said nothing yet:</strong> NHS statutory" in page
    assert (
        client.get("/influence.csv").content.decode().splitlines()[0]
        == "partner_class,contributed,on_agenda,decided"
    )


def test_a_small_plus_group_stays_hidden_and_a_silent_one_is_named(
    client: Client, followed: tuple[Contribution, Decision], var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENDEAVOUR_TODAY", f"{today() + timedelta(days=100)}")
    carers = next(r for r in queries.group_influence() if r.group == "carers")
    assert carers.contributed.is_hidden
    silent = [r for r in queries.group_influence() if r.contributed.numerator == 0]
    assert "Veterans" in [r.label for r in silent]
    assert "hidden to protect a small group" in client.get("/influence").content.decode()


def test_nobody_can_watch_a_plus_groups_numbers_change_as_somebody_speaks(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENDEAVOUR_TODAY", f"{today() + timedelta(days=100)}")
    for _ in range(12):
        actions.contribute(by=None, words="We care", group="carers")

    def carers() -> tuple[object, str]:
        row = next(r for r in queries.group_influence() if r.group == "carers")
        return row.until, row.contributed.words

    until, words = carers()
    assert words == "10"
    monkeypatch.setenv("ENDEAVOUR_TODAY", f"{until}")
    assert carers()[1] == "0", "what was said this quarter is not counted yet"


def test_influence_counts_anew_when_something_new_is_said(followed: tuple[Contribution, Decision]) -> None:
    before = sum(r.contributed for r in queries.influence())
    actions.contribute(by=None, words="Another", partner_class="vcse")
    assert sum(r.contributed for r in queries.influence()) == before + 1


def test_a_group_nobody_knows_is_refused() -> None:
    with pytest.raises(BadInput, match="one of the groups"):
        actions.contribute(by=None, words="x", group="everybody")
    assert not Contribution.objects.exists()
