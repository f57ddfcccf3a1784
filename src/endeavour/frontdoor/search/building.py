"""The making of an index: built beside the old one and swapped whole.

A folder `search/<digest>/` holds the words (FTS5), the vectors and the documents; `search/current` names the one in use.
A rebuild does again only what has changed: texts met before are not encoded, and where the services are the same and a
few of them are worded otherwise, the last index's words are mended.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from endeavour.errors import Missing
from endeavour.frontdoor.search import meaning
from endeavour.frontdoor.search.documents import Document
from endeavour.frontdoor.search.lexical import mend_fts5, write_fts5
from endeavour.frontdoor.search.vectors import write_vectors
from endeavour.frontdoor.search.words import words_of
from endeavour.paths import write_atomically

FORMAT = 8
# Where more than this share has changed, writing the words anew is as quick as mending them.
MENDED_SHARE = 0.05


class OldIndex(Missing):
    """The index in use was made by an earlier release; it is made anew from the directory."""


@dataclass(frozen=True)
class Stored:
    """What an index keeps of its documents, with a digest of each and how often each word is there.

    Those that are searched by words and meaning come first.
    """

    documents: list[Document]
    digests: list[bytes]
    counts: dict[str, int]


def read_stored(folder: Path) -> Stored:
    """The documents of an index; `OSError` where there are none, `OldIndex` where another release made it."""
    try:
        with (folder / "documents.pickle").open("rb") as handle:
            stored = pickle.load(handle)  # noqa: S301 - written by ourselves beside the index
    except (AttributeError, ImportError, EOFError, pickle.UnpicklingError):
        stored = {}
    if stored.get("format") != FORMAT:
        raise OldIndex("The index of services is of another release.", hint="Run endeavour frontdoor index.")
    return Stored(stored["documents"], stored["digests"], stored["counts"])


def _digest(document: Document) -> bytes:
    return hashlib.sha256(repr(document).encode()).digest()


def _digests(documents: list[Document], before: Stored | None) -> list[bytes]:
    """A digest of every document; those of the last index are taken over, for to compare is quicker than to digest."""
    known = (
        {d.id: (d, digest) for d, digest in zip(before.documents, before.digests, strict=True)}
        if before
        else {}
    )
    kept = [known.get(d.id) for d in documents]
    return [old[1] if old and old[0] == d else _digest(d) for d, old in zip(documents, kept, strict=True)]


def _count(documents: Iterable[Document]) -> Counter[str]:
    return Counter(w for d in documents for part in (d.name, d.description, *d.says) for w in words_of(part))


def _last(current: Path) -> Path | None:
    """The folder of the index in use; None where there is none."""
    if not current.is_file():
        return None
    folder = current.parent / current.read_text().strip()
    return folder if folder.is_dir() else None


def _before(folder: Path | None) -> Stored | None:
    """What the last index holds; None where there is none of this release."""
    try:
        return read_stored(folder) if folder else None
    except (OSError, OldIndex):
        return None


def _write_words(folder: Path, last: Path | None, before: Stored | None, now: Stored) -> dict[str, int]:
    """Write the full-text index of the documents that are searched by words; how often each word is there."""
    spoken = [d for d in now.documents if not d.by_name]
    old = [d for d in before.documents if not d.by_name] if before else []
    if before and last and [d.id for d in old] == [d.id for d in spoken]:
        changed = [
            (at + 1, was, new)
            for at, (was, new) in enumerate(zip(old, spoken, strict=True))
            if before.digests[at] != now.digests[at]
        ]
        if len(changed) <= MENDED_SHARE * len(spoken):
            counts = Counter(before.counts)
            counts.subtract(_count(was for _, was, _ in changed))
            counts.update(_count(new for _, _, new in changed))
            shutil.copyfile(last / "words.sqlite", folder / "words.sqlite")
            mend_fts5(folder / "words.sqlite", changed)
            return {word: count for word, count in counts.items() if count}
    write_fts5(folder / "words.sqlite", spoken)
    return dict(_count(spoken))


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
    current = root / "current"
    last = _last(current)
    before = _before(last)
    digests = _digests(documents, before)
    digest = hashlib.sha256(f"{FORMAT} {use_meaning}".encode() + b"".join(digests)).hexdigest()[:20]
    if last == root / digest:
        return {"built": False, "encoded": 0, "meaning": use_meaning, "services": len(documents)}
    root.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=root, prefix=".building-"))
    try:
        counts = _write_words(building, last, before, Stored(documents, digests, {}))
        encoded = write_vectors(building, last, spoken) if use_meaning else 0
        with (building / "documents.pickle").open("wb") as handle:
            kept = {"format": FORMAT, "documents": documents, "digests": digests, "counts": counts}
            pickle.dump(kept, handle, protocol=5)
        for built in building.iterdir():
            with built.open("rb") as handle:
                os.fsync(handle.fileno())
        if (root / digest).is_dir():
            shutil.rmtree(root / digest)
        building.chmod(0o755)
        building.rename(root / digest)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    with write_atomically(current) as part:
        part.write_text(digest)
    for stale in root.iterdir():
        if stale.is_dir() and stale.name not in {digest, last.name if last else ""} and stale.name[0] != ".":
            shutil.rmtree(stale, ignore_errors=True)
    return {"built": True, "encoded": encoded, "meaning": use_meaning, "services": len(documents)}
