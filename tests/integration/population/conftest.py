"""A small installation for the population pages: a cohort, a caseload and people of every role."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

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
