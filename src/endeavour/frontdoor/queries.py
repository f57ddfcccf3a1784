"""Every read of the front door: the search, one service, requests, gaps and what waits for an editor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Generic, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, Max, Model, OuterRef, Prefetch, QuerySet, Subquery

from endeavour.core.public import LONDON, Event, Person, data_standing, now, require, today
from endeavour.errors import NotFound
from endeavour.frontdoor import hours, rules
from endeavour.frontdoor.models import (
    ContactRequest,
    ContactStep,
    Feedback,
    Revision,
    Schedule,
    Service,
    ServiceAtLocation,
)
from endeavour.frontdoor.packfiles import Place, find_place, folder_of, read_places
from endeavour.frontdoor.safety import Rung, Safety, Topic, read_safety
from endeavour.frontdoor.search import Document, Hit, Opening, Question, Spot, build_index, open_index
from endeavour.frontdoor.search.index import Answer, SearchIndex
from endeavour.frontdoor.search.words import weight_of
from endeavour.paths import var_dir

Row = TypeVar("Row")
Thing = TypeVar("Thing", bound=Model)


def search_root() -> Path:
    """Where the index is built."""
    return var_dir() / "search"


def safety() -> Safety:
    """The safety content of the pack in use."""
    return read_safety(settings.PACK)


LINES_CHECKED = "crisis_lines_checked"
NUMBER_CHECKED = "crisis_number_checked"
CRISIS_CARDS = "page:crisis-cards"


def number_subject(number: str) -> str:
    """What an event says it is about when one number was rung."""
    return f"number:{number}"


def numbers_checked() -> dict[str, date]:
    """Each number of the crisis cards and the day it was last found right: alone, with all of them, or by the pack."""
    content = safety()
    rung = Event.objects.filter(kind__in=[LINES_CHECKED, NUMBER_CHECKED]).values("subject")
    last = {
        row["subject"]: row["at"].astimezone(LONDON).date() for row in rung.annotate(at=Max("happened_at"))
    }
    whole = max(last.get(CRISIS_CARDS, content.lines_checked_on), content.lines_checked_on)
    numbers = sorted({number for topic in content.topics for number in topic.to_ring})
    return {number: max(whole, last.get(number_subject(number), whole)) for number in numbers}


def checked_safety() -> Safety:
    """The safety content with the days its crisis numbers were last checked: here, where that is later than the pack's.

    A card is as fresh as the oldest of its numbers, and all of them as fresh as the oldest of all.
    """
    content, days = safety(), numbers_checked()
    topics = [replace(t, checked_on=min((days[n] for n in t.to_ring), default=None)) for t in content.topics]
    oldest = min(days.values(), default=content.lines_checked_on)
    return replace(content, topics=tuple(topics), lines_checked_on=oldest)


def crisis_lines() -> list[Service]:
    """The crisis lines of the directory, by name, with their telephones."""
    found = Service.objects.filter(is_crisis_line=True, status=Service.Status.ACTIVE)
    return list(found.prefetch_related("particulars").order_by("name"))


def places() -> tuple[Place, ...]:
    """The towns people can name."""
    return read_places(folder_of(settings.PACK))


def place_named(text: str) -> Place | None:
    """The place somebody means by a town or a postcode; None where we do not know it."""
    return find_place(places(), text)


class Tsvector:
    """Words against words in PostgreSQL; see `search.lexical.Lexical`."""

    def rank(self, words: list[str]) -> list[tuple[str, float]]:
        """Up to 60 services, those with most of the words first."""
        if not words:
            return []
        asked = " | ".join("'" + w.replace("'", "") + "'" for w in words[:12])
        with connection.cursor() as cursor:
            cursor.execute(
                "select given_id, search_text, ts_rank_cd(to_tsvector('english', search_text), q) as r"
                " from frontdoor_service, to_tsquery('english', %s) q"
                " where to_tsvector('english', search_text) @@ q and status = 'active' order by r desc, given_id limit 60",
                [asked],
            )
            rows = cursor.fetchall()
        whole = sum(map(weight_of, words))
        scored = [
            (key, sum(weight_of(w) for w in words if w in text.casefold()) / whole) for key, text, _ in rows
        ]
        return sorted(scored, key=lambda pair: -pair[1])


def documents() -> list[Document]:
    """Every active service as the search sees it. A confidential place has no position and no name."""
    offers = Prefetch("at", ServiceAtLocation.objects.select_related("location").order_by("location__name"))
    found = (
        Service.objects.filter(status=Service.Status.ACTIVE)
        .prefetch_related(offers, "schedules")
        .order_by("given_id")
    )
    return [
        Document(
            id=s.given_id,
            name=s.name,
            description=s.description,
            tags=s.tags,
            says=tuple(s.says),
            rung=s.rung,
            spots=tuple(
                Spot(
                    o.location.name,
                    o.location.place,
                    o.location.latitude,
                    o.location.longitude,
                    o.location.district,
                )
                for o in s.at.all()
                if not o.location.is_confidential
            ),
            openings=tuple(
                Opening(",".join(sorted(h.days, key=hours.DAYS.index)), h.opens, h.closes)
                for h in hours_of(s.schedules.all())
            ),
            minimum_age=s.minimum_age,
            maximum_age=s.maximum_age,
            free=s.free,
            remote=s.setting in {"phone", "online", "home"},
            by_name=bool(s.extra.get("_by_name")),
        )
        for s in found
    ]


def rebuild_index() -> dict[str, object]:
    """Bring the index up to date with the directory; texts met before are not encoded again."""
    return build_index(search_root(), documents())


def index() -> SearchIndex:
    """The index in use, with this database's own full-text search."""
    lexical = Tsvector() if connection.vendor == "postgresql" else None
    return open_index(search_root(), folder_of(settings.PACK) / "everyday_words.psv", lexical)


