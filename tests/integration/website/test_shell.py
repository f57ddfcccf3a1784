"""The shell: bodies on any day, sign-in, the headers every page carries."""

import re
from datetime import date

import pytest
from django.test import Client

from endeavour.core.accounts import DEMO_PASSWORD, ensure_demo_people
from endeavour.core.models import Body
from endeavour.strategy.public import outline
from endeavour.website import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(mapped: None) -> None:
    """The bodies of the pack."""


def test_a_body_closes_on_its_day_and_its_successor_opens(loaded) -> None:
    keys = {day: {b.key for b in queries.bodies_on(day)} for day in (date(2026, 3, 31), date(2026, 4, 1))}
    assert "icb" in keys[date(2026, 3, 31)]
    assert "essex-icb" not in keys[date(2026, 3, 31)]
    assert "icb" not in keys[date(2026, 4, 1)]
    assert "essex-icb" in keys[date(2026, 4, 1)]
    on = queries.body_on("icb", date(2026, 4, 1))
    assert not on.stands
    assert on.last_day == date(2026, 3, 31)
    assert [s.successor.key for s in on.after] == ["essex-icb"]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2020-02-01", "April 2021. That month was still to come."),
        ("2021-04-30", "April 2021. That month was still to come."),
        ("2021-05-01", "April 2021. It had not come, 1 month later."),
        ("2022-06-30", "April 2021. It had not come, 14 months later."),
        ("2022-07-01", "April 2021. It came 15 months late."),
        ("2026-11-01", "April 2021. It came 15 months late."),
    ],
)
def test_a_body_that_was_promised_says_how_late_it_came(loaded, client: Client, day: str, words: str) -> None:
    page = client.get(f"/body/ics?as_at={day}").content.decode()
    assert words in page
    assert "Board paper of January 2020, section 2.2" in page


def test_the_slip_follows_the_days_and_starts_with_the_promise(loaded, client: Client) -> None:
    assert "Promised for" not in client.get("/body/ics?as_at=2020-01-30").content.decode()
    assert "Promised for" not in client.get("/body/icp").content.decode()
    for began, words in (
        ("2021-03-01", "It came in time."),
        ("2021-04-30", "It came in time."),
        ("2021-06-01", "2 months late"),
    ):
        Body.objects.filter(key="ics").update(valid_from=began)
        assert words in client.get("/body/ics").content.decode()


def test_every_body_that_was_promised_is_a_body_of_the_pack(loaded) -> None:
    promised = {row.body for row in outline().bodies_due}
    assert promised
    assert promised <= set(Body.objects.values_list("key", flat=True))


def test_no_route_is_shown_to_a_body_that_does_not_stand(loaded) -> None:
    for day in (date(2018, 1, 1), date(2021, 1, 1), date(2023, 1, 1), date(2026, 11, 22)):
        for route in queries.routes_on(day):
            assert route.source.held_on(day)
            assert route.target.held_on(day)


@pytest.mark.parametrize(
    ("path", "count"),
    [("/bodies", 2), ("/bodies?as_at=2020-02-01", 2), ("/bodies.csv", 1), ("/body/icp", 5), ("/about", 1)],
)
def test_each_page_costs_what_it_says(loaded, client: Client, django_assert_num_queries, path, count) -> None:
    with django_assert_num_queries(count):
        assert client.get(path).status_code == 200


def test_days_are_read_strictly(loaded, client: Client) -> None:
    for bad in ("yesterday", "2026-02-30", "0022-12-01", "31/03/2026"):
        assert client.get("/bodies", {"as_at": bad}).status_code == 422
    assert client.get("/bodies", {"as_at": "2001-01-01"}).status_code == 200
    assert client.get("/body/no-such-body").status_code == 404


