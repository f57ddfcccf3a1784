"""Nothing that somebody types is cut: what is too long to keep is refused beside its question, with the words still there."""

from __future__ import annotations

import html
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from endeavour.core.models import Body
from endeavour.core.public import now, today
from endeavour.errors import BadInput
from endeavour.governance import actions
from endeavour.governance.models import DataAgreement, Meeting, MembershipProposal, RegisterEntry

pytestmark = pytest.mark.django_db

KEPT = {"starts_on": date(2026, 1, 1).isoformat(), "review_on": (today() + timedelta(days=90)).isoformat()}
REGISTER = {"title": "Falls van", "body": "n0", **KEPT, "source": "Board paper 4"}
CALLED = {"body": "icp", "day": (today() + timedelta(days=20)).isoformat(), "time": "14:00", "minutes": "60", "place": "Library"}  # fmt: skip
PUT_UP = {"title": "Residents first", "rules": "Drawn.", "seats": "Residents; residents", "source": "Paper 4"}


def words_of(answer: object) -> str:
    return html.unescape(answer.content.decode())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("page", "typed", "question", "most"),
    [
        ("/meetings/new", CALLED, "place", 300),
        ("/meetings/new", CALLED, "title", 200),
        ("/registers/safeguarding-routes/new", REGISTER, "title", 200),
        ("/registers/safeguarding-routes/new", REGISTER, "source", 300),
        ("/data-agreements/new", {"title": "T", "controller": "n0", "parties": "Nominator 1", **KEPT}, "title", 200),
        ("/data-agreements/new", {"title": "T", "controller": "n0", "parties": "Nominator 1", **KEPT}, "source", 300),
        ("/body/icp/membership/new", PUT_UP, "title", 200),
        ("/body/icp/membership/new", PUT_UP, "source", 300),
        ("/question", {"words": "Why?"}, "theme", 60),
        ("/meeting/{held}/items/new", {"title": "Falls", "minutes": "10"}, "title", 200),
        ("/meeting/{held}/interests/new", {"seat": "seat-0", "words": "A shop"}, "holder", 160),
        ("/meeting/{held}/item/1/paper", {"title": "Falls"}, "verified_by", 160),
        ("/meeting/{coming}/cancel", {}, "why", 300),
        ("/meeting/{coming}/item/1/arrange", {"place": "1"}, "why", 300),
    ],
)  # fmt: skip
def test_a_line_too_long_is_refused_beside_its_question(
    desk: Client, secretary, held: Meeting, page: str, typed: dict[str, str], question: str, most: int
) -> None:  # type: ignore[no-untyped-def]
    starts = now() + timedelta(days=30)
    coming = actions.call_meeting(
        by=secretary, body=held.body, title="", starts_at=starts, minutes=60, place="Library"
    )
    actions.add_item(by=secretary, meeting=coming, title="Falls", minutes=10)
    long = "x" * (most + 1)
    answer = desk.post(page.format(held=held.key, coming=coming.key), {**typed, question: long})
    assert answer.status_code == 422
    assert f"Use at most {most} letters: there are {most + 1}." in words_of(answer)
    assert long in answer.content.decode(), "what was typed is still there"
    assert Meeting.objects.count() == 2
    assert not RegisterEntry.objects.exists()
    assert not DataAgreement.objects.exists()
    assert not MembershipProposal.objects.exists()


def test_words_too_long_for_a_question_are_refused_and_stay_in_the_form(client: Client) -> None:
    answer = client.post("/question", {"words": "w" * 4001, "kind": "question", "partner_class": "residents", "publish": "yes"})  # fmt: skip
    assert answer.status_code == 422
    assert "Use at most 4,000 letters: there are 4,001." in words_of(answer)


def test_whoever_calls_an_action_is_refused_too(secretary, held: Meeting, icp: Body) -> None:  # type: ignore[no-untyped-def]
    """A column that keeps 300 letters keeps no more on any database, whoever writes to it."""
    with pytest.raises(BadInput, match="301 letters; use at most 300"):
        actions.call_meeting(
            by=secretary, body=icp, title="", starts_at=now() + timedelta(days=9), minutes=60, place="p" * 301
        )
    with pytest.raises(BadInput, match="201 letters; use at most 200"):
        actions.add_item(by=secretary, meeting=held, title="t" * 201, minutes=10)
    with pytest.raises(BadInput, match="161 letters; use at most 160"):
        actions.declare_interest(
            by=secretary,
            post=icp.posts.get(key="seat-0"),
            holder="h" * 161,
            words="A shop",
            declared_on=today(),
        )
    document = SimpleUploadedFile("p.pdf", b"%PDF-1.4").read()
    with pytest.raises(BadInput, match="161 letters; use at most 160"):
        actions.add_paper(
            by=secretary, item=held.items.first(), title="Falls", content=document, verified_by="v" * 161
        )
