"""What other parts may use of population."""

from __future__ import annotations

from dataclasses import dataclass

from endeavour.engine.measures.core20 import Core20
from endeavour.errors import Missing
from endeavour.population import presenters_worsening
from endeavour.population.actions import hand_over_judgements as hand_over_judgements
from endeavour.population.actions import open_caseload as open_caseload
from endeavour.population.presenters_health import core20_headline
from endeavour.population.queries import areas, definitions, people, series
from endeavour.population.queries.definitions import sources as sources


@dataclass(frozen=True)
class Headlines:
    """The few numbers of the home page, each real and published."""

    system: areas.AreaName
    size: people.Size
    core20: Core20
    gap_men: float | None
    gap_women: float | None

    @property
    def one_in(self) -> int:
        """The Core20 share as 'one in so many', to the nearest whole number."""
        return round(100 / self.core20.value)


def headlines() -> Headlines:
    """The system's people, its Core20 and the gap in years of life; `Missing` where no pack was loaded."""
    system = areas.wide_areas()["system"][0]
    years = {(f.sex, f.quintile): f.years for f in series.life_expectancy()}
    gaps = {sex: years[sex, 5] - years[sex, 1] for sex in ("male", "female") if (sex, 5) in years}
    return Headlines(
        system=system,
        size=people.size(areas.system_lsoas()),
        core20=core20_headline(definitions.core20_figures().figures),
        gap_men=gaps.get("male"),
        gap_women=gaps.get("female"),
    )


@dataclass(frozen=True)
class Notables:
    """Three things to worry about and three to be proud of, as the release has them; fewer where there are fewer."""

    worries: list[presenters_worsening.Notable]
    prides: list[presenters_worsening.Notable]


def notables() -> Notables | None:
    """What is worse and worsening, and better and improving, by more than chance; None before a release."""
    try:
        return Notables(
            presenters_worsening.most_notable("worse and worsening"),
            presenters_worsening.most_notable("better and improving"),
        )
    except Missing:
        return None


def what_stands_out(code: str) -> tuple[list[people.StandsOut], list[people.StandsOut]]:
    """An area's needs and strengths in the census beside the whole system's, largest first; `NotFound` for no such area."""
    return people.stands_out(people.topics(areas.area(code).lsoas))
