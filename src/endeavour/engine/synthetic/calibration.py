"""Compare a lake with every published margin it was drawn from: source, ours, difference, and the allowance.

Census tables are perturbed by their publisher, so they disagree with each other by a few people an area. The base
is the age table (people) and the accommodation table (households); a cell of another table may differ by as much as
that table's total does, and one for rounding. At another size than the published one, cells are compared with
the published cell scaled.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from endeavour.engine.lake import schema
from endeavour.engine.lake.backends import DuckBackend
from endeavour.engine.synthetic import contacts, groups
from endeavour.engine.synthetic.from_pack import ACCOMMODATION as PACK_ACCOMMODATION
from endeavour.engine.synthetic.from_pack import AGE_BANDS, AGE_BANDS_19
from endeavour.engine.synthetic.margins import DEATH_AGES, OCCUPANCIES, Margins
from endeavour.engine.synthetic.people import COMMUNAL_SHARE
from endeavour.engine.synthetic.sampling import Floats

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.lake.store import Lake

COLUMNS = (
    "margin", "level", "area", "category", "source_table", "source", "lake", "difference", "tolerance", "within",
    "unit", "note",
)  # fmt: skip
ADULT_REGISTERS = {"EP", "DM"}


class Sources(Protocol):
    """A lake's files by table; `Lake` is one."""

    def sources(self) -> dict[str, list[Path]]:
        """Each table's files."""


@dataclass
class Report:
    """Rows gathered so far, as columns."""

    columns: dict[str, list[Any]]

    def add(
        self,
        margin: str,
        level: str,
        *,
        areas: list[str],
        categories: list[str],
        source: Floats,
        lake: Floats,
        tolerance: Floats | float,
        table: str,
        unit: str = "people",
        note: str = "",
    ) -> None:
        """A matrix [areas, categories] of figures against the source's."""
        source, lake = np.asarray(source, np.float64), np.asarray(lake, np.float64)
        allowed = np.broadcast_to(np.asarray(tolerance, np.float64), source.shape)
        difference = lake - source
        count = source.size
        for name, value in (
            ("margin", margin),
            ("level", level),
            ("source_table", table),
            ("unit", unit),
            ("note", note),
        ):
            self.columns[name].extend([value] * count)
        self.columns["area"].extend(np.repeat(areas, len(categories)).tolist())
        self.columns["category"].extend(categories * len(areas))
        for name, matrix in (
            ("source", source),
            ("lake", lake),
            ("difference", difference),
            ("tolerance", allowed),
        ):
            self.columns[name].extend(matrix.ravel().tolist())
        self.columns["within"].extend((np.abs(difference) <= allowed + 1e-9).ravel().tolist())

    def table(self) -> pa.Table:
        """All rows as Arrow."""
        import pyarrow as pa

        text = ("margin", "level", "area", "category", "source_table", "unit", "note")
        columns = {
            name: pa.array(self.columns[name], pa.string()).dictionary_encode()
            if name in text
            else pa.array(self.columns[name])
            for name in COLUMNS
        }
        return pa.table(columns)


def calibration_report(lake: Lake) -> pa.Table:
    """The comparison made when the lake was built, one row a figure; columns are COLUMNS.

    `within` is whether the difference is inside `tolerance`. `level` is lsoa21, district, sub_icb, quintile, decile,
    practice or system. `unit` is people, households, share, years, or events a person-year.
    """
    import pyarrow.parquet as pq

    return pq.read_table(lake.folder / "calibration.parquet", partitioning=None)


