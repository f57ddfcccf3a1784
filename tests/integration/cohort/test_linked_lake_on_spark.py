"""The lake of linked people, written by Spark's workers: the very files that one machine writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.disk import small_disk
from builders.lake import the_small_lake
from endeavour.engine.cohort import linked_lake
from endeavour.engine.cohort.linked_lake import build_linked_lake
from endeavour.engine.cohort.sources import AS_TRUE, linked_sources
from endeavour.errors import Missing

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.filterwarnings("default"),
    pytest.mark.usefixtures("told"),
]


@pytest.fixture
def in_several_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few people's contacts as several files a year."""
    monkeypatch.setattr(linked_lake, "PEOPLE_A_FILE", 4_000)


@pytest.mark.usefixtures("in_several_files")
def test_a_cluster_writes_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake, sources = the_small_lake(), linked_sources()
    here = build_linked_lake(lake, sources, root=tmp_path / "here")
    monkeypatch.setenv("ENDEAVOUR_ENGINE", "spark")
    monkeypatch.setenv("SPARK_MASTER", "local-cluster[2,1,2048]")
    there = build_linked_lake(lake, sources, root=tmp_path / "there")
    assert len(there.files("event")) == 9
    assert len(there.files("person")) == 1
    assert there.manifest.text() == here.manifest.text()
    there.verify()


def test_a_year_in_which_nobody_was_met_is_an_empty_file_on_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, sources = the_small_lake(), linked_sources()
    monkeypatch.setattr(linked_lake, "EVENTS", f"{linked_lake.EVENTS} WHERE e.financial_year <> 2022")
    built = []
    for engine in ("duckdb", "spark"):
        monkeypatch.setenv("ENDEAVOUR_ENGINE", engine)
        built.append(
            build_linked_lake(lake, sources, whose=AS_TRUE, years=(2021, 2022), root=tmp_path / engine)
        )
    here, there = built
    met = {entry.path: entry.rows for entry in here.manifest.files if entry.table == "event"}
    assert met.pop("event/financial_year=2022/part-0001.parquet") == 0
    assert met.pop("event/financial_year=2021/part-0001.parquet") > 0
    assert not met
    assert there.manifest.text() == here.manifest.text()


def test_a_disk_that_fills_while_a_worker_writes_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENDEAVOUR_ENGINE", "spark")
    lake, sources = the_small_lake(), linked_sources()
    with small_disk(tmp_path / "disk", "100k") as disk:
        with pytest.raises(Missing, match=r"no room left.*Free some space"):
            build_linked_lake(lake, sources, root=disk / "people")
        assert not list((disk / "people" / "builds").iterdir())
