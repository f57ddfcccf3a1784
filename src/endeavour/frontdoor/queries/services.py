"""The services of the directory: some, all or one, with their hours, telephones and places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from endeavour.core.public import data_standing
from endeavour.errors import NotFound
from endeavour.frontdoor import hours
from endeavour.frontdoor.models import Schedule, Service, ServiceAtLocation
from endeavour.frontdoor.queries.paging import Page, page_of


def hours_of(schedules: Sequence[Schedule] | QuerySet[Schedule]) -> list[hours.Hours]:
    """The usable opening rules of some schedules; one that cannot be read is left out, never guessed."""
    made = [
        hours.make_hours(s.byday, s.opens_at, s.closes_at, valid_from=s.valid_from, valid_to=s.valid_to)
        for s in schedules
    ]
    return [h for h in made if h]


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


def page_of_services(number: int) -> Page[Service]:
    """One page of every active service by name."""
    return page_of(_active().only("given_id", "name", "description"), number)


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


def phones_of(service: Service) -> list[str]:
    """A service's telephone numbers."""
    return [
        str(p.value.get("number", ""))
        for p in service.particulars.all()
        if p.kind == "phones" and p.value.get("number")
    ]


def services_exist() -> bool:
    """Whether any service is loaded."""
    return Service.objects.exists()


def offers_of(service: Service) -> list[ServiceAtLocation]:
    """Where a service can be reached; a confidential place is left out."""
    found = ServiceAtLocation.objects.filter(service=service, location__is_confidential=False)
    return list(found.select_related("location").order_by("location__name"))
