"""The index of help, open for reading without a database; `building.py` makes it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from endeavour.errors import Missing
from endeavour.frontdoor.search import meaning
from endeavour.frontdoor.search.building import read_stored
from endeavour.frontdoor.search.documents import Document, Hit, Question
from endeavour.frontdoor.search.lexical import DEPTH, Fts5, Lexical
from endeavour.frontdoor.search.names import Names, Titles
from endeavour.frontdoor.search.vectors import Vectors
from endeavour.frontdoor.search.words import ASIDE, Glossary, Speller, glossary_at, telling_words, words_of

# Reciprocal-rank fusion: 10 rather than the usual 60, because a handful is shown and the head of the list decides.
FUSION = 10
LEXICAL_WEIGHT = 0.6
LEXICAL_ALONE = 1.0
# With filters more must be looked at, because most may fall away.
CANDIDATES, FILTERED_CANDIDATES = 50, 300
# Nothing fits well where the nearest meaning, and a little for the share of its words we know, stay below this.
# Fitted on questions of residents and on questions about other things; see tests/spec/frontdoor/residents.csv.
WEAK, KNOWN_WEIGHT = 0.6, 0.15
# A name that was written leads: the best of words and meaning together stay below it.
NAMED = 1.5
# A service called by just the words that were written stands before any that is only near them in meaning.
CALLED = 1.0


@dataclass(frozen=True)
class Answer:
    """What was found, and what the search did with the words."""

    hits: tuple[Hit, ...]
    understood: str
    language: str
    meaning_used: bool
    weak: bool


def wordings(words: str, english: str) -> list[str]:
    """The question as written, and beside it what is left of its English without who it is about and when.

    >>> wordings("mum keeps falling", "")
    ['mum keeps falling', 'keeps falling']
    >>> wordings("mama upada", "mum falls")
    ['mama upada', 'falls']
    """
    told = english or words
    rest = " ".join(w for w in told.split() if w.casefold().strip(",.") not in ASIDE) or told
    return [words, rest] if rest != words else [words]


def miles_between(left: tuple[float, float], right: tuple[float, float]) -> float:
    """Great-circle miles between two positions in degrees.

    >>> round(miles_between((51.464, 0.361), (51.476, 0.325)), 1)
    1.8
    """
    a, b, c, d = (math.radians(v) for v in (*left, *right))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 3958.8 * 2 * math.asin(min(1.0, math.sqrt(h)))


def is_open(document: Document, weekday: str, minute: int) -> bool:
    """Whether a weekly opening covers `minute` of `weekday`, or one of the day before runs past midnight into it."""
    days = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    before = days[days.index(weekday) - 1]
    return any(
        (weekday in o.days and o.opens <= minute < o.closes)
        or (before in o.days and minute < o.closes - 1440)
        for o in document.openings
    )


class SearchIndex:
    """One index, open for reading; safe to share between threads."""

    def __init__(self, folder: Path, glossary: Glossary, lexical: Lexical | None = None) -> None:
        stored = read_stored(folder)
        self.documents = stored.documents
        self.places = {d.id: at for at, d in enumerate(self.documents)}
        self.glossary = glossary
        self.names = Names(self.documents)
        self.titles = Titles([d for d in self.documents if not d.by_name])
        self.known = stored.counts.keys()
        has_meaning = (folder / "vectors.npy").is_file() and meaning.available()
        self.vectors = Vectors(folder) if has_meaning else None
        self.speller = Speller(stored.counts, *([meaning.is_word] if has_meaning else []))
        self.lexical: Lexical = lexical or Fts5(folder / "words.sqlite")

    def _mended(self, word: str) -> str:
        return word if word in self.names.words else self.speller.mend(word)

    def ranked(self, words: str, take: int = CANDIDATES) -> tuple[dict[int, float], dict[str, Any]]:
        """Every candidate with its fused score, best first, and what was made of the words."""
        language, english = self.glossary.english_of(words, self.known)
        mended = " ".join(self._mended(w) for w in words_of(words)) if not language else ""
        changed = bool(mended) and mended != " ".join(words_of(words))
        scores: dict[int, float] = {}
        nearest = 0.0
        if self.vectors and words.strip():
            found = self.vectors.nearest(wordings(mended if changed else words[:300], english), take)
            scores = {at: 1 / (FUSION + rank) for rank, (at, _) in enumerate(found)}
            nearest = found[0][1]
        asked = telling_words(english or mended or words)
        known = sum(word in self.known for word in asked) / max(1, len(asked))
        weak = nearest + KNOWN_WEIGHT * known < WEAK if self.vectors else not known
        weight = LEXICAL_WEIGHT if self.vectors else LEXICAL_ALONE
        for rank, (key, share) in enumerate(self.lexical.rank(asked)[:DEPTH]):
            if key in self.places:
                at = self.places[key]
                scores[at] = scores.get(at, 0.0) + weight * share / (FUSION + rank)
        for at in self.titles.named(asked):
            scores[at] = scores.get(at, 0.0) + CALLED / FUSION
            weak = False
        for rank, at in enumerate(self.names.named(words_of(words))):
            scores[at] = NAMED / (FUSION + rank)
            weak = False
        understood = english if english else (mended if changed else "")
        return scores, {"understood": understood, "language": language, "weak": weak or not scores}

    def _suits(self, document: Document, question: Question) -> bool:
        if document.id in question.without or (question.free_only and not document.free):
            return False
        if question.age is not None and (
            (document.minimum_age is not None and question.age < document.minimum_age)
            or (document.maximum_age is not None and question.age > document.maximum_age)
        ):
            return False
        return question.open_at is None or is_open(document, *question.open_at)

    def _placed(
        self, document: Document, near: tuple[float, float], measured: dict[tuple[float, float], float]
    ) -> tuple[float | None, str, float]:
        """The nearest spot: miles, its name and how much the distance takes off (1 nothing, 0.5 at 30 miles).

        Many services share a position: each is measured once a question, and kept in `measured`.
        """
        nearest, name = math.inf, ""
        for spot in document.spots:
            if spot.latitude is None or spot.longitude is None:
                continue
            position = (spot.latitude, spot.longitude)
            miles = measured.get(position)
            if miles is None:
                miles = measured[position] = miles_between(near, position)
            nearest, name = min((nearest, name), (miles, spot.name))
        if nearest == math.inf:
            return None, "", 1.0 if document.remote else 0.9
        return nearest, name, 1.0 if document.remote else 1 - 0.5 * min(1.0, max(0.0, nearest - 2) / 28)

    def search(self, question: Question) -> Answer:
        """At most a handful of services, best first, each with the reasons it was chosen."""
        narrowed = question.age is not None or question.free_only or question.open_at or question.without
        scores, made = self.ranked(question.words, FILTERED_CANDIDATES if narrowed else CANDIDATES)
        asked = set(telling_words(made["understood"] or question.words))
        measured: dict[tuple[float, float], float] = {}
        found: list[_Found] = []
        for at, score in scores.items():
            document = self.documents[at]
            if not self._suits(document, question):
                continue
            miles, spot, factor = (
                self._placed(document, question.near, measured) if question.near else (None, "", 1.0)
            )
            found.append(
                (-score * factor, miles if miles is not None else 0, document.id, document, miles, spot)
            )
        found.sort(key=lambda row: row[:3])
        hits = tuple(self._hit(row, asked, question) for row in _varied(found, question.limit))
        return Answer(hits, made["understood"], made["language"], self.vectors is not None, made["weak"])

    def _hit(self, row: _Found, asked: set[str], question: Question) -> Hit:
        """One answer and why it was found."""
        score, _, key, document, miles, spot = row
        parts = (document.name, document.description, *document.says)
        shared = asked.intersection(word for part in parts for word in words_of(part))
        reasons = []
        if shared:
            reasons.append("It mentions " + ", ".join(f"‘{w}’" for w in sorted(shared)[:3]))
        elif self.vectors:
            reasons.append("Its meaning is close to what you wrote")
        if miles is not None:
            reasons.append(
                f"{spot} is {miles:.0f} miles away" if miles >= 1 else f"{spot} is under a mile away"
            )
        elif question.near and document.remote:
            reasons.append("You do not have to travel")
        if question.open_at:
            reasons.append("It is open at the time you asked about")
        if question.free_only:
            reasons.append("It is free")
        return Hit(key, -score, document.rung, tuple(reasons), miles, spot, ", ".join(sorted(shared)))


# What orders an answer (its score with the sign turned, its miles, its identifier), then the service and its nearest spot.
_Found = tuple[float, float, str, Document, float | None, str]


def _varied(found: list[_Found], limit: int) -> list[_Found]:
    """The best of each name: the same service in two towns is one answer, the nearer."""
    seen: set[str] = set()
    chosen = []
    for row in found:
        name = row[3].name.casefold()
        if name not in seen:
            seen.add(name)
            chosen.append(row)
        if len(chosen) == limit:
            break
    return chosen


_OPEN: dict[str, tuple[str, SearchIndex]] = {}


def open_index(root: Path, glossary: Path, lexical: Lexical | None = None) -> SearchIndex:
    """The index in use; a new one is noticed at the next question."""
    try:
        digest = (root / "current").read_text().strip()
    except OSError as error:
        raise Missing(
            "The index of services has not been built.", hint="Run endeavour frontdoor index."
        ) from error
    key = f"{root}|{glossary}|{type(lexical).__name__}"
    kept = _OPEN.get(key)
    if kept is None or kept[0] != digest:
        _OPEN[key] = kept = (digest, SearchIndex(root / digest, glossary_at(str(glossary)), lexical))
    return kept[1]
