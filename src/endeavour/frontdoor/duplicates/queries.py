"""Finding pairs that look like one service, and the queue of those nobody has judged."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Prefetch, Q, QuerySet

from endeavour.core.public import Person, require
from endeavour.frontdoor import rules
from endeavour.frontdoor.models import Duplicate, Feed, Location, Organisation, Service, ServiceAtLocation

NO_NAME = frozenset({"the", "of", "and", "service", "services", "in", "for", "at", "ltd", "limited"})
# A value that many records hold tells little and would pair everything with everything.
MOST_HOLDERS = 25
SIMILAR = 0.6


def words_of_name(text: str) -> frozenset[str]:
    """The words of a name that tell it from another, in no order.

    >>> sorted(words_of_name("The Lunch Club (Tilbury) Ltd"))
    ['club', 'lunch', 'tilbury']
    """
    return frozenset(re.findall(r"[a-z0-9]+", text.casefold())) - NO_NAME


@dataclass(frozen=True)
class Record:
    """What a service can be known by: the words of its name, and its keys as (kind, value)."""

    service: Service
    name: frozenset[str]
    keys: frozenset[tuple[str, str]]


def _values(items: Iterable[object], name: str) -> list[str]:
    return [str(i[name]) for i in items if isinstance(i, dict) and i.get(name)]


def record_of(service: Service) -> Record:
    """The keys of one service; its particulars and places must be prefetched."""
    held: dict[str, list[object]] = defaultdict(list)
    places = [o.location for o in service.at.all() if not o.location.is_confidential]
    owners: tuple[Service | Organisation | Location, ...] = (service, service.organisation, *places)
    for thing in owners:
        for particular in thing.particulars.all():
            held[particular.kind].append(particular.value)
    web = service.url.casefold().split("://")[-1].removeprefix("www.").strip("/")
    keys = {("the same web address", web), ("the same email", service.email.casefold().strip())}
    keys |= {
        ("the same telephone", re.sub(r"\D", "", n)[-10:].lstrip("0"))
        for n in _values(held["phones"], "number")
    }
    keys |= {
        ("the same official code", n.casefold())
        for n in _values(held["organization_identifiers"], "identifier")
    }
    keys |= {
        ("the same postcode", re.sub(r"\s", "", n).casefold())
        for n in _values(held["addresses"], "postal_code")
    }
    keys |= {("the same place", p.name.casefold()) for p in places}
    keys.add(("the same organisation", " ".join(sorted(words_of_name(service.organisation.name)))))
    return Record(service, words_of_name(service.name), frozenset(k for k in keys if k[1]))


def _offers(path: str, *more: str) -> Prefetch[str]:
    """The places of services; joined, because a thousand places fetched one by one are too many for one statement."""
    return Prefetch(path, ServiceAtLocation.objects.select_related("location").prefetch_related(*more))


def _standing() -> QuerySet[Service]:
    """The records that may be one of a pair: what a feed still says, and is not part of another already."""
    return (
        Service.objects.filter(Q(status="active") | Q(feed__is_historic=True), merged_into__isnull=True)
        .select_related("organisation", "feed")
        .prefetch_related("particulars", "organisation__particulars", _offers("at", "location__particulars"))
        .order_by("feed_id", "given_id")
    )


@dataclass(frozen=True)
class Evidence:
    """Why two records look like one, and how strongly: the bits that their shared keys give."""

    because: tuple[str, ...]
    bits: float


class Comparison:
    """Weighs what records share by how rare it is (Fellegi and Sunter 1969, their agreement weights under chance)."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = list(records)
        self.holders = Counter(key for r in self.records for key in r.keys)
        self.words = Counter(word for r in self.records for word in r.name)

    def _bits(self, holders: int) -> float:
        return math.log2(max(2, len(self.records)) / max(1, holders)) if holders else 0.0

    def likeness(self, left: Record, right: Record) -> float:
        """How alike two names are, 0 to 1: a rare word counts more than a common one."""

        def weight(words: frozenset[str]) -> float:
            return sum(1 + self._bits(self.words[w]) for w in words)

        whole = weight(left.name | right.name)
        return weight(left.name & right.name) / whole if whole else 0.0

    def evidence(self, left: Record, right: Record) -> Evidence | None:
        """What two records share, or None where it is no proof: a name alone ('Lunch club') never is."""
        shared = left.keys & right.keys
        likeness = self.likeness(left, right)
        # An organisation's services share its telephone and its site: there the names must agree as well.
        strong = [k for k in shared if k[0] == "the same official code"]
        if not shared or (likeness < SIMILAR and not (strong and len(shared) > 1)):
            return None
        words = [] if likeness < SIMILAR else ["the same name" if likeness == 1 else "a similar name"]
        bits = likeness * sum(self._bits(self.words[w]) for w in left.name & right.name)
        return Evidence(
            (*words, *sorted({kind for kind, _ in shared})),
            round(bits + sum(self._bits(self.holders[k]) for k in shared), 1),
        )

    def candidates(self) -> set[tuple[int, int]]:
        """The pairs worth comparing: those that share one telling key, or the whole name."""
        blocks: dict[object, list[int]] = defaultdict(list)
        for at, record in enumerate(self.records):
            blocks[record.name].append(at)
            for key in record.keys:
                if self.holders[key] <= MOST_HOLDERS:
                    blocks[key].append(at)
        return {
            pair for block in blocks.values() if len(block) <= MOST_HOLDERS for pair in combinations(block, 2)
        }


