"""Campaigns: two asks, one of residents and one of services, and what each side promises and keeps (W1).

Anybody may pledge without signing in or giving a name; a receipt lets them say later how it went. A pledge of the
campaign's own ways counts at once. Words of somebody's own are shown only once a person has read them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.text import slugify

from endeavour.core.public import Area, Body, Person, entry, require, today, write_audit
from endeavour.errors import BadInput, Conflict, Forbidden, NotFound
from endeavour.strategy import queries
from endeavour.strategy.campaign_reading import SAYS_HOW, SIDES, campaign, group_names, owners_of, pledge_of
from endeavour.strategy.models import Campaign, CampaignOwner, Material, Pledge, PledgeStep
from endeavour.strategy.moments import this_moment
from endeavour.strategy.rules import edits, owns, require_own_body

MOST_WORDS = 300
MOST_PEOPLE = 10_000
# Letters and digits that cannot be taken for one another when read aloud or copied by hand.
RECEIPT_LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
# An e-mail address, nine digits or more in a row however they are set, a postcode.
_PRIVATE = re.compile(r"\S@\S|(?:\d[ .()/-]*){9,}|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)


def points_to_a_person(words: str) -> bool:
    """Whether words hold what leads to one person: an e-mail address, a telephone or NHS number, a postcode.

    A name is not told from other words: a person reads what people wrote before it is shown.

    >>> points_to_a_person("Ring +44 1702 123 456"), points_to_a_person("I will walk 10,000 steps a day")
    (True, False)
    """
    return _PRIVATE.search(words) is not None


@transaction.atomic
def keep_campaign(
    *,
    by: Person | None,
    key: str,
    title: str,
    words: str,
    residents_ask: str,
    services_ask: str,
    covenant: str,
    ways: Sequence[Mapping[str, str]],
    ref: str,
    starts_on: date,
    source: str,
    ends_on: date | None = None,
) -> Campaign:
    """Begin a campaign, or say it anew under the same `key`; earlier versions stay.

    Both sides need an ask and at least one way to promise something. A way that pledges name may not be left out.
    """
    require(by, "strategy.campaign")
    queries.statement(ref)
    chosen = key or slugify(title)[:40].strip("-")
    parts = (chosen, title, words, residents_ask, services_ask, covenant, source)
    if not all(part.strip() for part in parts):
        raise BadInput(
            "A campaign needs its title, its words, both asks, what both sides agree, and its source."
        )
    if ends_on is not None and ends_on <= starts_on:
        raise BadInput("It cannot end before it starts.")
    listed = [{"key": w["key"], "side": w["side"], "words": w["words"].strip()} for w in ways]
    if {w["side"] for w in listed} != set(SIDES) or len({w["key"] for w in listed}) < len(listed):
        raise BadInput("Give at least one way for residents and one for services.", column="ways")
    named = set(Pledge.objects.filter(campaign=chosen).exclude(way="").values_list("way", flat=True))
    if lost := sorted(named - {w["key"] for w in listed}):
        raise Conflict(f"People promised '{lost[0]}' already.", hint="Keep that way in the list.")
    made = Campaign.objects.create(
        by=by, recorded_at=this_moment(), key=chosen, title=title.strip()[:200], words=words.strip(),
        residents_ask=residents_ask.strip(), services_ask=services_ask.strip(), covenant=covenant.strip(),
        ways=listed, ref=ref, starts_on=starts_on, ends_on=ends_on, source=source.strip()[:300],
    )  # fmt: skip
    write_audit(by=by, action="strategy.campaign", subject=entry("campaign", chosen))
    return made


def read_ways(text: str, known: Iterable[Mapping[str, str]] = ()) -> list[dict[str, str]]:
    """The ways to promise something, one a line as 'side: words'; a wrong line is named.

    A way whose words are known keeps its key.

    >>> read_ways("residents: I will walk to the shop\\nservices: We will answer within a week")[1]["key"]
    'we-will-answer-within-a-week'
    """
    keys = {(way["side"], way["words"]): way["key"] for way in known}
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        side, colon, words = (part.strip() for part in line.partition(":"))
        if side.casefold() not in SIDES or not colon or not words:
            raise BadInput(
                f"Line {number}, '{line.strip()[:40]}', does not say whose way it is.",
                column="ways",
                hint="Write it as residents: I will … or services: We will …",
            )
        key = keys.get((side.casefold(), words), slugify(words)[:40].strip("-"))
        found.append({"key": key, "side": side.casefold(), "words": words[:200]})
    return found


@transaction.atomic
def join_campaign(
    *, by: Person | None, key: str, body: str, brings: str = "", leaves: bool = False
) -> CampaignOwner:
    """A body becomes an owner of a campaign and signs what both sides agree, or leaves it; a partner only its own."""
    require(by, "strategy.join_campaign")
    campaign(key)
    if not Body.objects.filter(key=body).exists():
        raise BadInput("Choose a body.")
    require_own_body(by, body)
    holds = any(owner.body == body for owner in owners_of(key, at=today()))
    if holds is not leaves:
        raise Conflict("It owns the campaign already." if holds else "It does not own the campaign.")
    made = CampaignOwner.objects.create(
        by=by, recorded_at=this_moment(), campaign=key, body=body, brings=brings.strip()[:300], leaves=leaves
    )
    write_audit(
        by=by, action="strategy.join_campaign", subject=entry("campaign", key), body=body, leaves=leaves
    )
    return made


@transaction.atomic
def keep_material(*, by: Person | None, key: str, material: str, title: str, words: str) -> Material:
    """Publish words that a campaign hands out; the same `material` again is another version."""
    require(by, "strategy.campaign")
    campaign(key)
    chosen = material or slugify(title)[:20].strip("-")
    if not (chosen and title.strip() and words.strip()):
        raise BadInput("Give its title and its words.")
    made = Material.objects.create(
        by=by,
        recorded_at=this_moment(),
        campaign=key,
        key=chosen,
        title=title.strip()[:200],
        words=words.strip(),
    )
    write_audit(by=by, action="strategy.material", subject=entry("material", f"{key}/{chosen}"))
    return made


@transaction.atomic
def pledge(
    *,
    by: Person | None,
    key: str,
    way: str = "",
    words: str = "",
    place: str = "",
    group: str = "",
    body: str = "",
    people: int = 1,
) -> Pledge:
    """Take a pledge and give a receipt. A resident signs in nowhere; a body, and a count from paper, need somebody who may.

    Raises `BadInput` where nothing is promised, where words point to one person, or where the campaign is over.
    """
    found = campaign(key)
    if not found.is_open(today()):
        raise BadInput("This campaign does not take promises today.")
    if body or people != 1:
        require(by, "strategy.join_campaign")
    if body:
        require_own_body(by, body)
    if not 1 <= people <= MOST_PEOPLE:
        raise BadInput(f"'{people}' is not a number of people.", hint=f"From 1 to {MOST_PEOPLE:,}.")
    side = "services" if body else "residents"
    if way and way not in {w["key"] for w in found.ways(side)}:
        raise BadInput("Choose one of the ways given, or write your own words.")
    if not (way or words.strip()):
        raise BadInput("Choose what you will do, or write it in your own words.")
    if len(words) > MOST_WORDS:
        raise BadInput(f"Please keep it under {MOST_WORDS} characters.")
    if points_to_a_person(words):
        raise BadInput("Please leave out addresses, telephone numbers and postcodes.")
    if place and not Area.objects.filter(code=place, kind="place").exists():
        raise BadInput("Choose one of the places given.")
    if group and (body or group not in group_names()):
        raise BadInput("Choose one of the groups given, or none.")
    made = Pledge.objects.create(
        by=by, recorded_at=this_moment(), receipt=new_receipt(), campaign=key, way=way, words=words.strip(),
        place=place, group=group, body=body, people=people,
    )  # fmt: skip
    # The receipt stays out of the audit, which more people may read than the pledger.
    write_audit(by=by, action="strategy.pledge", subject=entry("campaign", key), number=made.pk)
    return made


@transaction.atomic
def read_pledge(*, by: Person | None, number: int, show: bool, words: str = "") -> PledgeStep:
    """Show a pledge's own words, or do not and say why; what is not shown counts no more."""
    require(by, "strategy.campaign")
    found = Pledge.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such promise.")
    if not show and not words.strip():
        raise BadInput("Say why it is not shown.")
    return _step(found, PledgeStep.Kind.SHOWN if show else PledgeStep.Kind.NOT_SHOWN, words, by)


