"""The vectors of an index: written once with a sketch of each, and asked which documents are nearest in meaning.

Fifty thousand services are a hundred megabytes of numbers, and reading them all is most of the time of a search. So
each vector is also kept as its 128 strongest directions and the length of what they leave out: a quarter of the reading
chooses the few documents whose whole vectors are then compared.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.frontdoor.search import meaning
from endeavour.frontdoor.search.documents import Document

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DESCRIPTION_WEIGHT = 0.5
# Fewer vectors than this are read whole in less time than the choosing takes.
SKETCHED_FROM = 4096
DIRECTIONS = 128
FITTED_ON = 6000
# How far the parts that a sketch leaves out of a text and of a question may agree, as a cosine, for the text to be sure
# to be chosen. Of 576 questions among 50,000 services none of the nearest fifty agreed by more than 0.3.
AGREEMENT = 0.35


def _text(document: Document) -> str:
    return f"{document.name}. {document.description}"


def _says(document: Document) -> tuple[str, ...]:
    return document.says or (document.name,)


def _load(path: Path) -> NDArray[np.float32] | None:
    import numpy as np

    try:
        loaded: NDArray[np.float32] = np.load(path, mmap_mode="r")
    except (OSError, ValueError):
        return None
    return loaded


def _gathered(old: Path | None, texts: list[str]) -> tuple[NDArray[np.float32], NDArray[np.intp], int]:
    """The vectors of `texts`, where each stood in the last index (-1 nowhere), and how many were newly encoded."""
    import numpy as np

    matrix = np.empty((len(texts), meaning.SIZE), dtype=np.float32)
    kept = _load(old / "vectors.npy") if old else None
    known: dict[str, int] = {}
    if old and kept is not None:
        try:
            listed = json.loads((old / "texts.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            listed = []
        known = {text: at for at, text in enumerate(listed[: len(kept)])}
    stood = np.array([known.get(text, -1) for text in texts], dtype=np.intp)
    if kept is not None and known:
        matrix[stood >= 0] = kept[stood[stood >= 0]]
    missing = np.flatnonzero(stood < 0)
    fresh = list(dict.fromkeys(texts[at] for at in missing))
    place = {text: at for at, text in enumerate(fresh)}
    matrix[missing] = meaning.encode_many(fresh)[[place[texts[at]] for at in missing]]
    return matrix, stood, len(fresh)


def _fitted(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """The strongest directions of some vectors, a column each, fitted on at most 6,000 of them."""
    import numpy as np

    sample = matrix[:: max(1, len(matrix) // FITTED_ON)].astype(np.float64)
    return np.ascontiguousarray(np.linalg.eigh(sample.T @ sample)[1][:, : -DIRECTIONS - 1 : -1], np.float32)


def _sketch(matrix: NDArray[np.float32], directions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each vector along the directions, and in a last column the length of what they leave out of it."""
    import numpy as np

    strong = matrix @ directions
    left = np.einsum("ij,ij->i", matrix, matrix) - np.einsum("ij,ij->i", strong, strong)
    return np.column_stack([strong, np.sqrt(np.maximum(left, 0))]).astype(np.float32)


def _write_sketches(
    folder: Path, old: Path | None, matrix: NDArray[np.float32], stood: NDArray[np.intp]
) -> None:
    """Sketch the vectors along the last index's directions, as far as they can be had, else along their own."""
    import numpy as np

    directions = _load(old / "directions.npy") if old else None
    kept = _load(old / "sketches.npy") if old else None
    if directions is None or kept is None:
        directions = _fitted(matrix)
        sketches = _sketch(matrix, directions)
    else:
        sketches = np.empty((len(matrix), DIRECTIONS + 1), dtype=np.float32)
        sketches[stood >= 0] = kept[stood[stood >= 0]]
        sketches[stood < 0] = _sketch(matrix[stood < 0], directions)
    np.save(folder / "directions.npy", directions)
    np.save(folder / "sketches.npy", sketches)


