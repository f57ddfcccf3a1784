"""Safety content: the emergency card, crisis topics and the ladder, read from the pack and never computed.

Phrases may only add a card. There is no path here that removes one, asks about symptoms or weighs an answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from endeavour.errors import BadInput
from endeavour.frontdoor.crisis_words import Listener, read_phrases
from endeavour.frontdoor.packfiles import RUNGS, folder_of, read_yaml


@dataclass(frozen=True)
class Signed:
    """Words somebody answers for: who wrote them, from what source, and until when they hold."""

    author: str
    source: str
    reviewed_on: date
    review_by: date

    def overdue(self, day: date) -> bool:
        """Whether the review was due before `day`."""
        return day > self.review_by


@dataclass(frozen=True)
class Topic(Signed):
    """A crisis topic: the card, the services pinned under it, and those never to be shown with it."""

    key: str
    heading: str
    words: str
    pinned: tuple[str, ...]
    never: frozenset[str]
    # Services that add the card where the search puts one of them first: words nobody thought of still mean something.
    leads: frozenset[str] = frozenset()
    # What is said beside the words on a screen only: paper has no link to leave by.
    on_screen: str = ""
    # The day on which the last of its numbers was found right; None where only the pack's own day is known.
    checked_on: date | None = None

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The words with each telephone number apart, so that a page can make it a link."""
        return numbers_apart(self.words)

    @property
    def to_ring(self) -> dict[str, str]:
        """The numbers somebody can try, as written, by what is dialled. Nobody may ring 999 to see that it answers."""
        rung = {number: text for text, number in self.parts if number and number != "999"}
        return rung | {number: f"{number} (by text)" for number in _TEXTED.findall(self.words)}


@dataclass(frozen=True)
class Emergency(Signed):
    """The card that comes first on every page of the front door."""

    heading: str
    words: str

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The words with each telephone number apart."""
        return numbers_apart(self.words)


@dataclass(frozen=True)
class Rung:
    """One step of the ladder."""

    key: str
    heading: str
    what: str
    expect: str
    cannot: str
    skip: str


@dataclass(frozen=True)
class Ladder(Signed):
    """The steps of help, gentlest first."""

    rungs: tuple[Rung, ...]


@dataclass(frozen=True)
class Safety:
    """Everything that must be shown whatever was asked."""

    emergency: Emergency
    topics: tuple[Topic, ...]
    ladder: Ladder
    lines_checked_on: date
    lines_recheck_days: int
    listener: Listener
    only_when_said: frozenset[str]

    def topics_in(self, words: str) -> list[Topic]:
        """The crisis topics whose phrases stand in the words, in the order of the file."""
        called = self.listener.topics_in(words)
        return [topic for topic in self.topics if topic.key in called]

    def led_to(self, topics: list[Topic], first: str) -> list[Topic]:
        """The topics that were heard; where none was, those that the service a search put first leads to."""
        return topics or [topic for topic in self.topics if first in topic.leads]

    def kept_back(self, topics: list[Topic], words: str) -> frozenset[str]:
        """The services not to be shown: the topics' vetoes, and those only for somebody who says what these words do not."""
        unsaid = self.only_when_said - self.listener.topics_in(words)
        return unsaid.union(*(topic.never for topic in topics))

    def lines_overdue(self, day: date) -> bool:
        """Whether the crisis lines have gone unchecked for longer than promised."""
        return day > self.lines_checked_on + timedelta(days=self.lines_recheck_days)

    def numbers_overdue(self, topic: Topic, day: date) -> bool:
        """Whether a number of this card has gone unchecked for longer than promised; a card with none to try never has."""
        last = topic.checked_on or self.lines_checked_on
        return bool(topic.to_ring) and day > last + timedelta(days=self.lines_recheck_days)

    def overdue(self, day: date) -> list[str]:
        """The names of everything whose review is past."""
        pieces: list[tuple[str, Signed]] = [
            ("the emergency card", self.emergency),
            ("the ladder", self.ladder),
        ]
        pieces += [(topic.heading, topic) for topic in self.topics]
        return [name for name, piece in pieces if piece.overdue(day)]


_NUMBER = re.compile(r"\b(0\d{3} \d{3} \d{4}|0\d{3} \d{4} \d{3}|0\d{3} \d{4}|116 123|999(?! BSL)|111)\b")


