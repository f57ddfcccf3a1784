"""However items are moved, taken off and put back, none is doubled, none but those taken off is missing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from endeavour.governance.agenda import rearranged

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
