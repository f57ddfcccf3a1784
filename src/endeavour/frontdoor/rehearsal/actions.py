"""Two quarters of searches and requests that nobody made, for a demonstration; never beside real ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction

from endeavour.core.public import LONDON, Person, Role, now, record_event, today
from endeavour.frontdoor.actions import new_receipt
from endeavour.frontdoor.gaps.queries import NO_PLACE, districts
from endeavour.frontdoor.gaps.themes import themes
from endeavour.frontdoor.models import ContactRequest, ContactStep, Referral, SearchTally, Service
from endeavour.frontdoor.periods import Quarter, settled_quarters
from endeavour.frontdoor.rehearsal.queries import REHEARSED, was_rehearsed

Key = tuple[date, str, str, str, bool]
QUARTERS, SEARCHES, REQUESTS = 2, 9000, 400
LANGUAGES, SPOKEN = ("en", "pl", "pt", "tr", "ar"), (90, 3, 3, 2, 2)
# How far a request came, how many in a hundred, and after how many days each step was taken.
COURSES: tuple[tuple[tuple[str, ...], int, tuple[int, ...]], ...] = (
    (("received", "accepted", "contacted", "helped"), 48, (0, 2, 5, 20)),
    (("received", "accepted", "waiting", "contacted", "helped"), 14, (0, 3, 4, 18, 27)),
    (("received", "accepted", "contacted", "not_helped", "passed_on", "accepted", "contacted", "helped"), 14,
     (0, 2, 6, 14, 14, 32, 36, 45)),
    (("received", "accepted", "contacted", "helped"), 14, (0, 4, 12, 80)),
    (("received", "accepted", "waiting", "contacted", "helped"), 10, (0, 5, 9, 85, 110)),
)  # fmt: skip
# The share of searches that found nothing that fits: for most, and for the themes that are short in some district.
MISSED, MISSED_WHERE_SHORT, SHORT = 0.06, 0.45, 4


@transaction.atomic
def rehearse(*, by: Person | None) -> int:
    """Invent searches and requests of the last settled quarters, the same figures each time; how many requests.

    Called again, or where anybody has asked already, it changes nothing: invented figures never stand beside real ones.
    """
    if was_rehearsed() or ContactRequest.objects.exists():
        return 0
    record_event(by=by, kind=REHEARSED, subject="frontdoor:requests", happened_at=now())
    made = 0
    for quarter in reversed(settled_quarters(today(), QUARTERS)):
        draw = Random(f"front door {quarter.key}")  # noqa: S311 - invented people, no secret
        _searches(quarter, draw)
        made += _requests(quarter, draw)
    return made


def _searches(quarter: Quarter, draw: Random) -> None:
    names = [theme for theme in themes() if theme.words]
    places = sorted(set(districts()) - {NO_PLACE})
    lacking = {(theme.key, draw.choice(places)) for theme in draw.sample(names, SHORT)}
    weights = [draw.uniform(1, 6) for _ in names]
    days = (quarter.ends - quarter.starts).days
    seen: Counter[Key] = Counter()
    opened: Counter[Key] = Counter()
    no_help: Counter[Key] = Counter()
    for theme in draw.choices(names, weights, k=SEARCHES):
        place = draw.choice(places)
        found = draw.random() > (MISSED_WHERE_SHORT if (theme.key, place) in lacking else MISSED)
        day = quarter.starts + timedelta(days=7 * (draw.randint(0, days) // 7))
        key = (day, theme.words[0], place, draw.choices(LANGUAGES, SPOKEN)[0], found)
        seen[key] += 1
        if found:
            opened[key] += draw.random() < 0.7
            no_help[key] += draw.random() < 0.04
    SearchTally.objects.bulk_create(
        SearchTally(
            on=on, topic=topic, district=district, language=language, found=found, count=count,
            opened=opened[key], unhelpful=no_help[key],
        )
        for key, count in seen.items() for on, topic, district, language, found in [key]
    )  # fmt: skip


def _requests(quarter: Quarter, draw: Random) -> int:
    offered = list(
        Service.objects.filter(status=Service.Status.ACTIVE, is_illustrative=True).order_by("given_id")
    )
    places = sorted(set(districts()) - {NO_PLACE})
    worker = Person.objects.filter(role=Role.PRACTITIONER).order_by("pk").first()
    noon = datetime.combine(quarter.starts, time(12), tzinfo=LONDON)
    days = (quarter.ends - quarter.starts).days
    requests = [
        ContactRequest(
            receipt=new_receipt(), service=draw.choice(offered), name=f"Synthetic resident {number}", contact_by="phone",
            contact_value="01632 960000", good_time="any", need="Invented for the demonstration.",
            language="" if draw.random() < 0.9 else "Polish", district=draw.choice(places),
            consented_at=noon + timedelta(days=draw.randint(0, days)),
        )
        for number in range(1, REQUESTS + 1)
    ]  # fmt: skip
    # The queue is in the order in which people asked.
    made = ContactRequest.objects.bulk_create(sorted(requests, key=lambda request: request.consented_at))
    steps = [step for request in made for step in _steps(request, offered, draw)]
    times = [step.at for step in steps]
    # The database stamps a step when it is written; these were taken long before.
    for step, at in zip(ContactStep.objects.bulk_create(steps), times, strict=True):
        step.at = at
    ContactStep.objects.bulk_update(steps, ["at"], batch_size=40)
    if worker is not None:
        born = [f"{draw.randint(1935, 2006)}-{draw.randint(1, 12):02}-01" for _ in made]
        Referral.objects.bulk_create(
            Referral(request=request, referrer=worker, told={"date_of_birth": day})
            for request, day in zip(made, born, strict=True)
            if draw.random() < 0.4
        )
    return len(made)


def _steps(request: ContactRequest, offered: Sequence[Service], draw: Random) -> list[ContactStep]:
    states, _, after = draw.choices(COURSES, [share for _, share, _ in COURSES])[0]
    stands, taken = request.service, []
    for state, days in zip(states, after, strict=True):
        if state == "passed_on":
            stands = draw.choice([other for other in offered if other != stands])
        at = request.consented_at + timedelta(days=days)
        if at > now():
            break
        taken.append(ContactStep(request=request, state=state, service=stands, at=at))
    return taken
