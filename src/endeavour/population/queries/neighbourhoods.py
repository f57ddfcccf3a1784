"""Where each primary care network lies on a map of hexagons: one each, as near as can be to its practices."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from endeavour.population.queries import store


@dataclass(frozen=True)
class Cell:
    """A network with its hexagon: axial position, pointy top, `r` grows downwards."""

    code: str
    name: str
    place: str
    q: int
    r: int


def cells() -> list[Cell]:
    """Every network that has practices with a position; empty where the pack has none."""
    return list(_cells(store.edition()))


@lru_cache(maxsize=2)
def _cells(_edition: str) -> tuple[Cell, ...]:
    if not (store.has("pcns") and store.has("practices")):
        return ()
    found = store.rows(
        """
        with homes as (select sub_icb, any_value(place) as place from lsoa21 group by 1)
        select n.code, n.name, any_value(a.name) as place,
               sum(p.latitude * p.registered) / sum(p.registered) as lat,
               sum(p.longitude * p.registered) / sum(p.registered) as lon
        from pcns n join practices p on p.pcn = n.code and p.registered > 0 and p.latitude is not null
        join homes h on h.sub_icb = n.sub_icb join areas a on a.code = h.place
        group by n.code, n.name order by n.code
        """
    )
    spots = _placed([(row["lon"], row["lat"]) for row in found]) if found else []
    return tuple(
        Cell(row["code"], row["name"], row["place"], *spot) for row, spot in zip(found, spots, strict=True)
    )


def _placed(points: list[tuple[float, float]]) -> list[tuple[int, int]]:
    """A hexagon for each point, none shared, with the least squared distance in all (the assignment problem)."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    middle = sum(lat for _, lat in points) / len(points)
    at = np.array([(lon * math.cos(math.radians(middle)), -lat) for lon, lat in points])
    at -= at.min(axis=0)
    wide, high = at.max(axis=0)
    # A grid with about half as many hexagons again as there are points, so that gaps show where few people live.
    pitch = math.sqrt(max(wide * high, 1e-9) / (1.5 * len(points)) / (math.sqrt(3) / 2))
    rows = math.ceil(high / (pitch * math.sqrt(3) / 2)) + 1
    columns = math.ceil(wide / pitch) + 1
    grid = [(q - r // 2, r) for r in range(-1, rows + 1) for q in range(-1, columns + 1)]
    centres = np.array([(pitch * (q + r / 2), pitch * math.sqrt(3) / 2 * r) for q, r in grid])
    cost = ((at[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    chosen = linear_sum_assignment(cost)[1]
    return [grid[n] for n in chosen]
