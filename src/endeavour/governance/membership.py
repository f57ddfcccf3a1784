"""Today's seats of a body beside a membership to weigh up, before anything is decided: pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HOW = {
    "nominated": "named by those it speaks for",
    "elected": "elected by those it speaks for",
    "drawn": "drawn by lot",
    "by_office": "held by office",
}


@dataclass(frozen=True)
class SeatFor:
    """One seat: the class of partner it speaks for, and the area of the one Alliance it comes from, or empty."""

    partner_class: str
    place: str = ""


@dataclass(frozen=True)
class Change:
    """How many seats one kind of partner or one Alliance has today and would have."""

    key: str
    words: str
    now: int
    then: int

    @property
    def is_left_out(self) -> bool:
        """Whether it would have no seat."""
        return not self.then

    @property
    def difference(self) -> str:
        """What would change, in words.

        >>> [Change("nhs", "NHS", *pair).difference for pair in ((1, 3), (2, 1), (1, 1), (0, 0))]
        ['2 more', '1 fewer', 'the same', 'none today, none then']
        """
        if not self.now and not self.then:
            return "none today, none then"
        by = self.then - self.now
        return "the same" if not by else f"{by} more" if by > 0 else f"{-by} fewer"


def compared(
    now: Iterable[SeatFor], then: Iterable[SeatFor], classes: Mapping[str, str], places: Mapping[str, str]
) -> tuple[list[Change], list[Change]]:
    """Seats today and then, for every class of partner and every Alliance, those without any seat among them.

    `classes` and `places` give the words for each; a seat of no one Alliance counts under none of them.

    >>> by_class, by_place = compared(
    ...     [SeatFor("nhs")], [SeatFor("nhs"), SeatFor("vcse", "thurrock")],
    ...     {"nhs": "NHS", "vcse": "Voluntary"}, {"thurrock": "Thurrock", "mid-essex": "Mid Essex"})
    >>> [(c.words, c.now, c.then) for c in by_class]
    [('NHS', 1, 1), ('Voluntary', 0, 1)]
    >>> [(c.words, c.then, c.is_left_out) for c in by_place]
    [('Thurrock', 1, False), ('Mid Essex', 0, True)]
    """
    today, proposed = list(now), list(then)

    def changes(words: Mapping[str, str], of: str) -> list[Change]:
        before, after = (Counter(getattr(seat, of) for seat in seats) for seats in (today, proposed))
        return [Change(key, text, before[key], after[key]) for key, text in words.items()]

    return changes(classes, "partner_class"), changes(places, "place")
