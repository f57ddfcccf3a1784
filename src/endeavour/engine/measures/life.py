"""Life expectancy by deprivation fifth: England's own, from the counts the system is calibrated to, and the lake's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.disclosure import ALL, About, Count, publish
from endeavour.engine.measures.definition import Figures, Measure
from endeavour.engine.measures.earlier import installation_log
from endeavour.engine.measures.population import population_of

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.lake.backends import Backend
    from endeavour.engine.lake.store import Lake
    from endeavour.pack import Pack

AGES = (0, 1, *range(5, 95, 5))
ENGLAND_YEARS = (2014, 2015, 2016)
LAKE_FROM, LAKE_YEARS = 2021, 3
COLUMNS = ["population", "period", "sex", "group", "value", "low", "high", "standing"]


def life_figures(measure: Measure, pack: str, people: Callable[[], Lake]) -> Figures:
    """England's figures, and beside them those of `people`, the lake to count, where one has been built."""
    from endeavour.engine.lake.backends import open_backend
    from endeavour.errors import Missing
    from endeavour.pack import Pack

    rows = england(Pack.open(pack), measure)
    words = [
        "England: deaths and population by deprivation fifth, 2014 to 2016, Office for National Statistics."
    ]
    try:
        lake = people()
    except Missing:
        words.append(
            "No lake has been built here, so there is no local figure. Build one with: endeavour lake build"
        )
    else:
        with open_backend(lake.sources()) as backend:
            rows += from_lake(backend, measure, lake.people)
        words.append(
            f"Local: synthetic residents; counted: {population_of(lake)['words']}. {measure.local_because}"
        )
    return Figures(measure.title, COLUMNS, rows, words)


def england(pack: Pack, measure: Measure) -> list[dict[str, Any]]:
    """Life expectancy at birth in England by sex and fifth, worked from the counts in the pack."""
    table = pack.table("calibration_deaths")
    keep = np.isin(table["year"].to_numpy(), ENGLAND_YEARS)
    bands = {"0": 0, "1-4": 1} | {f"{a}-{a + 4}": a for a in range(5, 90, 5)} | {"90+": 90}
    counts: dict[tuple[str, int], Any] = {}
    for row, kept in zip(table.to_pylist(), keep, strict=True):
        if kept:
            cell = counts.setdefault((row["sex"], row["imd_quintile"]), np.zeros((2, len(AGES))))
            cell[:, AGES.index(bands[row["age_band"]])] += (row["deaths"], row["persons"])
    period = f"{ENGLAND_YEARS[0]} to {ENGLAND_YEARS[-1]}"
    return _rows(measure, counts, population="England", period=period, standing="calculated from ONS counts")


def from_lake(backend: Backend, measure: Measure, population: str) -> list[dict[str, Any]]:
    """The synthetic residents' life expectancy at birth by sex and fifth, over the lake's years together.

    Each person counts once for every year they began alive, at the age they then had. Groups in which the gate hides
    the number of deaths have no figure.
    """
    answer = backend.run(lake_sql())
    counts = _counted(answer)
    cells: dict[tuple[str, ...], Count] = {}
    for (sex, fifth), (deaths, years) in counts.items():
        for key in ((sex, str(fifth)), (sex, ALL), (ALL, str(fifth)), (ALL, ALL)):
            held = cells.get(key, Count(0, 0))
            cells[key] = Count(held.numerator + int(deaths.sum()), (held.denominator or 0) + int(years.sum()))
    period = f"{LAKE_FROM}/{(LAKE_FROM + 1) % 100} to {LAKE_FROM + LAKE_YEARS - 1}/{(LAKE_FROM + LAKE_YEARS) % 100}"
    about = About(f"{measure.id} deaths", population, period, ("sex", "fifth"))
    table = publish(about, cells, log=installation_log())
    shown = {
        (sex, fifth): cell for (sex, fifth), cell in counts.items() if not table[(sex, str(fifth))].is_hidden
    }
    names = {"F": "female", "M": "male"}
    shown = {(names[sex], fifth): cell for (sex, fifth), cell in shown.items()}
    return _rows(measure, shown, population="synthetic residents", period=period, standing=measure.standing)


def lake_sql() -> str:
    """Deaths and person-years by sex, fifth and age band, in DuckDB's dialect."""
    last = LAKE_FROM + LAKE_YEARS - 1
    years = " UNION ALL ".join(
        f"SELECT {y} AS y, CAST('{y}-04-01' AS DATE) AS starts, CAST('{y + 1}-04-01' AS DATE) AS ends"
        for y in range(LAKE_FROM, last + 1)
    )
    return f"""WITH years AS ({years}),
lived AS (
  SELECT p.sex, (p.imd2025_decile + 1) // 2 AS fifth, p.age + y.y - {LAKE_FROM} AS age,
    CASE WHEN p.died_on IS NOT NULL AND p.died_on < y.ends THEN 1 ELSE 0 END AS died
  FROM person AS p CROSS JOIN years AS y
  WHERE p.died_on IS NULL OR p.died_on >= y.starts
)
SELECT sex, fifth,
  CASE WHEN age = 0 THEN 0 WHEN age < 5 THEN 1 WHEN age >= 90 THEN 90 ELSE (age // 5) * 5 END AS band,
  CAST(sum(died) AS BIGINT) AS deaths, count(*) AS years
FROM lived GROUP BY 1, 2, 3"""


def _counted(answer: pa.Table) -> dict[tuple[str, int], Any]:
    counts: dict[tuple[str, int], Any] = {}
    for row in answer.to_pylist():
        cell = counts.setdefault((row["sex"], int(row["fifth"])), np.zeros((2, len(AGES))))
        cell[:, AGES.index(row["band"])] += (row["deaths"], row["years"])
    return counts


def _rows(
    measure: Measure, counts: dict[tuple[str, int], Any], *, population: str, period: str, standing: str
) -> list[dict[str, Any]]:
    from endeavour.engine.statistics.life_expectancy import life_expectancy

    keys = sorted(counts)
    if not keys:
        return []
    stacked = np.stack([counts[key] for key in keys])
    found = life_expectancy(stacked[:, 0], stacked[:, 1], AGES, at=0)
    low, high = found.lower[0.95], found.upper[0.95]
    return [
        {
            "measure": measure.id,
            "population": population,
            "period": period,
            "sex": sex,
            "group": f"fifth {fifth} of 5" + (" (most deprived)" if fifth == 1 else ""),
            "value": _years(found.value[at]),
            "low": _years(low[at]),
            "high": _years(high[at]),
            "standing": standing,
        }
        for at, (sex, fifth) in enumerate(keys)
    ]


def _years(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 1)
