"""The areas of one system, from the England-wide lookups."""

from __future__ import annotations

from dataclasses import dataclass, field

from endeavour.errors import BadInput, Missing
from endeavour.pack.compile.hexes import hexagons
from endeavour.pack.compile.sources import Row, SourceMissing, Sources
from endeavour.pack.meta import Meta, Place


@dataclass
class Geography:
    """The neighbourhoods of both vintages and every area they lie in."""

    system: str
    system_name: str
    system_ods: str
    lsoa21: list[Row]
    lsoa11: list[Row]
    pairs: list[Row]
    places: tuple[Place, ...]
    sub_icbs: dict[str, Row]
    districts: dict[str, Row]
    wards: dict[str, Row] = field(default_factory=dict)

    @property
    def lsoa21_codes(self) -> list[str]:
        """The codes of the neighbourhoods of 2021."""
        return [row["code"] for row in self.lsoa21]

    @property
    def lsoa11_codes(self) -> list[str]:
        """The codes of the neighbourhoods of 2011."""
        return [row["code"] for row in self.lsoa11]


def read_geography(meta: Meta, sources: Sources) -> Geography:
    """Every area of the system. Raises `Missing` where an England-wide lookup is absent: nothing works without."""
    try:
        return _read(meta, sources)
    except SourceMissing as error:
        raise Missing(
            f"The areas of {meta.system} cannot be compiled: {error}.",
            hint="docs/how-to/make-a-pack.md lists the lookups and where they are published.",
        ) from None


def _read(meta: Meta, sources: Sources) -> Geography:
    home = sources.find("**/england_lsoa21_icb24.parquet", "**/*lsoa21_icb24*.csv")
    inside = sources.some_rows(home, "SELECT * FROM source WHERE icb24_code = $system", system=meta.system)
    wards = sources.find("**/england_wales_lsoa21_ward24_ltla24.parquet", "**/*lsoa21_ward24_ltla24*.csv")
    ward_of = {row["lsoa21_code"]: row for row in sources.rows(wards)}
    tiers = sources.find("**/england_ltla23_utla23.csv")
    tier_of = {row["ltla23_code"]: row for row in sources.rows(tiers)}
    places = meta.places or _one_place_each(inside)
    place_of = _place_of(places, inside, meta)
    points = _points(sources)
    rural = _rural_urban(sources)
    lsoa21: list[Row] = []
    for row in sorted(inside, key=lambda r: r["lsoa21_code"]):
        ward = ward_of[row["lsoa21_code"]]
        tier = tier_of.get(ward["ltla24_code"])
        latitude, longitude = points.get(row["lsoa21_code"], (None, None))
        lsoa21.append(
            {
                "code": row["lsoa21_code"],
                "name": row["lsoa21_name"],
                "ward": ward["ward24_code"],
                "district": ward["ltla24_code"],
                "upper_tier": tier["utla23_code"] if tier else ward["ltla24_code"],
                "sub_icb": row["sicbl24_code_nhs"],
                "place": place_of[row["sicbl24_code_nhs"]],
                "rural_urban": rural.get(row["lsoa21_code"]),
                "latitude": latitude,
                "longitude": longitude,
            }
        )
    _place_hexagons(lsoa21)
    lsoa11, pairs = _older(sources, lsoa21)
    return Geography(
        system=meta.system,
        system_name=inside[0]["icb24_name"],
        system_ods=inside[0]["icb24_code_nhs"],
        lsoa21=lsoa21,
        lsoa11=lsoa11,
        pairs=pairs,
        places=places,
        sub_icbs={
            r["sicbl24_code_nhs"]: {"ons": r["sicbl24_code"], "name": r["sicbl24_name"]} for r in inside
        },
        districts={
            row["district"]: {
                "name": ward_of[row["code"]]["ltla24_name"],
                "upper_tier": row["upper_tier"],
                "upper_tier_name": tier_of[row["district"]]["utla23_name"]
                if row["district"] in tier_of
                else ward_of[row["code"]]["ltla24_name"],
            }
            for row in lsoa21
        },
        wards={
            row["ward"]: {"name": ward_of[row["code"]]["ward24_name"], "district": row["district"]}
            for row in lsoa21
            if row["ward"]
        },
    )


