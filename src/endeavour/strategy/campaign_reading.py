"""What is known of a campaign on a day: its words, its owners, what it hands out, and who promised and kept what where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from endeavour.core.public import Area, Body, end_of, today
from endeavour.errors import NotFound
from endeavour.strategy import observations
from endeavour.strategy.models import Campaign, CampaignOwner, Material, Pledge, PledgeStep

SIDES = {"residents": "residents", "services": "services and partners"}
READS = (PledgeStep.Kind.SHOWN, PledgeStep.Kind.NOT_SHOWN)
SAYS_HOW = (
    PledgeStep.Kind.KEPT,
    PledgeStep.Kind.PARTLY,
    PledgeStep.Kind.NOT_KEPT,
    PledgeStep.Kind.TAKEN_BACK,
)
NEWEST = 30


@dataclass(frozen=True)
class Running:
    """A campaign as it stood on a day: its newest version, and every version, newest first."""

    now: Campaign
    versions: tuple[Campaign, ...]

    def is_open(self, day: date) -> bool:
        """Whether it takes pledges on a day."""
        return self.now.starts_on <= day and (self.now.ends_on is None or day < self.now.ends_on)

    def ways(self, side: str) -> list[dict[str, str]]:
        """The ways that it offers one side."""
        return [way for way in self.now.ways if way["side"] == side]


@dataclass(frozen=True)
class Owner:
    """A body that owns a campaign: its name and class, what it brings, and since when."""

    body: str
    name: str
    partner_class: str
    brings: str
    since: date
    is_illustrative: bool


@dataclass
class Count:
    """How many people, or bodies, promised something, and how it went for those who said."""

    promised: int = 0
    kept: int = 0
    partly: int = 0
    not_kept: int = 0

    def add(self, people: int, went: str) -> None:
        """Count more of them."""
        self.promised += people
        if went in {"kept", "partly", "not_kept"}:
            setattr(self, went, getattr(self, went) + people)

    @property
    def unsaid(self) -> int:
        """Those who have not said how it went."""
        return self.promised - self.kept - self.partly - self.not_kept


@dataclass(frozen=True)
class PlaceRow:
    """One place's promises; `per_10000` is of residents who live there, None where their number is not known."""

    code: str
    name: str
    residents: Count
    services: Count
    per_10000: float | None

    @property
    def is_gap(self) -> bool:
        """Whether one of the two sides promised nothing here."""
        return not (self.residents.promised and self.services.promised)


@dataclass(frozen=True)
class Tally:
    """Every count of a campaign on a day."""

    places: list[PlaceRow]
    sides: dict[str, Count]
    ways: list[tuple[dict[str, str], Count]]
    groups: list[tuple[str, int | None]] = field(default_factory=list)


@dataclass(frozen=True)
class Taken:
    """One pledge with what became of it: whether its words were read and shown, and how it went."""

    pledge: Pledge
    way: str
    read: str
    went: str

    @property
    def words(self) -> str:
        """What was promised, for somebody who may see all of it."""
        return " ".join(filter(None, (self.way, self.pledge.words)))


def campaigns(*, at: date) -> list[Running]:
    """Every campaign known by a day, those that started last first."""
    versions: dict[str, list[Campaign]] = {}
    for row in Campaign.objects.order_by("-recorded_at", "-id"):
        if timezone.localdate(row.recorded_at) <= at:
            versions.setdefault(row.key, []).append(row)
    return sorted(
        (Running(rows[0], tuple(rows)) for rows in versions.values()),
        key=lambda found: found.now.starts_on,
        reverse=True,
    )


def campaign(key: str, *, at: date | None = None) -> Running:
    """One campaign by its key; `NotFound` where none of that name was known by the day."""
    if found := [c for c in campaigns(at=at or today()) if c.now.key == key]:
        return found[0]
    raise NotFound(f"There is no campaign '{key[:40]}'.", hint="See /campaigns.")


def owners_of(key: str, *, at: date) -> list[Owner]:
    """The bodies that own a campaign on a day, by class of partner and name."""
    stand: dict[str, CampaignOwner] = {}
    for row in CampaignOwner.objects.filter(campaign=key).order_by("recorded_at", "id"):
        if timezone.localdate(row.recorded_at) <= at:
            stand[row.body] = row
    held = {name: row for name, row in stand.items() if not row.leaves}
    bodies = {body.key: body for body in Body.objects.filter(key__in=held)}
    return sorted(
        (
            Owner(
                name, bodies[name].name, bodies[name].get_partner_class_display(), row.brings,
                timezone.localdate(row.recorded_at), row.is_illustrative,
            )
            for name, row in held.items()
            if name in bodies
        ),
        key=lambda owner: (owner.partner_class, owner.name),
    )  # fmt: skip


def classes_without(owners: Iterable[Owner], *, at: date) -> list[str]:
    """The classes of partner that have bodies on a day and no owner among them; the partnership itself is no partner."""
    owned = {owner.partner_class for owner in owners}
    inside = Body.objects.at(at).exclude(partner_class__in=["partnership", "other"])  # type: ignore[attr-defined]
    labels = {body.get_partner_class_display() for body in inside}
    return sorted(labels - owned)


