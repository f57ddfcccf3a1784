"""Every page of the front door answers, with the emergency card first, whatever happens."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import URLPattern
from pytest_django import DjangoAssertNumQueries

from endeavour.core.public import Person, Role
from endeavour.errors import Conflict, Forbidden
from endeavour.frontdoor import actions, queries, rules, urls
from endeavour.frontdoor.models import ContactRequest, ContactStep, Revision, SearchTally, Service
from endeavour.frontdoor.public import load_directory

pytestmark = pytest.mark.django_db
LISTENING = "listening ear at any hour, day or night"
FORM = {
    "need": "falls",
    "name": "Test Resident",
    "contact_by": "phone",
    "contact_value": "01632 960001",
    "good_time": "any",
}


def person(role: Role, name: str = "") -> Person:
    return Person.objects.create_user(username=name or role.value, password="a-long-password-1", role=role)


def assert_card_first(html: str) -> None:
    body = html[html.index("<body") :]
    first = re.search(r"<(h1|h2|header|main|nav|form|aside)\b[^>]*>", body)
    assert first is not None
    assert 'id="emergency-card"' in first.group(), "something stands before the emergency card"
    assert body.index('href="tel:999"') < (body + "<main").index("<main")
    assert "Leave this page quickly" in body
    assert body.count('id="emergency-card"') == 1


def addresses() -> list[str]:
    filled = []
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        text = str(pattern.pattern)
        text = text.replace("contact/<slug:key>", "contact/falls_clin").replace(
            "topic/<slug:key>", "topic/falls"
        )
        text = (
            text.replace("<slug:key>", "falls_clin")
            .replace("<str:number>", "FD-2222-2222")
            .replace("<str:key>", "2026-Q3.falls.E06000034")
            .replace("<slug:place>", "tilbury")
        )
        text = text.replace("<slug:part>/falls_clin/<slug:kind>/<slug:language>", "topic/falls/easy_read/en")
        text = text.replace("^", "").replace("(?P<rest>.+)$", "no/such/page")
        filled.append("/" + text)
    return filled


@pytest.mark.parametrize("address", addresses())
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_emergency_card_is_first_on_every_response(address: str, method: str, directory: int) -> None:
    response = getattr(Client(), method)(address)
    if response.status_code in {301, 302}:
        assert response["Location"].startswith(("/sign-in", "/service", "/receipt"))
        return
    if response.get("Content-Type", "").startswith("text/html"):
        assert_card_first(response.content.decode())
    elif response["Content-Type"].startswith("text/plain"):
        assert response.content.decode().startswith(queries.safety().emergency.heading)
    else:
        assert (
            address.startswith("/openreferral")
            or address.endswith(".csv")
            or response.status_code == 405
            or "pdf" in response["Content-Type"]
        )


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    "address", ["/find-help/requests", "/find-help/approve", "/find-help/gaps", "/find-help/edit/falls_clin"]
)
def test_staff_pages_carry_the_card_for_those_allowed_and_refused(
    address: str, role: Role, directory: int
) -> None:
    action = {
        "requests": rules.SEE_REQUESTS, "approve": rules.APPROVE_EDIT, "gaps": rules.SEE_GAPS, "edit": rules.PROPOSE_EDIT,
    }[address.split("/")[2]]  # fmt: skip
    from endeavour.core.public import may

    somebody = person(role)
    client = Client()
    client.force_login(somebody)
    response = client.get(address)
    assert response.status_code == (200 if may(somebody, action) else 403)
    assert_card_first(response.content.decode())


def test_empty_search_and_csrf_refusal_carry_the_card(directory: int) -> None:
    assert_card_first(Client().get("/find-help/search?q=").content.decode())
    assert_card_first(Client().get("/find-help/search?q=zzzzqqqq&age=119&free=yes&open=yes").content.decode())
    refused = Client(enforce_csrf_checks=True).post("/find-help/contact/falls_clin", {"step": "need"})
    assert refused.status_code == 403
    assert_card_first(refused.content.decode())


@pytest.mark.parametrize("address", ["/strengths", "/strengths/E07000066", "/strengths/nowhere"])
def test_what_is_strong_in_a_place_carries_the_card_too(address: str, directory: int) -> None:
    assert_card_first(Client().get(address).content.decode())


def test_the_page_of_a_crisis_service_carries_the_card_with_real_numbers(directory: int) -> None:
    page = Client().get("/service/samaritans").content.decode()
    assert 'href="tel:116123"' in page
    assert page.index('href="tel:116123"') < page.index("Ask to be contacted")
    assert 'class="fd-crisis"' not in Client().get("/service/falls_clin").content.decode()


def test_words_of_a_crisis_in_a_request_bring_the_card_before_anything_is_sent(directory: int) -> None:
    answers = {**FORM, "need": "I cant cope and want to die", "step": "need"}
    page = Client().post("/find-help/contact/falls_clin", answers).content.decode()
    assert "What should they call you?" in page
    assert page.index("If you want to die") < page.index("What should they call you?")
    calm = Client().post("/find-help/contact/falls_clin", {**FORM, "step": "need"}).content.decode()
    assert 'class="fd-crisis"' not in calm


def test_a_broken_index_still_shows_the_card(directory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the index broke")

    monkeypatch.setattr(queries, "find_help", broken)
    client = Client(raise_request_exception=False)
    response = client.get("/find-help/search?q=help")
    assert response.status_code == 500
    assert_card_first(response.content.decode())


def test_two_taps_reach_help_for_falls(directory: int) -> None:
    home = Client().get("/find-help").content.decode()
    assert "/find-help/topic/falls" in home
    answers = Client().get("/find-help/topic/falls").content.decode()
    assert "/service/falls_clin" in answers or "/service/strength" in answers
    assert "What to expect" in answers


def test_a_handful_grouped_by_rung_gentlest_first(directory: int) -> None:
    found = queries.find_help("mum keeps falling", near="Tilbury")
    keys = [rung.key for rung, _ in found.rungs]
    order = [r.key for r in queries.safety().ladder.rungs]
    assert keys == sorted(keys, key=order.index)
    assert sum(len(group) for _, group in found.rungs) <= 5
    assert all(s.hit.because for _, group in found.rungs for s in group)


@pytest.mark.parametrize(
    "words", ["my boyfriend hits me", "he beats me and I am scared", "mój chłopak mnie bije", "يضربني"]
)
def test_a_perpetrator_programme_is_never_shown_to_a_victim(words: str, directory: int) -> None:
    found = queries.find_help(words, limit=20)
    assert "domestic_abuse" in [t.key for t in found.topics]
    assert found.ranked[:2] == ["refuge", "idva"]
    assert "perp" not in found.ranked


def test_nobody_who_wants_to_die_is_shown_a_hospice(directory: int) -> None:
    found = queries.find_help("I want to die", limit=20)
    assert "suicide" in [t.key for t in found.topics]
    assert not {key for key in found.ranked if "hospice" in key or key == "advance"}


def test_those_who_hurt_find_their_programme_and_nobody_else_is_led_to_it(directory: int) -> None:
    assert "perp" in queries.find_help("I lose my temper and hit my girlfriend").ranked
    assert "perp" not in queries.find_help("abusive behaviour in relationships", limit=20).ranked


def test_a_crisis_service_found_first_brings_its_card_though_no_phrase_did(directory: int) -> None:
    assert queries.safety().topics_in(LISTENING) == []
    found = queries.find_help(LISTENING)
    assert "suicide" in [t.key for t in found.topics]
    assert found.ranked[0] == "crisis_mh"


def test_a_wish_that_leaves_a_crisis_service_first_brings_no_card(directory: int) -> None:
    narrow = queries.find_help("lonely", near="Grays", age=30, free_only=True, open_now=True)
    assert narrow.topics == []
    assert queries.find_help(LISTENING, near="Grays", free_only=True).topics


@pytest.mark.parametrize("extra", ["", " and a cold", " but I am fine really", " not urgent"])
def test_more_words_never_remove_a_card(extra: str, directory: int) -> None:
    page = Client().get("/find-help/search", {"q": "I want to die" + extra}).content.decode()
    assert "If you want to die" in page
    assert 'href="tel:116123"' in page


def test_post_keeps_the_words_out_of_the_address_and_of_the_tally(directory: int) -> None:
    secret = "husband drinks xylophone"
    page = Client().post("/find-help/search", {"q": secret, "near": "RM18 7HJ"})
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    tally = SearchTally.objects.get()
    stored = " ".join(str(v) for v in vars(tally).values())
    assert "xylophone" not in stored
    assert "RM18" not in stored
    assert tally.district == "E06000034"


def test_asking_is_one_question_a_page_and_ends_in_a_receipt(directory: int) -> None:
    client = Client()
    page = client.get("/find-help/contact/falls_clin").content.decode()
    assert page.count("<h1") == 1
    empty = client.post(
        "/find-help/contact/falls_clin", {"step": "name", "need": "my words"}
    ).content.decode()
    assert "Write what they should call you" in empty
    assert 'value="my words"' in empty, "what was written before is carried along"
    check = client.post(
        "/find-help/contact/falls_clin", {**FORM, "step": "agree", "agreed": "yes"}
    ).content.decode()
    assert "Check your answers" in check
    sent = client.post("/find-help/contact/falls_clin", {**FORM, "step": "check", "agreed": "yes"})
    assert sent.status_code == 302
    made = ContactRequest.objects.get()
    receipt = client.get(sent["Location"]).content.decode()
    assert made.receipt in receipt
    assert "Test Resident" not in receipt
    assert "01632" not in receipt


def test_too_many_words_are_shown_again_whole_and_a_full_line_loses_nothing(directory: int) -> None:
    from django.core.cache import cache

    cache.clear()
    client, address = Client(), "/find-help/contact/falls_clin"
    long = "word " * 1000
    page = client.post(address, {**FORM, "step": "need", "need": long}).content.decode()
    assert "Use at most 1,000 letters. You have written 5,000" in page
    assert long.strip() in page
    lines = "one\r\n" * 250
    assert (
        "What should they call you"
        in client.post(address, {**FORM, "step": "need", "need": lines[:-2]}).content.decode()
    )
    whole = {**FORM, "step": "check", "agreed": "yes", "need": "all my words"}
    codes = [client.post(address, whole).status_code for _ in range(31)]
    assert codes == [302] * 30 + [429]
    cache.clear()
    for _ in range(30):
        client.post(address, whole)
    refused = client.post(address, whole).content.decode()
    assert "all my words" in refused
    assert "Check your answers" in refused
    cache.clear()


def test_going_back_loses_nothing_and_every_page_is_seen(directory: int) -> None:
    client, address = Client(), "/find-help/contact/falls_clin"
    for step, following in (("need", "name"), ("name", "contact"), ("contact", "time"), ("time", "agree")):
        page = client.post(address, {**FORM, "step": step}).content.decode()
        assert f'name="step" value="{following}"' in page
        assert f'name="go" value="{step}">Back' in page
    back = client.post(
        address, {"step": "name", "go": "need", "need": "falls", "name": "half a na"}
    ).content.decode()
    assert ">falls</textarea>" in back
    assert 'value="half a na"' in back


def test_nothing_is_passed_on_without_agreement(directory: int) -> None:
    page = Client().post("/find-help/contact/falls_clin", {**FORM, "step": "check"}).content.decode()
    assert "Do you agree" in page
    assert not ContactRequest.objects.exists()


def ask() -> ContactRequest:
    service = Service.objects.get(given_id="falls_clin")
    return actions.ask_to_be_contacted(
        service=service,
        name="A",
        contact_by="phone",
        contact_value="1",
        good_time="any",
        need="",
        language="",
        consented=True,
    )


def test_a_request_is_passed_on_and_never_ends_at_a_wrong_door(directory: int) -> None:
    worker, request = person(Role.PRACTITIONER), ask()
    other = Service.objects.get(given_id="strength")
    actions.move_request(request=request, to="passed_on", by=worker, onward=other)
    assert queries.state_of(queries.request_with_receipt(request.receipt)).service == other
    actions.move_request(request=request, to="accepted", by=worker)
    actions.move_request(request=request, to="contacted", by=worker)
    actions.move_request(request=request, to="helped", by=worker)
    assert [s.state for s in ContactStep.objects.order_by("id")] == [
        "received",
        "passed_on",
        "accepted",
        "contacted",
        "helped",
    ]
    with pytest.raises(Conflict):
        actions.move_request(request=request, to="accepted", by=worker)


def test_every_open_state_has_a_way_on() -> None:
    states = {s.value for s in ContactStep.State}
    assert set(rules.MOVES) == states
    assert {s for s, to in rules.MOVES.items() if not to} == {"helped"}
    assert all("passed_on" in to for s, to in rules.MOVES.items() if s != "helped")


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.ANALYST, Role.SECRETARY, Role.ADMINISTRATOR])
def test_those_who_do_not_answer_requests_cannot_see_them(role: Role, directory: int) -> None:
    ask()
    with pytest.raises(Forbidden):
        queries.waiting_requests(person(role))


def test_an_edit_needs_a_second_person_and_keeps_the_old_words(directory: int) -> None:
    service = Service.objects.get(given_id="falls_clin")
    editor, other = person(Role.SECRETARY, "one"), person(Role.SECRETARY, "two")
    revision = actions.propose_edit(
        service=service, changes={"description": "We help you stop falling."}, by=editor
    )
    with pytest.raises(Forbidden):
        actions.decide_edit(revision=revision, approve=True, by=editor)
    actions.decide_edit(revision=revision, approve=True, by=other)
    service.refresh_from_db()
    assert service.description == "We help you stop falling."
    assert Revision.objects.get().before["description"].startswith("Multidisciplinary")
    assert load_directory("mse", by=None) == 370
    service.refresh_from_db()
    assert service.description == "We help you stop falling.", "loading the pack again keeps the edit"


def test_loading_twice_changes_nothing(directory: int) -> None:
    before = list(Service.objects.order_by("pk").values_list("pk", "modified_at"))
    assert load_directory("mse", by=None) == 370
    assert list(Service.objects.order_by("pk").values_list("pk", "modified_at")) == before
    assert len(before) == 370


def test_a_confidential_place_is_not_searched_or_shown(directory: int) -> None:
    service = Service.objects.get(given_id="lunch_club")
    place = service.at.select_related("location").first().location
    place.is_confidential = True
    place.save()
    assert place.name not in Client().get("/service/lunch_club").content.decode()
    assert all(place.name != s.name for d in queries.documents() for s in d.spots)


def test_the_thirty_first_request_of_an_hour_is_refused(directory: int, settings: object) -> None:
    from django.core.cache import cache

    cache.clear()
    client = Client()
    codes = [client.post("/service/falls_clin/feedback", {"kind": "helpful"}).status_code for _ in range(31)]
    assert codes[:30] == [302] * 30
    assert codes[30] == 429
    cache.clear()


@pytest.mark.parametrize("words", ["asdfgh", "bitcoin price", "premier league results"])
def test_what_nothing_fits_is_said_so_with_topics_and_people_to_ask(
    client: Client, directory: int, words: str
) -> None:
    queries.rebuild_index()
    html = client.get("/find-help/search", {"q": words}).content.decode()
    assert_card_first(html)
    assert "We found nothing that fits" in html
    assert "ring 111" in html
    assert html.index('href="/find-help/topic/falls"') < html.index("fd-result"), (
        "topics come before the nearest"
    )
    assert "These are the nearest we have" in html
    assert "Help for ‘" not in html
    assert "Nothing fits well" in client.get("/find-help/operator", {"q": words}).content.decode()
    assert "nothing that fits well" in client.post("/find-help/kiosk", {"q": words}).content.decode()


def test_what_fits_is_answered_without_doubt(client: Client, directory: int) -> None:
    queries.rebuild_index()
    html = client.get("/find-help/search", {"q": "mum keeps falling"}).content.decode()
    assert "We found nothing that fits" not in html
    assert "Help for ‘mum keeps falling’" in html


def test_an_index_of_an_earlier_release_is_made_anew_at_the_first_question(
    client: Client, directory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = queries.search_root() / "current"
    with monkeypatch.context() as earlier:
        earlier.setattr("endeavour.frontdoor.search.building.FORMAT", 1)
        queries.rebuild_index()
        before = current.read_text()
    assert "Cervical" in client.get("/find-help/search", {"q": "smear test"}).content.decode()
    assert current.read_text() != before


def test_the_index_is_read_without_a_query_for_every_service(
    directory: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):
        held = queries.documents()
    assert len(held) == Service.objects.filter(status="active").count()
    gp = next(d for d in held if d.id == "gp")
    service = Service.objects.get(given_id="gp")
    assert [spot.name for spot in gp.spots] == [offer.location.name for offer in queries.offers_of(service)]
    assert {(o.opens, o.closes) for o in gp.openings} == {
        (h.opens, h.closes) for h in queries.hours_of(service.schedules.all())
    }


def test_an_answer_without_services_still_offers_topics(
    client: Client, directory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries.rebuild_index()
    monkeypatch.setattr(queries.finding, "services_by_id", lambda keys: [])
    html = client.get("/find-help/search", {"q": "smear test"}).content.decode()
    assert_card_first(html)
    assert "We found nothing that fits" in html
    assert "These are the nearest" not in html
    assert 'href="/find-help/topic/falls"' in html
