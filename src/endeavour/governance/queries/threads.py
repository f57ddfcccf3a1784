"""The golden thread from one entry, both ways, each step with its name in words and its page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from endeavour.core.public import LONDON, Body, Link, Step, today, walk
from endeavour.core.thread import ENTRY
from endeavour.errors import BadInput, NotFound
from endeavour.governance.exceptions import titles as titles_of
from endeavour.governance.findings import in_words
from endeavour.governance.models import (
    Action,
    AgendaItem,
    Contribution,
    Decision,
    Meeting,
    Paper,
    RegisterEntry,
)
from endeavour.strategy.public import statements

LONGEST = 200
STAGES = {
    "contribution": "Somebody said",
    "theme": "Theme",
    "paper": "Paper",
    "item": "On an agenda",
    "cycle": "Business cycle",
    "duty": "Duty",
    "decision": "Decision",
    "action": "Action",
    "register": "Register",
    "statement": "Promise",
    "measure": "Measure",
}


@dataclass(frozen=True)
class Entry:
    """One public entry as a person reads it: what kind of thing, its words, its page where it has one."""

    name: str
    stage: str
    words: str
    href: str


@dataclass(frozen=True)
class Knot:
    """One entry met on a walk, how far away, and the entry through which it was met."""

    entry: Entry
    distance: int
    through: str
    how: str


@dataclass(frozen=True)
class Thread:
    """What led to an entry and what came of it; the nearest first. `is_cut` says that there is more than is shown."""

    entry: Entry
    back: list[Knot]
    onward: list[Knot]
    is_cut: bool

    @property
    def is_loose(self) -> bool:
        """Whether nothing is tied to it yet."""
        return not self.back and not self.onward


def thread_of(name: str, *, depth: int = 8) -> Thread:
    """The thread of one entry; `NotFound` where nobody knows it, `BadInput` where it is no name of an entry.

    The straight way (what answered these very words) comes before what else was done on the same theme.
    """
    if not ENTRY.match(name):
        raise BadInput(f"'{name[:60]}' is not the name of an entry.", hint="Names look like statement:W16.")
    straight = [kind for kind in Link.Kind.values if kind != Link.Kind.HEARD_IN]
    ways = {}
    for way in ("back", "onward"):
        steps = walk(name, way=way, kinds=straight, depth=depth, limit=LONGEST, at=today())
        known = {(step.kind, step.source, step.target) for step in steps}
        more = walk(name, way=way, depth=depth, limit=LONGEST, at=today())
        ways[way] = (
            steps + [s for s in more if (s.kind, s.source, s.target) not in known][: LONGEST - len(steps)]
        )
    names = {name} | {end for steps in ways.values() for step in steps for end in (step.source, step.target)}
    entries = entries_of(names)
    if not any(ways.values()) and name not in entries:
        raise NotFound(f"Nothing is known of '{name[:60]}'.", hint="Follow a receipt at /have-your-say.")
    knots = {way: _knots(name, steps, entries) for way, steps in ways.items()}
    cut = any(len(steps) >= LONGEST for steps in ways.values())
    return Thread(_entry(name, entries), knots["back"], knots["onward"], cut)


def _knots(start: str, steps: Iterable[Step], entries: dict[str, Entry]) -> list[Knot]:
    seen, found = {start}, []
    for step in steps:
        near, far = (step.source, step.target) if step.source in seen else (step.target, step.source)
        if far in seen:
            continue
        seen.add(far)
        found.append(Knot(_entry(far, entries), step.distance, near, step.kind.replace("_", " ")))
    return found


def _entry(name: str, entries: dict[str, Entry]) -> Entry:
    if name in entries:
        return entries[name]
    kind, _, key = name.partition(":")
    return Entry(name, STAGES.get(kind, kind.replace("_", " ").capitalize()), _plain(key), "")


def _plain(key: str) -> str:
    return key.replace("_", " ").replace("-", " ")


def entries_of(names: Iterable[str]) -> dict[str, Entry]:
    """Each entry in words, in one query a kind. Words that may not be published stay unsaid."""
    keys: dict[str, list[str]] = defaultdict(list)
    for name in names:
        kind, _, key = name.partition(":")
        keys[kind].append(key)
    return {
        f"{kind}:{key}": Entry(f"{kind}:{key}", STAGES.get(kind, kind.capitalize()), words, href)
        for kind, chosen in keys.items()
        if kind in _READERS
        for key, words, href in _READERS[kind](chosen)
    }


Told = Iterator[tuple[str, str, str]]


def _contributions(keys: list[str]) -> Told:
    for row in Contribution.objects.filter(receipt__in=keys):
        words = row.words if row.may_publish else "Words that were not to be published"
        yield row.receipt, words, f"/question/{row.receipt}"


def _themes(keys: list[str]) -> Told:
    for key in keys:
        if (
            Contribution.objects.filter(theme=key).exists()
            or Link.objects.filter(target=f"theme:{key}").exists()
        ):
            yield key, _plain(key).capitalize(), f"/thread/theme/{key}"


def _items(keys: list[str]) -> Told:
    chosen = Q(pk__in=[])
    for key in keys:
        meeting, _, number = key.rpartition("/")
        if number.isdecimal():
            chosen |= Q(meeting__key=meeting, number=int(number))
    for item in AgendaItem.objects.filter(chosen).select_related("meeting"):
        key = f"{item.meeting.key}/{item.number}"
        day = item.meeting.starts_at.astimezone(LONDON).date()
        what = "These words" if item.subject.startswith("contribution:") else item.title
        yield (
            key,
            f"{what}, {item.meeting.title} of {in_words(day)}",
            f"/meeting/{item.meeting.key}#item-{item.number}",
        )


def _papers(keys: list[str]) -> Told:
    numbers = [int(key) for key in keys if key.isdecimal()]
    for paper in Paper.objects.filter(pk__in=numbers).select_related("item__meeting"):
        yield str(paper.pk), paper.title, f"/meeting/{paper.item.meeting.key}#item-{paper.item.number}"


def _decisions(keys: list[str]) -> Told:
    for decision in Decision.objects.filter(key__in=keys):
        yield decision.key, decision.title, f"/decision/{decision.key}"


def _actions(keys: list[str]) -> Told:
    held_by = {key.rpartition("/")[0] for key in keys}
    for action in Action.objects.filter(decision__key__in=held_by).select_related("decision"):
        key = f"{action.decision.key}/{action.number}"
        yield key, action.words, f"/decision/{action.decision.key}#action-{action.number}"


def _entries(keys: list[str]) -> Told:
    # A later version has the later row, so its title is the one that is told.
    for row in RegisterEntry.objects.filter(key__in={key.rpartition("/")[2] for key in keys}).order_by("pk"):
        yield f"{row.register}/{row.key}", row.title, f"/registers/{row.register}/{row.key}"


def _statements(keys: list[str]) -> Told:
    for statement in statements(refs=keys):
        yield statement.ref, f"{statement.ref}. {statement.words}", f"/promise/{statement.ref}"


def _measures(keys: list[str]) -> Told:
    titles = measure_titles()
    for key in keys:
        if key in titles:
            yield key, titles[key], f"/measure/{key}"


def _bodies(keys: list[str]) -> Told:
    for body in Body.objects.filter(key__in=keys):
        yield body.key, body.name, f"/body/{body.key}"


def _meetings(keys: list[str]) -> Told:
    for meeting in Meeting.objects.filter(key__in=keys):
        yield meeting.key, meeting.title, f"/meeting/{meeting.key}"


_READERS: dict[str, Callable[[list[str]], Told]] = {
    "contribution": _contributions,
    "theme": _themes,
    "item": _items,
    "paper": _papers,
    "decision": _decisions,
    "action": _actions,
    "register": _entries,
    "statement": _statements,
    "measure": _measures,
    "body": _bodies,
    "meeting": _meetings,
}


def measure_titles() -> dict[str, str]:
    """The published indicators and the catalogue's measures by their id, in the words of their titles."""
    return titles_of(settings.PACK)
