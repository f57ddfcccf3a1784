"""What an older version let out, and what this one lets out after it, attacked together by one who shares no code.

The older gate hid 1 to 7 and nothing else, knew no measure of another, and called people by the build of their lake.
Its log is written here by hand as it wrote it. The attacker's unknowns are people by place, sex and what is true of
them; every figure of every release is a sum of those.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from endeavour.engine.disclosure import (
    ALL,
    About,
    Count,
    Key,
    PublishedTable,
    Refused,
    Table,
    publish_together,
)
from endeavour.engine.lake.whose import whose
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.definition import Measure
from endeavour.engine.measures.earlier import BY_PERIOD, installation_log, left_by_earlier
from endeavour.engine.measures.who import people_of

PLACES, SEXES, STATES = ("p0", "p1", "p2"), ("f", "m"), ("well", "ill", "seen")
LEAVES = list(itertools.product(PLACES, SEXES, STATES))
ILL, CHECKED = "prevalence-severe-mental-illness", "smi-health-check"
LAYERS = {
    ILL: {"counted": {"ill", "seen"}, "base": {"well", "ill", "seen"}, "others": {"well"}},
    CHECKED: {"counted": {"seen"}, "base": {"ill", "seen"}, "others": {"ill"}},
}
FIRST, SECOND = "00112233aabbccdd", "44556677eeff0011"
RECIPE = {"people": "patients registered in North Place"}
Shown = dict[tuple[str, Key], tuple[int | None, int | None]]
Limit = tuple[np.ndarray, float, float]


def people_drawn(seed: int) -> dict[tuple[str, str, str], int]:
    rng = np.random.default_rng(seed)
    means = {"well": rng.choice([8, 60]), "ill": rng.choice([4, 12, 30]), "seen": rng.choice([3, 9])}
    return {leaf: int(rng.negative_binomial(0.9, 0.9 / (0.9 + means[leaf[2]]))) for leaf in LEAVES}


def row(measure: str, key: Key, layer: str) -> np.ndarray:
    """Which people a figure counts."""
    states = LAYERS[measure][layer]
    place, sex = key
    return np.array([place in (ALL, p) and sex in (ALL, s) and is_ in states for p, s, is_ in LEAVES], float)


def exact(people: dict[tuple[str, str, str], int]) -> dict[tuple[str, Key], Count]:
    counts = np.array([people[leaf] for leaf in LEAVES])
    return {
        (name, key): Count(*(int(row(name, key, layer) @ counts) for layer in ("counted", "base")))
        for name in LAYERS
        for key in itertools.product((*PLACES, ALL), (*SEXES, ALL))
    }


def by_the_older_gate(cells: dict[tuple[str, Key], Count]) -> Shown:
    """1 to 7 hidden, of either term or of those not counted; all else to the nearest 5."""

    def near(count: int) -> int:
        return 5 * round((count + 0.01) / 5)

    shown: Shown = {}
    for name, count in cells.items():
        whole = count.denominator or 0
        few = any(0 < n < 8 for n in (count.numerator, whole)) or (
            count.numerator > 0 and 0 < whole - count.numerator < 8
        )
        shown[name] = (
            None if few or not whole else near(count.numerator),
            None if 0 < whole < 8 else near(whole),
        )
        if not count.numerator and whole:
            shown[name] = 0, shown[name][1]
    return shown


def log_of_the_older(var: Path, cells: dict[tuple[str, Key], Count], shown: Shown) -> list[Path]:
    """The files that it wrote, one a measure, in the folder named by the measure, the lake's build and the period."""
    written = []
    for measure in LAYERS:
        told: dict[str, Any] = {
            "measure": measure, "population": f"lake {FIRST}", "period": "by period", "dimensions": ["place", "sex"],
            "parents": {}, "overlapping": [],
            "cells": [[list(key), n.numerator, n.denominator, *shown[m, key]] for (m, key), n in cells.items() if m == measure],
        }  # fmt: skip
        text = f"{measure}|lake {FIRST}|by period"
        path = var / "disclosure" / hashlib.sha256(text.encode()).hexdigest()[:16] / f"{measure[:4]}.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(told))
        written.append(path)
    return written


