"""Words against words, behind one interface: SQLite's FTS5 here, PostgreSQL's tsvector in `queries.py`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from endeavour.frontdoor.search.documents import Document
from endeavour.frontdoor.search.words import weight_of

DEPTH = 60


class Lexical(Protocol):
    """Ranks documents by the words they share with a question."""

    def rank(self, words: list[str]) -> list[tuple[str, float]]:
        """Up to 60 identifiers, best first, each with the weighed share of the words it holds (0 to 1)."""
        ...  # pragma: no cover - a signature


class Fts5:
    """SQLite's full-text index, in a file of its own that is opened read-only."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        self._size = int(self._connection.execute("select count(*) from document").fetchone()[0])
        rows = self._connection.execute("select term, doc from vocabulary")
        self._holders = {term: int(count) for term, count in rows}

    def rank(self, words: list[str]) -> list[tuple[str, float]]:
        """See `Lexical`. The rarest four words choose the candidates: a word most services hold tells us nothing."""
        if not words:
            return []
        cursor = self._connection.cursor()
        by_rarity = sorted(words, key=lambda w: self._holders.get(w, 1))[:4]
        telling = [w for w in by_rarity if self._holders.get(w, 0) < max(30, self._size // 25)] or by_rarity[
            :1
        ]
        found: dict[int, list[float]] = {}
        for word in telling:
            rows = cursor.execute(
                "select rowid, bm25(document, 3, 3, 1, 1) from document where document match ? order by rank limit ?",
                (f'"{word}"', DEPTH * 2),
            ).fetchall()
            for row, score in rows:
                held = found.setdefault(row, [0.0, 0.0])
                held[0] += weight_of(word)
                held[1] -= score
        best = sorted(found.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))[:DEPTH]
        whole = sum(map(weight_of, words))
        ids = {}
        if best:
            marks = ",".join("?" * len(best))
            ids = dict(
                cursor.execute(
                    f"select place, id from identity where place in ({marks})", [r for r, _ in best]
                )
            )
        return [(ids[row], held[0] / whole) for row, held in best]


def write_fts5(path: Path, documents: Iterable[Document]) -> None:
    """Write the full-text index of `documents` to a new file."""
    connection = sqlite3.connect(path)
    connection.executescript(
        "pragma journal_mode=off; pragma synchronous=off;"
        "create table identity (place integer primary key, id text not null unique);"
        "create virtual table document using fts5(name, says, description, tags, content='',"
        " tokenize='porter unicode61 remove_diacritics 2');"
        "create virtual table vocabulary using fts5vocab(document, 'row');"
    )
    with connection:
        for place, document in enumerate(documents, start=1):
            connection.execute("insert into identity values (?, ?)", (place, document.id))
            connection.execute(
                "insert into document (rowid, name, says, description, tags) values (?, ?, ?, ?, ?)",
                (place, document.name, " . ".join(document.says), document.description, document.tags),
            )
        connection.execute("insert into document (document) values ('optimize')")
    connection.close()