def summary(report: pa.Table) -> list[dict[str, Any]]:
    """One row a margin and level: figures, how many are within tolerance, the largest difference and where."""
    columns = report.to_pydict()
    groups_: dict[tuple[str, str, str, str], list[int]] = {}
    for i, key in enumerate(
        zip(*(columns[n] for n in ("margin", "level", "source_table", "unit")), strict=True)
    ):
        groups_.setdefault(key, []).append(i)
    out = []
    for (margin, level, table, unit), rows in groups_.items():
        worst = max(rows, key=lambda i: abs(columns["difference"][i]))
        out.append(
            {
                "margin": margin,
                "level": level,
                "source_table": table,
                "unit": unit,
                "figures": len(rows),
                "within": sum(columns["within"][i] for i in rows),
                "largest_difference": columns["difference"][worst],
                "tolerance_there": columns["tolerance"][worst],
                "where": f"{columns['area'][worst]}, {columns['category'][worst]}",
                "note": columns["note"][rows[0]],
            }
        )
    return out


def compare(lake: Sources, m: Margins) -> pa.Table:
    """Count the lake and set every margin beside its source."""
    report = Report({name: [] for name in COLUMNS})
    with DuckBackend(lake.sources()) as engine:
        people = int(_one(engine, "SELECT count(*) FROM person"))
        scale = people / float(m.residents.sum())
        _census(report, engine, m, scale)
        _districts(report, engine, m)
        _registers(report, engine, m)
        _life(report, engine, m)
        _practices(report, engine, m)
        _shares(report, engine, m)
        _events(report, engine)
    return report.table()


def _one(engine: DuckBackend, sql: str) -> float:
    return float(engine.run(sql).column(0)[0].as_py() or 0)


def _matrix(engine: DuckBackend, sql: str, rows: list[Any], columns: list[Any]) -> Floats:
    """A query of (row, column, value) as a matrix; what is not found is nought."""
    row_at, column_at = {v: i for i, v in enumerate(rows)}, {v: i for i, v in enumerate(columns)}
    out = np.zeros((len(rows), len(columns)))
    read = engine.run(sql)
    for row, column, value in zip(*(read.column(i).to_pylist() for i in range(3)), strict=True):
        if row in row_at and column in column_at:
            out[row_at[row], column_at[column]] = value
    return out


def _census(report: Report, engine: DuckBackend, m: Margins, scale: float) -> None:
    """Every small area: total, age, ethnicity, disability; households' tenure, rooms, dimensions, buildings."""
    band = "least(age // 5, 17)"
    person = "SELECT lsoa21, {what}, count(*) FROM person GROUP BY ALL"
    home = "SELECT lsoa21, {what}, count(*) FROM household WHERE NOT is_communal GROUP BY ALL"
    exact = 1e-6 if abs(scale - 1) < 1e-12 else 1.5
    plans: list[tuple[str, str, str, list[Any], list[str], Any, Any, str]] = [
        ("residents", person, "'all'", ["all"], ["all"], 1.0 * m.residents[:, None], m.residents, "census_age"),
        ("age", person, band, list(range(18)), list(AGE_BANDS), m.age, m.residents, "census_age"),
        ("ethnicity", person, "ethnicity", list(schema.ETHNICITY), list(schema.ETHNICITY), m.ethnicity, m.residents, "census_ethnicity"),
        ("disability", person, "is_disabled", [True], ["disabled"], m.disabled[:, None], m.residents, "census_disability"),
        ("households", home, "'all'", ["all"], ["all"], 1.0 * m.households[:, None], m.households, "households"),
        ("tenure", home, "tenure", list(schema.TENURE[:8]), list(schema.TENURE[:8]), m.tenure, m.households, "census_tenure"),
        ("occupancy", home, "occupancy", list(OCCUPANCIES), [str(o) for o in OCCUPANCIES], m.occupancy, m.households, "census_overcrowding"),
        ("deprivation dimensions", home, "deprivation_dimensions", list(range(5)), [str(i) for i in range(5)], m.dimensions, m.households, "census_deprivation_dimensions"),
        ("accommodation", home, "accommodation", list(schema.ACCOMMODATION[:8]), list(PACK_ACCOMMODATION), m.accommodation, m.households, "census_accommodation"),
    ]  # fmt: skip
    for margin, sql, what, keys, names, source, base, table in plans:
        ours = _matrix(engine, sql.format(what=what), m.lsoa, keys)
        gap = np.abs(source.sum(axis=1) - base) if margin != "disability" else np.full(m.areas, 3.0)
        tolerance = (gap * scale + (exact if not gap.any() else max(exact, 1.0)))[:, None]
        unit = "households" if base is m.households else "people"
        report.add(margin, "lsoa21", areas=m.lsoa, categories=names, source=source * scale, lake=ours,
                   tolerance=tolerance, table=table, unit=unit)  # fmt: skip
        total = np.abs(source.sum() - base.sum()) * scale if margin != "disability" else 3.0 * m.areas
        rounding = 1.0 if not gap.any() else np.sqrt(m.areas)
        allowed = total + (rounding if scale == 1 else np.sqrt(m.areas) + 0.01 * source.sum(axis=0) * scale)
        report.add(margin, "system", areas=["system"], categories=names, source=source.sum(axis=0)[None] * scale,
                   lake=ours.sum(axis=0)[None], tolerance=allowed, table=table, unit=unit)  # fmt: skip
        if margin in ("ethnicity", "tenure", "occupancy", "deprivation dimensions"):
            report.add(
                "tables' disagreement", "system", areas=["system"], categories=[margin],
                source=np.array([[base.sum()]]), lake=np.array([[source.sum()]]),
                tolerance=np.array([[gap.sum()]]), table=table, unit=unit,
                note=f"published against published: they differ in {int((gap > 0).sum())} of {m.areas} areas, "
                     f"by {int(gap.max())} at most and {int(gap.sum())} in all",
            )  # fmt: skip


