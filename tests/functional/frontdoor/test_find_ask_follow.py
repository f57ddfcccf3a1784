"""A worried resident finds help, asks, and follows; a partner mends the words and a secretary approves: in a real browser."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
WORDS = "We help you stay on your feet. Somebody shows you safe ways to move."


def sound(page) -> None:
    """No accessibility fault, one heading at the top, and the emergency card before everything else."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:160]) for v in found] == [], page.url
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.body.querySelector('aside, header, main, form').id") == "emergency-card"


def fits(page) -> None:
    """Nothing scrolls sideways; read through the browser's protocol, for scripts are off."""
    size = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")["cssContentSize"]
    assert size["width"] <= page.viewport_size["width"], page.url


def press(page, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def phone(browser):
    """The smallest phone, without JavaScript."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def sign_in(page, site: str, name: str) -> None:
    page.goto(f"{site}/sign-in")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill("common-endeavour")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk")


def test_two_taps_find_help_then_ask_then_follow_on_a_small_phone_without_script(phone, site: str) -> None:
    phone.goto(site)
    phone.locator("main").get_by_role("link", name="Find help").first.click()
    phone.locator("main").get_by_role("link", name="Falls and keeping steady").click()
    fits(phone)
    main = phone.locator("main").inner_text()
    assert "What to expect." in main
    assert "Skip this step if" in main
    assert "Why this is here" in main
    phone.get_by_role("link", name=re.compile("^Ask to be contacted")).first.click()
    fits(phone)
    phone.get_by_label("What would help?").fill("Mum keeps falling in the kitchen")
    press(phone, "Continue")
    press(phone, "Continue")
    assert "There is a problem" in phone.locator("main").inner_text()
    phone.get_by_label("What should they call you?").fill("A Resident")
    press(phone, "Continue")
    phone.get_by_label("Ring me").check()
    phone.get_by_label(re.compile("^The number or address")).fill("01632 960123")
    press(phone, "Continue")
    phone.get_by_label("Any time").check()
    press(phone, "Continue")
    phone.get_by_label("Yes, I agree").check()
    press(phone, "Continue")
    fits(phone)
    check = phone.locator("main").inner_text()
    assert "Mum keeps falling in the kitchen" in check, "nothing typed is lost"
    press(phone, "Ask to be contacted")
    receipt = re.search(r"FD-[0-9A-Z]{4}-[0-9A-Z]{4}", phone.locator("main").inner_text())
    assert receipt is not None
    phone.goto(f"{site}/receipt")
    phone.get_by_label(re.compile("^The number on your receipt")).fill(receipt[0].lower())
    press(phone, "See where it is")
    fits(phone)
    followed = phone.locator("main").inner_text()
    assert "We have your request" in followed
    assert "A Resident" not in followed
    assert "960123" not in followed


def test_searching_by_keyboard_alone(desk, site: str) -> None:
    desk.goto(f"{site}/find-help")
    desk.locator("#q").focus()
    desk.keyboard.type("mum keeps falling")
    desk.keyboard.press("Tab")
    desk.keyboard.type("Tilbury")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.tagName") == "SUMMARY"
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    assert desk.get_by_label("Free", exact=True).is_checked()
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    assert "free=yes" in desk.url
    sound(desk)
    assert desk.get_by_role("heading", name=re.compile("mum keeps falling")).is_visible()
    links = desk.get_by_role("link", name=re.compile(r"^Ask to be contacted \(.+\)$"))
    assert links.count() >= 1, "each link says what it is of"


def test_leaving_quickly_takes_few_keys_and_comes_first(desk, site: str) -> None:
    desk.context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<p>Weather</p>"))
    desk.goto(f"{site}/find-help/search?q=my+boyfriend+hits+me")
    sound(desk)
    for _ in range(6):
        desk.keyboard.press("Tab")
        if desk.evaluate("document.activeElement.textContent") == "Leave this page quickly":
            break
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    assert desk.url.startswith("https://www.bbc.co.uk/")


def test_words_are_mended_by_one_person_and_approved_by_another(desk, browser, site: str) -> None:
    sign_in(desk, site, "partner")
    desk.goto(f"{site}/find-help/readability")
    sound(desk)
    desk.goto(f"{site}/find-help/edit/falls_clin")
    sound(desk)
    desk.get_by_label("What it is").fill(WORDS)
    press(desk, "Suggest this")
    assert WORDS not in desk.locator("main").inner_text(), (
        "nothing is shown before a second person has read it"
    )
    other = browser.new_context(viewport={"width": 1280, "height": 900})
    page = other.new_page()
    sign_in(page, site, "secretary")
    page.goto(f"{site}/find-help/approve")
    sound(page)
    assert WORDS in page.locator("main").inner_text()
    press(page, "Approve it")
    page.goto(f"{site}/service/falls_clin")
    sound(page)
    assert WORDS in page.locator("main").inner_text()
    page.get_by_role("link", name="Add Easy Read, a translation or a film of this page").click()
    sound(page)
    other.close()


def test_a_practitioner_refers_a_page_at_a_time_and_a_mistake_loses_nothing(desk, site: str) -> None:
    sign_in(desk, site, "practitioner")
    desk.goto(f"{site}/service/falls_clin")
    sound(desk)
    desk.get_by_role("link", name="Refer somebody").click()
    sound(desk)
    assert "places" in desk.locator("main").inner_text(), "how many places are free stands first"
    desk.get_by_label("Their name").fill("A Resident")
    desk.get_by_label("NHS number").fill("123")
    press(desk, "Continue")
    sound(desk)
    assert "do not fit together" in desk.locator("main").inner_text()
    assert desk.get_by_label("Their name").input_value() == "A Resident"
    desk.get_by_label("NHS number").fill("")
    press(desk, "Continue")
    desk.get_by_label("Ring them").check()
    desk.get_by_label("The number or address that is safe to use").fill("01632 960123")
    press(desk, "Continue")
    press(desk, "Back")
    assert desk.get_by_label("The number or address that is safe to use").input_value() == "01632 960123"
    press(desk, "Continue")
    sound(desk)
    press(desk, "Continue")
    desk.get_by_label("Why do you refer them?").fill("Falls in the kitchen")
    for _ in range(4):
        press(desk, "Continue")
    desk.get_by_label(re.compile("^They know what is told")).check()
    press(desk, "Continue")
    sound(desk)
    press(desk, "Change the page ‘Why do you refer them?’")
    desk.get_by_label("Why do you refer them?").fill("Falls, and is alone")
    press(desk, "Continue")
    assert "Falls, and is alone" in desk.locator("main").inner_text(), "straight back to the check"
    press(desk, "Refer them")
    sound(desk)
    assert re.search(r"FD-[0-9A-Z]{4}-[0-9A-Z]{4}", desk.locator("main").inner_text())


def test_the_crisis_numbers_are_rung_and_that_is_said(desk, site: str) -> None:
    sign_in(desk, site, "secretary")
    desk.goto(f"{site}/find-help/lines")
    sound(desk)
    press(desk, "I rang every number today and each is right")
    sound(desk)
    assert "Written down" in desk.locator("body").inner_text()


def test_an_answer_prints_with_the_card_first_and_no_form(desk, site: str) -> None:
    desk.goto(f"{site}/find-help/search?q=mum+keeps+falling&near=Tilbury")
    desk.emulate_media(media="print")
    assert desk.locator("#emergency-card").is_visible()
    assert not desk.locator("form.fd-box").is_visible()
    assert not desk.locator(".fd-exit").is_visible()
    assert desk.locator(".fd-result").first.is_visible()


def test_arabic_reads_from_the_right_and_english_parts_do_not(desk, site: str) -> None:
    desk.goto(f"{site}/find-help/search?q=أمي+تقع&lang=ar&near=Grays")
    sound(desk)
    assert desk.locator("main h1").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert desk.locator(".fd-result h3").first.evaluate("e => getComputedStyle(e).direction") == "ltr"
    desk.get_by_text("خيارات أخرى").click()
    sound(desk)


def test_a_shared_screen_gives_more_time(desk, site: str) -> None:
    desk.goto(f"{site}/find-help/kiosk")
    desk.get_by_role("button", name="Feeling lonely").click()
    sound(desk)
    assert "These can help" in desk.locator("main").inner_text()
    press(desk, "Give me more time")
    assert "These can help" in desk.locator("main").inner_text()
    desk.get_by_role("link", name="Start again now").click()
    assert "These can help" not in desk.locator("main").inner_text()


def test_a_name_without_a_space_makes_no_list_wider(phone, site: str) -> None:
    phone.goto(f"{site}/find-help/all")
    phone.locator(".fd-list dt a").first.evaluate("link => { link.textContent = 'Donau'.repeat(60) }")
    fits(phone)