def hours_of(schedules: Sequence[Schedule] | QuerySet[Schedule]) -> list[hours.Hours]:
    """The usable opening rules of some schedules; one that cannot be read is left out, never guessed."""
    made = [
        hours.make_hours(s.byday, s.opens_at, s.closes_at, valid_from=s.valid_from, valid_to=s.valid_to)
        for s in schedules
    ]
    return [h for h in made if h]


@dataclass(frozen=True)
class Shown:
    """One service in a list of results."""

    service: Service
    hit: Hit
    open_words: str
    pinned: bool = False


@dataclass(frozen=True)
class Found:
    """The answer to one search, grouped by rung, gentlest first; the crisis cards stand before everything."""

    words: str
    place: Place | None
    place_unknown: str
    topics: list[Topic]
    pinned: list[Shown]
    rungs: list[tuple[Rung, list[Shown]]]
    ranked: list[str]
    answer: Answer | None
    tags: str = ""
    notices: list[str] = field(default_factory=list)


def find_help(
    words: str,
    *,
    near: str = "",
    age: int | None = None,
    free_only: bool = False,
    open_now: bool = False,
    limit: int = 5,
    at: datetime | None = None,
) -> Found:
    """At most a handful of services for some words, with every crisis card the words call for.

    Nothing is kept. `near` is a town or a postcode; an unknown one is said and otherwise ignored. The services pinned
    under a crisis topic are shown besides the handful, and the topic's vetoes are never shown at all.
    """
    moment = at or now()
    content = safety()
    topics = content.topics_in(words)
    place = place_named(near)
    position = (place.latitude, place.longitude) if place else None
    local = moment.astimezone(hours.LONDON)
    question = Question(
        words=words,
        near=position,
        age=age,
        free_only=free_only,
        open_at=(hours.DAYS[local.weekday()], local.hour * 60 + local.minute) if open_now else None,
        without=frozenset().union(*(t.never for t in topics)),
        limit=limit + len(content.only_when_said),
    )
    answer = index().search(question) if words.strip() else None
    hits = list(answer.hits) if answer else []
    topics = content.led_to(topics, hits[0].id) if hits else topics
    kept_back = content.kept_back(topics, words)
    hits = [hit for hit in hits if hit.id not in kept_back][:limit]
    pins = list(dict.fromkeys(key for topic in topics for key in topic.pinned))
    held = {s.given_id: s for s in services_by_id([h.id for h in hits] + pins)}
    open_words = {key: opening_words(s, moment) for key, s in held.items()}
    if open_now:
        # The index knows the week; bank holidays are checked here.
        hits = [
            h for h in hits if h.id in held and hours.is_open(hours_of(held[h.id].schedules.all()), moment)
        ]
    pinned = [Shown(held[k], Hit(k, 0, held[k].rung), open_words[k], True) for k in pins if k in held]
    shown = [Shown(held[h.id], h, open_words[h.id]) for h in hits if h.id in held]
    rest = [s for s in shown if s.service.given_id not in pins]
    rungs = [(rung, [s for s in rest if s.service.rung == rung.key]) for rung in content.ladder.rungs]
    ranked = [k for k in pins if k in held and topics] + [s.service.given_id for s in rest]
    return Found(
        words, place, "" if place or not near.strip() else near.strip()[:60], topics, pinned,
        [(rung, group) for rung, group in rungs if group], ranked, answer,
        shown[0].service.tags if shown else "",
    )  # fmt: skip


