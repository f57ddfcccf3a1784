"""What the gate knows of sums and cells that no table shows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from endeavour.engine.disclosure import ALL, About, Count, Key, MemoryLog, Refused, interior, publish
from endeavour.engine.disclosure.structure import build
from endeavour.engine.disclosure.tables import Table

ABOUT = About("m", "p", "t", ("a", "b", "c"))


def pairs(seed: int, mean: float = 20) -> dict[Key, Count]:
    """The three cuts by pairs of three groups of two, and all their totals."""
    counts = np.random.default_rng(seed).poisson(mean, size=(2, 2, 2))
    cells: dict[Key, Count] = {}
    for key in itertools.product(*[(f"{name}0", f"{name}1", ALL) for name in "abc"]):
        if ALL in key:
            where = tuple(slice(None) if part == ALL else int(part[1]) for part in key)
            cells[key] = Count(int(counts[where].sum()))
    return cells


def test_cuts_in_a_ring_are_margins_of_cells_that_no_table_shows() -> None:
    system = build([Table(ABOUT, pairs(1))])
    assert {len(tie.cells) for tie in system.ties} == {2}
    assert len(set(np.concatenate([tie.cells for tie in system.ties]).tolist())) == 8


def test_cuts_like_a_tree_say_nothing_more() -> None:
    tree = {key: count for key, count in pairs(1).items() if key[0] == ALL or key[2] == ALL}
    assert build([Table(ABOUT, tree)]).ties == []


def test_a_total_of_one_release_and_its_parts_in_another_are_one_sum() -> None:
    about = About("m", "p", "t", ("a", "b"))
    log = MemoryLog()
    publish(about, {("a0", ALL): Count(12)}, log=log)
    later = publish(about, {("a0", "b0"): Count(3), ("a0", "b1"): Count(9)}, log=log)
    assert later["a0", "b0"].is_hidden
    assert later["a0", "b1"].is_hidden


def test_parts_whose_own_level_is_left_out_add_up_to_the_next() -> None:
    about = About("m", "p", "t", ("fifth", "sex"))
    halves = {"1": "poorer", "2": "poorer", "3": "better"}
    cells = {
        (ALL, "f"): Count(60),
        ("1", "f"): Count(4),
        ("2", "f"): Count(26),
        ("3", "f"): Count(30),
    }
    table = publish(about, cells, parents={"fifth": halves})
    [equation] = [e for e in build([Table(about, cells, {"fifth": halves})]).equations if len(e[1]) == 3]
    assert sorted(equation[1]) == [1, 2, 3]
    assert table["1", "f"].is_hidden


def test_more_cells_than_can_be_searched_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interior, "MOST_CELLS", 10)
    with pytest.raises(Refused, match="too many ways"):
        publish(ABOUT, pairs(1))


def test_a_release_of_other_people_is_joined_to_no_ring() -> None:
    log = MemoryLog()
    first = {key: count for key, count in pairs(1, mean=5).items() if key[0] == ALL or key[2] == ALL}
    publish(ABOUT, first, log=log)
    revised = pairs(2, mean=5)
    table = publish(ABOUT, revised, log=log)
    assert all(cell.is_hidden for key, cell in table.items() if 1 <= revised[key].numerator <= 7)


def test_cells_that_fit_no_people_are_still_guarded_by_their_sums() -> None:
    """A caller's counts may be no people's; a hidden one is then what the sums alone leave open."""
    cells: dict[Key, Count] = {(ALL, ALL, ALL): Count(20)}
    for name in range(3):
        for value in "01":
            key = [ALL, ALL, ALL]
            key[name] = "abc"[name] + value
            cells[tuple(key)] = Count(10)
    for one, two, is_same in ((0, 1, True), (1, 2, True), (0, 2, False)):
        for value in "01":
            other = value if is_same else "10"[int(value)]
            for second in "01":
                key = [ALL, ALL, ALL]
                key[one], key[two] = "abc"[one] + value, "abc"[two] + second
                cells[tuple(key)] = Count(8 if second == other else 2)
    table = publish(ABOUT, cells)
    assert all(table[key].is_hidden for key, count in cells.items() if count.numerator == 2)
