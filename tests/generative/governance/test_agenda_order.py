"""However items are moved, gathered and fitted into a meeting, none is doubled and none is missing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from endeavour.governance.agenda import WITHOUT_DEBATE, Drafted, fitted, gathered, rearranged

MOVES = st.lists(st.tuples(st.integers(0, 9), st.one_of(st.none(), st.integers(1, 15))), max_size=40)


@given(MOVES)
def test_an_agenda_holds_each_item_once_or_not_at_all(moves: list[tuple[int, int | None]]) -> None:
    order, off = list(range(10)), set()
    for item, place in moves:
        before = [other for other in order if other != item]
        order = rearranged(order, item, place)
        (off.discard if place else off.add)(item)
        assert sorted(order) == sorted(set(range(10)) - off)
        assert [other for other in order if other != item] == before, "the others keep their order"
        if place:
            assert order.index(item) == min(place, len(order)) - 1


@given(st.lists(st.integers(1, 120), max_size=60), st.integers(-60, 480))
def test_every_item_has_its_minute_and_what_is_debated_fits(asked: list[int], room: int) -> None:
    given_ = fitted(asked, room)
    assert len(given_) == len(asked)
    assert all(minutes in {wanted, WITHOUT_DEBATE} for minutes, wanted in zip(given_, asked, strict=True))
    assert sum(given_) <= max(room, len(asked) * WITHOUT_DEBATE)
    for n, (minutes, wanted) in enumerate(zip(given_, asked, strict=True)):
        if minutes < wanted:  # what goes without debate would not have fitted, whatever came after it
            assert sum(given_[:n]) + wanted + (len(asked) - n - 1) * WITHOUT_DEBATE > room


@given(st.integers(0, 40), st.integers(0, 400))
def test_what_is_gathered_is_named_or_counted(named: int, in_all: int) -> None:
    items = [Drafted(f"T{n}", "action", f"action:d/{n}", f"Late {n}.", 5) for n in range(named)]
    found = gathered(items, "Late ({n})", "actions:late", number=in_all, more="/actions")
    if named < 2:
        assert found == items
        return
    [one] = found
    lines = one.words.splitlines()
    assert lines[:named] == [f"T{n}: Late {n}." for n in range(named)]
    assert lines[named:] == ([f"And {in_all - named} more: see /actions."] if in_all > named else [])
    assert one.title == f"Late ({max(named, in_all)})"
