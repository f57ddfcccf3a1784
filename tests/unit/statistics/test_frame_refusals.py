"""What the frame forms refuse: each fault is one sentence that names the column or the row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from endeavour.engine.statistics import frames, frames_inequality, frames_life, frames_series
from endeavour.errors import BadInput

PEOPLE = pa.table({"area": ["A", "B"], "ill": [3, 4], "all": [10, 20], "flag": [True, None]})
SERIES = pa.table({"month": [1, 2, 3], "value": [5.0, 6.0, 7.0]})
FIFTHS = pa.table({"fifth": [1, 2, 3], "rate": [1.0, 2.0, 3.0], "people": [5, 5, 5]})
NONE = PEOPLE.slice(0, 0)


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (lambda: frames.proportion(PEOPLE, "sick", "all"), "there is no column 'sick'"),
        (lambda: frames.proportion(NONE, "ill", "all"), "the table has no rows"),
        (lambda: frames.proportion(PEOPLE, "ill", "all", group_by=["area", "area"]), "'area' is named twice"),
        (lambda: frames.proportion(PEOPLE, "area", "all"), "'A' in column 'area' is not a number"),
        (
            lambda: frames.proportion(pa.table({"ill": [[1]], "all": [2]}), "ill", "all"),
            "column 'ill' does not hold numbers",
        ),
        (lambda: frames.funnel(PEOPLE, "all", "ill"), "'all' is above 'ill'"),
        (
            lambda: frames.funnel(pa.concat_tables([PEOPLE, PEOPLE]), "ill", "all", group_by="area"),
            "an area comes twice",
        ),
        (
            lambda: frames_series.spc(SERIES, "value", time="month", target="high"),
            "neither a number nor a column",
        ),
        (
            lambda: frames_series.spc(SERIES, "value", time="month", rebase="soon"),
            "neither places of points nor",
        ),
        (
            lambda: frames_series.spc(SERIES, "value", time="month", rebase="2;9"),
            "the longest series has 3 points",
        ),
        (
            lambda: frames_inequality.sii(FIFTHS, "rate", "people", order="fifth", indicator_type="odd"),
            "'odd' is not a type of indicator",
        ),
        (
            lambda: frames_inequality.sii(FIFTHS, "rate", "people", order="fifth"),
            "needs each quantile's limits or standard error",
        ),
        (
            lambda: frames_inequality.inequality(FIFTHS, "XYZ", "rate", "people"),
            "'XYZ' is not a measure of inequality",
        ),
        (
            lambda: frames_inequality.maihda(PEOPLE, "ill", "all", group_by=[]),
            "name the characteristics that make the strata",
        ),
        (
            lambda: frames_life.benchmark(NONE, "ill", "ill", "all", 10.0, polarity="low-is-good"),
            "the table has no rows",
        ),
    ],
)
def test_a_fault_is_named(work: Callable[[], Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        work()
