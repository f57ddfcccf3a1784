"""The published cohort, the rule that chose it, the model of need beside it and what came of it; aggregates only."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from endeavour.engine.cohort.release import current_summary
from endeavour.engine.cohort.rule import Rule
from endeavour.errors import Corrupt, Missing
from endeavour.paths import pack_dir, var_dir

RULE = "first-5000"
NOT_MADE = "This has not been made here."
# Where each kind of result is kept; the engine's shelves say the same, but would bring their mathematics with them.
SHELVES = ("model", "follow-up", "segments")


def summary() -> dict[str, Any] | None:
    """The cohort in use, or None where none was chosen."""
    try:
        return current_summary()
    except Missing:
        return None


def rule() -> Rule:
    """The pack's rule as it stands now; it was checked when the cohort was chosen by it."""
    path = pack_dir(settings.PACK) / "protocols" / f"{RULE}.yaml"
    return _rule(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _rule(path: Path, _changed: int) -> Rule:
    return Rule.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def kept(shelf: str) -> dict[str, Any] | None:
    """The summary in use of one kind of result, or None where there is none."""
    folder = _folder(shelf)
    if folder is None:
        return None
    try:
        found: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Corrupt(
            f"The summary in {shelf} cannot be read.", hint=f"Make it again: endeavour cohort {shelf}"
        ) from error
    return found


def needed(shelf: str) -> dict[str, Any]:
    """The summary in use of one kind of result; `Missing` where there is none."""
    found = kept(shelf)
    if found is None:
        raise Missing(NOT_MADE, hint=f"Make it with: endeavour cohort {shelf}")
    return found


def follow_up_of(release: str) -> dict[str, Any] | None:
    """What came of one release of the cohort; None where it was not followed up, or only another was."""
    found = kept("follow-up")
    return found if found and found["cohort"] == release else None


def kept_file(shelf: str, name: str) -> str:
    """One public file of the result in use; `Missing` where there is none."""
    folder = _folder(shelf)
    if folder is None or not (folder / name).is_file():
        raise Missing(NOT_MADE, hint=f"Make it with: endeavour cohort {shelf}")
    return (folder / name).read_text(encoding="utf-8")


def _folder(shelf: str) -> Path | None:
    assert shelf in SHELVES, shelf
    pointer = var_dir() / shelf / "current"
    return var_dir() / shelf / pointer.read_text(encoding="ascii").strip() if pointer.is_file() else None
