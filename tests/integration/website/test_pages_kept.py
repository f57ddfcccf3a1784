"""Public pages handed out again: never an old one, never one person's to another."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler

from endeavour.core import standing
from endeavour.core.public import Person, data_standing, today
from endeavour.frontdoor import counting
from endeavour.frontdoor.gaps.actions import count_opened, trace_of
from endeavour.frontdoor.models import Organisation, SearchTally, Service
from endeavour.website import pages_kept

pytestmark = pytest.mark.django_db(transaction=True)


_OWN_WORD = standing._database


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[None]:
    """What this test has written stands for the database.

    A database in memory has no file to watch, and PostgreSQL tells of every database beside this one: other tests', too.
    """
    written: list[str] = []

    def noted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(sql)
        return execute(sql, params, many, context)

    monkeypatch.setattr(
        standing, "_database", lambda: "" if connection.in_atomic_block else f"written {len(written)}"
    )
    with connection.execute_wrapper(noted):
        yield


_SERVED = ClientHandler()


@pytest.fixture(autouse=True)
def one_server() -> None:
    """All visitors of a test are served by one process, which has kept nothing yet."""
    _SERVED.load_middleware()
    _SERVED.enforce_csrf_checks = False


def visitor(**said: Any) -> Client:
    found = Client(**said)
    found.handler = _SERVED
    return found


@pytest.fixture
def service(transactional_db: None) -> Service:
    organisation = Organisation.objects.create(name="A charity")
    return Service.objects.create(given_id="walk", name="Walks", description="Walk.", organisation=organisation, rung="community")  # fmt: skip


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The address of every page that was made and not handed out again."""
    addresses: list[str] = []
    before = pages_kept._without_marks

    def noted(request, response):
        addresses.append(request.path)
        return before(request, response)

    monkeypatch.setattr(pages_kept, "_without_marks", noted)
    monkeypatch.setattr(pages_kept, "now", lambda: datetime(2026, 11, 22, 10, 30))
    return addresses


def test_a_page_is_made_once_while_nothing_changes(made: list[str]) -> None:
    bodies = [visitor().get("/privacy").content for _ in range(3)]
    assert made == ["/privacy"]
    assert len({re.sub(rb'nonce="[^"]+"', b"", body) for body in bodies}) == 1


def test_a_change_is_in_the_next_page(made: list[str], service: Service) -> None:
    assert "Walks" in visitor().get("/service/walk").content.decode()
    Service.objects.filter(pk=service.pk).update(name="Strolls")
    assert "Strolls" in visitor().get("/service/walk").content.decode()
    assert len(made) == 2


@pytest.mark.parametrize("part", ["measures", "pack/mse"])
def test_a_rebuilt_part_makes_the_page_anew(
    made: list[str], part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path))
    current = tmp_path / part / "current"
    current.parent.mkdir(parents=True, exist_ok=True)
    current.write_text("one")
    visitor().get("/privacy")
    other = current.with_name("next")
    other.write_text("two")
    other.replace(current)
    visitor().get("/privacy")
    assert len(made) == 2


