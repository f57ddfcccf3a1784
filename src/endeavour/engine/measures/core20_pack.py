"""Core20 read from a pack: its neighbourhoods, both editions of the index, and every population base it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from endeavour.engine.measures.core20 import Core20, Edition, Geography, PopulationBase, core20
from endeavour.errors import BadInput

if TYPE_CHECKING:
    from endeavour.pack.packs import Pack

BASE_NAMES = {
    "iod2019_mid2015": "IoD2019 denominators (mid-2015 residents)",
    "mid2019": "mid-2019 residents",
    "mid2020": "mid-2020 residents",
    "census2021": "Census 2021 residents",
}
BASE_VINTAGES = {"iod2019_mid2015": 2011, "mid2019": 2011, "mid2020": 2011, "census2021": 2021}
EDITION_VINTAGES = {"2019": 2011, "2025": 2021}


def core20_of(pack: Pack) -> list[Core20]:
    """Every Core20 figure the pack's tables give, then those its definition reports from elsewhere.

    Figures that stand in `measures/core20.yaml` under `reported` keep their own base, edition and geography and are
    marked `reported`: they were not calculated here.
    """
    return core20(_editions(pack), _bases(pack), _geography(pack)) + reported(pack)


def reported(pack: Pack) -> list[Core20]:
    """What others have published under the same name, from the measure's definition."""
    definition = pack.definition("measures/core20.yaml")
    return [_reported(row) for row in definition.get("reported", [])]


def reconciliation(pack: Pack) -> str:
    """Why the reported figures differ from the calculated ones, in words."""
    return str(pack.definition("measures/core20.yaml")["reconciliation"]).strip()


def _reported(row: dict[str, Any]) -> Core20:
    try:
        share = float(row["percent"])
        numerator = int(row["numerator"]) if "numerator" in row else 0
        return Core20(
            measure="core20",
            geography_kind=row["geography_kind"],
            geography_code=row["geography_code"],
            geography_name=row["geography_name"],
            edition=row["edition"],
            population_base=row["population_base"],
            numerator=numerator,
            denominator=round(100 * numerator / share),
            value=share,
            source=row["source"],
            standing="reported",
            note=row.get("note", ""),
        )
    except KeyError as missing:
        raise BadInput(f"a reported figure has no {missing}", file="measures/core20.yaml") from None


def _editions(pack: Pack) -> list[Edition]:
    rows = pack.rows("deprivation")
    source = pack.provenance("deprivation").publisher
    return [
        Edition(
            f"IoD{year}",
            vintage,
            {row["area_code"]: row["imd_decile"] for row in rows if row["edition"] == year},
            f"Indices of Deprivation {year}, {source}",
        )
        for year, vintage in EDITION_VINTAGES.items()
        if any(row["edition"] == year for row in rows)
    ]


def _bases(pack: Pack) -> list[PopulationBase]:
    found: dict[str, dict[str, int]] = {}
    for row in pack.rows("population"):
        found.setdefault(row["base"], {})[row["area_code"]] = row["persons"]
    source = pack.provenance("population").publisher
    return [
        PopulationBase(BASE_NAMES[base], BASE_VINTAGES[base], found[base], f"{BASE_NAMES[base]}, {source}")
        for base in BASE_NAMES
        if base in found
    ]


def _geography(pack: Pack) -> Geography:
    areas = pack.rows("areas")
    names = {row["code"]: row["name"] for row in areas}
    systems = [row["code"] for row in areas if row["kind"] == "system" and row["valid_to"] is None]
    system = systems[0] if len(systems) == 1 else pack.meta.system
    within = {
        row["code"]: {"system": system, "place": row["place"], "district": row["district"]}
        for vintage in ("lsoa11", "lsoa21")
        for row in pack.rows(vintage)
    }
    return Geography(within, names, _parents(pack))


def _parents(pack: Pack) -> dict[str, str]:
    """Each 2021 neighbourhood's one 2011 parent; the overlaps run from old to new."""
    old = {row["code"] for row in pack.rows("lsoa11")}
    new = {row["code"] for row in pack.rows("lsoa21")}
    parents = {code: code for code in new & old}
    for row in pack.rows("area_overlaps"):
        if row["from_code"] in old and row["to_code"] in new:
            parents.setdefault(row["to_code"], row["from_code"])
        elif row["from_code"] in new and row["to_code"] in old:
            parents[row["from_code"]] = row["to_code"]
    return parents
