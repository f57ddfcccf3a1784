"""What people asked for and what became of it: counted without words, published through the gate, raised with a board."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from endeavour.core.public import LONDON, Body, Link, Person, Role, today
from endeavour.errors import BadInput, Forbidden
from endeavour.frontdoor.funnel.queries import STAGES, funnel
from endeavour.frontdoor.gaps import actions, queries
from endeavour.frontdoor.gaps.themes import theme_of
from endeavour.frontdoor.models import ContactRequest, ContactStep, Organisation, SearchTally, Service
from endeavour.frontdoor.periods import Quarter, chosen_quarter, quarter_of, settled_quarters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var")]
QUARTER = Quarter(2026, 2)
THURROCK, SOUTHEND = "E06000034", "E06000033"


def person(role: Role) -> Person:
    return Person.objects.create_user(username=role.value, password="a-long-password-1", role=role)


def tally(
    topic: str, district: str, count: int, *, found: bool = False, language: str = "en", **more: int
) -> None:
    SearchTally.objects.create(
        on=date(2026, 5, 1),
        topic=topic,
        district=district,
        language=language,
        found=found,
        count=count,
        **more,
    )


def asked(count: int, *states: str, district: str = THURROCK, language: str = "") -> None:
    runs, _ = Organisation.objects.get_or_create(name="Runs it")
    service, _ = Service.objects.get_or_create(
        given_id="walk", defaults={"organisation": runs, "name": "Walk"}
    )
    moment = datetime(2026, 5, 4, 12, tzinfo=LONDON)
    for _ in range(count):
        number = ContactRequest.objects.count()
        request = ContactRequest.objects.create(
            receipt=f"FD-{number:08d}", service=service, name="A", contact_by="phone", contact_value="1",
            good_time="any", district=district, language=language, consented_at=moment,
        )  # fmt: skip
        for at, state in enumerate(("received", *states)):
            step = ContactStep.objects.create(request=request, state=state, service=service)
            ContactStep.objects.filter(pk=step.pk).update(at=moment + timedelta(days=at))


def test_a_quarter_is_published_only_when_nothing_in_it_can_change() -> None:
    assert settled_quarters(date(2026, 7, 31))[0] == Quarter(2026, 1)
    assert settled_quarters(date(2026, 8, 1))[0] == QUARTER
    assert quarter_of(date(2026, 12, 31)).following == Quarter(2027, 1)
    with pytest.raises(BadInput):
        chosen_quarter("2026-Q3", date(2026, 8, 1))


def test_each_search_is_counted_once_and_small_groups_are_hidden() -> None:
    tally("falls older", THURROCK, 40)
    tally("falls older", THURROCK, 60, found=True, opened=30, unhelpful=10)
    tally("food", THURROCK, 3)
    tally("food", SOUTHEND, 30, found=True, opened=30)
    found = queries.searches(QUARTER)
    assert found is not None
    table = found.by_place
    assert sum(count for *_, count in queries.tallied(QUARTER)) == 133
    assert table["failed", "falls", THURROCK].words == "50", "nothing found, and none of it helped"
    assert table["abandoned", "falls", THURROCK].words == "20"
    assert table["used", "falls", THURROCK].words == "30"
    assert table["failed", "food", THURROCK].is_hidden
    assert [g.key for g in queries.gaps_in(found)] == [f"2026-Q2.falls.{THURROCK}"]


def test_a_busy_quarter_is_added_up_by_the_database_as_one_by_one() -> None:
    chance = random.Random(6)
    SearchTally.objects.bulk_create(
        SearchTally(
            on=date(2026, 4, 1) + timedelta(days=day), topic=topic, district=district, language=language, found=found,
            count=chance.randint(0, 9), opened=chance.randint(0, 12), unhelpful=chance.randint(0, 12),
        )
        for day in range(0, 91, 7)
        for topic in ("falls older", "food", "knitting", "not understood")
        for district in (THURROCK, SOUTHEND, "", "E99999999")
        for language in ("en", "pl")
        for found in (True, False)
    )  # fmt: skip
    slow: Counter[tuple[str, ...]] = Counter()
    for t in SearchTally.objects.all():
        place = (
            theme_of(t.topic).key,
            t.district if t.district in (THURROCK, SOUTHEND) else queries.NO_PLACE,
            t.language,
        )
        unhelpful = min(t.unhelpful, t.count)
        opened = min(t.opened, t.count - unhelpful)
        slow["failed", *place] += unhelpful if t.found else t.count
        if t.found:
            slow["used", *place] += opened
            slow["abandoned", *place] += t.count - unhelpful - opened
    with CaptureQueriesContext(connection) as asked:
        fast = queries.tallied(QUARTER)
    assert len(asked) == 1
    assert dict(slow) == {row[:4]: row[4] for row in fast}


def test_a_gap_stands_beside_its_need() -> None:
    tally("dementia", THURROCK, 40)
    found = queries.searches(QUARTER)
    assert found is not None
    gap = queries.gaps_in(found)[0]
    assert gap.need is not None
    assert (gap.need.of, gap.need.year) == (9, 2021)
    assert "about 40 searches in Thurrock" in gap.words


@pytest.mark.parametrize(
    ("topic", "theme"),
    [("falls telecare older", "falls"), ("not understood", "not-understood"), ("domestic_abuse", "abuse"),
     ("knitting", "other"), ("children mental health digital", "mind")],
)  # fmt: skip
def test_topics_are_gathered_into_themes(topic: str, theme: str) -> None:
    assert theme_of(topic).key == theme


def test_opening_an_answer_is_counted_and_a_made_up_trace_is_not() -> None:
    tally("falls", THURROCK, 9, found=True)
    SearchTally.objects.update(on=today())
    trace = actions.trace_of(topic="falls", district=THURROCK, language="en")
    assert actions.count_opened(trace=trace)
    assert actions.count_unhelpful(trace=trace)
    assert not actions.count_opened(trace=trace + "x")
    assert not actions.count_opened(trace="")
    assert SearchTally.objects.values_list("opened", "unhelpful").get() == (1, 1)


def test_a_gap_is_raised_with_a_board_through_the_thread() -> None:
    tally("dementia", THURROCK, 40)
    Body.objects.create(
        key="icp", name="The partnership", legal_form="statutory_committee", partner_class="partnership"
    )
    client = Client()
    client.force_login(person(Role.SECRETARY))
    page = client.get("/find-help/gaps?quarter=2026-Q2").content.decode()
    key = f"2026-Q2.dementia.{THURROCK}"
    assert f"/find-help/gaps/{key}" in page
    for _ in range(2):
        assert (
            client.post(f"/find-help/gaps/{key}", {"board": "icp", "words": "Please answer"}).status_code
            == 302
        )
    link = Link.objects.get()
    assert (link.source, link.target, link.kind) == (f"gap:{key}", "body:icp", "feeds")
    assert "about 40 searches" in link.note
    assert "The partnership" in client.get(f"/find-help/gaps/{key}").content.decode()


def test_an_organisation_is_no_board_and_a_partner_may_not_raise() -> None:
    tally("dementia", THURROCK, 40)
    found = queries.searches(QUARTER)
    assert found is not None
    trust = Body.objects.create(key="t", name="A trust", legal_form="nhs_trust", partner_class="nhs")
    gap = queries.gaps_in(found)[0]
    with pytest.raises(BadInput):
        actions.raise_gap(gap=gap, board=trust, by=person(Role.SECRETARY))
    with pytest.raises(Forbidden):
        actions.raise_gap(gap=gap, board=trust, by=person(Role.PARTNER))


def test_the_funnel_adds_up_and_hides_the_few() -> None:
    asked(20, "accepted", "contacted", "helped")
    asked(15, "accepted", "contacted")
    asked(12)
    asked(3, "accepted", "contacted", "not_helped")
    asked(30, "accepted", "contacted", "helped", district=SOUTHEND, language="Polish")
    found = funnel(QUARTER)
    assert found is not None
    everybody, southend, thurrock = found.lines("district")
    assert (everybody.asked.words, southend.asked.words, thurrock.asked.words) == ("80", "30", "50")
    assert [c.words if c else "none" for c in southend.stages] == ["30", "none", "none", "none"]
    few = thurrock.stages[list(STAGES).index("not_helped")]
    assert few is not None
    assert few.is_hidden
    assert {line.name for line in found.lines("language")} == {"Everybody", "English", "another language"}


def test_what_happens_after_the_quarter_settled_changes_nothing() -> None:
    asked(20, "accepted")
    before = funnel(QUARTER)
    assert before is not None
    for request in ContactRequest.objects.all():
        ContactStep.objects.create(request=request, state="contacted", service=request.service)
    after = funnel(QUARTER)
    assert after is not None
    assert after.tables["district"].release_id == before.tables["district"].release_id


def test_the_published_page_and_its_csv_agree() -> None:
    asked(20, "accepted", "contacted", "helped")
    asked(15)
    tally("falls", THURROCK, 90, found=True)
    page = Client().get("/find-help/funnel?quarter=2026-Q2").content.decode()
    assert re.search(
        r'<th scope="row">Thurrock</th><td class="ce-number">90</td><td class="ce-number">35</td>', page
    )
    text = Client().get("/find-help/funnel.csv?quarter=2026-Q2").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {r["people"] for r in rows if r["group"] == THURROCK and r["stage"] == "helped"} == {"20"}
    assert {r["counted_on"] for r in rows} == {"2026-07-31"}


def test_an_empty_quarter_says_so() -> None:
    assert "Nobody asked to be contacted" in Client().get("/find-help/funnel").content.decode()
    client = Client()
    client.force_login(person(Role.ANALYST))
    assert "Nobody searched" in client.get("/find-help/gaps").content.decode()
    assert client.get("/find-help/gaps.csv").content.decode().count("\n") == 1
