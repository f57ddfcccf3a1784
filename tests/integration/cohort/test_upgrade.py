"""An installation whose segments, model and households an older gate let out, and its first start with this one."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import rich.progress  # noqa: F401  (its import draws a number from the global generator; ours may not)
from django.conf import settings

from builders.lake import the_small_lake
from builders.once import made_once
from endeavour.cli import building
from endeavour.core.models import Role
from endeavour.core.public import AuditEntry, Person
from endeavour.engine.cohort.model_release import build_model
from endeavour.engine.cohort.need_model import open_need_model
from endeavour.engine.disclosure.rules import GATE

pytestmark = pytest.mark.slow
SHELVES = ("segments", "model", "cohort", "follow-up")
SIZE, PLANTED = 60, 0.3
OLD = {shelf: hashlib.sha256(shelf.encode()).hexdigest()[:16] for shelf in SHELVES}


def start(var: Path) -> dict[str, dict[str, Any]]:
    """What a start makes of the residents, or finds made; the results in use after it."""
    built = building.Built()
    building.build_needs(built, "mse")
    building.choose_cohort(built, "mse")
    building.rehearse_follow_up(built)
    return in_use(var)


def in_use(var: Path) -> dict[str, dict[str, Any]]:
    names = {shelf: (var / shelf / "current").read_text().strip() for shelf in SHELVES}
    return {
        shelf: json.loads((var / shelf / name / "summary.json").read_text()) for shelf, name in names.items()
    }


def contents(*folders: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()
    }


def as_an_older_version_left_it(var: Path, shelves: tuple[str, ...] = SHELVES) -> None:
    """Names of the contents alone, no word of the choice apart from its release, and inputs without a gate."""
    for shelf in shelves:
        current = var / shelf / "current"
        folder = (var / shelf / current.read_text().strip()).rename(var / shelf / OLD[shelf])
        current.write_text(OLD[shelf] + "\n")
        summary = json.loads((folder / "summary.json").read_text()) | {"release": OLD[shelf]}
        summary.pop("choice", None)
        summary |= {"cohort": OLD["cohort"]} if shelf == "follow-up" else {}
        summary |= {"model": OLD["model"]} if shelf == "cohort" and summary["model"] else {}
        (folder / "summary.json").write_text(json.dumps(summary))
    built = json.loads((var / "built.json").read_text())
    for shelf in {"segments", "model"} & set(shelves):
        built[shelf] = " ".join(built[shelf].split()[:2])
    built |= {"follow-up": OLD["cohort"]}
    (var / "built.json").write_text(json.dumps(built))


def made_by_an_older_version(var: Path) -> None:
    """What people asked for there is not what a start makes by itself: another learner, a size, a planted effect."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENDEAVOUR_VAR", str(var))
        patch.setattr("endeavour.engine.disclosure.log.GATE", GATE - 1)
        patch.setattr("endeavour.cli.results.PLANTED", PLANTED)
        (var / "lake").symlink_to(the_small_lake().folder.parents[1])
        built = building.Built()
        building.build_needs(built, "mse")
        build_model(open_need_model("mse"), the_small_lake(), kind="lightgbm")
        building.choose_cohort(built, "mse", size=SIZE, with_sensitivity=False)
        building.rehearse_follow_up(built)
        as_an_older_version_left_it(var)


@pytest.fixture
def older(var: Path) -> Path:
    made = made_once("made-by-an-older-version", made_by_an_older_version)
    shutil.copytree(made, var, symlinks=True, dirs_exist_ok=True)
    return var


