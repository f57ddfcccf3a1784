"""Every statistical chart: whole, safe, accessible, the same each time, and saying what its numbers say."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from endeavour.charts import _svg
from endeavour.charts.bars import Bar, Reference, bars_chart
from endeavour.charts.chart import Chart
from endeavour.charts.funnel import Limits, Place, funnel_chart
from endeavour.charts.icons import ASSURANCE_WORDS, VARIATION_WORDS, assurance_icon, variation_icon
from endeavour.charts.inequality import Quantile, inequality_chart
from endeavour.charts.line import Line, line_chart
from endeavour.charts.spc import spc_chart
from endeavour.charts.strata import strata_chart
from endeavour.engine.statistics.maihda import indicators
from endeavour.engine.statistics.spc import Assurance, Variation

HOSTILE = "<script>\"&'</script>"
SVG = "{http://www.w3.org/2000/svg}"


def _spc(label: str = "A&E", **more: object) -> Chart:
    values = [70, 72, 69, 71, 70, 72, 70, 71, 69, 72, 70, 71, 85.0]
    labels = [f"Month {i}" for i in range(13)]
    kind = {"direction": 1, "target": 60.0, "suffix": "%", **more}
    return spc_chart(values, labels, measure=label, subtitle="s", source="NHS", **kind)  # type: ignore[arg-type]


def _bars(label: str = "Thurrock") -> Chart:
    bars = [
        Bar(label, 20.0, 18.0, 22.0),
        Bar("Mid Essex", 10.0, 9.0, 11.0),
        Bar("Hidden", None, why="too few people"),
    ]
    return bars_chart(
        bars, title="Smoking", subtitle="s", source="x", reference=Reference("the average", 15.0)
    )


def _line(label: str = "Southend") -> Chart:
    line = Line(label, [5.0, float("nan"), 7.0, 8.0], [4, 4, 6.5, 7.5], [6, 6, 7.5, 8.5])
    return line_chart(
        line,
        ["2021", "2022", "2023", "2024"],
        title="t",
        subtitle="s",
        source="x",
        comparison=Line("England", [6.0, 6.0, 6.0, 6.0]),
        trend=1,
        better=-1,
    )


def _funnel(label: str = "Basildon") -> Chart:
    sizes = [100.0, 500.0, 1000.0]
    curves = {0.998: ([5.0, 8.0, 9.0], [15.0, 12.0, 11.0])}
    places = [Place(label, 600, 14.0, 1), Place("Rochford", 300, 10.0, 0)]
    return funnel_chart(places, Limits(sizes, 10.0, curves), measure="M", subtitle="s", source="x", better=-1)


def _inequality(label: str = "Fifth") -> Chart:
    values = [20.0, 18.0, 15.0, 13.0, 10.0]
    quantiles = [Quantile(f"{label} {i}", 1000, v, v - 1, v + 1) for i, v in enumerate(values)]
    return inequality_chart(
        quantiles,
        measure="Smoking",
        subtitle="s",
        source="x",
        higher_is_better=False,
        transform="logit",
        percent=True,
    )


def _strata(label: str = "men") -> Chart:
    sex, age = np.repeat(["a", "b"], 4), np.tile(["1", "2", "3", "4"], 2)
    names = [f"{label}, {s}, {a}" for s, a in zip(sex, age, strict=True)]
    events, people = [10, 200, 30, 40, 50, 60, 300, 80], [500] * 8
    return strata_chart(
        names,
        events,
        people,
        measure="M",
        subtitle="s",
        source="x",
        main_effects=indicators(sex, age).tolist(),
    )


ALL = [_spc, _bars, _line, _funnel, _inequality, _strata]


def _drawings(chart: Chart) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(f"<div>{chart.svg}</div>"))


@pytest.mark.parametrize("make", ALL)
def test_both_drawings_name_themselves(make: Callable[[], Chart]) -> None:
    chart = make()
    drawings = _drawings(chart)
    assert [d.get("viewBox", "").split()[2] for d in drawings] == ["760", "360"]
    ids = [element.get("id") for d in drawings for element in d.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 4
    for drawing in drawings:
        assert drawing.get("role") == "img"
        title, description = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")
        assert title is not None
        assert description is not None
        assert title.text == chart.title
        assert chart.summary in (description.text or "")
        assert drawing.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


@pytest.mark.parametrize("make", ALL)
def test_nothing_the_content_policy_forbids(make: Callable[[str], Chart]) -> None:
    svg = make(HOSTILE).svg
    assert "<script" not in svg
    for drawing in _drawings(make(HOSTILE)):
        for element in drawing.iter():
            assert "style" not in element.attrib
            assert not [name for name in element.attrib if name.startswith("on") or name.endswith("href")]


@pytest.mark.parametrize("make", ALL)
def test_coordinates_are_whole_and_inside(make: Callable[[], Chart]) -> None:
    for drawing in _drawings(make()):
        _, _, width, height = map(int, drawing.get("viewBox", "").split())
        for element in drawing.iter():
            for name in ("x", "y", "cx", "cy", "width", "height", "d"):
                assert "." not in element.get(name, ""), ElementTree.tostring(element)
            assert 0 <= int(element.get("x", "0")) <= width
            assert 0 <= int(element.get("y", "0")) <= height


@pytest.mark.parametrize("make", ALL)
def test_no_text_runs_off_the_drawing(make: Callable[[], Chart]) -> None:
    for drawing in _drawings(make()):
        width, size = int(drawing.get("viewBox", "").split()[2]), int(drawing.get("font-size", "0"))
        for text in drawing.iter(f"{SVG}text"):
            if text.get("font-size"):
                continue
            x, long = int(text.get("x", "0")), len(text.text or "") * size * 0.5
            start = {"start": x, "middle": x - long / 2, "end": x - long}[text.get("text-anchor", "start")]
            assert start >= -4, text.text
            assert start + long <= width + 4, text.text


@pytest.mark.parametrize("make", ALL)
def test_same_every_time_and_table_and_csv_agree(make: Callable[[], Chart]) -> None:
    chart = make()
    assert chart == make()
    read = list(csv.reader(io.StringIO(chart.csv())))
    assert tuple(read[0]) == chart.headers
    assert len(read) == len(chart.rows) + 1
    assert chart.summary.endswith(".")
    assert not re.search(r"\bnan\b", chart.svg + chart.csv() + chart.summary, re.IGNORECASE)


def test_control_chart_words() -> None:
    chart = _spc()
    assert chart.title == "A&E: better than before, and likely to keep meeting its target"
    assert "above the upper limit" in chart.summary
    assert chart.rows[-1][-2:] == ("better", "above the upper limit")
    assert "diamond is better" in chart.notes[0]
    assert _spc(direction=-1).title.startswith("A&E: worse than before")


def test_control_chart_with_nothing_to_say() -> None:
    still = spc_chart([7.0] * 13, ["x"] * 13, measure="M", subtitle="s", source="x")
    assert still.title == "M: too little to judge"
    nothing = spc_chart([float("nan")] * 3, ["a", "b", "c"], measure="M", subtitle="s", source="x")
    assert nothing.summary == "No value is known yet."
    assert nothing.rows[0][1] is None


def test_bars_start_at_nought_and_keep_proportion() -> None:
    wide = _drawings(_bars())[0]
    lengths = [int(r.get("width", "0")) for r in wide.iter(f"{SVG}rect")]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=2)
    assert [row[-1] for row in _bars().rows] == ["higher", "lower", "too few people"]
    with pytest.raises(ValueError, match="honest"):
        bars_chart([Bar("a", -1.0)], title="t", subtitle="s", source="x")


def test_line_says_where_it_stands_and_where_it_is_going() -> None:
    assert "in 2024, higher than England, and getting worse" in _line().summary
    assert _line().rows[1][1] is None
    assert _line().notes[-1] == "The upright axis does not begin at 0."


def test_inequality_words_and_no_clear_gap() -> None:
    chart = _inequality()
    assert re.match(r"Smoking: \d+\.\d percentage points higher for the most deprived", chart.title)
    assert chart.summary.endswith("the most deprived fare worse.")
    level = [Quantile(str(i), 1000, 10.0 + i % 2, 8.0, 13.0) for i in range(5)]
    flat = inequality_chart(level, measure="M", subtitle="s", source="x", higher_is_better=True)
    assert "no clear gap" in flat.title


def test_funnel_and_strata_words() -> None:
    assert _funnel().title == "M: 1 of 2 places differ by more than chance"
    assert _funnel().rows[0][-1] == "higher than expected"
    assert "particular to combinations" in _strata().summary
    assert {row[-1] for row in _strata().rows} <= {"higher", "lower", "no clear difference"}


def test_every_icon_is_a_picture_of_its_own() -> None:
    pictures = {variation_icon(v) for v in Variation if v != Variation.NEUTRAL_LOW} | {
        assurance_icon(a) for a in Assurance
    }
    assert len(pictures) == len(Variation) - 1 + len(Assurance)
    assert variation_icon(Variation.NEUTRAL_LOW, rising=False) != variation_icon(Variation.NEUTRAL_HIGH)
    assert set(VARIATION_WORDS) == set(Variation)
    assert set(ASSURANCE_WORDS) == set(Assurance)
    for picture in pictures:
        assert ElementTree.fromstring(picture).get("aria-hidden") == "true"


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (0.001, 0.0013), (-5, 12), (3, 3), (0, 0), (98_000, 1_250_000)]
)
def test_ticks_are_round_and_cover(low: float, high: float) -> None:
    marks = _svg.ticks(low, high)
    assert marks[0] <= low
    assert marks[-1] >= high
    assert 2 <= len(marks) <= 12
    steps = {round(b - a, 9) for a, b in pairwise(marks)}
    assert len(steps) == 1


def test_csv_cannot_run_as_a_formula() -> None:
    chart = Chart("", "t", "s", "w", ("a", "b"), (("=1+1", -2.5), ("x", None)), "x")
    assert chart.csv() == "a,b\r\n'=1+1,-2.5\r\nx,\r\n"
    with pytest.raises(ValueError, match="as wide"):
        Chart("", "t", "s", "w", ("a", "b"), (("one",),), "x")


def test_a_line_without_all_its_intervals() -> None:
    gap = float("nan")
    line = Line("Southend", [5.0, 6.0, 7.0], [4.0, gap, gap], [6.0, gap, gap])
    same = {"title": "t", "subtitle": "s", "source": "x"}
    chart = line_chart(line, ["2022", "2023", "2024"], comparison=Line("England", [9.0, 9.0, 9.0]), **same)
    assert chart.summary == "Southend was 7.0 in 2024, lower than England."
    bare = line_chart(Line("Southend", [5.0, 6.0]), ["2023", "2024"], trend=0, from_zero=True, **same)
    assert bare.summary == "Southend was 6.0 in 2024, and no clear trend."
    assert bare.notes == ()
    unsure = Line("Southend", [5.0], [4.0], [6.0])
    beside = line_chart(unsure, ["2024"], comparison=Line("England", [5.5]), **same)
    assert "not clearly different from England" in beside.summary
    empty = line_chart(Line("Southend", [gap]), ["2024"], **same)
    assert empty.summary == "No value is known yet."


def test_bars_without_intervals_or_values() -> None:
    same = {"title": "t", "subtitle": "s", "source": "x"}
    plain = bars_chart([Bar("a", 1.0), Bar("b", 3.0)], **same)
    assert plain.summary == "Highest: b (3.0). Lowest: a (1.0)."
    assert bars_chart([Bar("a", None)], **same).summary == "No value is known yet."
    beside = bars_chart([Bar("a", 1.0), Bar("b", 2.0, 1.0, 3.0)], reference=Reference("mean", 1.5), **same)
    assert [row[-1] for row in beside.rows] == ["no interval", "no clear difference"]
    assert "1 is higher" not in beside.summary
    sure = bars_chart(
        [Bar("a", 1.0, 0.0, 2.0), Bar("b", 2.0, 1.0, 3.0)], reference=Reference("mean", 1.5), **same
    )
    assert sure.summary.endswith("None of the 2 differs from mean by more than chance.")


def test_bars_that_are_all_alike_have_no_highest() -> None:
    same = {"title": "t", "subtitle": "s", "source": "x", "suffix": "%"}
    alike = bars_chart([Bar("a", 0.0), Bar("b", 0.0), Bar("c", None, why="hidden")], **same)
    assert alike.summary == "Every one that can be shown is 0.0%."


def test_a_phone_says_why_a_bar_is_not_there_in_full() -> None:
    why = "hidden so that a small group beside it cannot be worked out"
    chart = bars_chart([Bar("a", 1.0), Bar("b", None, why=why)], title="t", subtitle="s", source="x")
    narrow = _drawings(chart)[1]
    written = " ".join("".join(text.itertext()) for text in narrow.iter(f"{SVG}text"))
    assert why in written
    assert "…" not in written


def test_a_phone_shows_every_name_of_a_group_whole() -> None:
    names = [f"{age} other-ethnicity women, deprived" for age in ("17–44", "45–64", "65+")]
    chart = strata_chart(names, [900, 100, 10], [1000, 1000, 1000], measure="M", subtitle="s", source="x")
    narrow = _drawings(chart)[1]
    written = {"".join(text.itertext()) for text in narrow.iter(f"{SVG}text")}
    differing = {row[0] for row in chart.rows if row[-1] != "no clear difference"}
    assert differing
    assert differing <= written


def test_inequality_with_a_quantile_not_known() -> None:
    gap = float("nan")
    quantiles = [
        Quantile(str(i), gap if i == 2 else 100, gap if i == 2 else 5.0 + i, 4.0, 9.0) for i in range(4)
    ]
    chart = inequality_chart(quantiles, measure="M", subtitle="s", source="x", higher_is_better=True)
    assert chart.title == "M: the gap cannot be worked out"
    assert chart.summary == "An input for this group is not known."
    assert len(_drawings(chart)) == 2


def test_strata_and_funnel_with_nothing_to_tell() -> None:
    none = strata_chart(["a", "b", "c"], [0, 0, 0], [9, 9, 9], measure="M", subtitle="s", source="x")
    assert none.title == "M: nothing can be said of these groups"
    quiet = Limits([100.0, 900.0], 10.0, {0.998: ([5.0, 8.0], [15.0, 12.0])})
    calm = funnel_chart([Place("a", 500, 10.0, 0)], quiet, measure="M", subtitle="s", source="x")
    assert calm.title == "M: every place is within what chance allows"


def test_labels_that_do_not_fit_are_left_out_not_cut_off() -> None:
    canvas = _svg.Canvas(_svg.NARROW, 100)
    _svg.x_labels(canvas, [], [], y=80)
    assert canvas.parts == []
    _svg.x_labels(canvas, ["a very long first label indeed", "b"], [10, 350], y=80)
    assert "long first" not in "".join(canvas.parts)
    assert _svg.ticks(float("nan"), 1) == (0.0, 1.0)
    assert _svg.places_for((1 / 3,)) == 6
