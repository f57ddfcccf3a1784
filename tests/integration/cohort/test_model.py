"""From a small lake to a model, its card and the chances of the cohort; twice the same, nobody who opted out."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from builders.lake import small_lake, the_small_lake
from endeavour.engine.cohort.base import Base
from endeavour.engine.cohort.household_chance import current_chances
from endeavour.engine.cohort.model_release import (
    SHELF,
    build_model,
    current_card,
    current_learner,
    current_model,
)
from endeavour.engine.cohort.need_model import open_need_model
from endeavour.engine.cohort.release import build_release, cohort_dir
from endeavour.engine.cohort.rule import open_rule
from endeavour.engine.lake.backends import open_backend
from endeavour.errors import BadInput, Corrupt, Missing

pytestmark = pytest.mark.slow


def build(**more: Any) -> dict[str, Any]:
    return build_model(open_need_model(), the_small_lake(), **more)


def test_a_model_is_frozen_with_its_weights_its_card_and_its_audit(var: Path) -> None:
    with pytest.raises(Missing, match="No model of need"):
        current_model()
    card = build(beside=True)
    assert current_model() == json.loads(json.dumps(card))
    assert 0.65 < card["performance"]["auc"] < 0.95
    assert card["performance"]["expected"] == pytest.approx(card["performance"]["observed"], rel=0.15)
    assert set(card["other_kind"]) == {"lightgbm"}
    assert card["learnt_from"]["label_year"] == card["tested_on"]["year"] == 2022, "tested on a later year"
    assert {row["kind"] for row in card["calibration"]} == {
        "deprivation",
        "ethnicity",
        "sex",
        "both",
        "tenth",
    }
    assert {row["label"] for row in card["label_audit"]} == {"need", "cost"}
    folder = SHELF.current_folder()
    with (folder / "weights.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["term"] for row in rows] == [row["term"] for row in card["weights"]]
    assert rows[1]["low"] < rows[1]["high"]
    text = current_card()
    for words in (
        "## Is it right for everybody?",
        "## What a model of cost would have done",
        "Science 366",
        "Never use",
    ):
        assert words in text
    assert (folder / "chances.parquet").stat().st_mode & 0o077 == 0
    assert "person_id" not in json.dumps(card)
    assert card["population"]["kind"] == "residents"
    assert "Counted: the lake's own residents" in text


def test_it_is_the_same_twice_and_reads_back(var: Path) -> None:
    first = build()
    chances = (SHELF.current_folder() / "chances.parquet").read_bytes()
    assert build()["release"] == first["release"]
    assert (SHELF.current_folder() / "chances.parquet").read_bytes() == chances
    assert current_learner().text() == (SHELF.current_folder() / "model.json").read_text()


def test_chances_leave_out_everybody_who_opted_out(var: Path) -> None:
    build()
    scored = set(pq.read_table(SHELF.current_folder() / "chances.parquet")["person_id"].to_pylist())
    with open_backend(the_small_lake().sources(), engine="duckdb", threads=1) as backend:
        opted = set(
            backend.run("SELECT person_id FROM person WHERE opt_out_national OR opt_out_type_1")[
                "person_id"
            ].to_pylist()
        )
    assert scored
    assert opted
    assert not scored & opted


def test_the_cohort_takes_chances_and_reasons_from_the_model(var: Path) -> None:
    lake = the_small_lake()
    rule = open_rule().for_size(40)

    def choose() -> dict[str, Any]:
        with open_backend(lake.sources(), engine="duckdb", threads=1) as backend:
            return build_release(
                rule, backend, lake_id=lake.id, with_sensitivity=False, say=lambda _: None
            )  # fmt: skip

    without = choose()
    assert without["model"] is None
    model = build()
    summary = choose()
    assert summary["model"] == model["release"]
    assert summary["release"] != without["release"]
    assert {row["rule"] for row in summary["fairness"]} == {
        "our rule", "most hospital use", "highest cost", "postcode alone", "highest predicted risk"
    }  # fmt: skip
    households = pq.read_table(cohort_dir() / summary["release"] / "households.parquet").to_pylist()
    assert all(0 < h["chance"] < 1 for h in households)
    said = [reason for h in households for reason in h["chance_reasons"]]
    assert len(said) > 2 * len(households)
    assert all(reason.startswith("somebody here ") for reason in said)
    assert all(len(h["chance_reasons"]) <= 4 for h in households)
    assert all(
        (h["distance"] > -1e-6) == (h["role"] == "chosen") or abs(h["distance"]) < 5 for h in households
    )
    nobody = Base("lake", "", {}, np.array([], np.int64), np.array([], np.int64), {})
    assert current_chances(nobody, "another lake") is None


def test_changed_weights_are_noticed(var: Path) -> None:
    build()
    path = SHELF.current_folder() / "weights.csv"
    path.write_text(path.read_text().replace("0", "1", 1))
    with pytest.raises(Corrupt, match="weights of release"):
        current_model()


def test_a_lake_of_two_years_is_too_short(tmp_path: Path) -> None:
    lake = small_lake(tmp_path, residents=2_000, years=2)
    with pytest.raises(Missing, match="holds 2 of the three years"):
        build_model(open_need_model(), lake)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("chosen_share: 0.02", "chosen_share: 2", "chosen_share"),
        ("gp_contacts: 1", "gp_visits: 1", "no contacts gp_visits"),
        ("label: >", "label: [", "not YAML"),
    ],
)
def test_a_broken_definition_names_what_is_wrong(tmp_path: Path, old: str, new: str, why: str) -> None:
    from endeavour.paths import pack_dir

    text = (pack_dir("mse") / "protocols" / "need-model.yaml").read_text()
    assert old in text
    (tmp_path / "pack.yaml").touch()
    (tmp_path / "protocols").mkdir()
    (tmp_path / "protocols" / "need-model.yaml").write_text(text.replace(old, new, 1))
    with pytest.raises(BadInput, match=why):
        open_need_model(str(tmp_path))