def _one_place_each(inside: list[Row]) -> tuple[Place, ...]:
    """Where the pack names no places, each sub-ICB location is one."""
    codes = sorted({row["sicbl24_code_nhs"] for row in inside})
    return tuple(
        Place(code=f"place-{code.lower()}", name=f"Place of {code}", sub_icbs=(code,)) for code in codes
    )


def _place_of(places: tuple[Place, ...], inside: list[Row], meta: Meta) -> dict[str, str]:
    found = {sub_icb: place.code for place in places for sub_icb in place.sub_icbs}
    due = {row["sicbl24_code_nhs"] for row in inside}
    if missing := sorted(due - found.keys()):
        raise BadInput(f"no place holds the sub-ICB location {missing[0]}", file="pack.yaml", column="places")
    if unknown := sorted(found.keys() - due):
        raise BadInput(f"{unknown[0]} is not in {meta.system}", file="pack.yaml", column="places")
    return found


def _points(sources: Sources) -> dict[str, tuple[float, float]]:
    """Latitude and longitude by LSOA 2021, where a file of points is given (ours or the ONS attribute table)."""
    try:
        path = sources.find("**/*lsoa21_points.csv", "**/LSOA*2021*oundaries*.csv", "**/lsoa21_points*.csv")
    except SourceMissing:
        return {}
    found: dict[str, tuple[float, float]] = {}
    for row in sources.rows(path):
        lower = {name.lower(): value for name, value in row.items()}
        code = lower.get("lsoa21_code") or lower.get("lsoa21cd")
        longitude = lower.get("lon") or lower.get("long") or lower.get("longitude")
        latitude = lower.get("lat") or lower.get("latitude")
        if code and latitude and longitude:
            found[code] = (round(float(latitude), 5), round(float(longitude), 5))
    return found


def _rural_urban(sources: Sources) -> dict[str, str]:
    try:
        path = sources.find("**/*lsoa21_lookup.csv")
    except SourceMissing:
        return {}
    return {
        r["lsoa21_code"]: r["ruc21_name"]
        for r in sources.rows(path, "SELECT lsoa21_code, ruc21_name FROM source")
    }


def _place_hexagons(lsoa21: list[Row]) -> None:
    """A hexagon for every neighbourhood, where every one has a point."""
    if any(row["latitude"] is None for row in lsoa21):
        spots: list[tuple[int | None, int | None]] = [(None, None)] * len(lsoa21)
    else:
        points = [(row["latitude"], row["longitude"]) for row in lsoa21]
        spots = list(hexagons(points, [row["district"] for row in lsoa21]))
    for row, (q, r) in zip(lsoa21, spots, strict=True):
        row["hex_q"], row["hex_r"] = q, r


def _older(sources: Sources, lsoa21: list[Row]) -> tuple[list[Row], list[Row]]:
    """The LSOA 2011 that became these LSOA 2021, and the pairs."""
    path = sources.find("**/england_wales_lsoa11_lsoa21.parquet", "**/*lsoa11_to_lsoa21.csv")
    inside = {row["code"]: row for row in lsoa21}
    pairs = [row for row in sources.rows(path) if row["lsoa21_code"] in inside]
    pairs.sort(key=lambda row: (row["lsoa11_code"], row["lsoa21_code"]))
    older: dict[str, Row] = {}
    for pair in pairs:
        child = inside[pair["lsoa21_code"]]
        older.setdefault(
            pair["lsoa11_code"],
            {
                "code": pair["lsoa11_code"],
                "name": pair["lsoa11_name"],
                "district": child["district"],
                "sub_icb": child["sub_icb"],
                "place": child["place"],
                "change": pair["change_code"],
            },
        )
    return list(older.values()), pairs
