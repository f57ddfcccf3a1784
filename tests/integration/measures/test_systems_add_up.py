"""A lake of several systems counted one at a time gives what one statement over all of it gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from builders.lake import small_lake
from endeavour.engine.lake.backends import by_system, open_backend
from endeavour.engine.measures import release
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.synthetic import build

pytestmark = pytest.mark.slow
RESIDENTS = 6_000
# People, events and homes; with months and without; at the European ages and not.
SOME = ("smoking", "early-cancer", "smi-health-check", "overcrowded-homes")


def test_two_systems_counted_in_turn_are_the_lake_counted_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "LARGEST_SYSTEM", RESIDENTS // 2)
    lake = small_lake(tmp_path, residents=RESIDENTS)
    sources = by_system(lake.sources())
    assert len(sources) == 2
    measures = [measure for measure in Catalogue.open("mse").measures if measure.id in SOME]
    assert len(measures) == len(SOME)
    with (
        open_backend(lake.sources()) as whole,
        open_backend(sources[0]) as first,
        open_backend(sources[1]) as second,
    ):
        people = [
            backend.run("SELECT count(*) AS n FROM person")["n"][0].as_py() for backend in (first, second)
        ]
        assert people == [RESIDENTS // 2] * 2
        for measure in measures:
            at_once, ages_at_once = release.exact_of(measure, [whole], lake.people, (2022, 2023))
            in_turn, ages_in_turn = release.exact_of(measure, [first, second], lake.people, (2022, 2023))
            assert in_turn == at_once, measure.id
            assert ages_in_turn.keys() == ages_at_once.keys()
            for group, terms in ages_at_once.items():
                np.testing.assert_array_equal(ages_in_turn[group], terms)


def test_a_release_shared_among_processes_is_the_same_file(
    var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "LARGEST_SYSTEM", RESIDENTS // 2)
    lake = small_lake(tmp_path, residents=RESIDENTS)
    every = Catalogue.open("mse")
    some = Catalogue(every.pack, tuple(measure for measure in every.measures if measure.id in SOME))
    files = []
    for worth_a_process in (1, 100):
        monkeypatch.setattr(release, "_WORTH_A_PROCESS", worth_a_process)
        monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path / f"var-{worth_a_process}"))
        files.append(release.build_release(some, lake, years=(2023,), say=lambda _: None).read_bytes())
    assert files[0] == files[1]
