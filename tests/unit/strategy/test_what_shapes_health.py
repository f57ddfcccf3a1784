"""Acting on what shapes health (W10) has a measure for each class of cause, about the district that fared worst."""

from __future__ import annotations

import csv
from collections import defaultdict

import yaml

from endeavour.paths import pack_dir

CAUSES = {"Housing", "Safety at home", "How children grow up", "Work", "Money", "School", "Crime", "Air"}


def _proposed() -> list[dict[str, str]]:
    pack = yaml.safe_load((pack_dir("mse") / "promise-measures.yaml").read_text(encoding="utf-8"))
    return [row for row in pack["links"] if row["statement"] == "W10"]


def test_every_class_of_cause_has_a_measure() -> None:
    assert {row["why"].partition(":")[0].rstrip(".") for row in _proposed()} == CAUSES


def test_each_district_named_fared_worst_when_last_counted() -> None:
    newest: dict[str, dict[str, tuple[str, float]]] = defaultdict(dict)
    with (pack_dir("mse") / "tables/observations.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            area, day = row["area_code"], row["period_end"]
            if row["value"] and not row["subgroup"] and day > newest[row["indicator"]].get(area, ("",))[0]:
                newest[row["indicator"]][area] = (day, float(row["value"]))
    named = [row for row in _proposed() if row.get("grouping") == "district"]
    assert len(named) == 5
    for row in named:
        values = newest[row["measure"]]
        assert len(values) == 9
        assert {day for day, _ in values.values()} == {"2021-12-31"}
        # Of all five, less is better.
        assert values[row["group"]][1] == max(value for _, value in values.values()), row["measure"]