def test_another_minute_and_another_day_make_the_page_anew(
    made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor().get("/privacy")
    monkeypatch.setattr(pages_kept, "now", lambda: datetime(2026, 11, 22, 10, 31))
    visitor().get("/privacy")
    monkeypatch.setenv("ENDEAVOUR_TODAY", "2027-01-01")
    visitor().get("/privacy")
    assert len(made) == 3


def test_each_visitor_has_a_nonce_of_their_own_that_the_policy_names(made: list[str]) -> None:
    seen = set()
    for _ in range(3):
        answer = visitor().get("/privacy")
        (nonce,) = set(re.findall(r'nonce="([^"]+)"', answer.content.decode()))
        assert f"'nonce-{nonce}'" in answer["Content-Security-Policy"]
        seen.add(nonce)
    assert len(seen) == 3
    assert len(made) == 1


def test_each_visitor_has_a_form_token_of_their_own_and_it_is_accepted(
    made: list[str], service: Service
) -> None:
    _SERVED.enforce_csrf_checks = True
    tokens = set()
    for _ in range(3):
        somebody = visitor()
        page = somebody.get("/service/walk").content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        assert somebody.cookies[settings.CSRF_COOKIE_NAME].value
        tokens.add(token[1])
        sent = {"kind": "helpful", "words": "", "csrfmiddlewaretoken": token[1]}
        assert somebody.post("/service/walk/feedback", sent).status_code == 302
        assert visitor().post("/service/walk/feedback", sent).status_code == 403
    assert len(tokens) == 3


def test_nothing_of_somebody_signed_in_is_kept_or_shown_to_another(made: list[str]) -> None:
    person = Person.objects.create_user(username="ada", password="a-long-password-1", role="secretary")
    signed_in = visitor()
    signed_in.force_login(person)
    mine = signed_in.get("/privacy").content.decode()
    assert made == [], "the page of somebody signed in is not even looked at"
    theirs = visitor().get("/privacy").content.decode()
    assert "Your desk" in mine
    assert "Your desk" not in theirs
    assert "Your desk" in signed_in.get("/privacy").content.decode()
    assert "Sign in" in theirs


@pytest.mark.parametrize("header", [{"authorization": "Bearer x"}, {"cookie": "messages=x"}])
def test_whoever_may_be_somebody_is_answered_anew(made: list[str], header: dict[str, str]) -> None:
    visitor().get("/privacy")
    visitor(headers=header).get("/privacy")
    assert made == ["/privacy"]


def test_an_answer_to_somebodys_words_is_never_kept(made: list[str], service: Service) -> None:
    from endeavour.frontdoor import queries

    queries.rebuild_index()
    for _ in range(2):
        assert visitor().get("/find-help/search", {"q": "walk"}).status_code == 200
    assert len(made) == 2
    assert SearchTally.objects.get().count == 2, "each search is counted"


def test_what_counts_is_made_each_time(made: list[str], service: Service) -> None:
    SearchTally.objects.create(on=today(), topic="falls", language="en", found=True, count=5)
    trace = trace_of(topic="falls", district="", language="en")
    for _ in range(3):
        assert visitor().get("/service/walk", {"from": trace}).status_code == 200
    assert SearchTally.objects.get().opened == 3


@pytest.mark.parametrize("address", ["/no-such-page", "/sign-in/", "/desk"])
def test_what_is_no_page_is_not_kept(address: str) -> None:
    first, second = visitor().get(address), visitor().get(address)
    assert first.status_code == second.status_code != 200


def test_who_has_the_page_is_told_that_it_still_holds(made: list[str]) -> None:
    first = visitor().get("/privacy")
    again = visitor().get("/privacy", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert "Cookie" in again["Vary"]
    again = visitor().get("/privacy", headers={"if-none-match": first["ETag"]})
    assert "nonce" not in again["Content-Security-Policy"], "the page they have carries its own"
    person = Person.objects.create_user(username="ada", password="a-long-password-1", role="secretary")
    signed_in = visitor()
    signed_in.force_login(person)
    assert signed_in.get("/privacy", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_only_so_many_bytes_are_kept(monkeypatch: pytest.MonkeyPatch, made: list[str]) -> None:
    monkeypatch.setattr(pages_kept, "MOST_BYTES", 1)
    for _ in range(2):
        visitor().get("/privacy")
    assert len(made) == 2


def test_what_is_not_yet_committed_has_no_standing(service: Service) -> None:
    from django.db import transaction

    before = data_standing()
    assert before
    assert data_standing() == before
    with transaction.atomic():
        Service.objects.filter(pk=service.pk).update(name="Strolls")
        assert data_standing() == ""
    assert data_standing() != before


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's own word is its file's, tested below")
def test_postgresql_tells_of_every_commit(service: Service) -> None:
    before = _OWN_WORD()
    Service.objects.filter(pk=service.pk).update(name="Strolls")
    assert _OWN_WORD() != before
    assert any(_OWN_WORD() == _OWN_WORD() for _ in range(1000)), "the same, unless a neighbour commits"


def test_searches_are_counted_together_and_none_is_lost(
    monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    together = counting._Together()
    monkeypatch.setattr(counting, "_TOGETHER", together)
    together.seconds = 3600
    kind = {"topic": "falls", "district": "", "language": "en"}
    for _ in range(4):
        counting.count_search(**kind, found=True)
    assert not SearchTally.objects.exists()
    assert count_opened(trace=trace_of(**kind)), "another process may have counted the search"
    together.write()
    assert (SearchTally.objects.get().count, SearchTally.objects.get().opened) == (4, 1)
    assert together._timer is None

    def broken(**named: object) -> None:
        raise counting.DatabaseError("locked")

    counting.count_search(**kind, found=True)
    with monkeypatch.context() as patch:
        patch.setattr(counting.actions, "tally_search", broken)
        together.write()
    together.write()
    assert SearchTally.objects.get().count == 5, "what could not be written waits"


def test_counts_are_written_after_their_seconds(
    monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    together = counting._Together()
    monkeypatch.setattr(counting, "_TOGETHER", together)
    together.seconds = 0.01
    for _ in range(2):
        counting.count_search(topic="falls", district="", language="en", found=True)
    if together._timer is not None:
        together._timer.join(20)
    assert SearchTally.objects.get().count == 2


def test_a_file_is_watched_through_commits_and_when_another_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "one.sqlite3"

    def write(to: Path, sql: str) -> None:
        with closing(sqlite3.connect(to)) as other, other:
            other.execute(sql)

    write(path, "create table t (a)")
    watch = standing._Watch()
    seen = [watch.version(str(path))]
    assert watch.version(str(path)) == seen[0]
    write(path, "insert into t values (1)")
    seen.append(watch.version(str(path)))
    write(tmp_path / "two.sqlite3", "create table t (a, b)")
    (tmp_path / "two.sqlite3").replace(path)
    seen.append(watch.version(str(path)))
    assert len(set(seen)) == 3
    watch.close()


def test_what_was_made_is_used_again_only_while_the_data_stand(service: Service) -> None:
    asked: list[str] = []

    @standing.while_data_stand
    def name(key: str) -> str:
        asked.append(key)
        return Service.objects.get(given_id=key).name

    assert [name("walk"), name("walk")] == ["Walks", "Walks"]
    assert asked == ["walk"]
    Service.objects.filter(pk=service.pk).update(name="Strolls")
    assert name("walk") == "Strolls"
