"""Areas: what they are called, what they lie in, what lies in them, and who lives there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from endeavour.errors import NotFound
from endeavour.population.queries import store
from endeavour.population.queries.store import Row

KIND_WORDS = {
    "country": "country",
    "system": "health and care system",
    "place": "place (Alliance)",
    "upper_tier": "county or unitary council",
    "district": "district, borough or city",
    "sub_icb": "sub-ICB location",
    "pcn": "primary care network",
    "ward": "ward",
    "lsoa21": "neighbourhood",
    "lsoa11": "neighbourhood of 2011",
}
KIND_PLURALS = {
    "system": "The whole system",
    "place": "Places (Alliances)",
    "upper_tier": "County and unitary councils",
    "district": "Districts, boroughs and cities",
    "sub_icb": "Sub-ICB locations",
    "pcn": "Primary care networks",
    "ward": "Wards",
    "lsoa21": "Neighbourhoods",
    "lsoa11": "Neighbourhoods of 2011",
}
WIDE_KINDS = ("system", "place", "upper_tier", "district", "sub_icb")


@dataclass(frozen=True)
class AreaName:
    """An area by its code, kind and name, enough for a link."""

    code: str
    kind: str
    name: str
    persons: int | None = None

    @property
    def kind_words(self) -> str:
        """What kind of area it is, in plain words."""
        return KIND_WORDS[self.kind]


@dataclass(frozen=True)
class Area:
    """An area with its wider and narrower neighbours; `lsoas` are the 2021 neighbourhoods that make it up."""

    code: str
    kind: str
    also_kind: str | None
    name: str
    valid_from: date | None
    valid_to: date | None
    lsoas: tuple[str, ...] = ()
    wider: tuple[AreaName, ...] = ()
    narrower: dict[str, list[AreaName]] = field(default_factory=dict)

    @property
    def kind_words(self) -> str:
        """What it is, in plain words; a unitary council is both of its kinds."""
        both = [KIND_WORDS[self.kind]] + (
            [KIND_WORDS[self.also_kind]] if self.also_kind == "upper_tier" else []
        )
        return " and ".join(both)


def wide_areas() -> dict[str, list[AreaName]]:
    """The system, places, councils and sub-ICB locations, each with its residents, by kind."""
    found = store.rows(
        """
        select k.kind, k.code, k.name, sum(p.persons) as persons
        from area_kinds k
        join lsoa_areas l on l.area = k.code and l.kind = k.kind and l.vintage = 'lsoa21' and l.weight > 0.5
        join population p on p.area_code = l.lsoa and p.base = 'census2021'
        where k.kind in ('system', 'place', 'upper_tier', 'district', 'sub_icb')
        group by all order by k.kind, persons desc
        """
    )
    return {kind: _names(r for r in found if r["kind"] == kind) for kind in WIDE_KINDS}


def search(words: str, limit: int = 40) -> list[AreaName]:
    """Areas whose name or code holds every word, the widest first."""
    wanted = [word for word in words.lower().split() if word][:6]
    if not wanted:
        return []
    clause = " and ".join(["lower(name || ' ' || code) like '%' || ? || '%' escape '\\'"] * len(wanted))
    escaped = [word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") for word in wanted]
    found = store.rows(
        f"""
        select code, kind, name from areas where {clause} and kind <> 'country'
        order by list_position(['system','place','upper_tier','district','sub_icb','pcn','ward','lsoa21','lsoa11'],
                               kind), name limit ?
        """,
        *escaped,
        limit,
    )
    return _names(found)


def area(code: str) -> Area:
    """One area by its code; `NotFound` names what to do about a code nobody knows."""
    found = store.row(
        "select code, kind, also_kind, name, valid_from, valid_to from areas where upper(code) = upper(?)",
        code,
    )
    if found is None:
        raise NotFound(f"There is no area '{code[:20]}' here.", hint="Find it by name at /area.")
    lsoas = _lsoas_of(found["code"], found["kind"])
    return Area(
        **found,
        lsoas=tuple(lsoas),
        wider=tuple(_wider(found["code"], found["kind"], lsoas)),
        narrower=_narrower(found["code"], found["kind"]),
    )


def system_lsoas() -> list[str]:
    """Every 2021 neighbourhood of the system."""
    return [r["code"] for r in store.rows("select code from lsoa21 order by code")]


def _lsoas_of(code: str, kind: str) -> list[str]:
    if kind == "lsoa21":
        return [code]
    if kind == "country":
        return []
    if kind == "lsoa11":
        found = store.rows(
            """
            select case when from_code = ? then to_code else from_code end as code from area_overlaps
            where (from_code = ? and to_code in (select code from lsoa21))
               or (to_code = ? and from_code in (select code from lsoa21))
            union select code from lsoa21 where code = ? order by 1
            """,
            code, code, code, code,
        )  # fmt: skip
    else:
        found = store.rows(
            "select distinct lsoa as code from lsoa_areas where vintage = 'lsoa21' and area = ? and weight > 0.5 order by 1",
            code,
        )
    return [r["code"] for r in found]


def _wider(code: str, kind: str, lsoas: list[str]) -> list[AreaName]:
    """Every area that all of this one lies in, the nearest first."""
    if kind == "pcn":
        return _names(
            store.rows(
                "select a.code, a.kind, a.name from pcns p join areas a on a.code = p.sub_icb where p.code = ?",
                code,
            )
        )
    found = store.rows(
        """
        select k.code, k.kind, k.name, size.n
        from (select area, kind, count(distinct lsoa) as n from lsoa_areas
              where vintage = 'lsoa21' and weight > 0.5 and lsoa in (select unnest(?)) group by all) inside
        join (select area, kind, count(distinct lsoa) as n from lsoa_areas
              where vintage = 'lsoa21' and weight > 0.5 group by all) size using (area, kind)
        join area_kinds k on k.code = inside.area and k.kind = inside.kind
        where inside.n = ? and k.code <> ? and k.kind <> 'lsoa11' and size.n > ?
        order by size.n, list_position(['ward','sub_icb','district','place','upper_tier','system'], k.kind)
        """,
        lsoas,
        len(lsoas),
        code,
        len(lsoas) if kind != "lsoa21" else 0,
    )
    seen: dict[str, AreaName] = {}
    for name in _names(found):
        seen.setdefault(name.code, name)
    return list(seen.values())


def _narrower(code: str, kind: str) -> dict[str, list[AreaName]]:
    """The areas that lie in this one, by kind: one or two steps down, not every step."""
    steps = {
        "system": ("place", "district", "upper_tier", "sub_icb"),
        "place": ("district", "ward"),
        "upper_tier": ("district", "ward"),
        "district": ("ward", "lsoa21"),
        "sub_icb": ("district", "ward"),
        "ward": ("lsoa21",),
        "lsoa11": ("lsoa21",),
    }.get(kind, ())
    found: dict[str, list[AreaName]] = {}
    for step in steps:
        inner = _inside(code, step) if kind != "lsoa11" else _names(_as_lsoas(_lsoas_of(code, kind)))
        if inner and [n.code for n in inner] != [code]:
            found[KIND_PLURALS[step]] = inner
    if kind == "sub_icb":
        pcns = _names(
            store.rows("select code, 'pcn' as kind, name from pcns where sub_icb = ? order by name", code)
        )
        if pcns:
            found[KIND_PLURALS["pcn"]] = pcns
    return found


def _inside(code: str, kind: str) -> list[AreaName]:
    if kind == "lsoa21":
        return _names(
            store.rows(
                """
                select a.code, a.kind, a.name, p.persons from areas a
                join population p on p.area_code = a.code and p.base = 'census2021'
                where a.code in (select lsoa from lsoa_areas where vintage = 'lsoa21' and area = ? and weight > 0.5)
                order by a.name
                """,
                code,
            )
        )
    return _names(
        store.rows(
            """
            with mine as (select distinct lsoa from lsoa_areas where vintage = 'lsoa21' and area = ? and weight > 0.5)
            select k.code, k.kind, k.name, sum(p.persons) as persons
            from lsoa_areas l join mine using (lsoa)
            join area_kinds k on k.code = l.area and k.kind = l.kind
            join population p on p.area_code = l.lsoa and p.base = 'census2021'
            where l.vintage = 'lsoa21' and l.weight > 0.5 and l.kind = ? and k.code <> ?
            group by all order by k.name
            """,
            code,
            kind,
            code,
        )
    )


def _as_lsoas(codes: list[str]) -> list[Row]:
    return store.rows(
        "select code, kind, name from areas where code in (select unnest(?)) order by name", codes
    )


def _names(found: object) -> list[AreaName]:
    return [
        AreaName(r["code"], r["kind"], r["name"], int(r["persons"]) if r.get("persons") is not None else None)
        for r in found  # type: ignore[attr-defined]
    ]
