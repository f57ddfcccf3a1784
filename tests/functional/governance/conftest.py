"""A secretary signed in, and what every page must pass."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def sound(page) -> None:
    """No accessibility fault on the page as it stands."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:160]) for v in found] == [], page.url


def press(page, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name).click()
    sound(page)


@pytest.fixture
def secretary(browser, site: str):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.get_by_label("Your name").fill("secretary")
    page.get_by_label("Password", exact=True).fill("common-endeavour")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk")
    yield page
    context.close()
