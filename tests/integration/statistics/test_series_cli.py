"""The reference rows of control charts and slope indices, through the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from endeavour.cli.stats import app

FIXTURES = Path(__file__).parent / "fixtures"
Row = dict[str, str]


def rows(file: Path) -> list[Row]:
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def printed(*arguments: str) -> list[Row]:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return list(csv.DictReader(result.stdout.splitlines()))


def numbers(table: list[Row], name: str) -> list[float]:
    return [float("nan") if row[name] in {"", "NA"} else float(row[name]) for row in table]


def test_every_point_of_every_control_chart(tmp_path: Path) -> None:
    cases = {case["case"]: case for case in rows(FIXTURES / "ptd_cases.csv")}
    points = rows(FIXTURES / "ptd_points.csv")
    file = tmp_path / "series.csv"
    with file.open("w", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["case", "i", "y", "direction", "target", "baseline", "rebase", "screen"])
        for point in points:
            case = cases[point["case"]]
            begins = "TRUE" if point["i"] in case["rebase"].split(";") else "FALSE"
            options = [case["direction"], case["target"], case["fix_after"], begins, case["screen_outliers"]]
            writer.writerow([point["case"], point["i"], point["y"], *options])
    columns = [f"--{name}={name}" for name in ("direction", "target", "baseline", "rebase", "screen")]
    ours = printed("spc", str(file), "--group-by", "case", "--time", "i", "--value", "y", *columns)
    assert [(row["case"], row["i"]) for row in ours] == [(row["case"], row["i"]) for row in points]
    for our_name, their_name in (("mean", "mean"), ("lower", "lpl"), ("upper", "upl")):
        np.testing.assert_allclose(numbers(ours, our_name), numbers(points, their_name), rtol=1e-9, atol=1e-9)
    for our_row, their_row in zip(ours, points, strict=True):
        case = cases[their_row["case"]]
        assert our_row["point_type"] == their_row["point_type"]
        assert our_row["outside"] == their_row["outside"].replace("NA", "FALSE").lower()
        assert our_row["variation"] == case["variation"]
        assert our_row["assurance"] == case["assurance"].replace("NA", "")


@pytest.mark.parametrize(
    ("answers", "suffix", "options"),
    [
        ("ref_sii_normal.csv", "95_0cl", ["--value=value", "--lower=lo", "--upper=hi"]),
        (
            "ref_sii_rate_log.csv",
            "95_0",
            ["--value=value", "--lower=lo", "--upper=hi", "--indicator-type=rate", "--transform"],
        ),
        (
            "ref_sii_prop_logit.csv",
            "95_0",
            ["--value=prop", "--lower=plo", "--upper=phi", "--indicator-type=proportion", "--transform"],
        ),
        (
            "ref_sii_prop_notransform_negmult.csv",
            "95_0cl",
            [
                "--value=prop",
                "--lower=plo",
                "--upper=phi",
                "--indicator-type=proportion",
                "--multiplier=-100",
            ],
        ),
    ],
)
def test_every_slope_index(answers: str, suffix: str, options: list[str]) -> None:
    given = str(FIXTURES / "in_sii.csv")
    ours = printed("sii", given, "--denominator=pop", "--order=dec", "--group-by=area", *options)
    theirs = rows(FIXTURES / answers)
    assert [row["area"] for row in ours] == [row["area"] for row in theirs]
    np.testing.assert_allclose(numbers(ours, "value"), numbers(theirs, "sii"), rtol=1e-9)
    np.testing.assert_allclose(numbers(ours, "rii"), numbers(theirs, "rii"), rtol=1e-9)
    width = np.subtract(numbers(theirs, f"sii_upper{suffix}"), numbers(theirs, f"sii_lower{suffix}"))
    for side in (
        "lower",
        "upper",
    ):  # the reference simulates: agreement to a fiftieth of the interval's width
        error = np.abs(np.subtract(numbers(ours, f"{side}_0.95"), numbers(theirs, f"sii_{side}{suffix}")))
        assert (error < 0.02 * width).all()
