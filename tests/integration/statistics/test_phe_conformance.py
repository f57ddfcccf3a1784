"""Every row that R PHEindicatormethods 2.1.0 answered, through the library and through the command line.

The inputs are our own random numbers and the answers are the reference software's; `fixtures/` holds both.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from endeavour.cli.stats import app
from endeavour.engine.statistics.funnel import funnel_limits, funnel_points, funnel_significance
from endeavour.engine.statistics.life_expectancy import life_expectancy
from endeavour.engine.statistics.means import mean
from endeavour.engine.statistics.proportions import proportion
from endeavour.engine.statistics.quantiles import quantile
from endeavour.engine.statistics.rates import rate
from endeavour.engine.statistics.standardisation import dsr, indirect_rate, indirect_ratio

FIXTURES = Path(__file__).parent / "fixtures"
BOTH = [0.95, 0.998]
SUFFIX = {0.95: "95_0cl", 0.998: "99_8cl"}
EXACT = 1e-9


def rows(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(newline="") as file:
        return list(csv.DictReader(file))


def column(table: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float("nan") if row[name] in {"NA", "NaN", ""} else float(row[name]) for row in table])


def grid(table: list[dict[str, str]], name: str, bands: int) -> np.ndarray:
    return column(table, name).reshape(-1, bands)


def same(ours: np.ndarray, theirs: np.ndarray) -> None:
    np.testing.assert_allclose(np.ravel(ours), theirs, rtol=EXACT, atol=0)


def agrees(made, reference: list[dict[str, str]]) -> None:
    same(made.value, column(reference, "value"))
    for level, suffix in SUFFIX.items():
        same(made.lower[level], column(reference, f"lower{suffix}"))
        same(made.upper[level], column(reference, f"upper{suffix}"))
    assert ((made.reason == 0) == ~np.isnan(made.value)).all()


def test_proportions_at_two_levels():
    reference = rows("ref_proportion.csv")
    made = proportion(column(reference, "num"), column(reference, "den"), confidence=BOTH, multiplier=100)
    agrees(made, reference)


def test_proportions_at_ninety_per_cent():
    reference = rows("ref_proportion_90.csv")
    made = proportion(column(reference, "num"), column(reference, "den"), confidence=0.9)
    same(made.value, column(reference, "value"))
    same(made.lower[0.9], column(reference, "lowercl"))
    same(made.upper[0.9], column(reference, "uppercl"))


def test_rates():
    reference = rows("ref_rate.csv")
    agrees(rate(column(reference, "num"), column(reference, "den"), confidence=BOTH), reference)


def test_means():
    given, reference = rows("in_mean.csv"), rows("ref_mean.csv")
    known, which = np.unique(column(given, "g"), return_inverse=True)
    same(known, column(reference, "g"))
    made = mean(column(given, "v"), which, confidence=BOTH)
    agrees(made, reference)
    same(made.extra["stdev"], column(reference, "stdev"))


@pytest.mark.parametrize(
    ("method", "answers"),
    [(indirect_rate, "ref_israte.csv"), (indirect_ratio, "ref_isratio.csv")],
)
def test_indirect_standardisation(method, answers):
    given, reference = rows("in_std.csv"), rows(answers)
    made = method(*(grid(given, name, 19) for name in ("num", "den", "rn", "rd")), confidence=BOTH)
    agrees(made, reference)
    same(made.extra["expected"], column(reference, "expected"))


def test_direct_standardisation():
    given, reference = rows("in_std.csv"), rows("ref_dsr.csv")
    made = dsr(*(grid(given, name, 19) for name in ("num", "den", "stdpop")), confidence=BOTH)
    agrees(made, reference)
    same(made.extra["total_count"], column(reference, "total_count"))
    same(made.extra["total_population"], column(reference, "total_pop"))


def test_life_expectancy_at_every_age_with_its_suppressed_areas():
    given, answers = rows("in_le.csv"), rows("ref_le.csv")
    by_key = {(row["area"], row["startage"]): row for row in answers}
    reference = [by_key[row["area"], row["startage"]] for row in given]
    made = life_expectancy(grid(given, "deaths", 20), grid(given, "pops", 20), totals=True, confidence=BOTH)
    agrees(made, reference)
    same(made.extra["pops_used"], column(reference, "pops_used"))
    same(made.extra["dths_used"], column(reference, "dths_used"))
    assert {int(code) for code in made.reason.ravel()} == {0, 3, 4, 6}


@pytest.mark.parametrize(
    ("answers", "options"),
    [("ref_quant10_inv.csv", {}), ("ref_quant5.csv", {"quantiles": 5, "invert": False})],
)
def test_quantiles(answers, options):
    given = rows("in_quant.csv")
    _, which = np.unique(column(given, "g"), return_inverse=True)
    same(quantile(column(given, "v"), which, **options).value, column(rows(answers), "quantile"))


def test_funnel_of_proportions():
    given, reference = rows("in_funnel.csv"), rows("ref_funnel_limits_prop.csv")
    lines = funnel_limits(column(given, "n"), column(given, "d"))
    same(lines.axis, column(reference, "Population"))
    same(np.full(100, lines.baseline), column(reference, "baseline"))
    for level, sigma in ((0.95, "2s"), (0.998, "3s")):
        same(lines.lower[level], column(reference, f"lower_{sigma}_limit"))
        same(lines.upper[level], column(reference, f"upper_{sigma}_limit"))


def test_funnel_of_rates():
    given, reference = rows("in_funnel.csv"), rows("ref_funnel_limits_rate.csv")
    events, people = column(given, "n"), column(given, "d")
    lines = funnel_limits(events, people, statistic="rate", rate=events / people * 1e5, years=3)
    same(lines.axis, column(reference, "Events"))
    for level, sigma in ((0.95, "2s"), (0.998, "3s")):
        same(lines.lower[level], column(reference, f"lower_{sigma}_limit"))
        same(lines.upper[level], column(reference, f"upper_{sigma}_limit"))
        same(lines.lower_at[level], column(reference, f"lower_{sigma}_population_1_year"))
        same(lines.upper_at[level], column(reference, f"upper_{sigma}_population_1_year"))


def test_funnel_significance_and_points():
    given = rows("in_funnel.csv")
    events, people = column(given, "n"), column(given, "d")
    expected = [row["significance"] for row in rows("ref_funnel_sig_prop.csv")]
    assert funnel_significance(events, people).tolist() == expected
    reference = rows("ref_funnel_points.csv")
    points = funnel_points(events, people, statistic="rate", rate=events / people * 1e5, years=3)
    same(points.value, column(reference, "rate_chart"))
    same(points.extra["denominator_derived"], column(reference, "denominator_derived"))


COUNTS = ["--numerator", "num", "--denominator", "den"]
REFERENCE = ["--reference-numerator", "rn", "--reference-denominator", "rd"]
COMMANDS = [
    ("proportion ref_proportion.csv --group-by id --multiplier 100", COUNTS, "ref_proportion.csv", ["id"]),
    ("rate ref_rate.csv --group-by id", COUNTS, "ref_rate.csv", ["id"]),
    ("mean in_mean.csv --group-by g --value v", [], "ref_mean.csv", ["g"]),
    ("dsr in_std.csv --group-by g --age age --standard stdpop", COUNTS, "ref_dsr.csv", ["g"]),
    ("dsr in_std.csv --group-by g --standard stdpop", COUNTS, "ref_dsr.csv", ["g"]),
    ("isr-rate in_std.csv --group-by g --age age", COUNTS + REFERENCE, "ref_israte.csv", ["g"]),
    ("isr-ratio in_std.csv --group-by g", COUNTS + REFERENCE, "ref_isratio.csv", ["g"]),
    (
        "life-expectancy in_le.csv --group-by area --age startage --numerator deaths --denominator pops",
        [],
        "ref_le.csv",
        ["area", "startage"],
    ),
]


def printed(arguments: list[str]) -> list[dict[str, str]]:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return list(csv.DictReader(result.stdout.splitlines()))


@pytest.mark.parametrize(("command", "more", "answers", "keys"), COMMANDS)
def test_the_command_line_agrees(command, more, answers, keys):
    name, file, *options = command.split()
    levels = ["--confidence", "0.95", "--confidence", "0.998"]
    ours = printed([name, str(FIXTURES / file), *options, *more, *levels])
    reference = {tuple(row[key] for key in keys): row for row in rows(answers)}
    assert len(ours) == len(reference)
    theirs = [reference[tuple(row[key] for key in keys)] for row in ours]
    same(column(ours, "value"), column(theirs, "value"))
    for level, suffix in SUFFIX.items():
        same(column(ours, f"lower_{level}"), column(theirs, f"lower{suffix}"))
        same(column(ours, f"upper_{level}"), column(theirs, f"upper{suffix}"))
    assert [bool(row["reason"]) for row in ours] == np.isnan(column(theirs, "value")).tolist()


def test_the_command_line_allows_for_repeat_events():
    options = ["--age", "age", "--standard", "stdpop", "--event-frequency", "eventfreq", "--group-by", "g"]
    ours = printed(["dsr", str(FIXTURES / "in_dsr_nonindep.csv"), *COUNTS, *options])
    theirs = rows("ref_dsr_nonindep.csv")
    assert [row["g"] for row in ours] == [row["g"] for row in theirs]
    for our_name, their_name in (
        ("value", "value"),
        ("lower_0.95", "lowercl"),
        ("upper_0.95", "uppercl"),
        ("total_count", "total_count"),
        ("total_population", "total_pop"),
    ):
        same(column(ours, our_name), column(theirs, their_name))


def test_the_command_line_ranks_and_draws_funnels():
    where = str(FIXTURES / "in_quant.csv")
    ours = printed(["quantile", where, "--value", "v", "--group-by", "g", "--quantiles", "5", "--no-invert"])
    same(column(ours, "value"), column(rows("ref_quant5.csv"), "quantile"))
    funnel = [str(FIXTURES / "in_funnel.csv"), "--numerator", "n", "--denominator", "d"]
    significance = [row["significance"] for row in printed(["funnel", *funnel])]
    assert significance == [row["significance"] for row in rows("ref_funnel_sig_prop.csv")]
    lines = printed(["funnel-lines", *funnel, "--statistic", "rate", "--years", "3"])
    same(column(lines, "lower_0.95"), column(rows("ref_funnel_limits_rate.csv"), "lower_2s_limit"))
