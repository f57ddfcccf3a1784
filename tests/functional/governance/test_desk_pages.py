"""Every page of the desk, signed in: axe at WCAG 2.2 AA, no sideways scroll on a phone, and all of it by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from functional.governance.conftest import sound

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HELD = "/meeting/2026-10-22-icp"
"""The demonstration's made-up meeting: it has one item, one paper and minutes."""

DESKS = {
    "secretary": [
        "/desk", "/desk/today", "/drafts", "/tokens", "/meetings", "/meetings/new", HELD, f"{HELD}/items/new",
        f"{HELD}/attendance", f"{HELD}/interests/new", f"{HELD}/minutes", f"{HELD}/item/1/decision",
        f"{HELD}/item/1/paper", "/register", "/register/equality-duty/evidence", "/bodies/message",
        "/body/icp/ways/new", "/body/icb/handover", "/partners", "/partner/schools/approach", "/data-agreements/new",
        "/data-agreement/shared-care-record", "/registers/risks/new", "/registers/risks/home-from-hospital",
        "/desk/bring-in/meetings", "/desk/bring-in/bodies", "/compact", "/escalations", "/escalations/new",
        "/body/icp/membership/new", "/promise/W3", "/promise/W3/evidence", "/promise/W3/reason",
        "/promise/C9/answer", "/promise/W3/resource", "/promise/W3/version", "/partner-plans/new",
        "/glossary/meanings/new", "/report", "/report/words", "/honesty",
    ],
    "analyst": [
        "/desk", "/promise/W3/measure", "/promise/W3/measure/smoking/set", "/theory-of-change/review",
        "/drafts",
    ],
    "partner": ["/desk", "/compact", "/escalations", "/escalations/new", "/partner-plans", "/bodies/message", f"{HELD}/item/1/paper", "/drafts"],
    "administrator": ["/desk", "/desk/today", "/meetings/new"],
}  # fmt: skip


@pytest.fixture(scope="module")
def signed_in(browser, site: str) -> Iterator[dict[str, object]]:
    """A page of each role, signed in once."""
    contexts = {
        role: browser.new_context(viewport={"width": 1280, "height": 900}, base_url=site) for role in DESKS
    }
    pages = {role: context.new_page() for role, context in contexts.items()}
    for role, page in pages.items():
        page.goto("/sign-in")
        page.fill("#username", role)
        page.fill("#password", "common-endeavour")
        page.press("#password", "Enter")
        page.wait_for_url("**/desk")
    yield pages
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize(("role", "path"), [(role, path) for role, paths in DESKS.items() for path in paths])
def test_a_page_of_the_desk_is_sound_on_a_screen_and_on_a_phone(signed_in, role: str, path: str) -> None:
    page = signed_in[role]
    answer = page.goto(path)
    assert answer.status == 200, page.locator("main").inner_text()[:200]
    sound(page)
    assert page.locator("h1").count() == 1
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("path", ["/meetings/new", f"{HELD}/item/1/decision", "/promise/W3/evidence"])
def test_a_form_is_walked_by_the_keyboard_in_the_order_it_is_read(signed_in, path: str) -> None:
    page = signed_in["secretary"]
    page.goto(path)
    asked = page.evaluate(
        "[...document.querySelectorAll('main input, main select, main textarea, main button')]"
        ".filter(e => e.type !== 'hidden').map(e => e.name)"
    )
    expected = [name for place, name in enumerate(asked) if place == 0 or asked[place - 1] != name]
    page.locator("#maincontent").focus()
    reached: list[str] = []
    while len(reached) < len(expected):
        # A browser's own parts of a date or a time are stops inside one question, and so are buttons of one name.
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name")
        if name is not None and (not reached or reached[-1] != name):
            reached.append(name)
    assert reached == expected


def test_the_error_summary_takes_the_focus_and_leads_to_the_question(signed_in) -> None:
    page = signed_in["secretary"]
    page.goto("/meetings/new")
    with page.expect_navigation():
        page.get_by_role("button", name="Call this meeting").click()
    assert "nhsuk-error-summary" in page.evaluate("document.activeElement.className")
    assert page.title().startswith("Error: ")
    page.get_by_role("link", name="Say where the meeting is.").click()
    assert page.evaluate("document.activeElement.id") == "place"


def test_the_desk_works_without_script(browser, site: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, base_url=site, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#username", "secretary")
    page.fill("#password", "common-endeavour")
    page.press("#password", "Enter")
    page.wait_for_url("**/desk")
    page.goto("/meetings/new")
    page.fill("#day", "2026-11-02")
    page.get_by_role("button", name="Keep for later").click()
    assert "Kept for you" in page.locator("main").inner_text()
    page.goto("/meetings/new")
    assert page.input_value("#day") == "2026-11-02"
    page.fill("#place", "Thurrock Library")
    page.get_by_role("button", name="Call this meeting").click()
    assert "The meeting is called." in page.locator("main").inner_text()
    page.get_by_role("button", name="Draft the agenda").click()
    assert page.locator(".ce-agenda > li").count() > 5
    context.close()
