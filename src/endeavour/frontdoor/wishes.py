"""What somebody asked for besides their words, and how the answers are narrowed to it.

Crisis cards and the services pinned under them are never narrowed: a filter may not take away the first help.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from endeavour.errors import BadInput
from endeavour.frontdoor.models import Particular, Service
from endeavour.frontdoor.queries import Found, Shown

# How feeds word the same thing; anything else that a place says of its access is shown but cannot be asked for.
ACCESS = {
    "step_free": re.compile(r"step.?free|wheelchair|ramp\b|level access", re.I),
    "toilet": re.compile(r"accessible toilet|disabled toilet|changing places", re.I),
    "parking": re.compile(r"blue badge|(disabled|accessible) parking", re.I),
    "hearing": re.compile(r"(hearing|induction) loop", re.I),
    "quiet": re.compile(r"quiet (room|space|corner|time)", re.I),
    "home": re.compile(r"(?!)"),
}
DISTANCES = (2, 5, 10)
ANY_LANGUAGE = "mul"  # ISO 639-2 for many languages: an interpreter is found for any
# How many of the best answers a wish chooses among: further down they no longer answer the words.
WIDE = 20


@dataclass(frozen=True)
class Asked:
    """One question as the form holds it; every field is what was typed, cut short."""

    q: str = ""
    near: str = ""
    age: str = ""
    within: str = ""
    access: str = ""
    language: str = ""
    free: str = ""
    open: str = ""
    lang: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Asked:
        """The question of a form or an address."""
        return cls(**{f.name: given.get(f.name, "")[:300].replace("\x00", "") for f in fields(cls)})

    @property
    def address(self) -> str:
        """Where the same answers are found again."""
        return "/find-help/search?" + urlencode([(k, v) for k, v in vars(self).items() if v])

    @property
    def narrowed(self) -> list[str]:
        """The names of the choices made beyond words and place."""
        return [
            n
            for n in ("age", "within", "access", "language", "free", "open")
            if str(getattr(self, n)).strip()
        ]

    @property
    def years(self) -> int | None:
        """The age as a number of years, None where none was given."""
        return _whole(self.age, 120, "an age")

    @property
    def miles(self) -> int | None:
        """The furthest distance in miles, None where any will do."""
        return _whole(self.within, 100, "a distance in miles")


def _whole(text: str, most: int, what: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= most):
        raise BadInput(f"'{text[:20]}' is not {what}.", hint="Write a whole number, like 34.")
    return int(text)


def narrowed(found: Found, asked: Asked, *, limit: int) -> tuple[Found, int]:
    """The answers that meet the wishes about distance, access and language, and how many were left out unsaid.

    Unsaid are those that suit as far as we know, but have not told us of their access or languages: they are counted so
    that the page can say so, because leaving out is not the same as not having.
    """
    rows = [shown for _, group in found.rungs for shown in group]
    order = {key: at for at, key in enumerate(found.ranked)}
    rows.sort(key=lambda s: order[s.service.given_id])
    told = access_of([s.service for s in rows]) if asked.access else {}
    kept, unsaid = [], 0
    for shown in rows:
        fits: list[bool | None] = [_near_enough(shown, asked.miles if found.place else None)]
        if asked.access in ACCESS:
            fits.append(_has_access(shown.service, asked.access, told.get(shown.service.given_id, ())))
        if asked.language:
            fits.append(_speaks(shown.service, asked.language))
        if all(fits):
            kept.append(shown)
        elif None in fits and False not in fits:
            unsaid += 1
    kept = kept[:limit]
    held = {s.service.given_id for s in kept}
    rungs = [(rung, [s for s in group if s.service.given_id in held]) for rung, group in found.rungs]
    pinned = {s.service.given_id for s in found.pinned}
    ranked = [key for key in found.ranked if key in held or key in pinned]
    return replace(found, rungs=[(r, g) for r, g in rungs if g], ranked=ranked), unsaid


def access_of(services: list[Service]) -> dict[str, list[str]]:
    """What the places of each service say of their access, by the service's given name."""
    rows = Particular.objects.filter(
        kind="accessibility",
        location__is_confidential=False,
        location__offers__service__in=services,
    ).values_list("location__offers__service__given_id", "value")
    told: dict[str, list[str]] = {}
    for key, value in rows:
        words = str(value.get("description") or value.get("details") or "")
        if words and words not in told.setdefault(key, []):
            told[key].append(words)
    for service in services:
        own = [
            str(p.value.get("description", ""))
            for p in service.particulars.all()
            if p.kind == "accessibility"
        ]
        told.setdefault(service.given_id, []).extend(w for w in own if w)
    return told


def languages_of(service: Service) -> list[str]:
    """The languages a service says it speaks."""
    return [
        str(p.value["name"])
        for p in service.particulars.all()
        if p.kind == "languages" and p.value.get("name")
    ]


def _near_enough(shown: Shown, miles: int | None) -> bool:
    if miles is None or shown.service.setting in {"phone", "online", "home"}:
        return True
    return shown.hit.miles is not None and shown.hit.miles <= miles


def _has_access(service: Service, wish: str, told: list[str] | tuple[str, ...]) -> bool | None:
    """Whether it meets an access wish; None where it has told nothing. Help that comes to you meets every one."""
    if service.setting in {"phone", "online", "home"}:
        return True
    if wish == "home":
        return False
    return any(ACCESS[wish].search(words) for words in told) if told else None


def _speaks(service: Service, language: str) -> bool | None:
    said = [p.value for p in service.particulars.all() if p.kind == "languages"]
    if not said:
        return None
    return any(
        v.get("code") == ANY_LANGUAGE or str(v.get("name", "")).casefold() == language.casefold()
        for v in said
    )
