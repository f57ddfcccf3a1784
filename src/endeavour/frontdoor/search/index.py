"""The index of help: built beside the old one and swapped whole, then read without a database.

A folder `search/<digest>/` holds the words (FTS5), the vectors (memory-mapped) and the documents; `search/current`
names the one in use. A rebuild encodes only texts it has not met: the vectors of the last index are taken over.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import pickle
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endeavour.errors import Missing
from endeavour.frontdoor.search import meaning
from endeavour.frontdoor.search.documents import Document, Hit, Question
from endeavour.frontdoor.search.lexical import DEPTH, Fts5, Lexical, write_fts5
from endeavour.frontdoor.search.names import Names
from endeavour.frontdoor.search.words import ASIDE, Glossary, Speller, glossary_at, telling_words, words_of
from endeavour.paths import write_atomically

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT = 4
# Reciprocal-rank fusion: 10 rather than the usual 60, because a handful is shown and the head of the list decides.
FUSION = 10
LEXICAL_WEIGHT = 0.6
LEXICAL_ALONE = 1.0
DESCRIPTION_WEIGHT = 0.5
# With filters more must be looked at, because most may fall away.
CANDIDATES, FILTERED_CANDIDATES = 50, 300
# Nothing fits well where the nearest meaning, and a little for the share of its words we know, stay below this.
# Fitted on questions of residents and on questions about other things; see tests/spec/frontdoor/residents.csv.
WEAK, KNOWN_WEIGHT = 0.6, 0.15
# A name that was written leads: the best of words and meaning together stay below it.
NAMED = 1.5


@dataclass(frozen=True)
class Answer:
    """What was found, and what the search did with the words."""

    hits: tuple[Hit, ...]
    understood: str
    language: str
    meaning_used: bool
    weak: bool


def _text(document: Document) -> str:
    return f"{document.name}. {document.description}"


def _digest(documents: list[Document], with_meaning: bool) -> str:
    summary = hashlib.sha256(f"{FORMAT} {with_meaning}".encode())
    for document in documents:
        summary.update(repr(document).encode())
    return summary.hexdigest()[:20]


def _old_vectors(root: Path) -> dict[str, Any]:
    """The last index's vectors by text, to be taken over; empty where there is none or it cannot be read."""
    import numpy as np

    try:
        folder = root / (root / "current").read_text().strip()
        texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
        matrix = np.load(folder / "vectors.npy", mmap_mode="r")
    except (OSError, ValueError):
        return {}
    return dict(zip(texts, matrix, strict=False))


