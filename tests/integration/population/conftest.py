"""A small installation for the population pages: a cohort, a caseload and people of every role."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from endeavour.core.models import Body, Person, Role

HOUSEHOLDS = [
    # household, place, neighbourhood, role
    (11, "thurrock", "U1", "chosen"),
    (12, "thurrock", "U2", "chosen"),
    (13, "mid-essex", "U3", "chosen"),
    (99, "thurrock", "U1", "comparison"),
]


def write_cohort(var: Path, *, release: str = "r1", lake: str = "lake1", households=HOUSEHOLDS) -> None:
    """A frozen cohort as the engine writes it: a summary of aggregates and the households beside it."""
    import hashlib

    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = var / "cohort" / release
    folder.mkdir(parents=True)
    parts = ("health", "care", "income", "housing", "crime", "education", "isolation")
    pq.write_table(
        pa.table(
            {
                "household_id": [h[0] for h in households],
                "lsoa21": ["E01000001"] * len(households),
                "district": ["E06000034"] * len(households),
                "place": [h[1] for h in households],
                "neighbourhood": [h[2] for h in households],
                **{f"need_{part}": [0.5] * len(households) for part in parts},
                "role": [h[3] for h in households],
                "need": [47.5] * len(households),
                "value": [50.0] * len(households),
                "emergency_admissions_before": [1] * len(households),
                "reasons": [["behind with the rent"]] * len(households),
            }
        ),
        folder / "households.parquet",
    )
    digest = hashlib.sha256((folder / "households.parquet").read_bytes()).hexdigest()
    summary = {"release": release, "lake": lake, "size": 3, "households_sha256": digest}
    (folder / "summary.json").write_text(json.dumps(summary))
    (var / "cohort" / "current").write_text(release)


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
