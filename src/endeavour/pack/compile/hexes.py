"""A hexagon for every neighbourhood: near its neighbours, no two in one cell, the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

_ROUNDS = 400
_SPARE_CELLS = 1.35
_ROW_HEIGHT = 0.8660254037844386  # sin 60 degrees: the distance between rows of touching hexagons of width 1


def hexagons(
    places: Sequence[tuple[float, float]], groups: Sequence[str] | None = None
) -> list[tuple[int, int]]:
    """Axial coordinates (q, r) for each (latitude, longitude), pointy top, r growing southwards.

    Town centres are crowded and the countryside is empty, so the points are first pushed apart as discs of one size
    while springs hold natural neighbours together (a Dorling cartogram); then every disc takes one cell of a
    hexagonal grid so that the sum of squared moves is least. Where `groups` (districts) are given, neighbouring cells
    then change hands as long as that brings members of one group together.
    """
    import numpy as np

    if not places:
        return []
    if len(places) < 4:
        return [(index, 0) for index in range(len(places))]
    flat = _flattened(np.asarray(places, dtype=float))
    spread = _spread(flat)
    cells = _cells_near(spread)
    chosen = _assigned(spread, cells)
    spots = [_axial(int(column), int(row)) for column, row in chosen]
    return _tidied(spots, groups) if groups else spots


def _flattened(places: Points) -> Points:
    """Eastings and southings on a plane, scaled so that the discs would just fill the ground they cover."""
    import numpy as np
    from scipy.spatial import ConvexHull

    east = places[:, 1] * np.cos(np.radians(places[:, 0].mean()))
    flat = np.column_stack([east, -places[:, 0]])
    flat -= flat.mean(axis=0)
    ground = ConvexHull(flat).volume  # in two dimensions SciPy calls the area so
    scaled: Points = flat * np.sqrt(len(places) * _ROW_HEIGHT * 1.15 / ground)
    return scaled


def _neighbours(points: Points) -> NDArray[Any]:
    """Pairs of natural neighbours (edges of the Delaunay triangulation), long hops over empty ground left out."""
    import numpy as np
    from scipy.spatial import Delaunay

    corners = Delaunay(points, qhull_options="QJ").simplices
    pairs = np.unique(
        np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1), axis=0
    )
    length = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)
    reach = np.full(len(points), np.inf)
    for end in (0, 1):
        np.minimum.at(reach, pairs[:, end], length)
    near: NDArray[Any] = pairs[length <= 6 * np.maximum(reach[pairs[:, 0]], reach[pairs[:, 1]])]
    return near


def _spread(start: Points) -> Points:
    """Push discs of width 1 apart while springs pull natural neighbours together and everything to its place."""
    import numpy as np
    from scipy.spatial import cKDTree

    pairs = _neighbours(start)
    degree = np.bincount(pairs.ravel(), minlength=len(start)).astype(float)
    points = start + _jitter(len(start))
    for turn in range(_ROUNDS):
        calm = 1 - turn / _ROUNDS
        move = 0.004 * calm * (start - points)
        gap = points[pairs[:, 1]] - points[pairs[:, 0]]
        far = np.linalg.norm(gap, axis=1, keepdims=True)
        pull = 0.5 * gap * np.clip((far - 1) / np.maximum(far, 1e-9), 0, None)
        for end, sign in ((0, 1.0), (1, -1.0)):
            np.add.at(move, pairs[:, end], sign * 0.5 * pull / degree[pairs[:, end], None])
        near = cKDTree(points).query_pairs(1.0, output_type="ndarray")
        if len(near):
            near = near[np.lexsort((near[:, 1], near[:, 0]))]
            apart = points[near[:, 1]] - points[near[:, 0]]
            close = np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
            push = 0.45 * apart / close * (1 - close)
            np.add.at(move, near[:, 0], -push)
            np.add.at(move, near[:, 1], push)
        points = points + move
    return points


def _jitter(count: int) -> Points:
    """A small fixed offset for each point, so that two points in one spot can part; no random generator is touched."""
    import numpy as np

    turn = np.arange(count) * 2.399963229728653  # the golden angle
    return np.column_stack([np.cos(turn), np.sin(turn)]) * 1e-3


def _cells_near(points: Points) -> NDArray[Any]:
    """Enough grid cells (column, row) near the points for everybody, the closest first."""
    import numpy as np
    from scipy.spatial import cKDTree

    low, high = points.min(axis=0) - 3, points.max(axis=0) + 3
    rows = np.arange(int(low[1] / _ROW_HEIGHT) - 1, int(high[1] / _ROW_HEIGHT) + 2)
    columns = np.arange(int(low[0]) - 1, int(high[0]) + 2)
    grid = np.array([(column, row) for row in rows for column in columns])
    distance, _ = cKDTree(points).query(_centres(grid))
    order = np.lexsort((grid[:, 0], grid[:, 1], np.round(distance, 9)))
    return grid[order[: int(len(points) * _SPARE_CELLS) + 8]]


def _centres(cells: NDArray[Any]) -> Points:
    """Where the cells of an offset grid lie: odd rows stand half a cell further east."""
    import numpy as np

    return np.column_stack([cells[:, 0] + 0.5 * (cells[:, 1] % 2), cells[:, 1] * _ROW_HEIGHT])


def _assigned(points: Points, cells: NDArray[Any]) -> NDArray[Any]:
    """One cell for each point, the sum of squared moves being least."""
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    _, taken = linear_sum_assignment(cdist(points, _centres(cells), "sqeuclidean"))
    chosen = cells[taken]
    moved: NDArray[Any] = chosen - (chosen.min(axis=0) // 2) * 2
    return moved


def _axial(column: int, row: int) -> tuple[int, int]:
    """Offset coordinates (odd rows shifted east) as axial ones."""
    return column - (row - row % 2) // 2, row


_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))
_FARTHEST = 3


def _tidied(spots: list[tuple[int, int]], groups: Sequence[str]) -> list[tuple[int, int]]:
    """Swap neighbours of different groups while more neighbours are then of one group; nobody goes far from home."""
    home = list(spots)
    at = {spot: index for index, spot in enumerate(spots)}

    def company(index: int, spot: tuple[int, int], but: int) -> int:
        found = (at.get((spot[0] + q, spot[1] + r)) for q, r in _AROUND)
        return sum(n is not None and n not in (index, but) and groups[n] == groups[index] for n in found)

    moved = True
    while moved:
        moved = False
        for one in range(len(spots)):
            for q, r in _AROUND:
                here = spots[one]
                there = (here[0] + q, here[1] + r)
                two = at.get(there)
                if two is None or groups[one] == groups[two]:
                    continue
                if _apart(home[one], there) > _FARTHEST or _apart(home[two], here) > _FARTHEST:
                    continue
                before = company(one, here, two) + company(two, there, one)
                if company(one, there, two) + company(two, here, one) > before:
                    spots[one], spots[two] = there, here
                    at[there], at[here] = one, two
                    moved = True
    return spots


def _apart(one: tuple[int, int], two: tuple[int, int]) -> int:
    q, r = one[0] - two[0], one[1] - two[1]
    return (abs(q) + abs(r) + abs(q + r)) // 2
