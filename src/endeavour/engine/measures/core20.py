"""Core20: how many people live in the nationally most deprived fifth of neighbourhoods.

One number is never enough. The figure depends on three choices, and each has caused a quarrel: which edition of the
Index of Multiple Deprivation says what is deprived, which population is counted (residents at mid-year, residents at
the census, or registered patients), and which geography the share is taken over (a place or a district). So every
figure here carries all three, and the strategy's own figures stand beside them with the difference put in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

CORE20_DECILES = frozenset({1, 2})
KINDS = ("system", "place", "district")


@dataclass(frozen=True, slots=True)
class Core20:
    """One figure with everything that must be said beside it; `value` is a percentage, higher is more deprived."""

    measure: str
    geography_kind: str
    geography_code: str
    geography_name: str
    edition: str
    population_base: str
    numerator: int
    denominator: int
    value: float
    source: str
    standing: str = "calculated"
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """The figure as plain data, the value rounded to two places."""
        return asdict(self) | {"value": round(self.value, 2)}


@dataclass(frozen=True, slots=True)
class PopulationBase:
    """A count of people by neighbourhood, and the vintage of neighbourhood it is counted on."""

    name: str
    vintage: int
    persons: Mapping[str, int]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the index: the decile (1 is most deprived) of each neighbourhood of its own vintage."""

    name: str
    vintage: int
    deciles: Mapping[str, int]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Geography:
    """Which areas each neighbourhood lies in: `within[code][kind]` is an area's code and `names` its name."""

    within: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]
    parent_2011: Mapping[str, str] = field(default_factory=dict)


def core20(
    editions: Sequence[Edition],
    bases: Sequence[PopulationBase],
    geography: Geography,
    kinds: Sequence[str] = KINDS,
) -> list[Core20]:
    """Count people in deciles 1 and 2 for every edition, base and area that can be joined without apportioning.

    A 2011 index meets a 2021 count through each new neighbourhood's one parent (areas were split, never merged, in
    the systems this is used for). A 2021 index does not meet a 2011 count: dividing an old count between new areas
    would be a guess, so that pair is left out rather than shown. A neighbourhood without a decile raises KeyError.

    >>> geography = Geography({"a": {"system": "S"}, "b": {"system": "S"}}, {"S": "Ours"})
    >>> index = Edition("IoD2019", 2011, {"a": 1, "b": 7})
    >>> people = PopulationBase("mid-2020", 2011, {"a": 100, "b": 300})
    >>> core20([index], [people], geography)[0].value
    25.0
    """
    found: list[Core20] = []
    for edition in editions:
        for base in bases:
            if edition.vintage > base.vintage:
                continue
            found.extend(_one_pair(edition, base, geography, kinds))
    return found


def _one_pair(
    edition: Edition, base: PopulationBase, geography: Geography, kinds: Sequence[str]
) -> list[Core20]:
    counted: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for code, persons in base.persons.items():
        indexed = geography.parent_2011[code] if edition.vintage < base.vintage else code
        deprived = edition.deciles[indexed] in CORE20_DECILES
        for kind in kinds:
            area = geography.within[code].get(kind)
            if area is None:
                continue
            tally = counted[kind, area]
            tally[0] += persons if deprived else 0
            tally[1] += persons
    source = "; ".join(part for part in (edition.source, base.source) if part)
    return [
        Core20(
            measure="core20",
            geography_kind=kind,
            geography_code=area,
            geography_name=geography.names.get(area, area),
            edition=edition.name,
            population_base=base.name,
            numerator=numerator,
            denominator=denominator,
            value=100 * numerator / denominator if denominator else 0.0,
            source=source,
        )
        for (kind, area), (numerator, denominator) in sorted(
            counted.items(), key=lambda item: (KINDS.index(item[0][0]), item[0][1])
        )
    ]
