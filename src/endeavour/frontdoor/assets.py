"""What is strong in a district: the groups, places and people that the directory knows there."""

from __future__ import annotations

from dataclasses import dataclass

from endeavour.errors import NotFound
from endeavour.frontdoor import queries
from endeavour.frontdoor.models import Service
from endeavour.frontdoor.packfiles import Place

# Strengths are what people do with and for one another; treatment is not counted among them.
_KINDS = (
    ("Ways to give a hand", ("volunteering", "voice")),
    ("Company", ("isolation", "community")),
    ("Moving, making and learning", ("physical activity", "education", "digital", "prevention")),
    ("Getting by", ("food", "energy", "advice", "money")),
    ("People who have been through it", ("peer support", "carers", "bereavement", "dementia")),
)
_GENTLE = ("self", "community")


@dataclass(frozen=True)
class Assets:
    """A district's strengths: its doors that anybody may walk through, and its groups by what they are for."""

    district: str
    name: str
    doors: list[str]
    groups: list[tuple[str, list[Service]]]
    notices: list[str]

    @property
    def count(self) -> int:
        """How many groups and services."""
        return sum(len(services) for _, services in self.groups)


def districts() -> dict[str, str]:
    """The districts of the gazetteer: code and name, by name."""
    named = {place.district: place.district_name for place in queries.places()}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def assets_in(district: str) -> Assets:
    """What the directory knows to be strong in one district; each service once, under the first kind it fits."""
    named = districts()
    if district not in named:
        raise NotFound("We do not know that district.", hint="Choose one at /strengths.")
    gentle = [s for s in queries.listed_services(district=district) if s.rung in _GENTLE]
    left = dict.fromkeys(gentle)
    groups = []
    for heading, tags in _KINDS:
        found = [s for s in left if "nursing" not in s.tags and any(tag in s.tags for tag in tags)]
        for service in found:
            del left[service]
        if found:
            groups.append((heading, found))
    notices = sorted({s.feed.source for s in gentle if s.is_illustrative and s.feed})
    return Assets(district, named[district], queries.open_doors(gentle, district), groups, notices)


def towns_of(district: str) -> list[Place]:
    """The towns of a district."""
    return [place for place in queries.places() if place.district == district]