def _districts(report: Report, engine: DuckBackend, m: Margins) -> None:
    """Women by age, households' composition, and smokers in each district."""
    band = "CASE WHEN age >= 90 THEN 18 ELSE age // 5 END"
    sql = f"SELECT district, {band}, count(*) FROM person {{where}} GROUP BY ALL"
    women = _matrix(engine, sql.format(where="WHERE sex = 'F'"), m.districts, list(range(19)))
    everyone = _matrix(engine, sql.format(where=""), m.districts, list(range(19)))
    report.add("women", "district", areas=m.districts, categories=list(AGE_BANDS_19), source=m.female * everyone,
               lake=women, tolerance=1.0, table="district_age_sex", note="the source's share of our residents")  # fmt: skip
    kinds = ["one_person", "couple without dependent children", "couple_children", "lone_parent",
             "lone_parent_adult_children", "other_multi_person"]  # fmt: skip
    named = (
        "CASE WHEN composition IN ('couple_no_children', 'couple_adult_children') "
        "THEN 'couple without dependent children' ELSE composition END"
    )
    ours = _matrix(
        engine,
        f"SELECT district, {named}, count(*) FROM household WHERE NOT is_communal GROUP BY ALL",
        m.districts,
        kinds,
    )
    report.add("household composition", "district", areas=m.districts, categories=kinds,
               source=m.composition / m.composition.sum(axis=1, keepdims=True),
               lake=ours / np.maximum(ours.sum(axis=1, keepdims=True), 1), tolerance=0.05,
               table="district_household_type_2011", unit="share",
               note="the 2011 Census has no later table by district; ten years of change are in the difference")  # fmt: skip
    smoking = _matrix(
        engine,
        "SELECT district, 'smokers', avg(CAST(is_smoker AS DOUBLE)) FROM person WHERE age >= 15 GROUP BY ALL",
        m.districts,
        ["smokers"],
    )
    report.add("smoking", "district", areas=m.districts, categories=["aged 15 or over"], source=m.smoking[:, None],
               lake=smoking, tolerance=0.005, table="observations", unit="share")  # fmt: skip


