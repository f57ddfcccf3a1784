"""Freshness, history, feedback, reminders, referrals and places: what makes the directory one people can rely on."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from endeavour.core.public import AuditEntry, Body, Event, Person, Role, now, record_event, today
from endeavour.errors import BadInput, Forbidden, NotFound
from endeavour.frontdoor import actions, queries
from endeavour.frontdoor.guides import guide_text
from endeavour.frontdoor.models import (
    ContactRequest,
    ContactStep,
    Feed,
    Organisation,
    Particular,
    Referral,
    Reminder,
    Service,
)
from endeavour.frontdoor.queries import checked_safety, crisis_lines
from endeavour.frontdoor.referral.actions import refer
from endeavour.frontdoor.referral.capacity import capacity_words, set_capacity
from endeavour.frontdoor.referral.fields import nhs_number_is_right, problems
from endeavour.frontdoor.reminders.actions import plan, send_reminders
from endeavour.frontdoor.reminders.queries import due_on
from endeavour.frontdoor.trust.queries import coverage, open_feedback, register

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


def test_how_much_is_here_is_counted_by_official_code_and_never_by_name() -> None:
    assert "how much is missing is not known" in Client().get("/find-help/freshness").content.decode()
    old = Feed.objects.create(key="old", name="Old list", is_historic=True, as_of=date(2014, 2, 1))
    for at, code in enumerate(("F81001", "f81002", "F81003", "F81004")):
        runs = Organisation.objects.create(name=f"Was {at}", feed=old)
        Particular.objects.create(
            organisation=runs, kind="organization_identifiers", value={"identifier": code}
        )
        Service.objects.create(given_id=f"was-{at}", organisation=runs, name="Same name", status="inactive")
    for code in ("F81001", "F81002", "F89999"):
        runs = Organisation.objects.create(name=f"Is {code}")
        Particular.objects.create(
            organisation=runs, kind="organization_identifiers", value={"identifier": code}
        )
        Service.objects.create(given_id=code.lower(), organisation=runs, name="Same name")
    found = {c.name: c for c in coverage()}
    assert (found["Old list"].known, found["Old list"].here) == (4, 2)
    assert (found["Written here"].known, found["Written here"].here) == (3, 3)
    assert "50.0%" in Client().get("/find-help/freshness").content.decode()


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
    check = signed_in(worker).post("/find-help/refer/club", form | {"step": "agree"}).content.decode()
    assert "Check what you tell" in check
    assert "Her garden" in check
    assert not ContactRequest.objects.exists(), "nothing is passed on before it is checked"
    form["step"] = "check"
    response = signed_in(worker).post("/find-help/refer/club", form)
    assert response.status_code == 302
    referral = Referral.objects.get()
    assert response["Location"] == f"/receipt/{referral.request.receipt}?new=yes"
    assert referral.told == TOLD
    page = signed_in(worker).get(f"/find-help/requests/{referral.request.receipt}").content.decode()
    assert "Her garden" in page
    assert "Ring them: 1<br>Any time" in page
    assert AuditEntry.objects.filter(action="frontdoor.look").exists()
    receipt = Client().get(f"/receipt/{referral.request.receipt}").content.decode()
    assert "Her garden" not in receipt
    assert "Falls" not in receipt
    assert "Ada" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_a_referral_with_mistakes_loses_nothing_that_was_typed() -> None:
    service("club")
    form = {
        "name": "",
        "contact_by": "",
        "matters": "Her garden",
        "goals": "g" * 501,
        "nhs_number": "1",
        "date_of_birth": "soon",
    }
    client = signed_in(person(Role.PRACTITIONER))
    for step, told in {
        "person": ("Write the person", "ten figures", "like 1950-03-31"),
        "reach": ("Choose how to contact them", "Write the number or address to use"),
        "why": ("Say why you refer them",),
        "matters": ("You have written 501", "g" * 501),
        "agree": ("must agree",),
        "check": ("Write the person",),
    }.items():
        response = client.post("/find-help/refer/club", form | {"step": step})
        page = response.content.decode()
        assert response.status_code == 422
        assert "Her garden" in page
        assert all(said in page for said in told), step
    assert not ContactRequest.objects.exists()


def test_a_referral_asks_a_tight_group_a_page_and_every_field_once() -> None:
    from endeavour.frontdoor.referral.fields import FIELDS
    from endeavour.frontdoor.referral.pages import FORM

    asked = [field for fields in FORM.pages.values() for field in fields]
    assert max(map(len, FORM.pages.values())) <= 4
    assert len(asked) == len(set(asked))
    assert {f.key for f in FIELDS} < set(asked)


def test_going_back_to_change_one_answer_leads_straight_to_the_check_again() -> None:
    service("club")
    client = signed_in(person(Role.PRACTITIONER))
    form = {"name": "Ada", "contact_by": "phone", "contact_value": "1", "consented": "yes", **TOLD}
    back = client.post("/find-help/refer/club", form | {"step": "check", "go": "why"}).content.decode()
    assert "Why do you refer them?" in back
    assert 'name="seen" value="check"' in back
    again = client.post("/find-help/refer/club", form | {"step": "why", "seen": "check", "reason": "New"})
    assert "Check what you tell" in again.content.decode()


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


def test_anybody_sees_the_places_before_asking_and_a_professional_the_way_to_refer() -> None:
    held = service("club")
    assert "How many places are free is not known" in Client().get("/service/club").content.decode()
    Service.objects.filter(pk=held.pk).update(
        capacity={"available": 4, "maximum": 20, "unit": "places", "updated_on": today().isoformat()}
    )
    page = Client().get("/service/club").content.decode()
    assert "4 of 20 places free" in page
    assert page.index("4 of 20 places free") < page.index("Ask to be contacted</a>")
    assert 'href="/service/club/history"' in page
    assert "Refer somebody" not in page
    for role in (Role.PRACTITIONER, Role.PARTNER):
        assert 'href="/find-help/refer/club"' in signed_in(person(role)).get("/service/club").content.decode()
    assert "Refer somebody" not in signed_in(person(Role.RESIDENT)).get("/service/club").content.decode()


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


def test_a_check_of_the_crisis_numbers_shows_on_every_card_and_is_written_down(directory: int) -> None:
    def card() -> str:
        return Client().get("/find-help/search?q=I+want+to+die").content.decode()

    pack = f"{checked_safety().lines_checked_on:%-d %B %Y}"
    day = f"{today():%-d %B %Y}"
    assert f"Numbers last checked {pack}" in card()
    partner, secretary = person(Role.PARTNER, body=body()), person(Role.SECRETARY)
    assert signed_in(partner).post("/find-help/lines").status_code == 403
    page = signed_in(secretary).get("/find-help/lines").content.decode()
    assert "116 123" in page
    assert "Samaritans local branch" in page
    assert signed_in(secretary).post("/find-help/lines", {"all": "yes"}).status_code == 302
    assert f"Numbers last checked {day}" in card()
    assert f"last checked {day}" in guide_text(place="Tilbury")
    assert not register(today()).crisis_late
    assert Event.objects.filter(kind="crisis_lines_checked", by=secretary).count() == 1
    assert AuditEntry.objects.filter(action="event.crisis_lines_checked").exists()


def test_each_crisis_number_is_checked_alone_and_moves_the_cards_it_stands_on(directory: int) -> None:
    def card(words: str) -> str:
        page = Client().get("/find-help/search", {"q": words}).content.decode()
        return re.findall(r"Numbers last checked ([^;]+);", page)[0]

    pack, day = f"{checked_safety().lines_checked_on:%-d %B %Y}", f"{today():%-d %B %Y}"
    secretary = signed_in(person(Role.SECRETARY))
    line = crisis_lines()[0]
    page = secretary.get("/find-help/lines").content.decode()
    assert 'value="85258"' in page, "a number to text is checked too"
    assert 'value="999"' not in page, "nobody rings 999 to try it"
    assert secretary.post("/find-help/lines").status_code == 422
    assert secretary.post("/find-help/lines", {"number": ["116123", "12345"]}).status_code == 422
    assert not Event.objects.filter(kind="crisis_number_checked").exists(), "all or nothing"
    rung = {"number": ["116123", "85258"], "line": [line.given_id]}
    assert secretary.post("/find-help/lines", rung).status_code == 302
    assert card("I want to die") == pack, "one number of the card was not rung"
    assert secretary.post("/find-help/lines", {"number": "111"}).status_code == 302
    assert card("I want to die") == day
    assert card("my boyfriend hits me") == pack
    assert checked_safety().lines_checked_on < today()
    line.refresh_from_db()
    assert line.assured_on == today()
    others = sorted({n for topic in checked_safety().topics for n in topic.to_ring})
    assert secretary.post("/find-help/lines", {"number": others}).status_code == 302
    assert checked_safety().lines_checked_on == today(), "checked one by one, all of them are checked"


def test_only_the_card_with_an_old_number_warns(directory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    late = today() + timedelta(days=40)
    monkeypatch.setattr("endeavour.frontdoor.views.today", lambda: late)
    for number in ("111", "116123", "85258"):
        record_event(by=None, kind="crisis_number_checked", subject=f"number:{number}",
                     happened_at=now() + timedelta(days=39))  # fmt: skip
    die, hit = (
        Client().get("/find-help/search", {"q": q}).content.decode()
        for q in ("I want to die", "my boyfriend hits me")
    )
    assert "longer ago than we promise" not in die
    assert "longer ago than we promise" in hit


def test_a_pack_checked_later_than_here_is_believed() -> None:
    record_event(
        by=None,
        kind="crisis_lines_checked",
        subject="page:crisis-cards",
        happened_at=now() - timedelta(days=900),
    )
    assert checked_safety().lines_checked_on == queries.safety().lines_checked_on


def test_a_long_queue_shows_its_oldest_and_says_how_many_wait_behind(
    directory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("endeavour.frontdoor.queries.paging.ON_A_PAGE", 2)
    helper = Service.objects.order_by("given_id")[0]
    for at in range(5):
        asked = ContactRequest.objects.create(
            receipt=f"FD-000{at}-TEST", service=helper, name="A", contact_by="phone", contact_value="1", good_time="any",
            consented_at=now() - timedelta(days=9 - at),
        )  # fmt: skip
        ContactStep.objects.create(request=asked, state="received", service=helper)
    client = signed_in(person(Role.PRACTITIONER))
    page = client.get("/find-help/requests").content.decode()
    assert "FD-0000-TEST" in page
    assert "FD-0002-TEST" not in page
    assert "5 requests wait, oldest first. Page 1 of 3." in page
    assert "FD-0002-TEST" in client.get("/find-help/requests/2").content.decode()
    assert client.get("/find-help/requests/4").status_code == 404


def test_the_queue_of_requests_reads_one_page_of_them(
    directory: int, django_assert_max_num_queries: Any
) -> None:
    helper = Service.objects.order_by("given_id")[0]
    worker = person(Role.PRACTITIONER)
    for at in range(12):
        asked = ContactRequest.objects.create(
            receipt=f"FD-00{at:02}-TEST", service=helper, name="A", contact_by="phone", contact_value="1",
            good_time="any", consented_at=now(),
        )  # fmt: skip
        for state in ("received", "accepted", "contacted", "helped")[: 1 + at % 4]:
            ContactStep.objects.create(request=asked, state=state, service=helper)
    with django_assert_max_num_queries(4):
        found = queries.waiting_requests(worker)
    assert (found.total, queries.count_waiting(worker)) == (9, 9)
    with pytest.raises(NotFound):
        queries.waiting_request(worker, "FD-0003-TEST")
    apart = person(Role.PARTNER, "apart", body("other"))
    helper.organisation.body_key = "mine"
    helper.organisation.save()
    assert queries.count_waiting(apart) == 0


def test_a_colleague_reads_what_was_done_and_is_offered_a_few_who_can_help(directory: int) -> None:
    worker = person(Role.PRACTITIONER)
    falls = Service.objects.get(given_id="falls_clin")
    asked = actions.ask_to_be_contacted(
        service=falls, name="Ada", contact_by="phone", contact_value="1", good_time="any", need="Mum keeps falling",
        language="", consented=True,
    )  # fmt: skip
    actions.move_request(request=asked, to="accepted", by=worker, words="Rang, no answer")
    client, address = signed_in(worker), f"/find-help/requests/{asked.receipt}"
    page = client.get(address).content.decode()
    assert "Rang, no answer" in page
    offered = re.findall(r'<option value="([^"]*)"', page)
    assert offered[0] == ""
    assert "strength" in offered
    assert "falls_clin" not in offered
    assert len(offered) <= 12
    assert "dent_em" in re.findall(
        r'<option value="([^"]*)"', client.get(f"{address}?find=toothache").content.decode()
    )
    client.post(address, {"to": "passed_on", "onward": "strength"})
    assert queries.state_of(queries.request_with_receipt(asked.receipt)).service.given_id == "strength"


def test_a_mistake_on_the_editors_pages_is_told_beside_what_was_typed(directory: int) -> None:
    client = signed_in(person(Role.ADMINISTRATOR))
    long = client.post("/find-help/edit/falls_clin", {"name": "x" * 301, "description": "Plainer words"})
    assert long.status_code == 422
    assert "Use at most 300 letters" in long.content.decode()
    assert "Plainer words" in long.content.decode()
    places = client.post(
        "/find-help/places/falls_clin", {"available": "9", "maximum": "4", "unit": "chairs", "wait": ""}
    )
    assert places.status_code == 422
    assert "There cannot be more places free than there are" in places.content.decode()
    assert 'value="chairs"' in places.content.decode()
    asked = actions.ask_to_be_contacted(
        service=Service.objects.get(given_id="falls_clin"), name="Ada", contact_by="phone", contact_value="1",
        good_time="any", need="", language="", consented=True,
    )  # fmt: skip
    worker = signed_in(person(Role.PRACTITIONER))
    nowhere = worker.post(f"/find-help/requests/{asked.receipt}", {"to": "passed_on", "words": "Not for us"})
    assert nowhere.status_code == 422
    assert "Say which service it is passed to" in nowhere.content.decode()
    assert 'value="Not for us"' in nowhere.content.decode()
