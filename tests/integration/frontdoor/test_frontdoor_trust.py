"""Freshness, history, feedback, reminders, referrals and places: what makes the directory one people can rely on."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from endeavour.core.public import AuditEntry, Body, Person, Role, now, today
from endeavour.errors import BadInput, Forbidden
from endeavour.frontdoor import actions
from endeavour.frontdoor.models import ContactRequest, Organisation, Referral, Reminder, Service
from endeavour.frontdoor.referral.actions import refer
from endeavour.frontdoor.referral.capacity import capacity_words, set_capacity
from endeavour.frontdoor.referral.fields import nhs_number_is_right, problems
from endeavour.frontdoor.reminders.actions import plan, send_reminders
from endeavour.frontdoor.reminders.queries import due_on
from endeavour.frontdoor.trust.queries import open_feedback, register

pytestmark = pytest.mark.django_db


def person(role: Role, name: str = "", body: Body | None = None, email: str = "") -> Person:
    return Person.objects.create_user(
        username=name or role.value, password="a-long-password-1", role=role, body=body, email=email
    )


def service(key: str = "walk", *, days_ago: int | None = 0, body: str = "", **more: object) -> Service:
    runs, _ = Organisation.objects.get_or_create(name=f"Runs {body}", body_key=body)
    checked = None if days_ago is None else today() - timedelta(days=days_ago)
    return Service.objects.create(
        given_id=key, organisation=runs, name=key.title(), assured_on=checked, **more
    )


def signed_in(somebody: Person) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


def body(key: str = "charity") -> Body:
    return Body.objects.create(key=key, name=key.title(), legal_form="charity", partner_class="vcse")


def test_the_register_tells_who_keeps_the_promise_and_crisis_lines_come_first() -> None:
    service("fresh")
    service("late", days_ago=200)
    service("never", days_ago=None)
    service("line", days_ago=31, promise_days=30, is_crisis_line=True)
    found = register(today())
    teller = found.tellers[0]
    assert (teller.records, teller.kept, teller.late, teller.never) == (4, 1, 2, 1)
    assert [s.given_id for s, _ in found.late] == ["line", "never", "late"]
    page = Client().get("/find-help/freshness").content.decode()
    assert "1 of 1 crisis lines was checked longer ago than we promise" in page
    rows = Client().get("/find-help/freshness.csv").content.decode().splitlines()
    assert rows[0].startswith("service,name")
    assert len(rows) == 5


def test_a_page_tells_what_it_said_before_and_the_old_words_can_come_back() -> None:
    one, two = person(Role.SECRETARY, "one"), person(Role.SECRETARY, "two")
    held = service(description="Old words")
    revision = actions.propose_edit(service=held, changes={"description": "New words"}, by=one)
    assert "New words" not in Client().get("/service/walk/history").content.decode()
    actions.decide_edit(revision=revision, approve=True, by=two)
    page = Client().get("/service/walk/history").content.decode()
    assert "Old words" in page
    assert "Suggest the words before" not in page
    assert signed_in(one).post("/service/walk/history", {"version": revision.pk}).status_code == 302
    again = held.revisions.get(state="proposed")
    assert again.after == {"description": "Old words"}
    assert Client().post("/service/walk/history", {"version": revision.pk}).status_code == 403


def test_checking_a_page_answers_what_was_said_of_it() -> None:
    held, editor = service(days_ago=3), person(Role.SECRETARY)
    actions.give_feedback(service=held, kind="wrong", words="It has moved")
    actions.give_feedback(service=held, kind="helpful")
    assert [(s.pk, len(said)) for s, said in open_feedback(editor)] == [(held.pk, 1)]
    assert "It has moved" in signed_in(editor).get("/find-help/feedback").content.decode()
    Service.objects.update(assured_on=today() + timedelta(days=1))
    assert open_feedback(editor) == []


def test_a_partner_sees_what_was_said_of_their_own_services_only() -> None:
    ours = body()
    actions.give_feedback(service=service("a", body="charity"), kind="wrong")
    actions.give_feedback(service=service("b", body="another"), kind="wrong")
    assert [s.given_id for s, _ in open_feedback(person(Role.PARTNER, body=ours))] == ["a"]


@pytest.mark.parametrize("role", list(Role))
def test_the_desk_shows_only_what_one_may_do(role: Role) -> None:
    response = signed_in(person(role)).get("/find-help/desk")
    page = response.content.decode()
    assert response.status_code == (403 if role == Role.RESIDENT else 200)
    assert ("/find-help/approve" in page) == (role in {Role.SECRETARY, Role.ADMINISTRATOR})
    assert ("/find-help/requests" in page) == (role in {Role.PARTNER, Role.PRACTITIONER})


def asked(held: Service, days_ago: int) -> ContactRequest:
    made = actions.ask_to_be_contacted(
        service=held, name="Ada Private", contact_by="phone", contact_value="01632 960001", good_time="any",
        need="a secret", language="", consented=True,
    )  # fmt: skip
    made.steps.update(at=now() - timedelta(days=days_ago))
    return made


def test_reminders_go_to_whoever_can_act_and_hold_nothing_private(
    settings: object, django_capture_on_commit_callbacks: object
) -> None:
    ours = body()
    person(Role.PARTNER, "p", ours, "p@example.org")
    person(Role.SECRETARY, "s", email="s@example.org")
    service("late", days_ago=200, email="keeper@example.org")
    service("line", days_ago=26, promise_days=30, is_crisis_line=True)
    late = asked(service("club", body="charity"), days_ago=4)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        done = send_reminders()
    assert set(done.letters) == {"keeper@example.org", "p@example.org", "s@example.org"}
    letters = {m.to[0]: m.body for m in mail.outbox}
    assert late.receipt in letters["p@example.org"]
    assert "crisis line ‘Line’" in letters["s@example.org"]
    assert not any("Ada" in text or "secret" in text or "960001" in text for text in letters.values())
    again = plan()
    assert (again.letters, again.waiting) == ({}, 3)
    Reminder.objects.update(at=now() - timedelta(days=7))
    assert set(plan().letters) == set(done.letters)


def test_what_has_nobody_to_remind_is_said_and_not_lost() -> None:
    service("late", days_ago=200)
    assert [d.subject for d in plan().unaddressed] == ["service:late"]


def test_a_request_that_was_answered_is_not_reminded_of() -> None:
    worker = person(Role.PRACTITIONER, email="w@example.org")
    request = asked(service(), days_ago=9)
    assert [d.subject for d in due_on(today())] == [f"request:{request.receipt}"]
    actions.move_request(request=request, to="accepted", by=worker)
    assert due_on(today()) == []


TOLD = {
    "reason": "Falls and is alone",
    "date_of_birth": "1950-03-31",
    "nhs_number": "943 476 5919",
    "matters": "Her garden",
}


def test_a_referral_goes_the_way_of_any_request_and_keeps_its_story() -> None:
    worker = person(Role.PRACTITIONER)
    service("club")
    form = {
        "name": "Ada",
        "contact_by": "phone",
        "contact_value": "1",
        "consented": "yes",
        "district": "E06000034",
        **TOLD,
    }
    response = signed_in(worker).post("/find-help/refer/club", form)
    assert response.status_code == 302
    referral = Referral.objects.get()
    assert response["Location"] == f"/receipt/{referral.request.receipt}?new=yes"
    assert referral.told == TOLD
    page = signed_in(worker).get(f"/find-help/requests/{referral.request.receipt}").content.decode()
    assert "Her garden" in page
    assert AuditEntry.objects.filter(action="frontdoor.look").exists()
    receipt = Client().get(f"/receipt/{referral.request.receipt}").content.decode()
    assert "Her garden" not in receipt
    assert "Falls" not in receipt
    assert "Ada" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_a_referral_with_mistakes_loses_nothing_that_was_typed() -> None:
    service("club")
    form = {
        "name": "Ada",
        "contact_by": "",
        "matters": "Her garden",
        "nhs_number": "1",
        "date_of_birth": "soon",
    }
    response = signed_in(person(Role.PRACTITIONER)).post("/find-help/refer/club", form)
    page = response.content.decode()
    assert response.status_code == 422
    for said in (
        "Her garden",
        "Choose how to contact them",
        "Say why you refer them",
        "ten figures",
        "like 1950-03-31",
        "must agree",
    ):
        assert said in page
    assert not ContactRequest.objects.exists()


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.ANALYST, Role.SECRETARY, Role.ADMINISTRATOR])
def test_only_professionals_refer(role: Role) -> None:
    held = service("club")
    with pytest.raises(Forbidden):
        refer(service=held, name="A", contact_by="phone", contact_value="1", good_time="any", language="", district="",
              consented=True, told=TOLD, by=person(role))  # fmt: skip


@given(st.integers(0, 999_999_999))
def test_of_ten_last_figures_at_most_one_makes_an_nhs_number(stem: int) -> None:
    assert sum(nhs_number_is_right(f"{stem:09d}{last}") for last in range(10)) <= 1


@given(
    st.dictionaries(st.sampled_from(["reason", "date_of_birth", "nhs_number", "goals"]), st.text(max_size=60))
)
def test_any_words_in_a_referral_are_judged_without_falling_over(told: dict[str, str]) -> None:
    assert all(isinstance(v, str) and v for v in problems(told, date(2026, 11, 22)).values())


def test_places_are_seen_before_referring_and_an_old_figure_says_so() -> None:
    ours = body()
    partner = person(Role.PARTNER, body=ours)
    held = service("club", body="charity")
    client = signed_in(partner)
    given_places = {"available": "0", "maximum": "20", "unit": "places", "wait": "about 3 weeks"}
    assert client.post("/find-help/places/club", given_places).status_code == 302
    page = client.get("/find-help/refer/club").content.decode()
    assert "No places free on" in page
    assert "about 3 weeks" in page
    assert "said that it is full" in page
    held.refresh_from_db()
    assert "long ago" in capacity_words(held, today() + timedelta(days=60))


@pytest.mark.parametrize("available", ["", "-1", "many", "30", "\u0663"])
def test_places_that_cannot_be_are_refused(available: str) -> None:
    with pytest.raises(BadInput):
        set_capacity(
            service=service(),
            available=available,
            maximum="20",
            unit="places",
            wait="",
            by=person(Role.ADMINISTRATOR),
        )


def test_a_partner_speaks_for_their_own_services_only() -> None:
    with pytest.raises(Forbidden):
        set_capacity(
            service=service(body="another"),
            available="1",
            maximum="",
            unit="",
            wait="",
            by=person(Role.PARTNER, body=body()),
        )


def test_the_duplicates_page_judges_and_takes_back(tmp_path: Path) -> None:
    from endeavour.frontdoor.models import Duplicate

    left, right = service("one", url="https://a.example"), service("two", url="https://a.example")
    pair = Duplicate.objects.create(left=left, right=right, because=["the same web address"], bits=9)
    client = signed_in(person(Role.SECRETARY))
    assert "the same web address" in client.get("/find-help/duplicates").content.decode()
    assert client.post("/find-help/duplicates", {"pair": pair.pk, "decision": "right"}).status_code == 302
    left.refresh_from_db()
    assert left.merged_into_id == right.pk
    assert "calls it ‘One’" in Client().get("/service/two/history").content.decode()
    assert client.post("/find-help/duplicates", {"pair": pair.pk, "decision": "undo"}).status_code == 302
    left.refresh_from_db()
    assert (left.merged_into_id, left.status) == (None, "active")
    assert client.post("/find-help/duplicates", {"pair": "99", "decision": "two"}).status_code == 404
    assert client.post("/find-help/duplicates", {"pair": pair.pk, "decision": "x"}).status_code == 422
