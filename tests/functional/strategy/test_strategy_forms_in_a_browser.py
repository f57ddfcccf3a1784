"""Forms in a real browser: a draft keeps itself, a mistake is led to, the slider works with and without script."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def secretary(browser, site: str):
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=site)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=username]", "secretary")
    page.fill("[name=password]", "common-endeavour")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk*")
    yield page
    context.close()


def violations(page) -> list[str]:
    return [v["id"] for v in Axe().run(page).response["violations"]]


def test_what_is_typed_keeps_itself_and_is_checked_before_it_is_published(secretary) -> None:
    page = secretary
    page.goto("/promise/W3/reason")
    page.fill("#why", "We waited for money.")
    page.get_by_text("Kept at").wait_for()
    page.goto("/promise/W3/reason")
    assert page.input_value("#why") == "We waited for money."
    assert violations(page) == []
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Publish these words").click()
    page.wait_for_url("**/promise/W3#why")
    assert "We waited for money." in page.locator("#why").inner_text()


def test_the_error_summary_leads_to_the_question(secretary) -> None:
    page = secretary
    page.goto("/promise/W3/evidence")
    page.fill("#title", "Minutes say so")
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("link", name="Give the day, the month and the year it happened.").click()
    assert page.evaluate("document.activeElement.id") == "happened-day"
    assert page.input_value("#title") == "Minutes say so"
    assert violations(page) == []
    for part, typed in (("day", "28"), ("month", "6"), ("year", "2023")):
        page.fill(f"#happened-{part}", typed)
    page.fill("#source", "Minutes")
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_text("28 June 2023").wait_for()


def test_a_promise_is_measured_by_agreement(secretary) -> None:
    page = secretary
    page.goto("/promise/W20/measure/ae_within_4_hours")
    assert "Proposed, not agreed" in page.locator("main").inner_text()
    page.get_by_role("button", name="Agree to what is proposed").click()
    page.wait_for_url("**/promise/W20#measure")
    assert page.locator("#proposed-ae_within_4_hours").count() == 0
    assert "(proposed)" not in page.locator("#measure-ae_within_4_hours").inner_text()
    assert violations(page) == []


@pytest.mark.parametrize("script", [True, False])
def test_the_slider_steps_by_months(browser, site: str, script: bool) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, base_url=site, java_script_enabled=script
    )
    page = context.new_page()
    page.goto("/promises")
    page.focus("#month")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    if script:
        assert page.inner_text("#month-words") == "August 2026"
        assert page.input_value("#as_at") == "2026-08-01"
    page.locator("form.ce-filter button").click()
    page.wait_for_url("**month=**")
    assert "As it stood on 1 August 2026" in page.inner_text(".ce-lede")
    context.close()
