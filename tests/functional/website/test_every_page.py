"""Every page in a real browser: no accessibility fault, no sideways scroll at 320 px, no script needed, no error."""

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe

from functional.pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
EXPECTED = {
    "/no-such-page": 404,
    "/promise/I15": 404,
    "/impact/2026-12-03-icp/4": 404,
    "/bodies?as_at=yesterday": 422,
}


@pytest.fixture(scope="module")
def wide(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def narrow(browser):
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(wide, site: str, path: str) -> None:
    said: list[str] = []
    listen = lambda message: said.append(message.text) if message.type == "error" else None  # noqa: E731
    wide.on("console", listen)
    answer = wide.goto(site + path)
    wide.remove_listener("console", listen)
    expected = EXPECTED.get(path, 200)
    assert answer.status == expected
    found = Axe().run(wide, options=RULES).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200], len(v["nodes"])) for v in found] == []
    assert [text for text in said if expected == 200 or "Content Security Policy" in text] == []
    assert wide.locator("h1").count() == 1
    levels = wide.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => Number(h.tagName[1]))")
    main = levels[levels.index(1) :]
    assert all(later - earlier <= 1 for earlier, later in pairwise(main)), main


@pytest.mark.parametrize("path", PAGES)
def test_at_320_pixels_without_script_nothing_scrolls_sideways(narrow, site: str, path: str) -> None:
    narrow.goto(site + path)
    # Scripts are off for the page; the size is read through the browser's own protocol.
    size = narrow.context.new_cdp_session(narrow).send("Page.getLayoutMetrics")["cssContentSize"]
    assert size["width"] <= 320
    assert narrow.locator("main").inner_text().strip()


def test_the_hexagon_map_works_by_keyboard(wide, site: str) -> None:
    wide.goto(f"{site}/inequality")
    wide.locator("svg.ce-hexmap a").first.focus()
    before = wide.locator(".ce-readout").inner_text()
    wide.keyboard.press("ArrowDown")
    after = wide.locator(".ce-readout").inner_text()
    assert "of 10" in before
    assert after != before
    assert wide.locator('svg.ce-hexmap a[tabindex="0"]').count() == 1
    wide.keyboard.press("Enter")
    wide.wait_for_url("**/area/E0*")


def test_a_touch_says_the_value_and_gives_the_link(browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(f"{site}/inequality")
    page.locator("svg.ce-hexmap a").nth(300).tap()
    assert "See this neighbourhood" in page.locator(".ce-readout").inner_text()
    assert page.url.endswith("/inequality")
    context.close()


def test_the_first_tab_skips_to_the_content(wide, site: str) -> None:
    wide.goto(site)
    wide.keyboard.press("Tab")
    assert wide.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    wide.keyboard.press("Enter")
    assert wide.evaluate("document.activeElement.id") == "maincontent"


def test_menus_stay_off_the_paper(wide, site: str) -> None:
    wide.goto(f"{site}/area/E07000066")
    wide.emulate_media(media="print")
    assert not wide.locator(".ce-nav").is_visible()
    assert wide.locator("h1").is_visible()
    wide.emulate_media(media="screen")


@pytest.mark.parametrize(
    "role", ["resident", "practitioner", "analyst", "secretary", "partner", "administrator"]
)
def test_each_role_signs_in_to_its_own_desk_and_out(browser, site: str, role: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.get_by_label("Your name").fill(role)
    page.get_by_label("Password", exact=True).fill("common-endeavour")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk")
    assert f"Signed in as {role}" in page.locator("main").inner_text()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [v["id"] for v in found] == []
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").wait_for(state="visible")
    context.close()
