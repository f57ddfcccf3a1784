"""Read the generator's margins from a pack; the only place that knows the pack's tables and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from endeavour.engine.lake.schema import CONDITIONS, ETHNICITY, TENURE
from endeavour.engine.synthetic.margins import AGE_STARTS, DEATH_AGES, Margins, Practices
from endeavour.engine.synthetic.sampling import Floats
from endeavour.errors import BadInput, Missing

if TYPE_CHECKING:
    import pyarrow as pa


class PackTables(Protocol):
    """What this module needs of a pack."""

    def table(self, name: str) -> pa.Table:
        """The named table."""

    def has(self, name: str) -> bool:
        """Whether an optional table is there."""


NEEDED = (
    "households",
    "census_age",
    "census_ethnicity",
    "census_disability",
    "census_tenure",
    "census_overcrowding",
    "census_deprivation_dimensions",
    "census_accommodation",
    "district_age_sex",
    "district_single_year",
    "district_household_type_2011",
    "practices",
    "calibration_registers",
    "calibration_prevalence_by_decile",
    "calibration_life_tables",
)
AGE_BANDS = (*(f"{a}-{a + 4}" for a in AGE_STARTS[:-1]), "85+")
AGE_BANDS_19 = (*(f"{a}-{a + 4}" for a in range(0, 90, 5)), "90+")
ACCOMMODATION = (
    "detached",
    "semi_detached",
    "terraced",
    "purpose_built_flat",
    "converted_or_shared_house",
    "other_converted_building",
    "commercial_building",
    "caravan_or_temporary",
)
OCCUPANCY = ("minus_2_or_less", "minus_1", "zero", "plus_1", "plus_2_or_more")
COMPOSITION_OF = {
    "one_person": 0,
    "married_no_children": 1,
    "civil_partners_no_children": 1,
    "cohabiting_no_children": 1,
    "married_children": 2,
    "civil_partners_children": 2,
    "cohabiting_children": 2,
    "lone_parent_children": 3,
    "lone_parent_grown_children": 4,
    "all_students": 5,
    "other": 5,
}
SMOKING_WITHOUT_A_TABLE = 0.143
SMOKING_INDICATOR = "smoking_qof"


def margins_from(pack: PackTables) -> Margins:
    """The margins of the pack's system. Missing names the tables it lacks; BadInput an area without a figure."""
    absent = [name for name in NEEDED if not pack.has(name)]
    if absent:
        raise Missing(
            f"The pack lacks what a population is drawn from: {', '.join(absent)}.",
            hint="Compile them with: endeavour pack compile --from DIR",
        )
    areas = pack.table("lsoa21").sort_by("code").to_pydict()
    lsoa = areas["code"]
    districts, places, sub_icbs = (sorted(set(areas[k])) for k in ("district", "place", "sub_icb"))
    codes = _codes(pack)
    imd2019, imd2025 = _deciles(pack, lsoa)
    age = _counts(pack, "census_age", ("lsoa21", lsoa), ("age_band", AGE_BANDS), "persons")
    return Margins(
        lsoa=lsoa,
        district=_index(areas["district"], districts),
        place=_index(areas["place"], places),
        sub_icb=_index(areas["sub_icb"], sub_icbs),
        districts=districts,
        places=places,
        sub_icbs=sub_icbs,
        imd2019=imd2019,
        imd2025=imd2025,
        latitude=np.array(areas["latitude"], np.float64),
        longitude=np.array(areas["longitude"], np.float64),
        residents=_base(pack, "population", "persons", lsoa),
        households=_base(pack, "households", "households", lsoa),
        age=age,
        ethnicity=_counts(pack, "census_ethnicity", ("lsoa21", lsoa), ("ethnic_group", ETHNICITY), "persons"),
        disabled=_counts(
            pack, "census_disability", ("lsoa21", lsoa), ("disability", ("disabled",)), "persons"
        )[:, 0],
        tenure=_counts(pack, "census_tenure", ("lsoa21", lsoa), ("tenure", TENURE[:8]), "households"),
        accommodation=_counts(
            pack, "census_accommodation", ("lsoa21", lsoa), ("accommodation", ACCOMMODATION), "households"
        ),
        occupancy=_counts(
            pack, "census_overcrowding", ("lsoa21", lsoa), ("occupancy", OCCUPANCY), "households"
        ),
        dimensions=_counts(
            pack, "census_deprivation_dimensions", ("lsoa21", lsoa), ("dimensions", range(5)), "households"
        ),
        female=_female(pack, districts),
        composition=_composition(pack, districts),
        single_age=_single_age(pack, districts),
        conditions=codes,
        register=_registers(pack, sub_icbs, codes),
        gradient=_counts(
            pack,
            "calibration_prevalence_by_decile",
            ("condition", codes),
            ("imd_decile", range(1, 11)),
            "prevalence",
        ),
        mortality=_mortality(pack),
        smoking=_smoking(pack, districts),
        practices=_practices(pack),
    )


