"""Who a figure counts, said so that the same people are known again in whatever table they stand.

Two measures often count the same people: those on a register are one measure's numerator and another's denominator;
all residents are the denominator of a dozen. What is hidden in one table must not be worked out from another, so the
gate names every figure by the people it counts and joins tables of one family by those names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

OLDEST: Final = 200
ANY_AGE: Final = (0, OLDEST)


@dataclass(frozen=True, slots=True)
class People:
    """All who meet every condition and are aged from the first age to under the second.

    A condition is any text; one that begins with NOT is the opposite of the rest, and one with OR holds for anybody
    who meets either part. The same people must be said with the same text.
    """

    conditions: frozenset[str] = frozenset()
    ages: tuple[int, int] = ANY_AGE

    def __and__(self, other: People) -> People:
        """Those who are both.

        >>> People(frozenset({"smokes"}), (18, 200)) & People(ages=(0, 40))
        People(conditions=frozenset({'smokes'}), ages=(18, 40))
        """
        if self is EVERYBODY or other is EVERYBODY:
            return other if self is EVERYBODY else self
        ages = max(self.ages[0], other.ages[0]), min(self.ages[1], other.ages[1])
        return People(self.conditions | other.conditions, ages)

    def without(self, some: People) -> People:
        """Those of these people who are not among `some`, who must lie within them.

        >>> People().without(People(frozenset({"smokes"}))).conditions
        frozenset({'NOT smokes'})
        """
        also = sorted(some.conditions - self.conditions)
        if some.ages != self.ages:
            also.append(f"aged {some.ages[0]} to {some.ages[1]}")
        text = also[0] if len(also) == 1 else f"({' AND '.join(also)})"
        opposite = text.removeprefix("NOT ") if text.startswith("NOT ") else f"NOT {text}"
        return People(self.conditions | {opposite}, self.ages)


EVERYBODY: Final = People()


@cache
def is_within(inner: People, outer: People) -> bool:
    """Whether all of `inner` are among `outer`, by what the words say alone.

    >>> adults, smokers = People(ages=(18, 200)), People(frozenset({"smokes"}), (18, 200))
    >>> is_within(smokers, adults), is_within(adults, smokers)
    (True, False)
    >>> is_within(People(frozenset({"a"})), People(frozenset({"a OR b"})))
    True
    """
    if not (outer.ages[0] <= inner.ages[0] and inner.ages[1] <= outer.ages[1]):
        return False
    return all(
        wide in inner.conditions or not inner.conditions.isdisjoint(wide.split(" OR "))
        for wide in outer.conditions
    )


class Nesting:
    """Which of many people lie within which others, each pair looked at once."""

    def __init__(self) -> None:
        self._found: dict[frozenset[People], tuple[tuple[People, People], ...]] = {}

    def of(self, among: frozenset[People]) -> tuple[tuple[People, People], ...]:
        """Pairs (outer, inner) where nobody listed lies between the two; ages alone are left to `ages_apart`.

        >>> everybody, ill, seen = People(), People(frozenset({"ill"})), People(frozenset({"ill", "seen"}))
        >>> Nesting().of(frozenset({everybody, ill, seen})) == ((everybody, ill), (ill, seen))
        True
        """
        if among not in self._found:
            self._found[among] = self._pairs(among)
        return self._found[among]

    def _pairs(self, among: frozenset[People]) -> tuple[tuple[People, People], ...]:
        over = {
            inner: {outer for outer in among if outer != inner and is_within(inner, outer)} for inner in among
        }
        return tuple(
            sorted(
                (
                    (outer, inner)
                    for inner, all_over in over.items()
                    for outer in all_over
                    if outer.conditions != inner.conditions
                    and not any(outer in over[between] for between in all_over if between not in over[outer])
                ),
                key=lambda pair: [(len(one.conditions), sorted(one.conditions), one.ages) for one in pair],
            )
        )


def ages_apart(counted: Mapping[tuple[int, int], int]) -> tuple[dict[tuple[int, int], int], Sequence[int]]:
    """Counts by ages cut into the narrowest ages that they settle, and the ages where the cuts lie.

    Everybody less those under 18 is those of 18 and over: all that any sums and differences tell is here. Empty where
    the counts cannot all be true of the same people.

    >>> ages_apart({(0, 200): 50, (0, 18): 10, (65, 200): 15})[0]
    {(0, 18): 10, (18, 65): 25, (65, 200): 15}
    """
    under = {min(start for start, _ in counted): 0}
    left = dict(counted)
    while left:
        known = next((ages for ages in left if ages[0] in under or ages[1] in under), None)
        if known is None:
            break  # ages that no other count meets end to end settle nothing
        count = left.pop(known)
        start, end = known
        if start in under:
            if under.setdefault(end, under[start] + count) != under[start] + count:
                return {}, ()
        else:
            under[start] = under[end] - count
    cuts = sorted(under)
    parts = {(a, b): under[b] - under[a] for a, b in pairwise(cuts)}
    return (parts, cuts) if all(count >= 0 for count in parts.values()) else ({}, ())


def of_groups(
    named: Iterable[tuple[str, str]], meanings: Mapping[tuple[str, str], People]
) -> tuple[frozenset[tuple[str, str]], People]:
    """The groups that only have a name, and the people that the others mean.

    >>> of_groups([("age", "child"), ("place", "north")], {("age", "child"): People(ages=(0, 18))})
    (frozenset({('place', 'north')}), People(conditions=frozenset(), ages=(0, 18)))
    """
    people, only_named = EVERYBODY, []
    for group in named:
        if group in meanings:
            people &= meanings[group]
        else:
            only_named.append(group)
    return frozenset(only_named), people
