"""Segments and scores: one statement says what a plain loop says, and definitions are strict."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from builders.lake import the_small_lake
from endeavour.engine.cohort.people import people_sql
from endeavour.engine.cohort.segments import (
    frailty_sql,
    multimorbidity_sql,
    open_scores,
    open_segments,
    segments_sql,
)
from endeavour.engine.lake.backends import DuckBackend
from endeavour.errors import BadInput, NotFound
from endeavour.paths import pack_dir


@pytest.fixture(scope="module")
def people() -> list[dict[str, Any]]:
    with DuckBackend(the_small_lake().sources(), threads=1) as backend:
        rows = backend.run(f"SELECT * FROM ({people_sql()}) ORDER BY person_id").to_pylist()
        more = [
            backend.run(f"SELECT * FROM ({sql}) ORDER BY person_id").to_pylist()
            for sql in (
                multimorbidity_sql(open_scores()),
                frailty_sql(open_scores()),
                segments_sql(open_segments(), open_scores()),
            )
        ]
    assert len({len(rows), *map(len, more)}) == 1
    return [one | many | frail | placed for one, many, frail, placed in zip(rows, *more, strict=True)]


def plainly(p: dict[str, Any]) -> str:
    """The segment by hand."""
    if p["has_pc"] or p["late_cancers"]:
        return "last-year"
    if p["has_dem"] or (p["age"] >= 65 and p["frailty"] > 0.24):
        return "frailty-dementia"
    if p["has_hf"] or (p["has_copd"] and p["emergency_admissions"]):
        return "organ-failure"
    if p["has_ld"] or p["has_mh"] or (p["is_disabled"] and p["home_care"]):
        return "disability"
    if p["maternity_contacts"] or p["age"] < 1:
        return "maternal"
    if p["conditions"]:
        return "long-term"
    return "acute" if p["emergency_admissions"] else "well"


def test_everybody_is_in_the_first_segment_that_fits(people: list[dict[str, Any]]) -> None:
    assert len(people) > 8_000
    assert [p["segment"] for p in people] == [plainly(p) for p in people]
    assert len({p["segment"] for p in people}) == 8


def test_multimorbidity_is_the_published_weights_added_up(people: list[dict[str, Any]]) -> None:
    weights = open_scores().multimorbidity.weights
    for p in people:
        by_hand = sum(weight for name, weight in weights.items() if p[name])
        assert p["multimorbidity"] == pytest.approx(by_hand, abs=1e-9)
    assert max(p["multimorbidity"] for p in people) > 3
    assert weights["has_dem"] == 2.50
    assert len(weights) + len(open_scores().multimorbidity.not_collected) == 20, (
        "the source has 20 conditions"
    )


def test_frailty_is_the_share_of_the_deficits_collected(people: list[dict[str, Any]]) -> None:
    found = open_scores().frailty
    assert len(found.deficits) + len(found.not_collected) == 36, "the source has 36 deficits"
    for p in people:
        by_hand = [
            p["is_disabled"], p["has_ra"], p["has_af"], p["has_stia"], p["has_ckd"], p["has_dm"], p["falls"], p["has_hf"],
            p["home_visits"], p["has_hyp"], p["has_chd"], p["has_dem"], p["has_ost"], p["has_pad"], p["home_care"],
            p["has_copd"] or p["has_ast"], p["wound_care"], p["size"] == 1,
        ]  # fmt: skip
        assert p["frailty"] == pytest.approx(sum(map(bool, by_hand)) / 18)
    old = [p["frailty"] for p in people if p["age"] >= 65]
    assert 0.45 < sum(f <= 0.12 for f in old) / len(old) < 0.7


def test_nobody_who_opted_out_or_died_is_counted(people: list[dict[str, Any]]) -> None:
    with DuckBackend(the_small_lake().sources(), threads=1) as backend:
        gone = set(
            backend.run(
                "SELECT person_id FROM person WHERE opt_out_national OR opt_out_type_1 OR died_on IS NOT NULL"
            )["person_id"].to_pylist()
        )
    assert gone
    assert not gone & {p["person_id"] for p in people}


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("segments", "has_dem = 1", "has_demm = 1", "people have no 'has_demm'"),
        ("segments", 'when: "TRUE"', "when: age > 90", "take everybody left"),
        ("segments", "id: organ-failure", "id: disability", "same id"),
        ("segments", "owner:", "owned_by:", "owned_by|owner"),
        ("segments", "segments:", "segments: [", "not YAML"),
        ("scores", "has_af: 1.34", "has_atrial: 1.34", "no register has_atrial"),
        ("scores", "when: falls >= 1", "when: (SELECT 1) = 1", "may not stand"),
    ],
)
def test_a_broken_definition_names_what_is_wrong(
    tmp_path: Path, file: str, old: str, new: str, why: str
) -> None:
    pack = tmp_path / "pack"
    copytree(pack_dir("mse") / "segments", pack / "segments")
    (pack / "pack.yaml").touch()
    path = pack / "segments" / f"{file}.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(BadInput, match=why):
        (open_segments if file == "segments" else open_scores)(str(pack))


def test_a_pack_without_segments_says_so(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").touch()
    with pytest.raises(NotFound, match=r"no segments/segments\.yaml"):
        open_segments(str(tmp_path))