@transaction.atomic
def say_how_it_went(*, by: Person | None, receipt: str, kind: str, words: str = "") -> PledgeStep:
    """Whoever holds the receipt says whether the pledge was kept, or takes it back; a body's only its own people."""
    found = pledge_of(receipt).pledge
    if kind not in SAYS_HOW:
        raise BadInput("Choose one of the answers given.")
    if found.body and not (edits(by) or owns(by, found.body)):
        raise Forbidden("Only that body, or the secretariat, may say how it went.", hint="Sign in for it.")
    if points_to_a_person(words):
        raise BadInput("Please leave out addresses, telephone numbers and postcodes.")
    return _step(found, PledgeStep.Kind(kind), words, by)


def _step(found: Pledge, kind: PledgeStep.Kind, words: str, by: Person | None) -> PledgeStep:
    made = PledgeStep.objects.create(
        by=by, recorded_at=this_moment(), pledge=found, kind=kind, words=words.strip()[:MOST_WORDS]
    )
    write_audit(
        by=by,
        action="strategy.pledge_step",
        subject=entry("campaign", found.campaign),
        number=found.pk,
        kind=kind,
    )
    return made


def new_receipt() -> str:
    """A receipt that nobody can guess and anybody can copy by hand."""
    return "-".join("".join(secrets.choice(RECEIPT_LETTERS) for _ in range(4)) for _ in range(2))