def _registers(report: Report, engine: DuckBackend, m: Margins) -> None:
    """Registers by sub-ICB (share of all residents), and by deprivation decile."""
    base = _matrix(engine, "SELECT sub_icb, imd2019_decile, count(*) FROM person GROUP BY ALL", m.sub_icbs, list(range(1, 11)))  # fmt: skip
    deciles = [f"{s} {d}" for s in m.sub_icbs for d in range(1, 11)]
    counts = _matrix(
        engine,
        "SELECT sub_icb || ' ' || imd2019_decile, condition, count(*) FROM condition JOIN person USING (person_id) "
        "WHERE age >= CASE condition WHEN 'EP' THEN 18 WHEN 'DM' THEN 17 ELSE 0 END GROUP BY ALL",
        deciles,
        m.conditions,
    )
    for c, code in enumerate(m.conditions):
        ours = counts[:, c].reshape(-1, 10)
        expected = m.register[:, c] * base.sum(axis=1)
        note = "adults only: children's cases come on top of the register" if code in ADULT_REGISTERS else ""
        report.add("registers", "sub_icb", areas=m.sub_icbs, categories=[code], source=expected[:, None],
                   lake=ours.sum(axis=1)[:, None], tolerance=1.0,
                   table="calibration_registers", note=note)  # fmt: skip
        lean = base * m.gradient[c]
        split = lean / np.maximum(lean.sum(axis=1, keepdims=True), 1e-9) * expected[:, None]
        report.add("registers", "decile", areas=["system"], categories=[f"{code} decile {d}" for d in range(1, 11)],
                   source=split.sum(axis=0)[None], lake=ours.sum(axis=0)[None],
                   tolerance=5.0,
                   table="calibration_prevalence_by_decile",
                   note="the national prevalence by decile, rescaled to each sub-ICB's register")  # fmt: skip


def _life(report: Report, engine: DuckBackend, m: Margins) -> None:
    """Life expectancy at birth by quintile and sex: deaths over person-years in the lake's own years."""
    from endeavour.engine.statistics.life_expectancy import life_expectancy

    deaths, exposure = deaths_and_exposure(engine)
    ours = life_expectancy(deaths, exposure, at=0, smallest_population=0)
    rate = m.mortality
    theirs = life_expectancy(rate * 1e6, np.full_like(rate, 1e6), at=0, smallest_population=0)
    spread = (ours.upper[0.95] - ours.lower[0.95]) / 2
    tolerance = np.where(np.isfinite(spread), np.maximum(0.15, 0.5 * spread), np.inf)
    report.add("life expectancy at birth", "quintile", areas=["women", "men"],
               categories=[f"quintile {q}" for q in range(1, 6)], source=theirs.value,
               lake=np.nan_to_num(ours.value), tolerance=tolerance, table="calibration_life_tables", unit="years",
               note="deaths of England 2014 to 2016 at the same ages; quintiles of the 2019 index")  # fmt: skip


def deaths_and_exposure(engine: DuckBackend) -> tuple[Floats, Floats]:
    """Deaths and person-years [sex F M, quintile, band of DEATH_AGES] over the lake's years.

    Age is age on Census day plus whole years since the lake's first 1 April. Infants are of the first year only:
    the lake holds nobody born after Census day, so later years have no band under 1.
    """
    years = int(_one(engine, "SELECT count(DISTINCT financial_year) FROM event"))
    first = schema.FIRST_EVENT_DAY
    ages = ", ".join(str(a) for a in DEATH_AGES)
    deaths, exposure = np.zeros((2, 5, 20)), np.zeros((2, 5, 20))
    for year in range(years):
        start, end = first.replace(year=first.year + year), first.replace(year=first.year + year + 1)
        read = engine.run(
            f"SELECT sex, (imd2019_decile + 1) // 2 AS q, "
            f"len(list_filter([{ages}], lambda a: a <= age + {year})) AS band, "
            f"sum(CASE WHEN died_on < DATE '{end}' THEN 1 ELSE 0 END) AS deaths, "
            f"sum(date_diff('day', DATE '{start}', least(coalesce(died_on, DATE '{end}'), DATE '{end}'))) / 365.25 "
            f"AS years FROM person WHERE died_on IS NULL OR died_on >= DATE '{start}' GROUP BY ALL"
        )
        for sex, q, band, d, n in zip(*(column.to_pylist() for column in read.columns), strict=True):
            at = (schema.SEX.index(sex), q - 1, band - 1)
            deaths[at] += float(d)
            exposure[at] += float(n)
    return deaths, exposure


