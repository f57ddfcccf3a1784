"""Register residents with practices: near ones and big ones, until every list has its share.

A doubly constrained gravity model: the flow from area to practice falls off with distance and is rescaled, by
areas and practices in turn, until each area's residents and each practice's list are met.
"""

from __future__ import annotations

import numpy as np

from endeavour.engine.synthetic.margins import Margins
from endeavour.engine.synthetic.sampling import Floats, Ints, evenly

HALVING_KM = 0.9
"""Distance over which a practice's pull halves; the mean journey that results is in the calibration report."""


def distances(m: Margins) -> Floats:
    """Kilometres [areas, practices] between area centroids and surgeries (flat earth; exact enough at 50 km)."""
    north = (m.latitude[:, None] - m.practices.latitude) * 111.2
    east = (m.longitude[:, None] - m.practices.longitude) * 111.32 * np.cos(np.radians(m.latitude.mean()))
    return np.asarray(np.hypot(north, east), np.float64)


def flows(m: Margins) -> Floats:
    """Expected residents of each area with each practice; sums to residents and to lists scaled to residents."""
    pull = np.exp2(-distances(m) / HALVING_KM) + 1e-9
    lists = m.practices.list_size * (m.residents.sum() / m.practices.list_size.sum())
    by_practice = np.ones(len(lists))
    for _ in range(200):
        by_area = m.residents / (pull @ by_practice)
        got = (pull * by_area[:, None]).sum(axis=0) * by_practice
        by_practice *= lists / got
        if np.abs(got / lists - 1).max() < 1e-4:
            break
    flow = pull * by_area[:, None] * by_practice
    return np.asarray(flow * (m.residents / flow.sum(axis=1))[:, None], np.float64)


def register(m: Margins, lsoa: Ints) -> Ints:
    """The practice of each person; people in order of area and household, so that most households keep together.

    Within an area practices follow each other from west to east. Whole people are dealt so that each list is
    within a few of its share.
    """
    flow = flows(m)
    order = np.argsort(m.practices.longitude, kind="stable")
    ends = np.floor(np.cumsum(flow[:, order], axis=1) + evenly(m.areas)[:, None])
    ends[:, -1] = m.residents
    ends = np.minimum(ends, m.residents[:, None])
    counts = np.diff(ends, axis=1, prepend=0).astype(np.int64)
    assert (np.bincount(lsoa, minlength=m.areas) == m.residents).all(), "one row a resident, in order of area"
    return np.repeat(np.tile(order, m.areas), counts.ravel())
