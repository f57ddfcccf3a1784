"""A day with the caseload in a real browser, and every page that only a full installation shows."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from functional.website.test_every_page import RULES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PUBLIC = [
    "/core20plus5/adults",
    "/core20plus5/children",
    "/measure/smi-health-check",
    "/measure/smi-health-check?by=ethnicity",
    "/measure/smoking?area=E07000074",
    "/measure/smi-health-check?area=thurrock&by=imd_quintile",
    "/inequality/groups?measure=smi-health-check",
    "/inequality/groups?measure=smoking",
    "/inequality/worsening",
    "/first-5000",
    "/plus-groups",
    "/area/E06000034/data-pack",
]


def no_fault(page) -> None:
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []
    assert page.locator("h1").count() == 1


def sign_in(browser, site: str, name: str):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{site}/sign-in")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill("common-endeavour")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk")
    return page


@pytest.mark.parametrize("path", PUBLIC)
def test_a_full_page_has_no_fault_and_fits_a_small_phone(browser, population_site: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    assert page.goto(population_site + path).status == 200
    no_fault(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert said == []
    context.close()


def test_from_opening_the_caseload_to_a_plan_and_who_looked(browser, population_site: str) -> None:
    secretary = sign_in(browser, population_site, "secretary")
    secretary.goto(f"{population_site}/caseload")
    with secretary.expect_navigation():
        secretary.get_by_role("button", name="Open the caseload").click()
    secretary.get_by_role("heading", name="3 households").wait_for()
    no_fault(secretary)
    with secretary.expect_navigation():
        secretary.get_by_role("link", name="F5-00001").click()
    assert "Behind with the rent" not in secretary.locator("main").inner_text(), (
        "the secretariat sees no reasons"
    )
    no_fault(secretary)

    practitioner = sign_in(browser, population_site, "practitioner")
    practitioner.goto(f"{population_site}/caseload")
    assert practitioner.get_by_role("link", name="F5-").count() == 2, (
        "the household of another Alliance is not there"
    )
    with practitioner.expect_navigation():
        practitioner.get_by_role("link", name="F5-00001").click()
    assert "Behind with the rent" in practitioner.locator("main").inner_text()
    no_fault(practitioner)
    practitioner.get_by_label("What did the household say?").select_option("given")
    with practitioner.expect_navigation():
        practitioner.get_by_role("button", name="Record the answer").click()
    practitioner.get_by_text("Plan one part of life").click()
    practitioner.get_by_label("What will be done?").fill("Advice on debts")
    practitioner.get_by_label("How will we know that it worked?").fill("The rent is paid")
    practitioner.get_by_label("Finished by").fill("2027-01-31")
    with practitioner.expect_navigation():
        practitioner.get_by_role("button", name="Add to the plan").click()
    assert "Begin: Advice on debts." in practitioner.locator(".ce-lede").inner_text()
    no_fault(practitioner)

    administrator = sign_in(browser, population_site, "administrator")
    administrator.goto(f"{population_site}/caseload/looks")
    assert "read why a household was chosen" in administrator.locator("main").inner_text()
    no_fault(administrator)


def test_two_records_are_judged_and_the_next_pair_follows(browser, population_site: str) -> None:
    page = sign_in(browser, population_site, "practitioner")
    page.goto(f"{population_site}/linkage/review")
    assert "2 pairs wait" in page.locator("main").inner_text()
    no_fault(page)
    page.get_by_label("The same person").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Save and go to the next pair").click()
    assert "1 pair waits" in page.locator("main").inner_text()
    assert "housing:1 and nhs:2" in page.locator("main").inner_text()
    no_fault(page)