def lakes_of_the_same_people(var: Path) -> None:
    (var / "lake").mkdir(parents=True)
    rows = [("lake", "people", "since")] + [
        (build, RECIPE["people"], f"2026-0{n}-01") for n, build in enumerate((FIRST, SECOND), 1)
    ]
    (var / "lake" / "people.csv").write_text("".join(",".join(row) + "\n" for row in rows))


@cache
def measures() -> tuple[Measure, ...]:
    catalogue = Catalogue.open("mse")
    return tuple(catalogue.named(name) for name in LAYERS)


def tables_of(cells: dict[tuple[str, Key], Count], population: str) -> list[Table]:
    return [
        Table(
            About(one.id, population, BY_PERIOD, ("place", "sex"), *people_of(one)),
            {key: count for (measure, key), count in cells.items() if measure == one.id},
        )
        for one in measures()
    ]


def shown_of(tables: list[PublishedTable]) -> Shown:
    return {(t.about.measure, key): (c.numerator, c.denominator) for t in tables for key, c in t.items()}


def limits(shown: Shown, *, noughts_only: bool = False) -> list[Limit]:
    """What a release tells: a figure to within its rounding, of a hidden one that it is at least 1."""
    found = []
    for (measure, key), (counted, base) in shown.items():
        for layer, figure in (("counted", 0 if base == 0 else counted), ("base", base)):
            if figure == 0:
                found.append((row(measure, key, layer), 0.0, 0.0))
            elif figure is None or noughts_only:
                found.append((row(measure, key, layer), 1.0, np.inf))
            else:
                found.append((row(measure, key, layer), max(8.0, figure - 2.0), figure + 2.0))
    return found


def ends(known: list[Limit], wanted: np.ndarray) -> tuple[float, float]:
    """The least and most a sum of people can be, up to 1,000."""
    rows = np.array([one for one, _, _ in known] + [-one for one, _, high in known if high < np.inf])
    most = [-low for _, low, _ in known]
    bounds = np.array(most + [high for _, _, high in known if high < np.inf])
    rows[: len(known)] *= -1
    rows[len(known) :] *= -1
    found = []
    for sign in (1.0, -1.0):
        answer = linprog(sign * wanted, A_ub=rows, b_ub=bounds, bounds=(0, 1000), method="highs")
        assert answer.status == 0, answer.message
        found.append(float(wanted @ answer.x))
    return found[0], found[1]


def few_of(cells: dict[tuple[str, Key], Count]) -> list[tuple[str, np.ndarray]]:
    """The small groups, each once: in whichever measures it stands."""
    found: dict[bytes, tuple[str, np.ndarray]] = {}
    for (measure, key), count in cells.items():
        whole = count.denominator or 0
        layers = {"counted": count.numerator, "base": whole}
        layers |= {"others": whole - count.numerator} if count.numerator else {}
        for layer, truth in layers.items():
            if 1 <= truth <= 7:
                one = row(measure, key, layer)
                found[one.tobytes()] = f"{measure} {key} {layer} {truth}", one
    return list(found.values())


def worse(known: list[Limit], before: list[Limit], noughts: list[Limit], one: np.ndarray) -> bool:
    """Whether a small group has less room than 1 to 7, than it had before, and than noughts alone leave it."""
    low, high = ends(known, one)
    if low <= 1 + 1e-4 and high >= 7 - 1e-4:
        return False
    (once_low, once_high), (floor, ceiling) = ends(before, one), ends(noughts, one)
    return low > max(1.0, once_low, floor) + 1e-4 or high < min(7.0, once_high, ceiling) - 1e-4


def upgraded(var: Path, seed: int) -> tuple[dict[tuple[str, Key], Count], Shown, list[PublishedTable]]:
    """An installation with the older version's log, and the first release after it."""
    lakes_of_the_same_people(var)
    cells = exact(people_drawn(seed))
    old = by_the_older_gate(cells)
    log_of_the_older(var, cells, old)
    return (
        cells,
        old,
        publish_together(tables_of(cells, whose(SECOND, RECIPE)), log=installation_log(measures())),
    )


SEEDS = range(12)


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def made(seed: int) -> Path:
        var = tmp_path / str(seed)
        monkeypatch.setenv("ENDEAVOUR_VAR", str(var))
        return var

    return made


