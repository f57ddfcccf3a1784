"""Every page of the strategy: what it says, how many queries it takes, who may write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from endeavour.core.public import Body, Person
from endeavour.strategy.models import Alignment, Evidence, Explanation, Narrative, Release

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("pack"),
    pytest.mark.filterwarnings(
        "ignore:No directory at"
    ),  # static files are collected by the installation, not the test
]

# The most queries each page takes, however many statements there are.
PAGES = {
    "/promises": 8,
    "/promises?kind=all&as_at=2023-05-01": 8,
    "/promises?state=overdue": 8,
    "/promises?as_at=2017-01-01": 8,
    "/promise/W17": 18,
    "/promise/W12": 18,
    "/promise/I3": 18,
    "/promise/A2.6": 18,
    "/promise/C9?as_at=2023-01-01": 18,
    "/promise/W12/measure/early-cancer": 6,
    "/promise/W20/measure/ae_within_4_hours": 6,
    "/promise/W20/measure/ae_within_4_hours.csv": 1,
    "/impact/2026-12-03-icp-4": 2,
    "/honesty": 13,
    "/honesty?as_at=2020-06-01": 13,
    "/plan-on-a-page": 11,
    "/theory-of-change": 2,
    "/statements": 8,
    "/statements?kind=challenge&q=service": 8,
    "/resources": 4,
    "/resources.csv": 3,
    "/promises?month=72&was=118&as_at=2026-11-22": 9,
    "/partner-plans": 9,
    "/partner-plan/joint-forward-plan": 4,
    "/report": 24,
    "/glossary/meanings": 1,
    "/promises.csv": 7,
    "/promises.csv-metadata.json": 0,
    "/theory-of-change.svg": 2,
    "/theory-of-change.csv": 2,
    "/partner-plans.csv": 6,
    "/report.txt": 22,
    "/report.csv": 22,
    "/report.json": 22,
    "/tensions": 0,
    "/tensions.csv": 0,
    "/tension/demand-and-capacity": 1,
    "/tension/demand-and-capacity.csv": 0,
    "/campaigns": 1,
    "/campaign/common-endeavour": 11,
    "/campaign/common-endeavour?as_at=2026-11-22": 11,
    "/campaign/common-endeavour.csv": 3,
    "/campaign/common-endeavour/hand-out/leaflet.txt": 1,
    "/campaign/common-endeavour/promise": 2,
    "/proposals": 3,
    "/proposals.csv": 2,
    "/proposal/homes-near-the-town-centre": 3,
}


@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_within_its_queries(
    client: Client, decision: str, address: str, django_assert_max_num_queries: Callable
) -> None:
    with django_assert_max_num_queries(PAGES[address]):
        response = client.get(address)
    assert response.status_code == 200, address
    if response["Content-Type"].startswith("text/html"):
        page = response.content.decode()
        assert page.count("<h1") == 1
        assert "style=" not in page
        assert "None" not in page
        assert 'href=""' not in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/promises?month=²&was=1", 422),
        ("/honesty?month=²&was=1", 422),
        ("/statements?page=²", 422),
        ("/promises?state=moon", 422),
        ("/promises?level=moon", 422),
        ("/promise/I15", 404),
        ("/promise/W99", 404),
        ("/promise/W1?as_at=2019-01-01", 404),
        ("/promises?as_at=0022-01-01", 422),
        ("/promises?as_at=2016-12-31", 422),
        ("/promises?as_at=2099-01-01", 422),
        ("/promises?as_at=<script>", 422),
        ("/promises?kind=they", 422),
        ("/statements?kind=they", 422),
        ("/statements?page=0", 404),
        ("/statements?page=999999", 404),
        ("/statements?page=x", 422),
        ("/promises?month=x&was=1", 422),
        ("/promise/W12/measure/no-such", 404),
        ("/partner-plan/no-such", 404),
        ("/impact/ x", 422),
        ("/impact/2026-12-03-icp/4", 404),
        ("/impact/no-such-decision/add", 404),
        ("/report.exe", 404),
        ("/report/0000000000", 404),
        ("/report/zzz", 404),
    ],
)
def test_what_cannot_be_shown_is_said_in_words(client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


@pytest.mark.parametrize(
    ("address", "proper"),
    [
        ("/promise/w17", "/promise/W17"),
        ("/promise/a2.6?as_at=2026-11-01", "/promise/A2.6?as_at=2026-11-01"),
        ("/promise/w12/measure/early-cancer", "/promise/W12/measure/early-cancer"),
        ("/promise/w20/measure/ae_within_4_hours.csv", "/promise/W20/measure/ae_within_4_hours.csv"),
    ],
)
def test_a_promise_in_small_letters_leads_to_its_proper_address(
    client: Client, address: str, proper: str
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.get("Location")) == (301, proper)
    assert client.get(proper).status_code == 200


@pytest.mark.parametrize("address", ["/promise/w99", "/promise/w12/measure/no-such", "/promise/i15"])
def test_small_letters_of_nothing_lead_nowhere(client: Client, address: str) -> None:
    assert client.get(address, follow=True).status_code == 404


def test_promises_say_the_gap_and_that_words_are_ours(client: Client) -> None:
    page = client.get("/promises").content.decode()
    assert "I15" in page
    assert "our own short versions" in page
    assert "All 26 are late." in page
    before = client.get("/promises?as_at=2022-12-01").content.decode()
    assert "All 26 are not due yet." in before
    assert "Nothing had been promised yet." in client.get("/promises?as_at=2022-11-30").content.decode()


def test_unanswered_challenge_and_missing_reason_show_themselves(client: Client) -> None:
    page = client.get("/honesty").content.decode()
    assert "Unanswered." in page
    assert "no reason given" in page
    assert "I15 is missing" in page


def form(**more: str) -> dict[str, str]:
    day = {"happened-day": "28", "happened-month": "6", "happened-year": "2023", "step": "publish"}
    return {"title": "Minutes say so", "source": "Minutes of June 2023", **day, "settles": "yes", **more}


def test_secretary_records_evidence_and_the_promise_is_kept(client: Client, secretary: Person) -> None:
    client.force_login(secretary)
    assert client.get("/promise/W2/evidence").status_code == 200
    wrong = client.post("/promise/W2/evidence", form(**{"happened-year": "0022"}))
    assert wrong.status_code == 422
    assert "Minutes say so" in wrong.content.decode()
    assert not Evidence.objects.filter(ref="W2").exists()
    assert client.post("/promise/W2/evidence", form()).status_code == 302
    assert "ept" in client.get("/promise/W2").content.decode()
    assert Evidence.objects.get(ref="W2").by == secretary


def test_owner_gives_a_reason_and_hard_words_are_named(client: Client, secretary: Person) -> None:
    client.force_login(secretary)
    answer = client.post(
        "/promise/W2/reason", {"why": "The ABCD workstream stopped.", "step": "publish"}, follow=True
    )
    page = answer.content.decode()
    assert "The ABCD workstream stopped." in page
    assert "piece of work" in page
    assert "The ABCD workstream stopped." in client.get("/honesty").content.decode()
    assert client.post("/promise/W2/reason", {"why": " "}).status_code == 422
    assert Explanation.objects.count() == 1


def test_secretary_writes_and_freezes_the_report(client: Client, secretary: Person) -> None:
    client.force_login(secretary)
    said = {"section": "foreword", "words": "We were slow.", "step": "publish"}
    assert client.post("/report/words", said).status_code == 302
    answer = client.post("/report/freeze")
    release = Release.objects.get()
    assert answer["Location"] == f"/report/{release.sha256[:12]}"
    page = client.get(answer["Location"]).content.decode()
    assert "We were slow." in page
    Narrative.objects.create(section="foreword", words="Later words.")
    assert "Later words." not in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("address", ["/promise/W2/evidence", "/promise/W2/reason", "/report/words"])
def test_a_stranger_and_a_resident_cannot_write(
    client: Client, person: Callable[[str], Person], address: str
) -> None:
    assert client.get(address).status_code == 403
    assert client.post(address, form()).status_code in {403, 422}
    client.force_login(person("resident"))
    assert client.get(address).status_code == 403
    assert not Evidence.objects.filter(ref="W2").exists()


def test_partner_adds_its_plan_and_a_person_decides(client: Client, person: Callable[[str], Person]) -> None:
    from endeavour.errors import Forbidden
    from endeavour.strategy.plans import add_plan, matrix

    ours = Body.objects.create(
        key="a-council", name="A council", legal_form="local_authority", partner_class="local_authority"
    )
    partner = person("partner")
    facts = {
        "key": "council-plan", "title": "Council plan", "period_from": date(2024, 4, 1), "period_to": date(2028, 3, 31),
        "objectives": {"1": "Recruit and keep more care staff", "2": "Mend the potholes"},
    }  # fmt: skip
    with pytest.raises(Forbidden, match="Only the body that owns"):
        add_plan(by=partner, owner="a-council", **facts)
    partner.body = ours
    partner.save()
    made = add_plan(by=partner, owner="a-council", **facts)
    assert made.review_on is None
    proposed = Alignment.objects.get(objective__ref="1", ref="W21")
    assert proposed.state == "proposed"
    assert matrix(at=date(2026, 1, 1)).share_served == 0
    assert matrix(at=date(2026, 1, 1)).proposed == ()  # nothing was proposed until today
    assert [row.ref for _, row in matrix(at=date(2026, 11, 22)).proposed]
    client.force_login(partner)
    sent = {"plan": "council-plan", "objective": "1", "ref": "W21", "serves": "yes"}
    assert client.post("/partner-plans/decide", sent).status_code == 302
    found = matrix(at=date(2026, 1, 1))
    assert not found.served  # nobody had said so by that day
    found = matrix(at=date(2026, 11, 22))
    assert list(found.served) == ["W21"]
    assert [o.ref for o in found.without_home] == ["2"]
    assert "council-plan" not in {p.key for p in matrix(at=date(2030, 1, 1)).plans}
    assert "Mend the potholes" in client.get("/partner-plans").content.decode()
