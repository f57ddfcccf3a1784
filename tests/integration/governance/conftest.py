"""A partnership with eight seats, its secretary, and a meeting of last week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from endeavour.core.accounts import ensure_demo_people
from endeavour.core.models import Body, Person, Post, Role
from endeavour.core.public import now
from endeavour.governance import actions, queries
from endeavour.governance.actions import DecisionWords
from endeavour.governance.models import Meeting

WORDS = DecisionWords(
    title="Fund falls prevention", options="Fund; wait", decided="Fund", reason="Residents asked; evidence is strong",
    level="neighbourhood", effect_health="Fewer falls", effect_quality="None expected", effect_resources="Saves beds",
    effect_inequality="Most benefit in the Core20",
)  # fmt: skip


@pytest.fixture
def secretary() -> Person:
    ensure_demo_people()
    return Person.objects.get(role=Role.SECRETARY)


@pytest.fixture
def icp() -> Body:
    icp = Body.objects.create(
        key="icp", name="Integrated Care Partnership", short_name="ICP", legal_form="statutory_committee",
        partner_class="partnership", valid_from=date(2022, 7, 1),
    )  # fmt: skip
    for n in range(8):
        kind = "nhs" if n % 2 else "local_authority"
        nominator = Body.objects.create(
            key=f"n{n}", name=f"Nominator {n}", legal_form="other", partner_class=kind
        )
        Post.objects.create(key=f"seat-{n}", body=icp, title=f"Seat {n}", nominated_by=nominator)
    return icp


@pytest.fixture
def held(secretary: Person, icp: Body) -> Meeting:
    """A meeting of last week with everybody there and its agenda drafted."""
    started = now().replace(hour=14, minute=0) - timedelta(days=7)
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=started, minutes=120, place="Library"
    )
    actions.draft_agenda(by=secretary, meeting=meeting)
    for post in icp.posts.all():
        actions.record_attendance(by=secretary, meeting=meeting, post=post, how="present")
    return queries.meeting(meeting.key)


@pytest.fixture
def desk(client, secretary: Person):  # type: ignore[no-untyped-def]
    """A browser with the secretary signed in."""
    client.force_login(secretary)
    return client
