"""Every form: typed, checked, published; nothing typed is lost, nobody else sees a draft, and the newer words count."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from endeavour.core.public import Link, Person, Role
from endeavour.paths import pack_dir
from endeavour.strategy import queries
from endeavour.strategy.models import (
    Campaign,
    Draft,
    Evidence,
    Explanation,
    GlossaryTerm,
    ImpactAssessment,
    Material,
    PromiseMeasure,
    Resource,
    TheoryReview,
    Variant,
)
from endeavour.strategy.pack_files_shared import read_campaigns

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("pack", "decision"),
    pytest.mark.filterwarnings("ignore:No directory at"),
]


def day(name: str, year: str = "2026", month: str = "11", number: str = "2") -> dict[str, str]:
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


EVERY_WAY = "\n".join(f"{way.side}: {way.words}" for way in read_campaigns(pack_dir("mse"))[0].ways)
# Address, role, what is typed, the model a row of which is written, and one answer that must be given.
FORMS = {
    "/promise/W2/evidence": (
        Role.PARTNER, {"title": "Minutes say so", "source": "Minutes", **day("happened")}, Evidence, "title",
    ),
    "/promise/W2/reason": (Role.SECRETARY, {"why": "We had no staff."}, Explanation, "why"),
    "/promise/W2/resource": (
        Role.SECRETARY, {"kind": "money", "stage": "required", "amount": "£1,200.50"}, Resource, "amount",
    ),
    "/promise/W2/version": (
        Role.SECRETARY, {"kind": "translation", "language": "pl", "words": "Mapa.", "made_by": "A group"}, Variant, "words",
    ),
    "/promise/W22/measure/early-cancer/set": (
        Role.ANALYST,
        {"group": "system~all", "why": "It shows it.", "baseline": "54", **day("baseline_on"), "target": "75",
         **day("target_on", "2028", "12", "31"), "steps": "2027-12-31 60"},
        PromiseMeasure, "why",
    ),
    "/theory-of-change/review": (
        Role.ANALYST,
        {"reviewer": "A. Reader", "organisation": "A university", "words": "Sound.", **day("reviewed")},
        TheoryReview, "reviewer",
    ),
    "/impact/2026-12-03-icp-4/add": (
        Role.ANALYST,
        {"group": "Carers", "effect": "worse", "words": "Longer trips.", "mitigation": "A bus."},
        ImpactAssessment, "group",
    ),
    "/proposal/homes-near-the-town-centre/effect": (
        Role.ANALYST, {"group": "Carers", "effect": "better", "words": "Shorter trips."}, ImpactAssessment, "words",
    ),
    "/campaigns/new": (
        Role.SECRETARY,
        {"title": "Ten thousand steps", "words": "Walk more.", "residents_ask": "Walk.", "services_ask": "Pave.",
         "covenant": "We both try.", "ways": "residents: I will walk\nservices: We will pave", "ref": "W1",
         "source": "Minutes", **day("starts_on")},
        Campaign, "ways",
    ),
    "/campaign/common-endeavour/change": (
        Role.SECRETARY,
        {"title": "Common Endeavour", "words": "Both sides.", "residents_ask": "Walk.", "services_ask": "Pave.",
         "covenant": "We both try.", "ways": "residents: I will sing\nservices: We will pave\n" + EVERY_WAY,
         "ref": "W1", "source": "Minutes", **day("starts_on")},
        Campaign, "covenant",
    ),
    "/campaign/common-endeavour/hand-out": (
        Role.SECRETARY, {"title": "A card", "words": "One thing."}, Material, "words",
    ),
    "/glossary/meanings/new": (
        Role.SECRETARY, {"term": "Compact", "meaning": "What partners promise each other.", **day("valid_from")},
        GlossaryTerm, "meaning",
    ),
}  # fmt: skip


@pytest.mark.parametrize("address", FORMS)
def test_typed_checked_then_published(client: Client, person: Callable[[str], Person], address: str) -> None:
    role, typed, model, _ = FORMS[address]
    who = person(role)
    client.force_login(who)
    before = model.objects.count()
    page = client.get(address).content.decode()
    assert page.count("<h1") == 1
    check = client.post(address, typed)
    assert check.status_code == 200
    assert "Check your answers" in check.content.decode()
    assert model.objects.count() == before
    assert Draft.objects.get(person=who).values["typed"]
    published = client.post(address, {**typed, "step": "publish"})
    assert published.status_code == 302, published.content.decode()
    assert model.objects.count() == before + 1
    made = model.objects.order_by("-pk").first()
    if model is not GlossaryTerm:
        assert made.by == who
    assert not Draft.objects.exists()
    assert client.get(published["Location"]).status_code == 200


@pytest.mark.parametrize("address", FORMS)
def test_a_missing_answer_is_named_at_its_question_and_nothing_is_lost(
    client: Client, person: Callable[[str], Person], address: str
) -> None:
    role, typed, model, needed = FORMS[address]
    client.force_login(person(role))
    before = model.objects.count()
    wrong = client.post(address, {**typed, needed: "", "step": "publish"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert f'href="#{needed}"' in page
    assert "There is a problem" in page
    assert model.objects.count() == before
    kept = [value for name, value in typed.items() if name != needed and len(value) > 8]
    assert all(value in page for value in kept)


@pytest.mark.parametrize("address", FORMS)
def test_the_form_does_not_open_for_others(
    client: Client, person: Callable[[str], Person], address: str
) -> None:
    _, typed, model, _ = FORMS[address]
    before = model.objects.count()
    for stranger in (None, Role.RESIDENT, Role.PRACTITIONER):
        if stranger:
            client.force_login(person(stranger))
        assert client.get(address).status_code == 403
        assert client.post(address, {**typed, "step": "publish"}).status_code == 403
        assert client.post(address, {**typed, "step": "autosave"}).status_code == 403
    assert model.objects.count() == before
    assert not Draft.objects.exists()


def test_a_draft_is_kept_for_its_writer_alone_until_thrown_away(
    client: Client, person: Callable[[str], Person]
) -> None:
    client.force_login(person(Role.SECRETARY))
    assert client.post("/promise/W2/reason", {"why": "Half a thou", "step": "autosave"}).status_code == 204
    assert "Half a thou" in client.get("/promise/W2/reason").content.decode()
    assert "Half a thou" not in client.get("/promise/W3/reason").content.decode()
    assert "W2" in client.get("/drafts").content.decode()
    other = Client()
    other.force_login(person(Role.ADMINISTRATOR))
    assert "Half a thou" not in other.get("/promise/W2/reason").content.decode()
    assert client.post("/promise/W2/reason", {"step": "discard"}).status_code == 302
    assert "Half a thou" not in client.get("/promise/W2/reason").content.decode()
    assert not Explanation.objects.exists()


def test_evidence_is_taken_back_by_a_later_row_and_both_stay(client: Client, secretary: Person) -> None:
    client.force_login(secretary)
    typed = {
        "title": "By mistake",
        "source": "Minutes",
        "settles": "yes",
        **day("happened"),
        "step": "publish",
    }
    client.post("/promise/W2/evidence", typed)
    assert queries.judged_one("W2").judgement.standing.state == "done"
    made = Evidence.objects.get(ref="W2")
    answer = client.post(f"/promise/W2/evidence/{made.pk}/withdraw", {"why": "Wrong one.", "step": "publish"})
    assert answer.status_code == 302
    assert queries.judged_one("W2").judgement.standing.state == "overdue"
    page = client.get("/promise/W2").content.decode()
    assert "By mistake" in page
    assert "Wrong one." in page
    client.post(f"/promise/W2/evidence/{made.pk}/withdraw", {"why": "Again.", "step": "publish"})
    assert Evidence.objects.filter(withdraws=made).count() == 1


def test_a_proposed_measure_counts_only_once_a_person_agrees(client: Client, secretary: Person) -> None:
    assert queries.judged_one("W20").judgement.has("no_measure")
    assert "no measure yet (3 proposed)" in client.get("/promises").content.decode().lower()
    client.force_login(secretary)
    address = "/promise/W20/measure/ae_within_4_hours/decide"
    assert client.post(address, {"agree": "perhaps"}).status_code == 422
    client.post(address, {"agree": "yes"})
    client.post(address, {"agree": "yes"})
    assert not queries.judged_one("W20").judgement.has("no_measure")
    assert queries.judged_one("W20", at=date(2026, 11, 21)).judgement.has("no_measure")
    tied = Link.objects.get(kind="measured_by", source="statement:W20", valid_to__isnull=True)
    assert (tied.target, tied.valid_from) == ("measure:ae_within_4_hours", date(2026, 11, 22))
    client.post(address, {"agree": "no"})
    assert queries.judged_one("W20").judgement.has("no_measure")
    assert not Link.objects.filter(kind="measured_by", valid_to__isnull=True).exists()
    assert PromiseMeasure.objects.filter(ref="W20", measure_key="ae_within_4_hours").count() == 3


def test_a_challenge_is_answered_by_a_promise_and_only_from_that_day(
    client: Client, secretary: Person
) -> None:
    client.force_login(secretary)
    assert client.post("/promise/C9/answer", {"promise": "W9", "step": "publish"}).status_code == 302
    assert [s.ref for s, answers in queries.challenges() if not answers] == []
    earlier = queries.challenges(at=date(2026, 11, 21))
    assert [s.ref for s, answers in earlier if not answers] == ["C9"]
    assert client.post("/promise/W1/answer", {"promise": "W9", "step": "publish"}).status_code == 422


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"baseline": "ten"}, "not a number"),
        ({"baseline": "10"}, "need their day"),
        ({"steps": "soon 4"}, "not a day and a number"),
        ({"group": "moon~1"}, "not one of the choices"),
        ({"target": "1e99", **day("target_on")}, "we can keep"),
        (day("target_on", "0022"), "between 2000 and 2100"),
    ],
)
def test_a_measure_set_wrongly_is_refused_in_words(
    client: Client, secretary: Person, typed: dict[str, str], words: str
) -> None:
    client.force_login(secretary)
    sent = {"group": "system~all", "why": "It shows it.", "step": "publish", **typed}
    answer = client.post("/promise/W22/measure/smoking/set", sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PromiseMeasure.objects.filter(ref="W22").exists()


def test_tokens_are_made_shown_once_and_ended(client: Client, person: Callable[[str], Person]) -> None:
    assert client.get("/tokens").status_code == 403
    client.force_login(person(Role.ANALYST))
    wrong = client.post("/tokens", {"name": "", "scopes": "strategy.evidence", "days": "90"})
    assert wrong.status_code == 422
    made = client.post(
        "/tokens", {"name": "ours", "scopes": ["strategy.evidence", "strategy.measure"], "days": "90"}
    )
    page = made.content.decode()
    assert "ce_" in page
    assert made["Cache-Control"] == "no-store"
    again = client.get("/tokens").content.decode()
    assert "ce_" not in again
    key = again.partition("<strong>ours</strong> (")[2].partition(")")[0]
    assert client.post(f"/tokens/{key}/revoke").status_code == 302
    assert "Ended by you" in client.get("/tokens").content.decode()


def test_the_boxes_of_a_day_are_sent_under_the_names_that_are_read(
    client: Client, pack: dict[str, int], secretary: Person
) -> None:
    client.force_login(secretary)
    page = client.get("/promise/W2/evidence").content.decode()
    boxes = {
        part: re.search(rf'id="happened-{part}" name="([^"]+)"', page) for part in ("day", "month", "year")
    }
    typed = {
        found[1]: value for found, value in zip(boxes.values(), ("28", "6", "2023"), strict=True) if found
    }
    assert len(typed) == 3
    again = client.post("/promise/W2/evidence", {**typed, "title": "", "step": "check"}).content.decode()
    assert re.findall(r'id="happened-[a-z]+" name="[^"]+" type="text" value="(\d+)"', again) == [
        "28",
        "6",
        "2023",
    ]
    client.post(
        "/promise/W2/evidence", {**typed, "title": "Minutes say so", "source": "Minutes", "step": "publish"}
    )
    assert Evidence.objects.get(title="Minutes say so").happened_on == date(2023, 6, 28)
