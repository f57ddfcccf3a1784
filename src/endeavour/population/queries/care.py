"""General practices: those of an area, or the nearest where it is one neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass

from endeavour.population.queries import store
from endeavour.population.queries.names import as_written


@dataclass(frozen=True)
class Practice:
    """A general practice; `miles` is a straight line from the middle of the neighbourhood, where one was asked about."""

    code: str
    name: str
    pcn: str | None
    registered: int | None
    miles: float | None = None

    @property
    def title(self) -> str:
        """The name as people write it; publishers shout theirs."""
        return as_written(self.name)


def practices(code: str, kind: str, lsoas: tuple[str, ...], *, nearest: int = 6) -> list[Practice]:
    """The practices that serve an area: by network or district, or the nearest to a neighbourhood or ward."""
    if not store.has("practices"):
        return []
    if kind in {"lsoa21", "lsoa11", "ward"}:
        return _nearest(list(lsoas), nearest)
    clause = {
        "system": "true or p.code = ?",
        "pcn": "p.pcn = ?",
        "sub_icb": "p.sub_icb = ?",
        "place": "p.sub_icb in (select sub_icb from lsoa21 where place = ?)",
        "upper_tier": "p.district in (select district from lsoa21 where upper_tier = ?)",
        "district": "p.district = ?",
    }.get(kind, "false and p.code = ?")
    found = store.rows(
        f"select p.code, p.name, n.name as pcn, p.registered from practices p left join pcns n on n.code = p.pcn "
        f"where ({clause}) and p.registered is not null order by p.name",
        code,
    )
    return [Practice(**r) for r in found]


def _nearest(lsoas: list[str], count: int) -> list[Practice]:
    """By great-circle distance, good to a few yards here, from the mean of the neighbourhoods' middles."""
    found = store.rows(
        """
        with here as (select radians(avg(latitude)) as lat, radians(avg(longitude)) as lon from lsoa21
                      where code in (select unnest(?)))
        select p.code, p.name, n.name as pcn, p.registered,
               3958.8 * 2 * asin(sqrt(pow(sin((radians(p.latitude) - lat) / 2), 2)
                 + cos(lat) * cos(radians(p.latitude)) * pow(sin((radians(p.longitude) - lon) / 2), 2))) as miles
        from practices p cross join here left join pcns n on n.code = p.pcn
        where p.latitude is not null and p.registered is not null order by miles, p.code limit ?
        """,
        lsoas,
        count,
    )
    return [Practice(**r) for r in found]