def write_vectors(folder: Path, old: Path | None, documents: list[Document]) -> int:
    """Write the vectors of every distinct text and which document uses which; the number newly encoded.

    What the index in `old` holds is taken over and not encoded again.
    """
    import numpy as np

    groups: dict[tuple[str, ...], int] = {}
    for document in documents:
        groups.setdefault(_says(document), len(groups))
    phrases = [phrase for says in groups for phrase in says]
    names = list(dict.fromkeys(_text(d) for d in documents))
    places = {text: at for at, text in enumerate(names)}
    matrix, stood, encoded = _gathered(old, phrases + names)
    np.save(folder / "vectors.npy", matrix)
    if len(matrix) >= SKETCHED_FROM:
        _write_sketches(folder, old, matrix, stood)
    np.savez(
        folder / "layout.npz",
        starts=np.cumsum([0, *(len(says) for says in groups)]),
        group=np.array([groups[_says(d)] for d in documents], dtype=np.intp),
        text=np.array([places[_text(d)] for d in documents], dtype=np.intp),
    )
    (folder / "texts.json").write_text(json.dumps(phrases + names, ensure_ascii=False), encoding="utf-8")
    return encoded


class Vectors:
    """The vectors of one index, memory-mapped, so that the processes of one machine share them."""

    def __init__(self, folder: Path) -> None:
        import numpy as np

        layout = np.load(folder / "layout.npz")
        # The edges of each group's phrases: group g holds those from edge g to edge g + 1.
        self._edges, self._group, self._text = layout["starts"], layout["group"], layout["text"]
        self._phrases = int(self._edges[-1])
        # Many services share what people say of them: then their phrases are few enough to be read whole.
        self._few = self._phrases < SKETCHED_FROM
        self._vectors = np.asarray(np.load(folder / "vectors.npy", mmap_mode="r"))
        directions, sketches = _load(folder / "directions.npy"), _load(folder / "sketches.npy")
        self._directions = None if directions is None else np.asarray(directions)
        self._sketches = None if sketches is None else np.asarray(sketches)

    def nearest(self, texts: list[str], take: int) -> list[tuple[int, float]]:
        """The `take` documents nearest in meaning to several wordings of one question, best first, each with its closeness.

        A document's closeness is that of its best phrase and half of its description's. The wordings are averaged, so that
        no single word ('mum') decides. Ties fall to the earlier document, so that a question always has the same answer.
        """
        import numpy as np

        vector = meaning.encode_many(texts).mean(axis=0)
        at, closeness = self._compared(vector, min(take, len(self._group)))
        take = min(take, len(at))
        top = np.argpartition(-closeness, take - 1)[:take]
        top = top[np.lexsort((at[top], -closeness[top]))]
        return list(zip(at[top].tolist(), closeness[top].tolist(), strict=True))

    def _compared(
        self, vector: NDArray[np.float32], take: int
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The documents that may be among the nearest `take`, and the closeness of each."""
        import numpy as np

        if self._directions is None or self._sketches is None:
            return np.arange(len(self._group)), self._spread(
                *np.split(self._vectors @ vector, [self._phrases])
            )
        strong = vector @ self._directions
        left = float(np.sqrt(max(0.0, float(vector @ vector - strong @ strong))))
        asked = np.append(strong, np.float32(AGREEMENT * left))
        phrases = (
            self._vectors[: self._phrases] @ vector if self._few else self._sketches[: self._phrases] @ asked
        )
        hoped = self._spread(phrases, self._sketches[self._phrases :] @ asked)
        first = np.argpartition(-hoped, take - 1)[:take]
        least = self._exactly(first, vector).min()
        hoped[first] = np.inf
        chosen = np.flatnonzero(hoped >= least)
        return chosen, self._exactly(chosen, vector)

    def _spread(self, phrases: NDArray[np.float32], texts: NDArray[np.float32]) -> NDArray[np.float32]:
        """What every document makes of how close all phrases and all texts are."""
        import numpy as np

        best = np.maximum.reduceat(phrases, self._edges[:-1])
        whole: NDArray[np.float32] = best[self._group] + DESCRIPTION_WEIGHT * texts[self._text]
        return whole

    def _exactly(self, at: NDArray[np.intp], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The closeness of some documents by their whole vectors.

        By `einsum`, which sums each row alike wherever it stands: equal texts stay equally close.
        """
        import numpy as np

        groups, which = np.unique(self._group[at], return_inverse=True)
        sizes = self._edges[groups + 1] - self._edges[groups]
        begin = np.cumsum(sizes) - sizes
        rows = np.repeat(self._edges[groups] - begin, sizes) + np.arange(sizes.sum())
        best = np.maximum.reduceat(np.einsum("ij,j->i", self._vectors[rows], vector), begin)
        texts, used = np.unique(self._text[at], return_inverse=True)
        told = np.einsum("ij,j->i", self._vectors[self._phrases + texts], vector)
        whole: NDArray[np.float32] = best[which] + DESCRIPTION_WEIGHT * told[used]
        return whole
