"""Every public address of this part says whether its answer has changed, and how long it may be kept."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler

from builders.figures import write_release
from builders.people import write_cohort
from endeavour.core import standing
from endeavour.population import middleware
from endeavour.population.urls import urlpatterns

pytestmark = pytest.mark.django_db(transaction=True)

NAMED = {"code": "thurrock", "identity": "smi-health-check", "who": "adults"}
ASKED = {"funnel": "measure=smi-health-check", "observations": "", "figures": "measure=smi-health-check"}
SIGNED_IN_ONLY = ("caseload", "household", "linkage", "review")


@pytest.fixture
def served(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Client:
    """One server with a release of measures and a cohort, none of whose pages were asked for yet."""
    (tmp_path / "pack").symlink_to(built / "pack")
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path))
    write_release(tmp_path)
    write_cohort(tmp_path)
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).is_file():
        # A database in memory has no file to watch; what it wrote tells as much.
        monkeypatch.setattr(standing, "_database", _written)
    client = Client()
    client.handler = ClientHandler()
    client.handler.load_middleware()
    return client


def _written() -> str:
    connection.ensure_connection()
    return "" if connection.in_atomic_block else f"memory {connection.connection.total_changes}"


def addresses(client: Client) -> list[str]:
    """Every address of this part that anybody may open, pages and API, with a value for each name in it."""
    patterns = [str(pattern.pattern) for pattern in urlpatterns]
    public = [one for one in patterns if not any(word in one for word in SIGNED_IN_ONLY)]
    found = [f"/{re.sub(r'<slug:([a-z]+)>', lambda at: NAMED[at[1]], one)}" for one in public]
    paths = client.get("/api/openapi.json").json()["paths"]
    for path, ways in paths.items():
        if path.startswith(middleware.API) and "get" in ways:
            found.append(re.sub(r"{(\w+)}", lambda at: NAMED[at[1]], path))
    return found


def test_an_unchanged_answer_is_never_sent_twice_from_any_address(served: Client) -> None:
    answered, without = 0, []
    for address in addresses(served):
        first = served.get(address)
        assert first.status_code != 500, address
        if first.status_code != 200:
            continue  # nothing to compare in this small installation: it says what to build, or what to ask
        answered += 1
        tag = first.headers.get("ETag")
        again = served.get(address, HTTP_IF_NONE_MATCH=tag or "")
        control = first.headers.get("Cache-Control", "")
        if not tag or again.status_code != 304 or again.content or "no-cache" not in control:
            without.append((address, tag, again.status_code, control))
    assert without == []
    assert answered > 45, answered


def test_a_new_release_is_a_new_answer(served: Client, tmp_path: Path) -> None:
    address = "/api/population/figures?measure=smi-health-check"
    tag = served.get(address).headers["ETag"]
    old = (tmp_path / "measures" / "current").read_text().strip()
    new = "fedcba9876543210"
    (tmp_path / "measures" / f"{old}.parquet").rename(tmp_path / "measures" / f"{new}.parquet")
    (tmp_path / "measures" / "current").write_text(f"{new}\n")
    again = served.get(address, HTTP_IF_NONE_MATCH=tag)
    assert again.status_code == 200
    assert again.headers["ETag"] != tag


def test_a_new_cohort_is_a_new_answer(served: Client, tmp_path: Path) -> None:
    tag = served.get("/first-5000.json").headers["ETag"]
    pointer = tmp_path / "cohort" / "current"
    old = tmp_path / "cohort" / pointer.read_text().strip()
    told = json.loads((old / "summary.json").read_text())
    new = tmp_path / "cohort" / "fedcba9876543210"
    shutil.copytree(old, new)
    (new / "summary.json").chmod(0o600)
    (new / "summary.json").write_text(json.dumps(told | {"size": told["size"] + 1}))
    pointer.write_text(f"{new.name}\n")
    again = served.get("/first-5000.json", HTTP_IF_NONE_MATCH=tag)
    assert again.status_code == 200


def test_what_one_person_may_see_is_kept_by_nobody_else(served: Client, people) -> None:
    served.force_login(people.secretary)
    assert "private" in served.get("/caseload").headers["Cache-Control"]
    assert "private" in served.get("/plus-groups").headers["Cache-Control"]
