"""A later release by more breakdowns than the first: what is not safe beside it is left out, and all else is published."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from endeavour.engine.disclosure import ALL, About, Count, MemoryLog, Refused, Table, gate, publish_together

AREAS, SEXES, GROUPS = ("a", "b", "c"), ("F", "M"), ("x", "y")
ABOUT = About("a measure", "somebody", "2025", ("area", "sex", "group"))


def table_of(people: np.ndarray, *, is_crossed: bool) -> Table:
    """By area and sex, and by group; and, where crossed, by area and group as well."""
    cells = {}
    for key in itertools.product((*AREAS, ALL), (*SEXES, ALL), (*GROUPS, ALL)):
        named = [value != ALL for value in key]
        if named in ([True, False, True], [False, True, True], [True, True, True]) and not (
            is_crossed and named == [True, False, True]
        ):
            continue
        at = tuple(
            slice(None) if value == ALL else names.index(value)
            for value, names in zip(key, (AREAS, SEXES, GROUPS), strict=True)
        )
        cells[key] = Count(int(people[at].sum()))
    return Table(ABOUT, cells)


def both(seed: int) -> tuple[Table, Table]:
    rng = np.random.default_rng(seed)
    people = rng.negative_binomial(0.3, 0.3 / 4.3, (3, 2, 2))
    return table_of(people, is_crossed=False), table_of(people, is_crossed=True)


def after(first: Table) -> MemoryLog:
    log = MemoryLog()
    publish_together([first], log=log)
    return log


def test_what_is_refused_with_its_new_breakdown_is_published_without_it() -> None:
    refused = 0
    for seed in range(150):
        first, second = both(seed)
        try:
            [whole] = publish_together([second], log=after(first))
        except Refused:
            refused += 1
            log = after(first)
            [fewer] = publish_together([second], log=log, or_as_before=True)
            assert set(fewer) == set(first.cells), seed
            assert fewer.audit.left_out == len(second.cells) - len(first.cells)
            again = publish_together([second], log=log, or_as_before=True)
            assert dict(again[0]) == dict(fewer), "what is not known anew is told as it was"
        else:
            assert whole.audit.left_out == 0
            [same] = publish_together([second], log=after(first), or_as_before=True)
            assert dict(same) == dict(whole), seed
    assert refused > 2


def test_what_has_no_new_breakdown_to_leave_out_is_refused_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuses(*_: object) -> None:
        raise Refused("Not beside what is public.", hint="Publish less.")

    first, _ = both(0)
    log = after(first)
    monkeypatch.setattr(gate, "_judge", refuses)
    with pytest.raises(Refused):
        publish_together([first], log=log, or_as_before=True)