def services_by_id(keys: list[str]) -> list[Service]:
    """Some active services by their given names, with hours and telephones; where they are, the index has told.

    One that was read stays in hand while the data stand as they stood: change none of them.
    """
    global _IN_HAND  # noqa: PLW0603 - replaced whole, so that no thread sees half of it
    standing = data_standing()
    if not standing:
        return _read_services(keys)
    if _IN_HAND[0] != standing or len(_IN_HAND[1]) > MOST_IN_HAND:
        _IN_HAND = (standing, {})
    held = _IN_HAND[1]
    held.update({s.given_id: s for s in _read_services([k for k in keys if k not in held])})
    return [held[k] for k in keys if k in held]


MOST_IN_HAND = 2000
_IN_HAND: tuple[str, dict[str, Service]] = ("", {})


def _read_services(keys: list[str]) -> list[Service]:
    if not keys:
        return []
    return list(
        Service.objects.filter(given_id__in=keys, status=Service.Status.ACTIVE)
        .select_related("organisation")
        .prefetch_related("schedules", "particulars")
    )


def _active(tag: str = "", district: str = "") -> QuerySet[Service]:
    """The active services by name, of one kind or one district; one that travels or is rung is in every district."""
    found = Service.objects.filter(status=Service.Status.ACTIVE).order_by("name", "given_id")
    if tag:
        found = found.filter(tags__contains=tag)
    if district:
        offers = ServiceAtLocation.objects.filter(service=OuterRef("pk"))
        found = found.filter(Exists(offers.filter(location__district=district)) | ~Exists(offers))
    return found


def all_services(*, tag: str = "", district: str = "") -> list[Service]:
    """Every active service with its hours, places and telephones, of one kind or one district; see `listed_services`."""
    offers = Prefetch("at", ServiceAtLocation.objects.select_related("location").order_by("location__name"))
    found = _active(tag, district).select_related("organisation", "feed")
    return list(found.prefetch_related(offers, "schedules", "particulars"))


def listed_services(*, tag: str = "", district: str = "") -> list[Service]:
    """The same services for a list of names and words: each alone, a tenth of the work at five thousand."""
    return list(_active(tag, district).select_related("feed").defer("search_text", "says", "extra"))


def open_doors(services: Sequence[Service], district: str) -> list[str]:
    """The names of the places in a district where some services can be met; never a confidential one."""
    offers = ServiceAtLocation.objects.filter(
        location__district=district, location__is_confidential=False, service__status=Service.Status.ACTIVE
    )
    known = {s.pk for s in services}
    pairs = offers.values_list("service_id", "location__name")
    return sorted({name for service, name in pairs if service in known and name})


