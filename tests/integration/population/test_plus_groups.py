"""The register of PLUS groups: what the strategy names until a place decides, when each review is due, and who records."""

from datetime import date

import pytest
from django.test import Client

from endeavour.core.models import Area, AuditEntry
from endeavour.errors import BadInput, Forbidden
from endeavour.population import actions, rules
from endeavour.population.models import PlusReview
from endeavour.population.queries import plus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pack")]
DAY = date(2026, 11, 22)


@pytest.fixture
def places(db) -> None:
    for code, name in (("thurrock", "Thurrock"), ("mid-essex", "Mid Essex")):
        Area.objects.create(code=code, kind="place", name=name)


@pytest.fixture
def promised(monkeypatch) -> None:
    monkeypatch.setattr(plus, "_first_due", lambda: date(2023, 9, 30))


def review(people, **changes):
    given = {
        "place": "thurrock",
        "group": "coastal",
        "is_included": True,
        "on": date(2026, 10, 1),
        "evidence": "Needs assessment 2026",
    }
    return actions.review_plus_group(by=people.secretary, **given | changes)  # fmt: skip


@pytest.mark.parametrize(
    ("last", "state", "words"),
    [
        (None, "overdue", "never reviewed, late by 38 months"),
        (date(2026, 10, 1), "current", "reviewed within the year"),
        (date(2025, 11, 22), "current", "reviewed within the year"),
        (date(2025, 11, 21), "overdue", "overdue by 1 day"),
        (date(2024, 2, 29), "overdue", "overdue by 21 months"),
    ],
)
def test_a_review_is_due_a_year_after_the_last(last, state, words) -> None:
    due = rules.review_due(last, date(2023, 9, 30), DAY)
    assert (due.state, due.words) == (state, words)


def test_places_differ_where_they_decided_to(people, places, promised) -> None:
    before = {p.code: len(p.included) for p in plus.register(DAY)}
    assert before == {"thurrock": 9, "mid-essex": 9}, "the nine groups that the strategy names"
    review(people)
    review(people, group="veterans", is_included=False)
    register = {p.code: {e.group.id for e in p.included} for p in plus.register(DAY)}
    assert register["thurrock"] ^ register["mid-essex"] == {"coastal", "veterans"}


def test_any_past_day_can_be_asked_again(people, places, promised) -> None:
    review(people)
    then = {p.code: {e.group.id for e in p.included} for p in plus.register(date(2026, 9, 30))}
    assert "coastal" not in then["thurrock"]


def test_a_later_review_supersedes_and_the_earlier_stays(people, places, promised) -> None:
    review(people)
    review(people, is_included=False, on=date(2026, 11, 1))
    assert PlusReview.objects.count() == 2
    with pytest.raises(BadInput, match="reviewed after that"):
        review(people, on=date(2026, 10, 1))


@pytest.mark.parametrize(
    "change", [{"place": "nowhere"}, {"group": "nobody"}, {"on": date(2099, 1, 1)}, {"evidence": " "}]
)
def test_an_incomplete_review_is_refused(people, places, promised, change) -> None:
    with pytest.raises(BadInput):
        review(people, **change)


def test_only_the_secretariat_records_and_it_is_audited(people, places, promised, client: Client) -> None:
    with pytest.raises(Forbidden):
        actions.review_plus_group(
            by=people.practitioner, place="thurrock", group="coastal", is_included=True, on=DAY, evidence="x"
        )
    client.force_login(people.secretary)
    given = {
        "place": "thurrock",
        "group": "coastal",
        "is_included": "yes",
        "on": "2026-10-01",
        "evidence": "Assessment",
    }
    assert client.post("/plus-groups/review", given).status_code == 302
    assert AuditEntry.objects.filter(
        action="population.review_plus_group", subject="plus:thurrock/coastal"
    ).exists()
    page = client.get("/plus-groups").content.decode()
    assert "Coastal communities" in page
    assert "1 October 2027" in page


def test_everybody_may_read_it(places, promised, client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        page = client.get("/plus-groups?as_at=2026-11-22").content.decode()
    assert "9 reviews are overdue" in page
    assert "18 of 18 reviews are overdue: none was ever recorded." in page
    assert "Record a review" not in page
    rows = client.get("/plus-groups.csv?as_at=2026-11-22").content.decode().splitlines()
    assert len(rows) == 1 + 2 * 20


def test_a_refused_review_keeps_what_was_typed(people, places, promised, client: Client) -> None:
    client.force_login(people.secretary)
    given = {
        "place": "thurrock",
        "group": "coastal",
        "is_included": "no",
        "on": "2099-01-01",
        "evidence": "Assessment",
    }
    answer = client.post("/plus-groups/review", given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "in the future" in page
    assert 'value="Assessment"' in page
    assert '<option value="coastal" selected>' in page


def test_a_spreadsheet_runs_nothing_that_somebody_typed(people, places, promised, client: Client) -> None:
    review(people, evidence="=1+1")
    assert "'=1+1" in client.get("/plus-groups.csv?as_at=2026-11-22").content.decode()
