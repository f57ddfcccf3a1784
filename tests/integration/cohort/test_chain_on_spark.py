"""The one command from extracts to a cohort, all of it on Spark: the people, figures and households that DuckDB gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from builders.from_extracts import command
from builders.lake import the_small_lake
from endeavour.engine.cohort import follow_up, model_release, release, segments_release
from endeavour.engine.cohort.learner import read_learner
from endeavour.engine.cohort.linked_lake import people_in_use
from endeavour.engine.cohort.terms import all_terms
from endeavour.engine.lake import spark
from endeavour.engine.linkage.paths import linkage_dir
from endeavour.engine.linkage.results import open_result
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.release import about_release, published_figures

FEW = ("cyp-diabetes-admissions", "cyp-palliative-care")
"""Every measure is compared by itself elsewhere; these have the fewest breakdowns, and the gate the least to do."""
LINKED = ("people.parquet", "homes.parquet", "households.parquet", "assertions.parquet")


@pytest.fixture
def _few_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Catalogue.open("mse")
    few = Catalogue(whole.pack, tuple(m for m in whole.measures if m.id in FEW))
    monkeypatch.setattr(Catalogue, "open", classmethod(lambda _cls, _pack: few))


def run_in(var: Path, engine: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The command in an installation of its own, and all that it published and kept."""
    var.mkdir()
    (var / "lake").symlink_to(the_small_lake().folder.parents[1])
    monkeypatch.setenv("ENDEAVOUR_VAR", str(var))
    monkeypatch.setenv("ENDEAVOUR_ENGINE", engine)
    told, result = command(), open_result(linkage_dir())
    households = pq.read_table(release.SHELF.current_folder() / "households.parquet")
    model = model_release.SHELF.current_folder()
    return {
        "linkage": result.summary,
        "linked": {name: pq.read_table(result.path(name)) for name in LINKED},
        "people": people_in_use(the_small_lake()).manifest.text(),
        "segments": segments_release.SHELF.current(),
        "weights": read_learner((model / "model.json").read_text()).weights(all_terms()),
        "chances": pq.read_table(model / "chances.parquet"),
        "figures": published_figures().drop_columns(["release"]).to_pylist(),
        "about": about_release(),
        "households": households,
        "told": told,
        "follow-up": follow_up.current_follow_up(),
    }


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("_few_measures")
def test_the_whole_chain_on_spark_gives_what_duckdb_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = run_in(tmp_path / "here", "duckdb", monkeypatch)
    asked = spark.SparkBackend.run
    statements: list[str] = []
    monkeypatch.setattr(
        spark.SparkBackend, "run", lambda self, sql: statements.append(sql) or asked(self, sql)
    )
    writes, written = spark.SparkBackend.write, set[str]()
    monkeypatch.setattr(
        spark.SparkBackend,
        "write",
        lambda self, sql, table, *at, **how: written.add(table.name) or writes(self, sql, table, *at, **how),
    )
    there = run_in(tmp_path / "there", "spark", monkeypatch)
    assert there["linkage"] == here["linkage"]
    assert there["linkage"]["pairs_weighed"] > 100
    for name in LINKED:
        assert there["linked"][name].equals(here["linked"][name]), name
    assert there["people"] == here["people"]
    assert written == {"person", "household", "practice", "condition", "event"}
    assert there["segments"] == here["segments"]
    for ours, theirs in zip(here["weights"], there["weights"], strict=True):
        assert theirs["term"] == ours["term"]
        assert theirs["weight"] == pytest.approx(ours["weight"], abs=1e-4), ours["term"]
    assert there["chances"]["person_id"].equals(here["chances"]["person_id"])
    assert there["chances"]["chance"].to_numpy() == pytest.approx(
        here["chances"]["chance"].to_numpy(), abs=1e-4
    )
    assert {row["measure"] for row in here["figures"]} == set(FEW)
    assert there["figures"] == here["figures"]
    assert there["about"] == here["about"]
    same = (
        "household_id",
        "role",
        "people",
        "need",
        "value",
        "reasons",
        "lsoa21",
        "emergency_admissions_before",
    )
    assert there["households"].select(same).equals(here["households"].select(same))
    for name in ("size", "gap", "value", "base", "constraints", "areas", "linkage"):
        assert there["told"][name] == here["told"][name], name
    by_risk = {"highest predicted risk"}
    assert [r for r in there["told"]["fairness"] if r["rule"] not in by_risk] == [
        r for r in here["told"]["fairness"] if r["rule"] not in by_risk
    ]
    assert there["follow-up"]["planted"]["runs"] == here["follow-up"]["planted"]["runs"]
    assert there["follow-up"]["effect"] == here["follow-up"]["effect"]
    # Segments, the model, the measures, the choice and the follow-up each asked Spark.
    for words in (
        "people_in_segments",
        "following AS",
        "GROUPING SETS",
        "linked_person",
        "expected_emergency",
    ):
        assert any(words in statement for statement in statements), words