def test_demo_sign_ins_stand_on_the_page_only_in_demonstration_mode(client: Client, settings) -> None:
    ensure_demo_people()
    assert DEMO_PASSWORD.encode() in client.get("/sign-in").content
    settings.DEMO = False
    assert DEMO_PASSWORD.encode() not in client.get("/sign-in").content


def test_signing_out_needs_a_button_and_signing_in_stays_here(client: Client) -> None:
    ensure_demo_people()
    answer = client.post(
        "/sign-in?next=https://evil.example/",
        {"username": "analyst", "password": DEMO_PASSWORD, "next": "https://evil.example/"},
    )
    assert answer.headers["Location"] == "/desk"
    refused = client.get("/sign-out")
    assert (refused.status_code, refused["Allow"]) == (405, "POST, OPTIONS")
    assert "This address takes what a form sends" in refused.content.decode()
    assert client.get("/desk").status_code == 200
    client.post("/sign-out")
    assert client.get("/desk").headers["Location"].startswith("/sign-in")


def test_a_wrong_password_keeps_the_name_and_says_what_to_do(client: Client) -> None:
    page = client.post("/sign-in", {"username": "jo<b>", "password": "wrong"}).content.decode()
    assert "There is a problem" in page
    assert 'value="jo&lt;b&gt;"' in page
    assert "wrong" not in re.sub(r"<title>.*?</title>", "", page)


def test_no_page_carries_inline_style_or_script(client: Client) -> None:
    for path in ("/", "/about", "/sign-in", "/bodies", "/no-such-page"):
        answer = client.get(path)
        page = answer.content.decode()
        assert "style=" not in page, path
        assert not re.search(r"<script(?![^>]*src=)", page), path
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("path", "section"),
    [("/partner-plans", "How we’re doing"), ("/partners", "Who decides"), ("/promises", "How we’re doing")],
)
def test_one_part_of_the_navigation_is_current(loaded, client: Client, path: str, section: str) -> None:
    header = client.get(path).content.decode().partition("</header>")[0]
    assert re.findall(r'aria-current="true"[^>]*>([^<]+)<', header) == [section]


def test_reading_sets_no_cookie(client: Client) -> None:
    for path in ("/", "/bodies", "/about"):
        assert not client.get(path).cookies, path


def test_every_link_of_header_and_footer_leads_somewhere(loaded, client: Client) -> None:
    page = client.get("/about").content.decode()
    for href in sorted(set(re.findall(r'href="(/[a-z-]*)"', page))):
        assert client.get(href).status_code in (200, 302, 503), href


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("/bodies/", "/bodies"),
        ("/meetings/?as_at=2026-01-02", "/meetings?as_at=2026-01-02"),
        ("/measure/x/?area=E1", "/measure/x?area=E1"),
        ("/thread/statement/W99/", "/thread/statement/W99"),
    ],
)
def test_a_page_asked_for_with_a_slash_at_its_end_leads_to_the_page(
    client: Client, asked: str, told: str
) -> None:
    answer = client.get(asked)
    assert (answer.status_code, answer["Location"]) == (301, told)
    assert client.head(asked).status_code == 301


@pytest.mark.parametrize(
    "asked", ["/no-such-page/", "/bodies//", "/api/areas/", "/openreferral/v3/services/", "/static/x/"]
)  # fmt: skip
def test_what_is_no_page_without_the_slash_is_not_found(client: Client, asked: str) -> None:
    assert client.get(asked).status_code == 404


def test_what_a_form_sends_is_never_sent_elsewhere(client: Client) -> None:
    assert client.post("/question/", {"words": "Why?"}).status_code == 404


def test_the_ways_of_a_body_stand_under_one_heading_a_kind_and_say_how_often(loaded, client: Client) -> None:
    page = client.get("/body/icp").content.decode()
    assert page.count("Who feeds this body</h3>") == 1
    assert page.count("Whom this body feeds</h3>") == 1
    assert "Every 3 months" in page
    assert "Every year" in page
    assert " days</span>" not in page
