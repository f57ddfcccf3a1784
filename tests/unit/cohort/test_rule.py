"""The rule's file is strict, and its conditions are only conditions."""

from __future__ import annotations

from pathlib import Path

import pytest

from endeavour.engine.cohort.lottery import draw
from endeavour.engine.cohort.rule import DOMAINS, check_condition, open_rule, read_rule
from endeavour.errors import BadInput
from endeavour.paths import pack_dir


def write(folder: Path, old: str, new: str) -> Path:
    text = (pack_dir("mse") / "protocols" / "first-5000.yaml").read_text()
    assert old in text
    path = folder / "first-5000.yaml"
    path.write_text(text.replace(old, new, 1))
    return path


def test_the_published_rule_reads() -> None:
    rule = open_rule()
    assert set(rule.need) == set(DOMAINS)
    assert {"opt_out_national", "opt_out_type_1"} == set(rule.honour_opt_outs)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("weight: 0.22", "weight: 0.23", "come to 1"),
        ("group: carer", "group: carers", "no PLUS group 'carers'"),
        ("when: rent_arrears >= 1", "when: rent_arears >= 1", "Did you mean rent_arrears"),
        ("when: NOT is_communal", "when: NOT is_communal; DROP TABLE person", "more than one"),
        ("when: NOT is_communal", "when: (SELECT TRUE)", "may not stand"),
        ("when: NOT is_communal", "when: random() < 0.5", "may not stand"),
        ("size: 5000", "sise: 5000", "size"),
        ("need:", "need: [", "not YAML"),
        ("version: 1.0.0", "version: first", "version"),
    ],
)
def test_a_broken_rule_names_what_is_wrong(tmp_path: Path, old: str, new: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        read_rule(write(tmp_path, old, new))


def test_a_condition_of_a_table_is_refused() -> None:
    with pytest.raises(BadInput, match=r"households have no 'truth\.person_need'"):
        check_condition("truth.person_need > 1", file="r.yaml")


def test_moving_a_weight_keeps_the_whole() -> None:
    rule = open_rule().with_weight("health", 0.3)
    assert rule.need["health"].weight == 0.3
    assert sum(part.weight for part in rule.need.values()) == pytest.approx(1)


def test_another_size_keeps_the_proportions() -> None:
    rule, half = open_rule(), open_rule().for_size(2500)
    assert [f.least * 2 for f in half.floors] == pytest.approx([f.least for f in rule.floors], abs=1)


def test_the_lottery_can_be_worked_out_by_hand() -> None:
    import hashlib

    expected = int.from_bytes(hashlib.sha256(b"seed:41").digest()[:8], "big")
    assert int(draw("seed", [41])[0]) == expected
