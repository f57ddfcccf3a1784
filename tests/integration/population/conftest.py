"""A small installation for the population pages: a cohort, a caseload and people of every role."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from builders.figures import write_release
from builders.people import write_cohort
from endeavour.core.models import Body, Person, Role


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed pack, compiled once."""
    from endeavour.pack import Pack
    from endeavour.pack.store import compile_store

    var = tmp_path_factory.mktemp("var")
    compile_store(Pack.open("mse"), var)
    return var


@pytest.fixture
def pack(built: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that has nothing but the pack."""
    monkeypatch.setenv("ENDEAVOUR_VAR", str(built))
    return built


@pytest.fixture
def people(db) -> SimpleNamespace:
    """One person of each role; the practitioner works for the Thurrock Alliance."""
    alliances = {
        place: Body.objects.create(
            key=f"alliance-{place}", name=f"{place} Alliance", legal_form="partnership",
            partner_class="partnership", area_code=place,
        )
        for place in ("thurrock", "mid-essex")
    }  # fmt: skip
    found = {role.value: Person.objects.create_user(role.value, role=role) for role in Role}
    found["practitioner"].body = alliances["thurrock"]
    found["practitioner"].save()
    return SimpleNamespace(**found, alliances=alliances)


@pytest.fixture
def cohort(var: Path) -> Path:
    """A cohort of three households and one of the comparison group."""
    write_cohort(var)
    return var


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of measures, a cohort and the weights of a model, written once and copied for each test."""
    folder = tmp_path_factory.mktemp("released")
    write_release(folder)
    write_cohort(folder)
    model = folder / "model" / "m1"
    model.mkdir(parents=True)
    (model.parent / "current").write_text("m1")
    weights = [{"term": "intercept", "words": "everybody", "weight": -3.2},
               {"term": "age", "words": "a year of age", "weight": 0.02, "low": 0.01, "high": 0.03, "odds_ratio": 1.02,
                "mean": 41.0}]  # fmt: skip
    card = {"title": "Need", "model": "logistic", "release": "m1", "weights": weights}
    (model / "summary.json").write_text(json.dumps(card))
    return folder


@pytest.fixture
def whole(built: Path, released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with the pack and all that was released."""
    (tmp_path / "pack").symlink_to(built / "pack")
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path))
    shutil.copytree(released, tmp_path, dirs_exist_ok=True)
    return tmp_path