def materials_of(key: str, *, at: date) -> list[Material]:
    """What a campaign hands out, the newest version of each, by title."""
    newest: dict[str, Material] = {}
    for row in Material.objects.filter(campaign=key).order_by("recorded_at", "id"):
        if timezone.localdate(row.recorded_at) <= at:
            newest[row.key] = row
    return sorted(newest.values(), key=lambda row: row.title)


def material(key: str, name: str) -> Material:
    """One thing that a campaign hands out."""
    if found := [row for row in materials_of(key, at=today()) if row.key == name]:
        return found[0]
    raise NotFound(f"The campaign hands out no '{name[:20]}'.", hint=f"See /campaign/{key}.")


def group_names() -> dict[str, str]:
    """The groups that a resident may say they belong to, by id."""
    from endeavour.pack.packs import Pack

    return {group.id: group.name for group in Pack.open(settings.PACK).plus_groups}


def tally(found: Running, *, at: date) -> Tally:
    """Count what was promised and kept, by place, side, way and group; three queries however many promised."""
    rows = (
        _counted(found.now.key, at).values("place", "body", "way", "group", "went").annotate(n=Sum("people"))
    )
    names = dict(Area.objects.at(at).filter(kind="place").order_by("name").values_list("code", "name"))  # type: ignore[attr-defined]
    sides = {side: Count() for side in SIDES}
    by_place: dict[tuple[str, str], Count] = defaultdict(Count)
    by_way: dict[str, Count] = defaultdict(Count)
    by_group: dict[str, int] = defaultdict(int)
    for row in rows.order_by():
        side = "services" if row["body"] else "residents"
        sides[side].add(row["n"], row["went"])
        by_place[row["place"], side].add(row["n"], row["went"])
        by_way[row["way"]].add(row["n"], row["went"])
        by_group[row["group"]] += row["n"]
    lived = observations.residents_by_place()
    places = [
        PlaceRow(
            code, name, by_place[code, "residents"], by_place[code, "services"],
            by_place[code, "residents"].promised / lived[code] * 10_000 if lived.get(code) else None,
        )
        for code, name in names.items()
    ]  # fmt: skip
    whole = PlaceRow("", "No place named", by_place["", "residents"], by_place["", "services"], None)
    groups = [(name, _publishable(by_group[key])) for key, name in group_names().items()]
    return Tally([*places, whole], sides, [(way, by_way[way["key"]]) for way in found.now.ways], groups)


def shown(found: Running, *, at: date, bodies: bool) -> list[Taken]:
    """The newest promises to be read by anybody: of bodies all, of residents those whose own words somebody read."""
    rows = _counted(found.now.key, at).order_by("-recorded_at", "-id")
    rows = (
        rows.exclude(body="")
        if bodies
        else rows.filter(body="", read=PledgeStep.Kind.SHOWN).exclude(words="")
    )
    return _taken(found, rows[:NEWEST])


def waiting(found: Running) -> list[Taken]:
    """Pledges with words of their own that nobody has read, the oldest first."""
    rows = _counted(found.now.key, today()).filter(read="").exclude(words="")
    return _taken(found, rows.order_by("recorded_at", "id"))


def pledge_of(receipt: str) -> Taken:
    """One pledge by its receipt, as typed by hand."""
    wanted = receipt.strip().upper()
    row = _with_steps(Pledge.objects.filter(receipt=wanted), today()).first()
    if row is None:
        raise NotFound(
            "We know no such receipt.", hint="Check it, letter by letter. It looks like ABCD-2345."
        )
    return _taken(campaign(row.campaign), [row])[0]


def _with_steps(rows: QuerySet[Pledge], at: date) -> QuerySet[Any]:
    """Pledges with how their words were read and how it went, by the newest step of each kind by a day."""
    steps = PledgeStep.objects.filter(pledge=OuterRef("pk"), recorded_at__lt=end_of(at)).order_by(
        "-recorded_at", "-id"
    )
    return rows.annotate(
        read=Coalesce(Subquery(steps.filter(kind__in=READS).values("kind")[:1]), Value("")),
        went=Coalesce(Subquery(steps.filter(kind__in=SAYS_HOW).values("kind")[:1]), Value("")),
    )


def _counted(key: str, at: date) -> QuerySet[Any]:
    """The pledges that count on a day: neither taken back nor refused when read."""
    rows = Pledge.objects.filter(campaign=key, recorded_at__lt=end_of(at))
    return (
        _with_steps(rows, at).exclude(read=PledgeStep.Kind.NOT_SHOWN).exclude(went=PledgeStep.Kind.TAKEN_BACK)
    )


def _taken(found: Running, rows: Iterable[Any]) -> list[Taken]:
    words = {way["key"]: way["words"] for way in found.now.ways}
    return [Taken(row, words.get(row.way, ""), row.read, row.went) for row in rows]


def _publishable(people: int) -> int | None:
    """A count of people of one group through the disclosure gate; None where it is small, or nobody said so."""
    # The gate imports NumPy, which the web process need not wait for.
    from endeavour.engine.disclosure import About, publish_count

    return (
        publish_count(About("promises by group", "people who promised", "to date", ()), people).numerator
        or None
    )