def _practices(report: Report, engine: DuckBackend, m: Margins) -> None:
    ours = _matrix(engine, "SELECT practice, 'list', registered FROM practice", m.practices.code, ["list"])
    lists = m.practices.list_size * ours.sum() / m.practices.list_size.sum()
    report.add("practice lists", "practice", areas=m.practices.code, categories=["registered"],
               source=lists[:, None], lake=ours, tolerance=(0.01 * lists + 15)[:, None], table="practices",
               note="published lists, scaled to residents: lists hold 7 to 8% more people than the Census finds")  # fmt: skip


def _shares(report: Report, engine: DuckBackend, m: Margins) -> None:
    """Groups with no table by small area: the share aimed at, and what was drawn."""
    open_to = {
        "all": "true",
        "aged 5 or over": "age >= 5",
        "aged 16 or over": "age >= 16",
        "aged 16 to 25": "age BETWEEN 16 AND 25",
    }
    for name, share in groups.SHARES.items():
        if share.of not in open_to:
            continue
        where = open_to[share.of]
        ours = _one(engine, f"SELECT avg(CAST({name} AS DOUBLE)) FROM person WHERE {where}")
        people = _one(engine, f"SELECT count(*) FROM person WHERE {where}")
        tolerance = 0.03 * share.share + 4 * np.sqrt(share.share / people)
        report.add("groups", "system", areas=["system"], categories=[name], source=np.array([[share.share]]),
                   lake=np.array([[ours]]), tolerance=tolerance, table="assumption", unit="share",
                   note=f"{share.source} (of people {share.of})")  # fmt: skip
    total = _one(
        engine, "SELECT avg(CAST(is_communal AS DOUBLE)) FROM person JOIN household USING (household_id)"
    )
    report.add("communal establishments", "system", areas=["system"], categories=["residents"],
               source=np.array([[_communal_share(m)]]), lake=np.array([[total]]), tolerance=0.004,
               table="assumption", unit="share", note="no table by small area is in the pack")  # fmt: skip


def _communal_share(m: Margins) -> float:
    by_band = np.zeros(18)
    for start, share in sorted(COMMUNAL_SHARE.items()):
        by_band[start // 5 :] = share
    return float((m.age.sum(axis=0) * by_band).sum() / m.age.sum())


def _events(report: Report, engine: DuckBackend) -> None:
    """Contacts a person-year by kind against the streams' means, each over the people it is open to."""
    people = _one(engine, "SELECT count(*) FROM person")
    years = _one(engine, "SELECT count(DISTINCT financial_year) FROM event")
    counts = engine.run("SELECT kind, count(*) AS n FROM event GROUP BY kind").to_pydict()
    ours = dict(zip(counts["kind"], counts["n"], strict=True))
    for kind in ("gp", "ae", "cancer"):
        streams = [s for s in contacts.STREAMS if s.kind == kind and s.open_to == "all"]
        aimed = sum(s.rate * float(np.mean([*s.trend, *s.trend[-1:] * 3][: int(years)])) for s in streams)
        got = ours.get(kind, 0) / max(people * years, 1)
        reviews = _one(
            engine,
            "SELECT count(*) FROM event WHERE kind = 'gp' AND subtype IN ("
            + ", ".join(f"'{r.subtype}'" for r in contacts.REVIEWS)
            + ")",
        )
        if kind == "gp":
            got -= reviews / max(people * years, 1)
        report.add("contacts", "system", areas=["system"], categories=[kind], source=np.array([[aimed]]),
                   lake=np.array([[got]]), tolerance=0.08 * aimed + 4 * np.sqrt(aimed / max(people * years, 1)),
                   table="assumption", unit="events a person-year",
                   note=streams[0].source + ". Those who die early have their events cut short")  # fmt: skip