def find_duplicates(feed: Feed) -> int:
    """Put pairs that look like one service, from this feed and any other, before a person; the number of new pairs.

    A pair that was judged is never asked again, whichever feed is read next.
    """
    comparison = Comparison(record_of(s) for s in _standing())
    records = comparison.records
    met = {frozenset(pair) for pair in Duplicate.objects.values_list("left_id", "right_id")}
    made = []
    for one, two in sorted(comparison.candidates()):
        left, right = records[one], records[two]
        feeds = {left.service.feed_id, right.service.feed_id}
        if len(feeds) == 1 or feed.pk not in feeds or {left.service.pk, right.service.pk} in met:
            continue
        found = comparison.evidence(left, right)
        if found:
            made.append(
                Duplicate(
                    left=left.service, right=right.service, because=list(found.because), bits=found.bits
                )
            )
    Duplicate.objects.bulk_create(made)
    return len(made)


def pairs_to_judge(viewer: Person | None, *, most: int = 20) -> tuple[int, list[Duplicate]]:
    """How many pairs nobody has judged, and the first of them, those with the strongest evidence leading."""
    require(viewer, rules.JUDGE_DUPLICATE)
    waiting = Duplicate.objects.filter(is_same__isnull=True)
    return waiting.count(), list(_told(waiting).order_by("-bits", "id")[:most])


def judged_pairs(viewer: Person | None, *, most: int = 20) -> list[Duplicate]:
    """The latest decisions, newest first."""
    require(viewer, rules.JUDGE_DUPLICATE)
    return list(_told(Duplicate.objects.filter(is_same__isnull=False)).order_by("-judged_at")[:most])


def _told(pairs: QuerySet[Duplicate]) -> QuerySet[Duplicate]:
    sides = [f"{s}__{p}" for s in ("left", "right") for p in ("organisation", "feed")]
    return pairs.select_related(*sides, "judged_by").prefetch_related(
        "left__particulars", "right__particulars", _offers("left__at"), _offers("right__at")
    )


def side_by_side(pair: Duplicate) -> list[tuple[str, str, str]]:
    """What two records say of each thing, as (thing, left, right); a thing neither tells is left out."""

    def row(service: Service) -> dict[str, str]:
        phones = [str(p.value.get("number", "")) for p in service.particulars.all()
                  if p.kind == "phones" and isinstance(p.value, dict)]  # fmt: skip
        places = [o.location.name for o in service.at.all() if not o.location.is_confidential]
        return {
            "Name": service.name, "What it is": service.description[:300], "Run by": service.organisation.name,
            "Telephone": ", ".join(phones), "Web": service.url, "Email": service.email,
            "Where": ", ".join(places[:5]) + (" and more" if len(places) > 5 else ""),
            "Told by": service.feed.name if service.feed else "",
        }  # fmt: skip

    left, right = row(pair.left), row(pair.right)
    return [(thing, left[thing], right[thing]) for thing in left if left[thing] or right[thing]]
