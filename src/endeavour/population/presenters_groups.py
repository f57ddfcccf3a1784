"""Groups by sex, age, ethnicity and deprivation at once, in words and as a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from endeavour.charts.chart import Chart
from endeavour.charts.words import number_words
from endeavour.errors import BadInput, Missing
from endeavour.population.queries.names import partnership_name
from endeavour.population.queries.strata import Strata, Stratum

WORDS = {
    "F": "women", "M": "men",
    "17_44": "17–44", "45_64": "45–64", "65_over": "65+",
    "asian": "Asian", "black": "Black", "mixed": "mixed", "white": "white", "other": "other-ethnicity",
    "most_deprived_fifth": ", deprived", "elsewhere": "",
}  # fmt: skip
MEASURE = "Diabetes among synthetic residents aged 17 and over"
METHOD = (
    "MAIHDA: a logistic model with a random intercept for each group, fitted to published counts only (Merlo 2018; "
    "Evans and others 2018)."
)
SOURCE = "Synthetic residents of our own making, matched to published tables."
NO_LAKE = "The synthetic residents have not been made yet, so there are no groups to compare."
BUILD_LAKE = "Make them with: endeavour lake build"
TOO_FEW = "There are too few synthetic residents here: most groups are hidden to protect them, so none are compared."
BUILD_MORE = "Make everybody with: endeavour lake build --force"
HEADERS = (
    "Group",
    "People",
    "With diabetes",
    "Predicted %",
    "Lower limit",
    "Upper limit",
    "Beside the average",
)


@dataclass(frozen=True)
class Groups:
    """The picture with its two shares in per cent: VPC and PCV (None where it cannot be worked out).

    `standing_out` counts groups unlike what their four characteristics add up to.
    """

    strata: Strata
    chart: Chart
    vpc: float
    pcv: float | None
    standing_out: int
    fitted: int
    hidden: tuple[tuple[str, str], ...]

    @property
    def vpc_words(self) -> str:
        """What the VPC says."""
        return (
            f"{number_words(self.vpc, 1)}% of the difference between one person and another in who has diabetes lies "
            f"between these {self.fitted} groups. The rest lies between people of the same group."
        )

    @property
    def pcv_words(self) -> str:
        """What the PCV says."""
        if self.pcv is None:
            return "How much each characteristic explains by itself cannot be worked out here."
        return (
            f"Sex, age, ethnicity and deprivation, each by itself, explain {number_words(self.pcv, 1)}% of the difference "
            f"between the groups. The other {number_words(100 - self.pcv, 1)}% is particular to combinations: "
            f"{self.standing_out or 'none'} of the groups "
            f"{'stands' if self.standing_out == 1 else 'stand'} apart from what their characteristics add up to."
        )


def label(one: Stratum) -> str:
    """A group in words.

    >>> label(Stratum("F", "65_over", "asian", "most_deprived_fifth", 50, 200, "shown"))
    '65+ Asian women, deprived'
    """
    return f"{WORDS[one.age]} {WORDS[one.ethnicity]} {WORDS[one.sex]}{WORDS[one.deprivation]}"


@lru_cache(maxsize=2)
def groups(found: Strata) -> Groups:
    """Fit the groups whose counts are public, and draw them; worked out once for each build of the lake.

    Raises `Missing` where the gate hides so many that the characteristics cannot be told apart.
    """
    from endeavour.charts.strata import strata_chart
    from endeavour.engine.statistics.maihda import indicators, maihda, proportional_change_in_variance

    known = [s for s in found.strata if s.is_known]
    # Both counts are rounded, so in a tiny group the part may come out above the whole.
    people = [s.people or 0 for s in known]
    events = [min(s.events or 0, n) for s, n in zip(known, people, strict=True)]
    try:
        columns = indicators(
            *([getattr(s, name) for s in known] for name in ("sex", "age", "ethnicity", "deprivation"))
        )
        null, main = maihda(events, people), maihda(events, people, columns)
    except BadInput as error:
        raise Missing(TOO_FEW, hint=BUILD_MORE) from error
    pcv = proportional_change_in_variance(null, main)
    hidden = tuple((label(s), s.reason) for s in found.strata if not s.is_known)
    chart = strata_chart(
        [label(s) for s in known],
        events,
        people,
        measure="Diabetes (synthetic residents)",
        subtitle=f"{MEASURE}, predicted per cent, by sex, age, ethnicity and deprivation, {partnership_name()}, {found.as_at:%B %Y}",
        source=SOURCE,
        main_effects=columns.tolist(),
        better=-1,
        notes=(
            "‘Deprived’: living in England’s most deprived fifth of neighbourhoods (2025 index); others live elsewhere.",
            "These are synthetic residents, not patients’ records.",
        ),
    )
    predicted = [(str(row[0]), float(row[3] or 0)) for row in chart.rows]
    (top, most), (bottom, least) = predicted[0], predicted[-1]
    summary = (
        f"From {number_words(most, 1)}% of {top} to {number_words(least, 1)}% of {bottom}, by the model."
    )
    rows = chart.rows + tuple((name, None, None, None, None, None, reason) for name, reason in hidden)
    return Groups(
        strata=found,
        chart=replace(chart, summary=summary, headers=HEADERS, rows=rows),
        vpc=float(null.vpc),
        pcv=max(0.0, min(100.0, float(pcv))) if math.isfinite(pcv) else None,
        standing_out=int(main.distinct.sum()),
        fitted=len(known),
        hidden=hidden,
    )
