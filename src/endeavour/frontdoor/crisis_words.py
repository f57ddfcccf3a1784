"""Which crisis topics some words call for, by phrases that are data; in five languages, and with slips of the pen.

A phrase is a row of slots: each must be met by a word, in order, with few others between. Matching looks for phrases and
for nothing else, so more words can only bring more topics. Nothing here needs the encoder of meanings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from endeavour.errors import BadInput
from endeavour.frontdoor.search.words import one_slip_away, slips_between

# How many other words may stand between two of a phrase, and how a phrase says that more may, or none.
NEAR = 2
BETWEEN = {"...": 8, "+": 0}
LONGEST = 2000
SLIP_FROM, TWO_SLIPS_FROM = 6, 9
LARGE = 5
_DROPPED = re.compile(r"['’‘ʼ`´]")
_WORD = re.compile(r"\w+")
# Letters that no decomposition takes apart.
_LETTERS = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "đ": "d", "ة": "ه", "ى": "ي", "ـ": None, "_": " "})


def folded(text: str) -> str:
    """The text in one spelling: no capitals, accents, apostrophes or Arabic vowel signs.

    >>> folded("Boję się; CAN’T"), folded("أُريد") == folded("اريد")
    ('boje sie; cant', True)
    """
    bare = unicodedata.normalize("NFKD", _DROPPED.sub("", text[:LONGEST].casefold()))
    return "".join(c for c in bare if not unicodedata.combining(c)).translate(_LETTERS)


def words_said(text: str) -> list[str]:
    """The words of a text in one spelling, in order.

    >>> words_said("Self-harm, won't")
    ['self', 'harm', 'wont']
    """
    return _WORD.findall(folded(text))


@dataclass(frozen=True)
class Phrase:
    """The slots of one phrase, each the words that meet it, and how many others may stand before each."""

    topic: str
    slots: tuple[tuple[str, ...], ...]
    gaps: tuple[int, ...]

    @property
    def example(self) -> str:
        """Words that this phrase is met by: the first of each slot."""
        return " ".join(slot[0].strip("*").replace("NUM", "20") for slot in self.slots)


def read_phrase(topic: str, line: str, lists: Mapping[str, str]) -> Phrase:
    """One line as a phrase; `BadInput` where it names a list there is not, or has no word.

    >>> read_phrase("suicide", "want|wanna ... die", {}).slots
    (('want', 'wanna'), ('die',))
    """
    slots, gaps, gap = [], [], NEAR
    for piece in line.split():
        if piece in BETWEEN:
            gap = BETWEEN[piece]
            continue
        terms = list(_terms(piece, lists, line))
        slots.append(tuple(dict.fromkeys(terms)))
        gaps.append(gap)
        gap = NEAR
    if not slots or any(not term.strip("*") for slot in slots for term in slot):
        raise BadInput(
            f"'{line}' is no phrase", file="crisis-words.yaml", hint="Write words, a|b, stem* or <list>."
        )
    return Phrase(topic, tuple(slots), tuple(gaps))


def read_phrases(topic: str, line: str, lists: Mapping[str, str]) -> list[Phrase]:
    """One line as its phrases: the two sides of an `&` stand in either order, near each other.

    >>> [p.example for p in read_phrases("overdose", "drank & bleach", {})]
    ['drank bleach', 'bleach drank']
    """
    sides = line.split(" & ")
    return [read_phrase(topic, " ... ".join(order), lists) for order in (sides, sides[::-1])[: len(sides)]]


def _terms(piece: str, lists: Mapping[str, str], line: str) -> Iterable[str]:
    for term in piece.split("|"):
        if term.startswith("<"):
            name = term.strip("<>")
            if name not in lists:
                raise BadInput(
                    f"'{line}' names the list '{name}', which is not there", file="crisis-words.yaml"
                )
            yield from _terms(lists[name], lists, line)
        else:
            yield term if term == "NUM" else folded(term)


class Listener:
    """Hears which topics some words call for."""

    def __init__(self, phrases: Iterable[Phrase], not_slips: Iterable[str] = ()) -> None:
        self.phrases = tuple(phrases)
        self._not_slips = frozenset(folded(word) for word in not_slips)
        numbered: dict[tuple[str, ...], int] = {}
        # By its first slot, because most phrases begin with a word that was not said.
        self._rows: dict[int, list[tuple[str, tuple[int, ...], tuple[int, ...]]]] = {}
        for p in self.phrases:
            slots = tuple(numbered.setdefault(slot, len(numbered)) for slot in p.slots)
            self._rows.setdefault(slots[0], []).append((p.topic, slots, p.gaps))
        self._exact: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        self._inside: dict[str, set[int]] = {}
        self._numbers: set[int] = set()
        for slot, number in numbered.items():
            for term in slot:
                if term == "NUM":
                    self._numbers.add(number)
                elif term.startswith("*"):
                    self._inside.setdefault(term.strip("*"), set()).add(number)
                else:
                    held = self._stems if term.endswith("*") else self._exact
                    held.setdefault(term.rstrip("*"), set()).add(number)
        self._near: dict[str, list[tuple[str, bool]]] = {}
        for terms, is_stem in ((self._exact, False), (self._stems, True)):
            for term in terms:
                if len(term) >= SLIP_FROM and term.isascii():
                    self._near.setdefault(term[0], []).append((term, is_stem))
        self._slots_of = lru_cache(maxsize=20_000)(self._meets)

    def _meets(self, word: str) -> frozenset[int]:
        """The slots that one word meets; a slip counts only where none is met by the word as written, or by most of it."""
        met = set(self._exact.get(word, ()))
        is_known = bool(met)
        for end in range(1, len(word) + 1):
            if word[:end] in self._stems:
                met |= self._stems[word[:end]]
                is_known |= 2 * end > len(word)
        if not word.isascii():
            met.update(*(slots for part, slots in self._inside.items() if part in word))
        if word.isdecimal() and (len(word) > 1 or int(word) >= LARGE):
            met |= self._numbers
        if not is_known and len(word) >= SLIP_FROM - 1 and word.isascii() and word not in self._not_slips:
            for term, is_stem in self._near.get(word[0], ()):
                if _slip(word, term, is_stem=is_stem):
                    met |= (self._stems if is_stem else self._exact)[term]
        return frozenset(met)

    def topics_in(self, text: str) -> set[str]:
        """The topics with a phrase that stands in the text."""
        where: dict[int, list[int]] = {}
        for at, word in enumerate(words_said(text)):
            for slot in self._slots_of(word):
                where.setdefault(slot, []).append(at)
        found: set[str] = set()
        for topic, slots, gaps in (row for first in where for row in self._rows.get(first, ())):
            if topic not in found and all(slot in where for slot in slots) and _in_order(slots, gaps, where):
                found.add(topic)
        return found


def _in_order(slots: tuple[int, ...], gaps: tuple[int, ...], where: Mapping[int, list[int]]) -> bool:
    ends = where[slots[0]]
    for slot, gap in zip(slots[1:], gaps[1:], strict=True):
        ends = [at for at in where[slot] if any(0 < at - end <= gap + 1 for end in ends)]
        if not ends:
            return False
    return True


def _slip(word: str, term: str, *, is_stem: bool) -> bool:
    """Whether a word is a term, or begins with a stem, but for a slip; two where the term is long."""
    if not is_stem:
        if abs(len(word) - len(term)) > 2:
            return False
        return one_slip_away(word, term) or (len(term) >= TWO_SLIPS_FROM and slips_between(word, term) <= 2)
    starts = {word[: len(term) + more] for more in (-1, 0, 1)}
    if any(one_slip_away(start, term) for start in starts):
        return True
    return len(term) >= TWO_SLIPS_FROM and any(slips_between(start, term) <= 2 for start in starts)
