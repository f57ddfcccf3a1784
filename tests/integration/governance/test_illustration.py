"""The demonstration's made-up paper: shown before two boards, said to be made up, and counted for nobody."""

from __future__ import annotations

import pytest
from django.test import Client

from endeavour.core.models import Body, Person
from endeavour.errors import Conflict
from endeavour.governance import actions
from endeavour.governance.models import Attendance, Decision, Meeting, Paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("icp", "others")]


@pytest.fixture
def others() -> None:
    for key in ("hwb-thurrock", "hospices"):
        Body.objects.create(key=key, name=key, short_name=key, legal_form="other", partner_class="vcse")


def test_one_paper_before_two_boards_says_that_it_was_made_up(client: Client, secretary: Person) -> None:
    sha256 = actions.illustrate(by=secretary)
    page = client.get(f"/paper/{sha256}").content.decode()
    assert "One paper, 2 boards" in page
    assert "They did not all resolve the same." in page
    for meeting in Meeting.objects.all():
        shown = client.get(f"/meeting/{meeting.key}").content.decode()
        assert meeting.title.startswith("Illustration: ")
        assert "It did not take place." in shown
        assert client.get(f"/meeting/{meeting.key}/paper/{sha256}").status_code == 200
    assert not Decision.objects.exists()
    assert not Attendance.objects.exists()
    assert set(Paper.objects.values_list("author_body", flat=True)) == {None}


def test_it_is_shown_once_and_in_a_demonstration_alone(secretary: Person, settings) -> None:
    assert actions.illustrate(by=secretary)
    assert actions.illustrate(by=secretary) == ""
    settings.DEMO = False
    with pytest.raises(Conflict):
        actions.illustrate(by=secretary)


def test_it_is_not_shown_where_a_body_is_missing(secretary: Person) -> None:
    Body.objects.get(key="hospices").delete()
    assert actions.illustrate(by=secretary) == ""
    assert not Meeting.objects.exists()


def test_it_waits_for_nobody_at_the_desk(desk: Client, secretary: Person) -> None:
    actions.illustrate(by=secretary)
    assert "Illustration" not in desk.get("/desk/today").content.decode()


def test_a_pack_without_one_shows_none(secretary: Person, settings, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("endeavour.governance.definitions_illustration.pack_dir", lambda _: tmp_path)
    assert actions.illustrate(by=secretary) == ""
    assert not Meeting.objects.exists()
