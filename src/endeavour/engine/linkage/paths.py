"""Where linkage keeps things. All of it is person plane: nothing here is ever served to the public.

linkage/extracts/AGENCY/part-0001.parquet   what the agencies gave (synthetic here)
linkage/truth/                              who each synthetic record really is; read by `evaluate` alone
linkage/decisions.json                      what people decided about doubtful pairs
linkage/results/current                     the name of the result in use
linkage/results/NAME/                       one finished result (see `store.py`)
"""

from __future__ import annotations

from pathlib import Path

from endeavour.paths import var_dir


def linkage_dir() -> Path:
    """The folder of everything that linkage reads and writes, unless told otherwise."""
    return var_dir() / "linkage"


def keyed_dir() -> Path:
    """The pseudonymised mode's own folder: its results never stand beside those with names."""
    return linkage_dir() / "pseudonymised"


def results_dir(root: Path | None = None) -> Path:
    """Finished results and the pointer to the one in use."""
    return (root or linkage_dir()) / "results"


def current_result(root: Path | None = None) -> Path | None:
    """The folder of the result in use, or None before the first run."""
    pointer = results_dir(root) / "current"
    if not pointer.is_file():
        return None
    return results_dir(root) / pointer.read_text(encoding="ascii").strip()