def _write_vectors(folder: Path, root: Path, documents: list[Document]) -> int:
    """Write the vectors of every distinct text and which document uses which; the number newly encoded."""
    import numpy as np

    groups: dict[tuple[str, ...], int] = {}
    for document in documents:
        groups.setdefault(document.says or (document.name,), len(groups))
    phrases = [phrase for says in groups for phrase in says]
    starts = np.cumsum([0, *(len(says) for says in groups)])[:-1]
    names = list(dict.fromkeys(_text(d) for d in documents))
    places = {text: at for at, text in enumerate(names)}
    texts = phrases + names
    old = _old_vectors(root)
    new = [text for text in dict.fromkeys(texts) if text not in old]
    fresh = dict(zip(new, meaning.encode_many(new), strict=True))
    matrix = np.vstack([fresh[t] if t in fresh else old[t] for t in texts]).astype(np.float32)
    np.save(folder / "vectors.npy", matrix)
    np.savez(
        folder / "layout.npz",
        starts=starts,
        phrases=np.array(len(phrases)),
        group=np.array([groups[d.says or (d.name,)] for d in documents], dtype=np.int32),
        text=np.array([places[_text(d)] for d in documents], dtype=np.int32),
    )
    (folder / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    return len(new)


def build_index(
    root: Path, documents: list[Document], *, with_meaning: bool | None = None
) -> dict[str, object]:
    """Build the index of `documents` under `root` and put it in use; building the same again changes nothing.

    Returns what was done: `built` (False when the one in use is already this), `encoded` texts, `meaning`.
    """
    if not any(not d.by_name for d in documents):
        raise Missing("There are no services to search.", hint="Run endeavour up --build-only.")
    # Those found only by name come last: words and meaning know the others by their place.
    documents = sorted(documents, key=lambda d: (d.by_name, d.id))
    spoken = [d for d in documents if not d.by_name]
    use_meaning = meaning.available() if with_meaning is None else with_meaning
    digest = _digest(documents, use_meaning)
    current = root / "current"
    if current.is_file() and current.read_text().strip() == digest and (root / digest).is_dir():
        return {"built": False, "encoded": 0, "meaning": use_meaning, "services": len(documents)}
    root.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=root, prefix=".building-"))
    try:
        write_fts5(building / "words.sqlite", spoken)
        encoded = _write_vectors(building, root, spoken) if use_meaning else 0
        counts = Counter(
            w for d in spoken for part in (d.name, d.description, *d.says) for w in words_of(part)
        )
        with (building / "documents.pickle").open("wb") as handle:
            pickle.dump({"documents": documents, "counts": dict(counts)}, handle, protocol=5)
        for built in building.iterdir():
            with built.open("rb") as handle:
                os.fsync(handle.fileno())
        if (root / digest).is_dir():
            shutil.rmtree(root / digest)
        building.chmod(0o755)
        building.rename(root / digest)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    before = current.read_text().strip() if current.is_file() else ""
    with write_atomically(current) as part:
        part.write_text(digest)
    for stale in root.iterdir():
        if stale.is_dir() and stale.name not in {digest, before} and not stale.name.startswith("."):
            shutil.rmtree(stale, ignore_errors=True)
    return {"built": True, "encoded": encoded, "meaning": use_meaning, "services": len(documents)}


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
        self.folder = folder
        with (folder / "documents.pickle").open("rb") as handle:
            stored = pickle.load(handle)  # noqa: S301 - written by ourselves beside the index
        self.documents: list[Document] = stored["documents"]
        self.places = {d.id: at for at, d in enumerate(self.documents)}
        self.glossary = glossary
        self.names = Names(self.documents)
        self.known = set(stored["counts"])
        self.has_meaning = (folder / "vectors.npy").is_file() and meaning.available()
        self.speller = Speller(stored["counts"], *([meaning.is_word] if self.has_meaning else []))
        self.lexical: Lexical = lexical or Fts5(folder / "words.sqlite")
        # Few distinct positions serve many services: each question measures each position once.
        positions: dict[tuple[float, float], int] = {}
        self._where = [
            [
                (positions.setdefault((spot.latitude, spot.longitude), len(positions)), spot.name)
                for spot in document.spots
                if spot.latitude is not None and spot.longitude is not None
            ]
            for document in self.documents
        ]
        self._positions = list(positions)
        if self.has_meaning:
            import numpy as np

            layout = np.load(folder / "layout.npz")
            vectors = np.load(folder / "vectors.npy")
            phrases = int(layout["phrases"])
            self._phrases, self._texts = vectors[:phrases], vectors[phrases:]
            self._starts, self._group, self._text = layout["starts"], layout["group"], layout["text"]

    def _closeness(self, texts: list[str]) -> NDArray[np.float32]:
        """How near each document is in meaning: its best phrase, and half of its description.

        Several wordings of one question are averaged, so that no single word ('mum') decides.
        """
        import numpy as np

        vector = meaning.encode_many(texts).mean(axis=0)
        best = np.maximum.reduceat(self._phrases @ vector, self._starts)
        closeness: NDArray[np.float32] = (
            best[self._group] + DESCRIPTION_WEIGHT * (self._texts @ vector)[self._text]
        )
        return closeness

    def _mended(self, word: str) -> str:
        return word if word in self.names.words else self.speller.mend(word)

    def ranked(self, words: str, take: int = CANDIDATES) -> tuple[dict[int, float], dict[str, Any]]:
        """Every candidate with its fused score, best first, and what was made of the words."""
        language, english = self.glossary.english_of(words, self.known)
        mended = " ".join(self._mended(w) for w in words_of(words)) if not language else ""
        changed = bool(mended) and mended != " ".join(words_of(words))
        scores: dict[int, float] = {}
        nearest = 0.0
        if self.has_meaning and words.strip():
            import numpy as np

            closeness = self._closeness(wordings(mended if changed else words[:300], english))
            take = min(take, len(closeness))
            top = np.argpartition(-closeness, take - 1)[:take]
            # Ties fall to the earlier identifier, so that the same question always has the same answer.
            for rank, at in enumerate(top[np.lexsort((top, -closeness[top]))]):
                scores[int(at)] = 1 / (FUSION + rank)
            nearest = float(closeness.max())
        asked = telling_words(english or mended or words)
        known = sum(word in self.known for word in asked) / max(1, len(asked))
        weak = nearest + KNOWN_WEIGHT * known < WEAK if self.has_meaning else not known
        weight = LEXICAL_WEIGHT if self.has_meaning else LEXICAL_ALONE
        for rank, (key, share) in enumerate(self.lexical.rank(asked)[:DEPTH]):
            if key in self.places:
                at = self.places[key]
                scores[at] = scores.get(at, 0.0) + weight * share / (FUSION + rank)
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

    def _placed(self, at: int, miles: list[float]) -> tuple[float | None, str, float]:
        """The nearest spot: miles, its name and how much the distance takes off (1 nothing, 0.5 at 30 miles)."""
        where = self._where[at]
        remote = self.documents[at].remote
        if not where:
            return None, "", 1.0 if remote else 0.9
        nearest, name = min((miles[position], name) for position, name in where)
        return nearest, name, 1.0 if remote else 1 - 0.5 * min(1.0, max(0.0, nearest - 2) / 28)

    def search(self, question: Question) -> Answer:
        """At most a handful of services, best first, each with the reasons it was chosen."""
        narrowed = question.age is not None or question.free_only or question.open_at or question.without
        scores, made = self.ranked(question.words, FILTERED_CANDIDATES if narrowed else CANDIDATES)
        asked = set(telling_words(made["understood"] or question.words))
        miles = (
            [miles_between(question.near, position) for position in self._positions] if question.near else []
        )
        found = []
        for at, score in scores.items():
            document = self.documents[at]
            if not self._suits(document, question):
                continue
            nearest, spot, factor = self._placed(at, miles) if question.near else (None, "", 1.0)
            found.append(Hit(document.id, score * factor, document.rung, miles=nearest, spot=spot))
        found.sort(key=lambda hit: (-hit.score, hit.miles if hit.miles is not None else 0, hit.id))
        hits = tuple(self._explained(hit, asked, question) for hit in self._varied(found, question.limit))
        return Answer(hits, made["understood"], made["language"], self.has_meaning, made["weak"])

    def _varied(self, found: list[Hit], limit: int) -> list[Hit]:
        """The best of each name: the same service in two towns is one answer, the nearer."""
        seen: set[str] = set()
        chosen = []
        for hit in found:
            name = self.documents[self.places[hit.id]].name.casefold()
            if name not in seen:
                seen.add(name)
                chosen.append(hit)
            if len(chosen) == limit:
                break
        return chosen

    def _explained(self, hit: Hit, asked: set[str], question: Question) -> Hit:
        document = self.documents[self.places[hit.id]]
        parts = (document.name, document.description, *document.says)
        shared = asked.intersection(word for part in parts for word in words_of(part))
        reasons = []
        if shared:
            reasons.append("It mentions " + ", ".join(f"‘{w}’" for w in sorted(shared)[:3]))
        elif self.has_meaning:
            reasons.append("Its meaning is close to what you wrote")
        if hit.miles is not None:
            reasons.append(
                f"{hit.spot} is {hit.miles:.0f} miles away"
                if hit.miles >= 1
                else f"{hit.spot} is under a mile away"
            )
        elif question.near and document.remote:
            reasons.append("You do not have to travel")
        if question.open_at:
            reasons.append("It is open at the time you asked about")
        if question.free_only:
            reasons.append("It is free")
        return replace(hit, because=tuple(reasons), matched=", ".join(sorted(shared)))


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
