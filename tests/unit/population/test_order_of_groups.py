"""Groups stand in their own order wherever they are told: ages from the youngest, tenths by number."""

from __future__ import annotations

from dataclasses import fields

import pytest

from endeavour.population import presenters_crossed
from endeavour.population.queries import figures
from endeavour.population.queries.figures import Figure

AGES = {"0-17": "aged 0 to 17", "18-39": "aged 18 to 39", "65-79": "aged 65 to 79", "80+": "aged 80 and over"}
# As the release holds them, and as text of one length would put them: the oldest before everybody.
STORED = sorted(AGES, key=lambda code: (len(code), code))


def figure(code: str, words: str, by: str = "age_band", area: str = "Maldon") -> Figure:
    given = {
        "by": by,
        "subgroup": code,
        "subgroup_words": words,
        "area": area,
        "area_name": area,
        "value": 1.0,
    }
    return Figure(**({f.name: None for f in fields(Figure)} | given))  # type: ignore[arg-type]


@pytest.fixture
def _stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "find", lambda *_: [figure(code, AGES[code]) for code in STORED])


@pytest.mark.usefixtures("_stored")
def test_ages_are_told_from_the_youngest() -> None:
    assert STORED[0] == "80+"
    assert [f.subgroup for f in figures.groups("smoking", "E07000074", "age_band")] == list(AGES)
    assert [f.subgroup for f in figures.crossed("smoking", "district", "age_band")] == list(AGES)
    assert [f.subgroup for f in figures.of_area_by("E07000074", ("sex", "age_band"))] == list(AGES)


def test_ages_across_a_table_begin_with_the_youngest_too() -> None:
    by_fifth = [figure(f"{n}, {code}", f"fifth {n}, {AGES[code]}", "imd_quintile by age_band") for n in "12" for code in STORED]  # fmt: skip
    table = presenters_crossed.of_groups(by_fifth)
    assert table is not None
    assert table.columns == tuple(AGES.values())
    by_area = [figure(code, AGES[code], area=area) for area in ("Basildon", "Maldon") for code in STORED]
    across = presenters_crossed.of_areas(by_area)
    assert across is not None
    assert across.columns == tuple(AGES.values())
