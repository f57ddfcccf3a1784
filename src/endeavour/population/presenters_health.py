"""Words and pictures for the Core20, life expectancy and prevalence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from endeavour.charts.chart import Chart
from endeavour.charts.shares import amounts
from endeavour.charts.words import number_words
from endeavour.engine.measures.core20 import Core20
from endeavour.population.queries.series import LifeExpectancy

FIFTHS = ("Most deprived fifth", "Second fifth", "Middle fifth", "Fourth fifth", "Least deprived fifth")
CONDITIONS = {
    "OB": "Obesity", "HYP": "High blood pressure", "DM": "Diabetes", "COPD": "Chronic lung disease (COPD)",
    "DEP": "Depression", "MH": "Severe mental illness", "CHD": "Coronary heart disease", "AST": "Asthma",
    "CAN": "Cancer", "DEM": "Dementia", "STIA": "Stroke", "CKD": "Chronic kidney disease", "SMOK": "Smoking",
}  # fmt: skip
SHOWN = ("COPD", "DM", "MH", "DEP", "HYP", "OB", "CHD", "CAN")
KIND_TITLES = {"system": "The whole system", "place": "By place (Alliance)", "district": "By district"}


@dataclass(frozen=True)
class Group:
    """One table of Core20 figures: the same geography, each row with its edition and base."""

    title: str
    kind: str
    rows: tuple[Core20, ...]

    @property
    def newest(self) -> tuple[Core20, ...]:
        """One row an area: the newest edition over the census, the largest share first."""
        last = max(row.edition for row in self.rows)
        found = [r for r in self.rows if r.edition == last and r.standing == "calculated"]
        return tuple(sorted(found, key=lambda r: -r.value))


def core20_groups(figures: Sequence[Core20]) -> list[Group]:
    """The figures by geography; within each, by area, then the newest edition and base first."""
    return [
        Group(title, kind, tuple(sorted((f for f in figures if f.geography_kind == kind), key=_order)))
        for kind, title in KIND_TITLES.items()
    ]


def _order(figure: Core20) -> tuple[str, str, bool, str]:
    return (
        figure.geography_name.replace(" Alliance", ""),
        figure.edition,
        figure.standing == "reported",
        figure.population_base,
    )


def core20_headline(figures: Sequence[Core20]) -> Core20:
    """The newest edition over the census for the whole system."""
    whole = [f for f in figures if f.geography_kind == "system" and f.standing == "calculated"]
    return max(whole, key=lambda f: (f.edition, f.population_base.startswith("Census")))


def life_expectancy_chart(found: Sequence[LifeExpectancy]) -> Chart | None:
    """Years of life by sex and deprivation fifth; None where the pack has no life tables."""
    if not found:
        return None
    years = {(f.sex, f.quintile): f.years for f in found}
    gap = {sex: years[sex, 5] - years[sex, 1] for sex in ("male", "female")}
    bars = [
        (f"{FIFTHS[quintile - 1]}: {words}", years[sex, quintile])
        for sex, words in (("female", "women and girls"), ("male", "men and boys"))
        for quintile in range(1, 6)
    ]
    return amounts(
        bars,
        title=f"Life is {number_words(gap['male'], 1)} years shorter for men, and {number_words(gap['female'], 1)} for women, in the most deprived fifth",
        subtitle="Life expectancy at birth, years, England, by deprivation fifth of the neighbourhood, 2014 to 2016",
        summary=f"Men in the most deprived fifth can expect {number_words(years['male', 1], 1)} years and in the least deprived "
        f"{number_words(years['male', 5], 1)}; women {number_words(years['female', 1], 1)} and {number_words(years['female', 5], 1)}.",
        source="Deaths and population by deprivation, Office for National Statistics; our own abridged life tables (Chiang 1968).",
        headers=("Fifth and sex", "Years"),
        unit=" years",
        notes=("England’s figures: deaths by deprivation fifth within this system are not published.",),
    )


def prevalences(curves: dict[str, list[float]]) -> list[tuple[str, list[float], Chart]]:
    """How common each adult condition is in each tenth of deprivation, with its picture; those with all ten only."""
    known = {name.upper(): curve for name, curve in curves.items()}
    shown = [(name, known[name]) for name in SHOWN if len(known.get(name, ())) == 10]
    return [(name, curve, _prevalence(name, curve)) for name, curve in shown]


def _prevalence(name: str, curve: Sequence[float]) -> Chart:
    label = CONDITIONS[name]
    first, last = 100 * curve[0], 100 * curve[-1]
    times = first / last if last else 0.0
    if times >= 1.1:
        finding = f"{label} is recorded {number_words(times, 1)} times as often in the most deprived tenth as in the least"
    elif times <= 0.9:
        finding = f"{label} is recorded less often in the most deprived tenth than in the least"
    else:
        finding = f"{label} is recorded about as often in the most and the least deprived tenth"
    return amounts(
        [(_tenth(n), 100 * value) for n, value in enumerate(curve, 1)],
        title=finding,
        subtitle=f"{label}: share of patients on the practice register, %, England, by deprivation tenth, 2019/20",
        summary=f"From {number_words(first, 1)}% in the most deprived tenth to {number_words(last, 1)}% in the least.",
        source="Quality and Outcomes Framework 2019/20, NHS Digital, modelled to deprivation tenths by the House of Commons Library.",
        headers=("Deprivation tenth", "Per cent"),
        unit="%",
        notes=(
            "Not adjusted for age. People in deprived places are younger on average, so real gaps at the same age are wider.",
        ),
    )


def _tenth(number: int) -> str:
    return {1: "1, most deprived", 10: "10, least deprived"}.get(number, str(number))
