"""Words against words, behind one interface: SQLite's FTS5 here, PostgreSQL's tsvector in `queries/searching.py`."""

from __future__ import annotations

import sqlite3
import threading
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

from endeavour.frontdoor.search.documents import Document
from endeavour.frontdoor.search.words import COMMON, weight_of

DEPTH = 60
# A word is looked up to this depth.
WORD_DEPTH = DEPTH * 2
# To order the holders of a word costs a microsecond each: those of a word that more hold are put in order when the index
# is made.
MANY = 250
_TOKENS = "tokenize='porter unicode61 remove_diacritics 2'"
_BEST = "select rowid, bm25(document, 3, 3, 1, 1) from document where document match ? order by rank limit ?"

# Where all are wanted they need no order, which is more than half of the work.
_ALL = "select rowid, bm25(document, 3, 3, 1, 1) from document where document match ?"


class Lexical(Protocol):
    """Ranks documents by the words they share with a question."""

    def rank(self, words: list[str]) -> list[tuple[str, float]]:
        """Up to 60 identifiers, best first, each with the weighed share of the words it holds (0 to 1)."""
        ...  # pragma: no cover - a signature


class _Stems:
    """FTS5's own stemmer, asked through a table in memory that holds one word at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._connection.executescript(
            f"create virtual table word using fts5(said, content='', {_TOKENS});"
            "create virtual table stem using fts5vocab(word, 'row');"
        )

    def of(self, word: str) -> str:
        with self._lock:
            self._connection.execute("insert into word (rowid, said) values (1, ?)", (word,))
            found = self._connection.execute("select term from stem").fetchall()
            self._connection.execute("insert into word (word) values ('delete-all')")
        return str(found[0][0]) if len(found) == 1 else ""


@lru_cache(maxsize=1)
def _stems() -> _Stems:
    return _Stems()


@lru_cache(maxsize=10_000)
def stem_of(word: str) -> str:
    """What FTS5 keeps of a word; empty where it reads several words or none.

    >>> stem_of("falling"), stem_of("falls"), stem_of("a_b"), stem_of("_")
    ('fall', 'fall', '', '')
    """
    return _stems().of(word)


class Fts5:
    """SQLite's full-text index, in a file of its own that is opened read-only."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        self._ids = [row[0] for row in self._connection.execute("select id from identity order by place")]

    def rank(self, words: list[str]) -> list[tuple[str, float]]:
        """See `Lexical`. The rarest four words choose the candidates: a word most services hold tells us nothing."""
        if not words:
            return []
        cursor = self._connection.cursor()
        stems = {word: stem_of(word) for word in words}
        terms = list({*words, *stems.values()})
        marks = ",".join("?" * len(terms))
        rows = cursor.execute(f"select term, held, places, scores from term where term in ({marks})", terms)
        kept = {term: _Term(*rest) for term, *rest in rows}

        def held_by(word: str, unknown: int) -> int:
            return kept[word].held if word in kept else unknown

        by_rarity = sorted(words, key=lambda w: held_by(w, 1))[:4]
        telling = [w for w in by_rarity if held_by(w, 0) < max(30, len(self._ids) // 25)] or by_rarity[:1]
        found: dict[int, list[float]] = {}
        for word in telling:
            for row, score in _best(cursor, word, stems[word], kept):
                held = found.setdefault(row, [0.0, 0.0])
                held[0] += weight_of(word)
                held[1] -= score
        best = sorted(found.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))[:DEPTH]
        whole = sum(map(weight_of, words))
        return [(self._ids[row - 1], held[0] / whole) for row, held in best]


class _Term(NamedTuple):
    """How many documents hold a term and, where they are many, the best of them."""

    held: int
    places: bytes | None
    scores: bytes | None


def _best(
    cursor: sqlite3.Cursor, word: str, stem: str, kept: dict[str, _Term]
) -> Iterable[tuple[int, float]]:
    """The 120 best holders of one word with their scores (lower is better)."""
    term = kept.get(stem)
    if stem and term is None:
        return ()
    if term and term.places and term.scores:
        return zip(array("i", term.places), array("d", term.scores), strict=True)
    if term and term.held <= WORD_DEPTH:
        return cursor.execute(_ALL, (f'"{word}"',))
    return cursor.execute(_BEST, (f'"{word}"', WORD_DEPTH))


_NEVER_ASKED = COMMON & {"a", "and", "at", "for", "i", "in", "is", "my", "of", "or", "the", "to"}
# A stem is not always its own stem ('hous' of 'house'): with one of these ends nearly all are found again.
_ENDS = ("", "e", "s", "ing", "ion", "ment", "ness", "al", "ed", "es")


def _row(document: Document) -> tuple[str, str, str, str]:
    return document.name, " . ".join(document.says), document.description, document.tags


def _count_terms(connection: sqlite3.Connection) -> None:
    """Note how many documents hold each term, and the best of those that many hold.

    Not for words like 'of', which are left out of every question and are the stem of nothing else.
    """
    connection.execute("delete from term")
    connection.execute("insert into term (term, held) select term, doc from vocabulary")
    many = connection.execute("select term from term where held > ?", (MANY,)).fetchall()
    for (term,) in many:
        word = next((term + end for end in _ENDS if stem_of(term + end) == term), None)
        if word is None or term in _NEVER_ASKED:
            continue
        best = connection.execute(_BEST, (f'"{word}"', WORD_DEPTH)).fetchall()
        places, scores = array("i", [row for row, _ in best]), array("d", [score for _, score in best])
        connection.execute(
            "update term set places = ?, scores = ? where term = ?",
            (places.tobytes(), scores.tobytes(), term),
        )


def write_fts5(path: Path, documents: Iterable[Document]) -> None:
    """Write the full-text index of `documents` to a new file."""
    connection = sqlite3.connect(path)
    connection.executescript(
        "pragma journal_mode=off; pragma synchronous=off;"
        "create table identity (place integer primary key, id text not null unique);"
        f"create virtual table document using fts5(name, says, description, tags, content='', {_TOKENS});"
        "create virtual table vocabulary using fts5vocab(document, 'row');"
        "create table term (term text primary key, held integer not null, places blob, scores blob) without rowid;"
    )
    with connection:
        for place, document in enumerate(documents, start=1):
            connection.execute("insert into identity values (?, ?)", (place, document.id))
            connection.execute(
                "insert into document (rowid, name, says, description, tags) values (?, ?, ?, ?, ?)",
                (place, *_row(document)),
            )
        connection.execute("insert into document (document) values ('optimize')")
        _count_terms(connection)
    connection.close()


def mend_fts5(path: Path, changed: Sequence[tuple[int, Document, Document]]) -> None:
    """Put new texts in the place of old ones in a copy of the full-text index; each has its place, from 1, and both texts."""
    connection = sqlite3.connect(path)
    connection.executescript("pragma journal_mode=off; pragma synchronous=off;")
    with connection:
        for place, old, new in changed:
            connection.execute(
                "insert into document (document, rowid, name, says, description, tags) values ('delete', ?, ?, ?, ?, ?)",
                (place, *_row(old)),
            )
            connection.execute(
                "insert into document (rowid, name, says, description, tags) values (?, ?, ?, ?, ?)",
                (place, *_row(new)),
            )
        connection.execute("insert into document (document) values ('optimize')")
        _count_terms(connection)
    connection.close()
