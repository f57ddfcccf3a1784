"""A sum of cases at unequal weights, such as an age-standardised share: may it stand beside the counts already shown?

The sum is of exact cases, which nobody is shown by single band of age. But the cases of some bands together are shown,
rounded, or hidden; and whoever knows how many people are in each band knows what a case in each adds. Where all cases
stand in one band, say, the sum gives their exact number away. So a sum is let out only where it rules nothing out:
whatever the published counts may stand for, those cases can be spread over their bands to come to the same sum. Then
all that the gate has proven of the counts is true beside the sum as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Portion:
    """Cases known to be from `least` to `most`; each in one of some bands, where it adds a weight to the sum.

    `room` is the most cases that each band can hold: the people in it, or infinity where one may have many.
    """

    least: float
    most: float
    weights: Sequence[float]
    room: Sequence[float]

    def lightest(self) -> float:
        """The least that as many cases as there may be can add.

        >>> Portion(8, 12, (0.5, 2.0), (10, 50)).lightest()
        9.0
        """
        return _spread(self.most, zip(self.weights, self.room, strict=True))

    def heaviest(self) -> float:
        """The most that as few cases as there may be can add.

        >>> Portion(8, 12, (0.5, 2.0), (10, 50)).heaviest()
        16.0
        """
        return -_spread(self.least, ((-w, r) for w, r in zip(self.weights, self.room, strict=True)))


def rules_nothing_out(shown: float, half_step: float, portions: Sequence[Portion]) -> bool:
    """Whether a sum shown to the nearest two half steps fits every count that its portions may be.

    >>> rules_nothing_out(12.3, 0.05, [Portion(8, 12, (1.0,), (100,))])  # one band: the sum is the exact count
    False
    >>> rules_nothing_out(12.3, 0.05, [Portion(8, 12, (0.2, 1.0, 3.0), (100, 100, 100))])
    True
    """
    return (
        sum(portion.lightest() for portion in portions) <= shown + half_step
        and sum(portion.heaviest() for portion in portions) >= shown - half_step
    )


def _spread(cases: float, bands: Iterable[tuple[float, float]]) -> float:
    """What cases come to that fill the lightest bands first."""
    total = 0.0
    for weight, room in sorted(bands):
        taken = min(cases, room)
        total, cases = total + weight * taken, cases - taken
        if not cases:
            break
    return total
