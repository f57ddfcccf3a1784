"""A resident follows a receipt from their words to what came of it, on a phone, by keyboard, with axe; and news."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from functional.governance.conftest import press, sound

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def resident(browser):
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    # Scripts are off for the pages; axe runs through the browser's own protocol and needs them, so it looks elsewhere.
    yield context.new_page()
    context.close()


@pytest.fixture
def checked(browser):
    context = browser.new_context(viewport={"width": 390, "height": 800})
    yield context.new_page()
    context.close()


def test_a_receipt_leads_to_a_decision_and_an_action_and_back(
    resident, checked, secretary, site: str
) -> None:
    resident.goto(f"{site}/question")
    resident.fill("#words", "The bus to the hospital stops at six")
    resident.fill("#theme", "buses")
    resident.select_option("#group", "carers")
    resident.get_by_role("button", name="Check your answers").click()
    resident.get_by_role("button", name="Send").click()
    receipt = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", resident.locator("h1").inner_text())
    assert receipt is not None
    assert "not tied to a meeting" in resident.locator("main").inner_text()

    page = secretary
    page.goto(f"{site}/meetings/new")
    page.select_option("#body", "icp")
    page.fill("#day", (date(2026, 11, 22) - timedelta(days=3)).isoformat())
    page.fill("#place", "Basildon Library")
    press(page, "Call this meeting")
    meeting = page.url
    press(page, "Draft the agenda")
    page.goto(f"{meeting}/attendance")
    for seat in page.locator("main select").all():
        seat.select_option("present")
    press(page, "Record attendance")
    with page.expect_navigation():
        page.locator("li", has_text=f"Contribution {receipt[0]}").get_by_role(
            "link", name="Record a decision"
        ).click()
    fields = (
        "title",
        "options",
        "decided",
        "reason",
        "effect_health",
        "effect_quality",
        "effect_resources",
        "effect_inequality",
    )
    for name in fields:
        page.fill(f"#{name}", "Run a later bus" if name == "title" else f"Words about {name}")
    press(page, "Check your answers")
    press(page, "Record this decision")
    with page.expect_navigation():
        page.get_by_role("link", name="Add an action").click()
    page.fill("#words", "Ask the bus company")
    page.select_option("#owner", "icp")
    page.fill("#due", "2027-01-31")
    press(page, "Add this action")

    resident.goto(f"{site}/have-your-say")
    resident.fill("#receipt", receipt[0].lower())
    resident.get_by_role("button", name="Follow").click()
    resident.get_by_role("link", name="Follow the whole thread").click()
    onward = resident.locator("main").inner_text()
    assert onward.index("Run a later bus") < onward.index("Ask the bus company")
    assert resident.locator("svg.ce-svg--narrow a").count() >= 3
    resident.locator("svg.ce-svg--narrow a", has_text="Run a later bus").focus()
    resident.keyboard.press("Enter")
    resident.wait_for_url("**/decision/**")
    resident.get_by_role("link", name="What led to it, and what came of it").click()
    assert "The bus to the hospital stops at six" in resident.locator("main").inner_text()
    for path in (
        f"/question/{receipt[0]}",
        f"/thread/contribution/{receipt[0]}",
        "/thread/theme/buses",
        "/influence",
    ):
        checked.goto(site + path)
        sound(checked)
        assert checked.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_the_secretary_types_is_kept_without_pressing_anything(secretary, site: str) -> None:
    secretary.goto(f"{site}/body/icp/ways/new")
    sound(secretary)
    secretary.locator("#words").press_sequentially("We listen first.")
    secretary.locator("[data-kept]", has_text="Kept at").wait_for()
    secretary.goto(f"{site}/desk/today")
    assert "We listen first." in secretary.locator("main").inner_text()
    secretary.goto(f"{site}/body/icp/ways/new")
    assert secretary.input_value("#words") == "We listen first."
    press(secretary, "Start again with an empty form")
    assert secretary.input_value("#words") == ""


def test_a_file_of_meetings_is_looked_at_and_brought_in(secretary, site: str, tmp_path) -> None:
    file = tmp_path / "meetings.csv"
    file.write_text("body,day,time,place\nicp,2027-09-02,14:00,Hall\nicp,2027-13-02,14:00,Hall\n")
    secretary.goto(f"{site}/desk/bring-in/meetings")
    secretary.set_input_files("#file", file)
    press(secretary, "Look at it first")
    assert "is not a day" in secretary.locator("main").inner_text().lower()
    file.write_text("body,day,time,place\nicp,2027-09-02,14:00,Hall\n")
    secretary.set_input_files("#file", file)
    press(secretary, "Look at it first")
    press(secretary, "Bring in all of it")
    assert "2 September 2027" in secretary.locator("main").inner_text()