def test_the_first_start_publishes_all_again_and_the_second_finds_it_done(
    older: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    kept = contents(*(older / shelf / OLD[shelf] for shelf in SHELVES))
    statistics = {path.name for path in (older / "disclosure").iterdir()}
    found = start(older)
    assert {shelf for shelf in SHELVES if found[shelf]["release"] == OLD[shelf]} == set()
    assert contents(*(older / shelf / OLD[shelf] for shelf in SHELVES)) == kept, "what was let out stays"
    assert {path.name for path in (older / "disclosure").iterdir()} == statistics, (
        "the same people are the same statistic to the log, so each table was checked against the older gate's"
    )
    logged = contents(older / "disclosure")
    capfd.readouterr()
    assert start(older) == found
    assert contents(older / "disclosure") == logged
    said = capfd.readouterr().err
    assert said.count("already done") == len(SHELVES)
    assert "again" not in said


def test_who_was_chosen_and_how_it_was_asked_stay_and_only_the_tables_are_told_again(older: Path) -> None:
    before = in_use(older)
    households = (older / "cohort" / OLD["cohort"] / "households.parquet").read_bytes()
    after = start(older)
    cohort = after["cohort"]
    assert (older / "cohort" / cohort["release"] / "households.parquet").read_bytes() == households
    assert cohort["choice"] == OLD["cohort"]
    assert cohort["size"] == SIZE
    assert cohort["model"] == after["model"]["release"] != OLD["model"]
    changed = {name for name in cohort if cohort[name] != before["cohort"].get(name)}
    assert changed <= {"release", "choice", "model", "fairness"}
    for now, then in zip(cohort["fairness"], before["cohort"]["fairness"], strict=True):
        for name, value in now.items():
            assert value == then[name] or value is None or name == "reason", (now, then)
    assert after["model"]["model"] == "lightgbm", "the learner that somebody asked for"
    for name in ("model.json", "weights.csv", "chances.parquet"):
        again = older / "model" / after["model"]["release"] / name
        assert again.read_bytes() == (older / "model" / OLD["model"] / name).read_bytes()
    followed = after["follow-up"]
    assert followed["planted"] == before["follow-up"]["planted"]
    assert followed["planted"]["share"] == PLANTED
    assert followed["effect"] == before["follow-up"]["effect"]
    assert followed["cohort"] == cohort["release"]


def test_a_choice_among_linked_households_is_told_again_with_what_linkage_does_to_it(
    told: dict[str, Any], var: Path
) -> None:
    as_an_older_version_left_it(var, ("cohort", "follow-up"))
    households = (var / "cohort" / OLD["cohort"] / "households.parquet").read_bytes()
    building.choose_cohort(building.Built(), "mse")
    name = (var / "cohort" / "current").read_text().strip()
    again = json.loads((var / "cohort" / name / "summary.json").read_text())
    assert again["release"] != OLD["cohort"] == again["choice"]
    assert (var / "cohort" / name / "households.parquet").read_bytes() == households
    assert again["linkage"]["choice"] == told["linkage"]["choice"]
    assert {row["rule"] for row in again["fairness"]} == {row["rule"] for row in told["fairness"]}
    assert again["base"] == told["base"]


def test_a_telling_that_fails_leaves_what_was_told(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object, **_more: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("endeavour.engine.cohort.release.fairness", fails)
    with pytest.raises(OSError, match="full"):
        start(older)
    assert (older / "cohort" / "current").read_text().strip() == OLD["cohort"]
    monkeypatch.undo()
    monkeypatch.setenv("ENDEAVOUR_VAR", str(older))
    assert start(older)["cohort"]["choice"] == OLD["cohort"]


@pytest.mark.parametrize(
    ("name", "other", "words"),
    [
        (
            "rule",
            {"id": "first-5000", "version": "0.0", "title": "", "owner": "", "why": ""},
            "first-5000 0.0",
        ),
        ("base", {"kind": "lake", "numbers": "another lake"}, "chosen from others"),
    ],
)
def test_a_choice_that_cannot_be_told_again_stays_as_it_was_told_and_the_operator_hears_it(
    older: Path, name: str, other: dict[str, str], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = older / "cohort" / OLD["cohort"] / "summary.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {name: other}))
    start(older)
    assert (older / "cohort" / "current").read_text().strip() == OLD["cohort"]
    said = " ".join(capfd.readouterr().err.split())
    assert words in said
    assert "endeavour cohort first-5000" in said


@pytest.mark.django_db
def test_the_caseload_stays_as_it_is_and_its_progress_is_of_the_same_people(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from endeavour.population.models import Case
    from endeavour.population.queries import caseload

    monkeypatch.setattr(settings, "DEMO", True)
    Person.objects.create_user("secretary", role=Role.SECRETARY)
    for part in (
        "core.accounts.ensure_demo_people",
        "frontdoor.public.rehearse",
        "governance.public.illustrate",
    ):
        monkeypatch.setattr(f"endeavour.{part}", lambda *_given, **_more: None)
    building.open_demonstration(building.Built())
    cases = list(Case.objects.values())
    assert len(cases) == SIZE
    caseload.progress()
    looks, statistics = AuditEntry.objects.count(), {path.name for path in (older / "disclosure").iterdir()}
    start(older)
    building.open_demonstration(building.Built())
    assert list(Case.objects.values()) == cases
    assert AuditEntry.objects.count() == looks
    assert caseload.is_open()
    assert caseload.progress()
    assert {path.name for path in (older / "disclosure").iterdir()} == statistics
