"""A predicate is a condition and nothing else; each refusal names the file, the field and the words."""

from __future__ import annotations

from pathlib import Path

import pytest

from endeavour.engine.measures.catalogue import Catalogue, read_measure
from endeavour.engine.measures.compiler import compile_measure
from endeavour.engine.measures.predicates import Reads, parse
from endeavour.errors import BadInput, NotFound
from endeavour.paths import pack_dir

GOOD = [
    ("age >= 18 AND has('MH')", "p.age >= 18 AND COALESCE(c.has_mh, FALSE)"),
    ("contacts('gp', 'bp_check') > 0", "COALESCE(e.n_gp_bp_check, 0) > 0"),
    ("contacts('ae') >= 3", "COALESCE(e.n_ae, 0) >= 3"),
    ("died_on IS NULL", "p.died_on IS NULL"),
    ("tenure IN ('social_council', 'social_other')", "h.tenure IN ('social_council', 'social_other')"),
    ("NOT is_smoker", "NOT p.is_smoker"),
    ("died_on >= '2023-04-01'", "p.died_on >= '2023-04-01'"),
    ("is_smoker = TRUE AND age BETWEEN 18 AND 64", "p.is_smoker = TRUE AND p.age BETWEEN 18 AND 64"),
]
BAD = [
    ("(SELECT 1)", "may not stand"),
    ("age IN (SELECT age FROM person)", "not a query|may not stand"),
    ("age > 1; DROP TABLE person", "one condition only"),
    ("count(*) > 1", "may not stand"),
    ("random() < 0.5", "may not"),
    ("read_text('/etc/passwd') = 'x'", "not a function"),
    ("aeg > 18", "no column 'aeg'"),
    ("ethnicity = 'asain'", "never 'asain'"),
    ("sex IN ('F', 'X')", "never 'X'"),
    ("has('FLU')", "no register 'FLU'"),
    ("contacts('spa')", "no service 'spa'"),
    ("contacts('gp', 'massage') > 0", "no contact 'massage'"),
    ("has(age)", "words in quotes"),
    ("event.kind = 'gp'", "names a table"),
    ("age >=", "not a condition"),
    ("18", "a value, not a condition"),
    ("", "one condition only"),
    ("age + 1 > 4", "may not stand"),
    ("is_smoker -- AND age >= 18", "a comment"),
    ("is_smoker /* */", "a comment"),
    ("sex IN ()", "list of values|not a condition"),
    ("CASE WHEN age > 1 THEN TRUE END", "may not stand"),
    ("sex > 1", "sex holds words, and '1' is a number"),
    ("tenure IN (1, 2)", "tenure holds words, and '1' is a number"),
    ("age = 'old'", "age holds numbers, and 'old' is a word"),
    ("age BETWEEN 'a' AND 'b'", "age holds numbers, and 'a' is a word"),
    ("is_smoker = 1", "is_smoker is true or false"),
    ("age", "'age' is a value, not a condition"),
    ("is_smoker AND sex", "'sex' is a value, not a condition"),
    ("contacts('ae')", "is a value, not a condition"),
    ("(" * 500 + "age > 1" + ")" * 500, "too many brackets"),
]


@pytest.mark.parametrize(("text", "sql"), GOOD)
def test_lawful_conditions(text: str, sql: str) -> None:
    assert parse(text, counts="people", reads=Reads(), where="numerator", file="m.yaml").sql == sql


@pytest.mark.parametrize(("text", "why"), BAD)
def test_anything_else_is_refused_by_name(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as refused:
        parse(text, counts="people", reads=Reads(), where="numerator", file="m.yaml")
    assert str(refused.value).startswith("m.yaml, column numerator: ")


def write(folder: Path, old: str, new: str) -> Path:
    text = (pack_dir("mse") / "measures" / "smoking.yaml").read_text()
    assert old in text
    path = folder / "smoking.yaml"
    path.write_text(text.replace(old, new))
    return path


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("owner:", "ownner:", "smoking.yaml"),
        ("polarity: lower is better", "polarity: up", r"smoking.yaml, line \d+: polarity"),
        ("id: smoking", "id: tobacco", "not the file's name"),
        ("standing: local definition", "standing: verified", "verified_against"),
        ("title:", "title: [", "not YAML"),
        ("target:", "no_target: none\ntarget:", "never both"),
        (
            "target: {value: 5, by: 2030-12-31, set_by: 'the Smokefree 2030 ambition for England: Advancing our health, prevention in the 2020s (HM Government, July 2019)'}",
            "",
            "says why there is none",
        ),
    ],
)
def test_a_broken_definition_names_its_file(tmp_path: Path, old: str, new: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        read_measure(write(tmp_path, old, new))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("numerator: is_smoker", "numerator: is_a_smoker", "the lake has no column 'is_a_smoker'.*is_smoker"),
        ("numerator: is_smoker", "numerator: 1; DROP TABLE person", "one condition only"),
        ("numerator: is_smoker", "numerator: is_smoker OR (SELECT TRUE)", "may not stand"),
        ("numerator: is_smoker", "numerator: age + 1", "may not stand"),
        ("numerator: is_smoker", "numerator: is_smoker AND", "not a condition"),
    ],
)
def test_a_broken_condition_names_its_file_and_line(tmp_path: Path, old: str, new: str, why: str) -> None:
    path = write(tmp_path, old, new)
    line = path.read_text().splitlines().index(new) + 1
    with pytest.raises(BadInput, match=f"^smoking.yaml, line {line}, column numerator: .*{why}"):
        compile_measure(read_measure(path))


@pytest.mark.parametrize(
    "content",
    [b"", b"- a list", b"title: \xff\xfe", b"a: 1\x00", b"reviewed_on: 2026-13-45", b"a: 1\n---\nb: 2"],
)
def test_what_is_no_definition_names_its_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.yaml").write_bytes(content)
    with pytest.raises(BadInput, match=r"^odd\.yaml"):
        read_measure(tmp_path / "odd.yaml")


def test_a_misspelt_measure_suggests_the_right_one() -> None:
    with pytest.raises(NotFound, match="smoking"):
        Catalogue.open("mse").named("smokng")


def test_an_unlawful_grouping_is_named() -> None:
    with pytest.raises(BadInput, match="not grouped by tenure"):
        compile_measure(Catalogue.open("mse").named("smoking"), by=["tenure"])


def test_the_frameworks_are_whole() -> None:
    frameworks = {m.id: m.framework for m in Catalogue.open("mse").measures}
    adults = {"maternity-continuity", "smi-health-check", "copd-vaccination", "early-cancer",
              "hypertension-controlled", "lipids-controlled", "smoking", "obesity"}  # fmt: skip
    children = {"cyp-asthma-admissions", "cyp-diabetes-admissions", "cyp-epilepsy-admissions",
                "cyp-tooth-extractions", "cyp-mental-health-access"}  # fmt: skip
    assert {frameworks[name] for name in adults} == {"core20plus5-adults"}
    assert {frameworks[name] for name in children} == {"core20plus5-children"}
