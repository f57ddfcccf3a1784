"""Every row PHEindicatormethods answered for the slope and relative index of inequality."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from endeavour.engine.statistics.slope_index import Slope, Transform, slope_index, standard_error_of

FIXTURES = Path(__file__).parent / "fixtures"
TOLERANCE = {0.95: 5 * 0.00845, 0.998: 5 * 0.0297}
"""Five times the Monte-Carlo error of the reference's own percentile, in standard errors of the index."""


def _rows(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _answers(
    value: str, limits: tuple[str, str], transform: Transform, moves: Transform, multiplier: float
) -> tuple[list[str], Slope]:
    rows = _rows("in_sii.csv")
    areas = sorted({row["area"] for row in rows}, key=int)

    def column(name: str) -> np.ndarray:
        return np.array([[float(row[name]) for row in rows if row["area"] == area] for area in areas])

    error = standard_error_of(column(limits[0]), column(limits[1]), transform=moves)
    return areas, slope_index(
        column(value),
        column("pop"),
        error,
        transform=transform,
        moves=moves,
        multiplier=multiplier,
        confidence=(0.95, 0.998),
    )


@pytest.mark.parametrize(
    ("name", "value", "limits", "transform", "moves", "multiplier"),
    [
        ("normal", "value", ("lo", "hi"), "none", "none", 1),
        ("rate_log", "value", ("lo", "hi"), "log", "log", 1),
        ("prop_logit", "prop", ("plo", "phi"), "logit", "logit", 1),
        ("prop_notransform_negmult", "prop", ("plo", "phi"), "none", "logit", -100),
    ],
)
def test_agrees_with_the_reference(
    name: str, value: str, limits: tuple[str, str], transform: Transform, moves: Transform, multiplier: float
) -> None:
    areas, slope = _answers(value, limits, transform, moves, multiplier)
    reference = {row["area"]: row for row in _rows(f"ref_sii_{name}.csv")}

    def column(heading: str) -> np.ndarray:
        return np.array([float(reference[area][heading]) for area in areas])

    headings = list(next(iter(reference.values())))
    for index, estimate in (("sii", slope.sii), ("rii", slope.rii)):
        np.testing.assert_allclose(estimate.value, column(index), rtol=1e-9)
        error = (estimate.upper[0.95] - estimate.lower[0.95]) / (2 * 1.959964)
        for level, tag in ((0.95, "95_0"), (0.998, "99_8")):
            for side, ours in (("lower", estimate.lower[level]), ("upper", estimate.upper[level])):
                for heading in (h for h in headings if h.startswith(f"{index}_{side}{tag}")):
                    apart = np.abs(ours - column(heading)) / error
                    assert apart.max() < TOLERANCE[level], (heading, apart)
    if "intercept" in headings:
        np.testing.assert_allclose(slope.intercept, column("intercept"), rtol=1e-9)
