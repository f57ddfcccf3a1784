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
    phrases: tuple[str, ...]
    never: frozenset[str]
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

    def topics_in(self, words: str) -> list[Topic]:
        """The crisis topics whose phrases stand in the words, in the order of the file."""
        said = _plain(words)
        return [topic for topic in self.topics if any(_stands_in(phrase, said) for phrase in topic.phrases)]

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


def _plain(text: str) -> str:
    text = text[:2000].casefold().replace("’", "'").replace("-", " ")
    return " " + " ".join(re.findall(r"[\w']+", text)) + " "


@lru_cache(maxsize=1000)
def _phrase(text: str) -> str:
    return _plain(text).strip()


def _stands_in(phrase: str, said: str) -> bool:
    plain = _phrase(phrase)
    bare = said.replace("'", "")
    return f" {plain}" in said or f" {plain.replace(chr(39), '')}" in bare


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
            pinned=tuple(row["pinned"]), phrases=tuple(row["phrases"]), never=frozenset(row["never"]),
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
    )


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
