"""A resident asks, the secretary meets, decides and publishes, the resident follows: in a real browser, with axe."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from functional.governance.conftest import press, sound

pytestmark = [pytest.mark.browser, pytest.mark.slow]
YESTERDAY = (date(2026, 11, 22) - timedelta(days=1)).isoformat()


@pytest.fixture
def resident(browser):
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=True)
    yield context.new_page()
    context.close()


def sound_on_a_phone_too(page) -> None:
    sound(page)
    assert page.locator("h1").count() == 1
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_residents_words_become_a_decision_they_can_follow(resident, secretary, site: str) -> None:
    resident.goto(f"{site}/question")
    sound(resident)
    press(resident, "Check your answers")
    assert "Write your question first." in resident.locator("main").inner_text()
    resident.fill("#words", "Why does mum wait so long after a fall?")
    resident.fill("#theme", "falls")
    press(resident, "Check your answers")
    assert "Why does mum wait so long after a fall?" in resident.locator("main").inner_text()
    press(resident, "Change your answers")
    assert resident.input_value("#theme") == "falls", "nothing typed is lost"
    press(resident, "Check your answers")
    press(resident, "Send")
    receipt = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", resident.locator("main").inner_text())
    assert receipt is not None

    page = secretary
    page.goto(f"{site}/desk/today")
    sound(page)
    assert receipt[0] in page.locator("main").inner_text()
    page.goto(f"{site}/meetings/new")
    page.select_option("#body", "icp")
    page.fill("#day", YESTERDAY)
    press(page, "Call this meeting")
    assert "Say where the meeting is." in page.locator("main").inner_text()
    assert page.input_value("#day") == YESTERDAY, "nothing typed is lost"
    page.fill("#place", "Chelmsford Library")
    press(page, "Call this meeting")
    meeting = page.url
    press(page, "Draft the agenda")
    agenda = page.locator("main").inner_text()
    assert f"Contribution {receipt[0]}" in agenda
    assert "Annual report on the difference made" in agenda

    page.goto(f"{meeting}/attendance")
    for seat in page.locator("main select").all():
        seat.select_option("present")
    press(page, "Record attendance")
    assert "voting seats were filled" in page.locator("main").inner_text()

    item = page.locator("li", has_text=f"Contribution {receipt[0]}")
    with page.expect_navigation():
        item.get_by_role("link", name="Record a decision").click()
    sound(page)
    page.fill("#title", "Fund falls prevention")
    press(page, "Check your answers")
    assert "does not yet say" in page.locator("main").inner_text()
    for name in (
        "options",
        "decided",
        "reason",
        "effect_health",
        "effect_quality",
        "effect_resources",
        "effect_inequality",
    ):
        page.fill(f"#{name}", f"Words about {name}")
    press(page, "Check your answers")
    press(page, "Record this decision")
    decision = page.url
    assert "/decision/" in decision
    page.get_by_role("link", name="Which groups were to be looked at").click()
    sound_on_a_phone_too(page)
    page.get_by_role("link", name="Add or change a group").click()
    sound_on_a_phone_too(page)
    assert page.url.endswith(f"/impact/{decision.rsplit('/', 1)[1]}/add")

    page.goto(f"{meeting}/minutes")
    page.fill("#words", "The partnership met and decided.")
    press(page, "Check your answers")
    press(page, "Publish")
    assert "The partnership met and decided." in page.locator("main").inner_text()
    page.goto(f"{site}/question/{receipt[0]}/reply")
    page.fill("#words", "We decided to fund falls prevention.")
    page.select_option("#outcome", "answered")
    press(page, "Check your answers")
    press(page, "Publish this reply")

    resident.goto(f"{site}/question/{receipt[0]}")
    sound(resident)
    seen = resident.locator("main").inner_text()
    assert "We decided to fund falls prevention." in seen
    assert "Fund falls prevention" in seen
    assert resident.locator(f'a[href$="/decision/{decision.rsplit("/", 1)[1]}"]').count() == 1