def _index(values: list[str], names: list[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    place = {name: i for i, name in enumerate(names)}
    return np.array([place[v] for v in values], np.int64)


def _counts(pack: PackTables, table: str, rows: Any, columns: Any, value: str) -> Floats:
    """A long table as a matrix: `rows` and `columns` are each (column name, the values in order)."""
    import pyarrow.compute as pc

    (row_name, row_values), (column_name, column_values) = rows, columns
    row_values, column_values = list(row_values), list(column_values)
    read = pack.table(table).select([row_name, column_name, value])
    at = []
    for name, values in ((row_name, row_values), (column_name, column_values)):
        found = pc.index_in(read[name], pa_array(values, read.schema.field(name).type))
        at.append(pc.fill_null(found, -1).to_numpy())
    matrix = np.full((len(row_values), len(column_values)), np.nan)
    known = (at[0] >= 0) & (at[1] >= 0)
    matrix[at[0][known], at[1][known]] = read[value].cast("double").to_numpy()[known]
    holes = np.argwhere(np.isnan(matrix))
    if len(holes):
        i, j = holes[0]
        raise BadInput(
            f"No figure for {row_name} {row_values[i]} and {column_name} {column_values[j]} "
            f"({len(holes)} such).",
            file=f"{table}.csv",
        )
    return matrix


def _base(pack: PackTables, table: str, value: str, lsoa: list[str]) -> Any:
    return _counts(pack, table, ("area_code", lsoa), ("base", ("census2021",)), value)[:, 0].astype(np.int64)


def _deciles(pack: PackTables, lsoa: list[str]) -> tuple[Any, Any]:
    """Deciles of 2019 and 2025 for each LSOA 2021; that of 2019 is its LSOA 2011's, the heaviest where several."""
    read = pack.table("deprivation").select(["edition", "area_code", "imd_decile"]).to_pylist()
    decile = {(str(r["edition"]), r["area_code"]): r["imd_decile"] for r in read}
    best: dict[str, tuple[float, int]] = {}
    wanted = set(lsoa)
    for row in pack.table("area_overlaps").select(["from_code", "to_code", "weight"]).to_pylist():
        old = decile.get(("2019", row["from_code"]))
        if old is None or row["to_code"] not in wanted:
            continue
        best[row["to_code"]] = max(best.get(row["to_code"], (0.0, 0)), (row["weight"], old))
    lost = [c for c in lsoa if c not in best or ("2025", c) not in decile]
    if lost:
        raise BadInput(f"No deprivation decile for {lost[0]} ({len(lost)} such).", file="deprivation.csv")
    return (
        np.array([best[c][1] for c in lsoa], np.int64),
        np.array([decile["2025", c] for c in lsoa], np.int64),
    )


def _female(pack: PackTables, districts: list[str]) -> Floats:
    read = pack.table("district_age_sex").to_pylist()
    count = np.zeros((2, len(districts), 19))
    at = {d: i for i, d in enumerate(districts)}
    for r in read:
        if r["district"] in at:
            count[int(r["sex"] == "male"), at[r["district"]], AGE_BANDS_19.index(r["age_band"])] = r[
                "persons"
            ]
    total = count.sum(axis=0)
    share: Floats = np.divide(count[0], total, out=np.full_like(total, 0.5), where=total > 0)
    return share


def _composition(pack: PackTables, districts: list[str]) -> Floats:
    counts = np.zeros((len(districts), 6))
    at = {d: i for i, d in enumerate(districts)}
    for r in pack.table("district_household_type_2011").to_pylist():
        if r["district"] in at:
            counts[at[r["district"]], COMPOSITION_OF[r["household_type"]]] += r["households"]
    return counts


def _single_age(pack: PackTables, districts: list[str]) -> Floats:
    counts = np.zeros((len(districts), 91))
    at = {d: i for i, d in enumerate(districts)}
    for r in pack.table("district_single_year").to_pylist():
        if r["district"] in at and r["base"] == "mid2020":
            counts[at[r["district"]], r["age"]] += r["persons"]
    return np.maximum(counts, 0.5)


def _codes(pack: PackTables) -> list[str]:
    known = set(pack.table("calibration_prevalence_by_decile").column("condition").to_pylist())
    return [c for c in CONDITIONS if c in known]


def _registers(pack: PackTables, sub_icbs: list[str], codes: list[str]) -> Floats:
    """Register over the *whole* list in the latest year, because some registers count only adults' lists."""
    rows = pack.table("calibration_registers").to_pylist()
    latest = max(str(r["year"]) for r in rows)
    rows = [r for r in rows if str(r["year"]) == latest]
    whole = {s: max(r["list_size"] for r in rows if r["sub_icb"] == s) for s in sub_icbs}
    share = {
        (r["sub_icb"], r["condition"]): r["register"] / whole[r["sub_icb"]]
        for r in rows
        if r["sub_icb"] in whole
    }
    return np.array([[share[s, c] for c in codes] for s in sub_icbs])


def _mortality(pack: PackTables) -> Floats:
    rates = np.zeros((2, 5, len(DEATH_AGES)))
    for r in pack.table("calibration_life_tables").to_pylist():
        rates[int(r["sex"] == "male"), r["imd_quintile"] - 1, DEATH_AGES.index(r["age"])] = r["mx"]
    return rates


def _smoking(pack: PackTables, districts: list[str]) -> Floats:
    """Share of people aged 15 or over who smoke, latest year by district; one figure where the pack has none."""
    import pyarrow.compute as pc

    share = np.full(len(districts), SMOKING_WITHOUT_A_TABLE)
    if not pack.has("observations"):
        return share
    read = pack.table("observations")
    wanted = pc.and_(
        pc.equal(read["indicator"], SMOKING_INDICATOR), pc.is_in(read["area_code"], pa_array(districts))
    )
    rows = read.filter(wanted).select(["area_code", "period_end", "value"]).sort_by("period_end").to_pylist()
    for row in rows:
        if row["value"] is not None:
            share[districts.index(row["area_code"])] = row["value"] / 100
    return share


def pa_array(values: list[Any], kind: pa.DataType | None = None) -> pa.Array:
    """Arrow values, text unless another type is given."""
    import pyarrow as pa

    return pa.array(values, kind or pa.string())


def _practices(pack: PackTables) -> Practices:
    rows = [
        r
        for r in pack.table("practices").sort_by("code").to_pylist()
        if r["registered"] and r["latitude"] is not None and r["longitude"] is not None
    ]
    return Practices(
        code=[r["code"] for r in rows],
        name=[r["name"] for r in rows],
        sub_icb=[r["sub_icb"] for r in rows],
        pcn=[r["pcn"] for r in rows],
        latitude=np.array([r["latitude"] for r in rows], np.float64),
        longitude=np.array([r["longitude"] for r in rows], np.float64),
        list_size=np.array([r["registered"] for r in rows], np.float64),
    )
