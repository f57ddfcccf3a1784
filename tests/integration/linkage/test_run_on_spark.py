"""A whole run with its pairs found and weighed on Spark gives the people and households that DuckDB's gives."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from builders.linkage import people_of, the_standard_extracts
from endeavour.engine.linkage.results import open_result
from endeavour.engine.linkage.run import run_linkage


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_the_standard_extracts_become_the_same_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extracts = the_standard_extracts() / "extracts"
    here, there = tmp_path / "here", tmp_path / "there"
    ours = run_linkage(root=here, extracts=extracts)
    monkeypatch.setenv("ENDEAVOUR_ENGINE", "spark")
    theirs = run_linkage(root=there, extracts=extracts)
    assert people_of(there) == people_of(here)
    assert theirs.summary == ours.summary
    assert theirs.summary["pairs_weighed"] > 100
    homes = [pq.read_table(open_result(root).path("homes.parquet")) for root in (here, there)]
    assert homes[0].equals(homes[1])