_TEXTED = re.compile(r"\btext [A-Z]+ to (\d{5})\b")


def numbers_apart(text: str) -> list[tuple[str, str]]:
    """The text in pieces, each with the number to dial or nothing.

    >>> numbers_apart("Call 999 now.")
    [('Call ', ''), ('999', '999'), (' now.', '')]
    """
    pieces, at = [], 0
    for match in _NUMBER.finditer(text):
        pieces += [(text[at : match.start()], ""), (match.group(), match.group().replace(" ", ""))]
        at = match.end()
    return [piece for piece in [*pieces, (text[at:], "")] if piece[0]]


def _signed(row: dict[str, Any]) -> dict[str, Any]:
    signed = {key: row.get(key) for key in ("author", "source", "reviewed_on", "review_by")}
    if not all(signed.values()):
        raise BadInput(
            "Safety content must be signed, sourced and dated",
            file="safety.yaml",
            hint=str(row.get("heading")),
        )
    return signed


@lru_cache(maxsize=4)
def read_safety(pack: str) -> Safety:
    """The safety content of a pack; unsigned or undated content is refused."""
    folder = folder_of(pack)
    given = read_yaml(folder / "safety.yaml")
    ladder = read_yaml(folder / "ladder.yaml")
    if tuple(r["key"] for r in ladder["rungs"]) != RUNGS:
        raise BadInput(
            "The ladder must have every rung, gentlest first", file="ladder.yaml", hint=", ".join(RUNGS)
        )
    emergency = given["emergency"]
    topics = tuple(
        Topic(
            **_signed(row), key=row["key"], heading=row["heading"], words=row["words"],
            pinned=tuple(row["pinned"]), never=frozenset(row["never"]),
            leads=frozenset(row.get("leads", ())),
            on_screen=row.get("on_screen", ""),
        )
        for row in given["topics"]
    )  # fmt: skip
    return Safety(
        Emergency(**_signed(emergency), heading=emergency["heading"], words=emergency["words"]),
        topics,
        Ladder(**_signed(ladder), rungs=tuple(Rung(**row) for row in ladder["rungs"])),
        given["lines_checked_on"],
        given["lines_recheck_days"],
        *_listener(pack, {topic.key for topic in topics}),
    )


def _listener(pack: str, keys: set[str]) -> tuple[Listener, frozenset[str]]:
    """The phrases of a pack, and the services that need some; each topic must have its own, and nothing else may."""
    given = read_yaml(folder_of(pack) / "crisis-words.yaml")
    if set(given["topics"]) != keys:
        odd = ", ".join(sorted(set(given["topics"]) ^ keys))
        raise BadInput("Every crisis topic needs its phrases", file="crisis-words.yaml", hint=odd)
    phrases = [
        phrase
        for topic, lines in (given["topics"] | given["only_when_said"]).items()
        for line in lines.splitlines()
        for phrase in read_phrases(topic, line, given["lists"])
    ]
    return Listener(phrases, given["not_slips"]), frozenset(given["only_when_said"])


@dataclass(frozen=True)
class Control:
    """What is done about a hazard, and the tests that hold it."""

    words: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Hazard:
    """One way the front door could harm, graded 1 to 5 as DCB0129 grades it, with its controls in place."""

    id: str
    hazard: str
    cause: str
    severity: int
    likelihood: int
    controls: tuple[Control, ...]


@dataclass(frozen=True)
class HazardLog:
    """Every hazard we know of, and when the log is due to be read again."""

    reviewed_on: date
    review_by: date
    hazards: tuple[Hazard, ...]


@lru_cache(maxsize=4)
def read_hazards(pack: str) -> HazardLog:
    """The hazard log of a pack; a hazard without a control, or a control without a test, is refused."""
    given = read_yaml(folder_of(pack) / "hazards.yaml")
    hazards = []
    for row in given["hazards"]:
        controls = tuple(Control(c["words"], tuple(c["tests"])) for c in row["controls"])
        if not controls or not all(c.tests for c in controls):
            raise BadInput(f"{row['id']} needs a control that a test holds", file="hazards.yaml")
        hazards.append(Hazard(**row | {"controls": controls}))
    return HazardLog(given["reviewed_on"], given["review_by"], tuple(hazards))