ON_A_PAGE = 100


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list that may be long."""

    rows: list[Row]
    total: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page; an empty list has one."""
        return max(1, -(-self.total // ON_A_PAGE))


def _page(found: QuerySet[Thing], number: int) -> Page[Thing]:
    """One page of what was found; only its own rows are read. `NotFound` past the end."""
    page: Page[Thing] = Page([], found.count(), number)
    if not 1 <= number <= page.last:
        raise NotFound(f"There is no page {number} of {page.last}.", hint="Start at the first.")
    start = (number - 1) * ON_A_PAGE
    return replace(page, rows=list(found[start : start + ON_A_PAGE]))


def page_of_services(number: int) -> Page[Service]:
    """One page of every active service by name."""
    return _page(_active().only("given_id", "name", "description"), number)


def one_service(key: str) -> Service:
    """One service by its given name or its identifier, whatever its status."""
    try:
        return (
            Service.objects.select_related("organisation", "feed")
            .prefetch_related("schedules", "particulars")
            .get(given_id=key)
        )
    except Service.DoesNotExist as error:
        raise NotFound(
            "We have no service with that name.", hint="Search for what you need, or look at the list."
        ) from error


def opening_words(service: Service, moment: datetime) -> str:
    """Whether it is open, and when it next is: 'Open now', 'Opens Monday at 9am', 'Opening times not known'."""
    rule = hours_of(service.schedules.all())
    if not rule:
        return "Opening times not known"
    if hours.is_open(rule, moment):
        return "Open now"
    opens = hours.next_opening(rule, moment)
    if opens is None:
        return "Closed for now"
    local = opens.astimezone(hours.LONDON)
    day = (
        "today"
        if local.date() == moment.astimezone(hours.LONDON).date()
        else hours.DAY_NAMES[local.weekday()]
    )
    return f"Opens {day} at {hours.clock(local.hour * 60 + local.minute)}"


@dataclass(frozen=True)
class Freshness:
    """How fresh a record is: days since it was assured, the promise, and a score out of 100."""

    assured_on: date | None
    promise_days: int
    days: int | None
    score: int

    @property
    def kept(self) -> bool:
        """Whether the promise is kept."""
        return self.days is not None and self.days <= self.promise_days

    @property
    def words(self) -> str:
        """The score in words."""
        if self.days is None:
            return "Nobody has checked this record yet"
        ago = "today" if self.days == 0 else "yesterday" if self.days == 1 else f"{self.days} days ago"
        promise = f"We promise every {self.promise_days} days."
        return (
            f"Checked {ago}. {promise}"
            if self.kept
            else f"Last checked {ago}, later than we promise. {promise} Ring before you go."
        )


def freshness(service: Service, day: date | None = None) -> Freshness:
    """100 on the day it was checked, 50 when the promise falls due, 0 at twice the promise or never checked."""
    day = day or today()
    if service.assured_on is None:
        return Freshness(None, service.promise_days, None, 0)
    days = max(0, (day - service.assured_on).days)
    return Freshness(
        service.assured_on, service.promise_days, days, max(0, round(100 - 50 * days / service.promise_days))
    )


def phones_of(service: Service) -> list[str]:
    """A service's telephone numbers."""
    return [
        str(p.value.get("number", ""))
        for p in service.particulars.all()
        if p.kind == "phones" and p.value.get("number")
    ]


def request_with_receipt(receipt: str) -> ContactRequest:
    """What became of one request; whoever holds the number may see its steps, never the name or the words."""
    try:
        return (
            ContactRequest.objects.select_related("service")
            .prefetch_related("steps__service")
            .get(receipt=receipt.upper())
        )
    except ContactRequest.DoesNotExist as error:
        raise NotFound(
            "We have no request with that number.",
            hint="Check the number on your receipt, like FD-7K2M-9QXR.",
        ) from error


def state_of(request: ContactRequest) -> ContactStep:
    """The last step of a request: where it stands."""
    return max(request.steps.all(), key=lambda step: step.pk)


def _waiting(viewer: Person | None) -> QuerySet[ContactRequest]:
    """The requests this person may see and that are not finished: a partner's stand with their own body, or with nobody's."""
    require(viewer, rules.SEE_REQUESTS)
    last = ContactStep.objects.filter(request=OuterRef("pk")).order_by("-pk")
    found = ContactRequest.objects.annotate(
        stands=Subquery(last.values("state")[:1]),
        stands_with=Subquery(last.values("service__organisation__body_key")[:1]),
    ).filter(stands__in=[state for state, onward in rules.MOVES.items() if onward])
    if viewer is not None and viewer.role == "partner" and viewer.body is not None:
        found = found.filter(stands_with__in=["", viewer.body.key])
    return found.order_by("id")


def waiting_requests(viewer: Person | None, number: int = 1) -> Page[ContactRequest]:
    """A page of the requests this person's service answers, oldest first, with their steps; finished ones are left out.

    A practitioner sees all. Each look at one is audited by the caller's action.
    """
    return _page(_waiting(viewer).prefetch_related("steps__service"), number)


def count_waiting(viewer: Person | None) -> int:
    """How many requests wait for this person's service."""
    return _waiting(viewer).count()


def waiting_request(viewer: Person | None, receipt: str) -> ContactRequest:
    """One request that waits for this person's service; `NotFound` where it is finished or another's."""
    found = request_with_receipt(receipt)
    if not _waiting(viewer).filter(pk=found.pk).exists():
        raise NotFound("This request is finished or stands with another organisation.")
    return found


def proposals(viewer: Person | None) -> list[Revision]:
    """Changes that wait for approval, oldest first."""
    require(viewer, rules.APPROVE_EDIT)
    return list(Revision.objects.filter(state="proposed").select_related("service", "by").order_by("id"))


def history(service: Service) -> list[Revision]:
    """Every approved change of a service, newest first."""
    return list(
        Revision.objects.filter(service=service, state="approved")
        .select_related("by", "decided_by")
        .order_by("-id")
    )


def feedback_counts(service: Service) -> dict[str, int]:
    """How many people said each thing of a service's page."""
    return dict(Feedback.objects.filter(service=service).values_list("kind").annotate(n=Count("id")))


def services_exist() -> bool:
    """Whether any service is loaded."""
    return Service.objects.exists()


def offers_of(service: Service) -> list[ServiceAtLocation]:
    """Where a service can be reached; a confidential place is left out."""
    found = ServiceAtLocation.objects.filter(service=service, location__is_confidential=False)
    return list(found.select_related("location").order_by("location__name"))