def test_an_older_release_and_the_next_together_tell_no_more_than_the_older(installation: Any) -> None:
    attacked = left = 0
    for seed in SEEDS:
        cells, old, new = upgraded(installation(seed), seed)
        once = limits(old)
        together, noughts = (
            once + limits(shown_of(new)),
            limits(old, noughts_only=True) + limits(shown_of(new), noughts_only=True),
        )
        told = 0
        for name, one in few_of(cells):
            attacked += 1
            assert not worse(together, once, noughts, one), (seed, name)
            told += worse(once, noughts, noughts, one)
        assert (left_by_earlier(new) > 0) == (told > 0), (seed, told, left_by_earlier(new))
        left += told
    assert attacked > 100
    assert left > 10, "an older gate that gives nobody away would prove nothing"


def test_who_reads_only_the_new_release_can_work_out_nobody(installation: Any) -> None:
    for seed in SEEDS:
        cells, _, new = upgraded(installation(seed), seed)
        alone, noughts = limits(shown_of(new)), limits(shown_of(new), noughts_only=True)
        for name, one in few_of(cells):
            assert not worse(alone, noughts, noughts, one), (seed, name)


def test_a_release_that_did_not_know_the_older_one_would_be_caught(installation: Any) -> None:
    """The attacker is strong enough: the same figures, in a log that calls people by the build, are subtracted."""
    caught = 0
    for seed in SEEDS:
        cells, _, _ = upgraded(installation(seed), seed)
        first = publish_together(tables_of(cells, "one")[:1])
        alone = publish_together(tables_of(cells, "other")[1:])
        once, noughts = limits(shown_of(first)), limits(shown_of(first + alone), noughts_only=True)
        together = once + limits(shown_of(alone))
        caught += any(
            worse(together, noughts, noughts, one) and not worse(once, noughts, noughts, one)
            for _, one in few_of(cells)
        )
    assert caught > 1


def test_the_older_log_stays_as_it_was_and_telling_it_again_changes_nothing(installation: Any) -> None:
    var = installation(1)
    lakes_of_the_same_people(var)
    cells = exact(people_drawn(1))
    paths = log_of_the_older(var, cells, by_the_older_gate(cells))
    before = [path.read_bytes() for path in paths]
    installation_log(measures())
    files = {path: path.read_bytes() for path in (var / "disclosure").rglob("*.json")}
    assert len(files) == 4
    installation_log(measures())
    assert {path: path.read_bytes() for path in (var / "disclosure").rglob("*") if path.is_file()} == files
    assert [path.read_bytes() for path in paths] == before
    first = publish_together(tables_of(cells, whose(SECOND, RECIPE)), log=installation_log(measures()))
    again = publish_together(tables_of(cells, whose(SECOND, RECIPE)), log=installation_log(measures()))
    assert [table.rows() for table in again] == [table.rows() for table in first]


@pytest.mark.parametrize("is_known", [True, False])
def test_figures_of_a_rebuilt_lake_are_not_subtracted_from_those_of_the_one_before(
    installation: Any, is_known: bool
) -> None:
    """One lake's release by place, then that of a lake of newer data by place and sex: the same people, or they say not."""
    attacked = caught = 0
    for seed in SEEDS:
        lakes_of_the_same_people(installation(f"{seed}{is_known}"))
        cells = exact(people_drawn(seed))
        cuts = [
            {name: n for name, n in cells.items() if name[1][1] == ALL},
            {name: n for name, n in cells.items() if name[1][1] != ALL},
        ]
        released: list[PublishedTable] = []
        for build, cut in zip((FIRST, SECOND), cuts, strict=True):
            population = whose(build, RECIPE if is_known else {})
            with contextlib.suppress(Refused):
                released += publish_together(tables_of(cut, population), log=installation_log())
        known, noughts = limits(shown_of(released)), limits(shown_of(released), noughts_only=True)
        told = {(t.about.measure, key): cells[t.about.measure, key] for t in released for key in t}
        for _, one in few_of(told):
            attacked += 1
            caught += worse(known, noughts, noughts, one)
    assert attacked > 75
    assert (caught == 0) if is_known else (caught > 1)
