"""The entries of registers that a pack names; an absent file means none."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from endeavour.governance.definitions import Strict, read_definition
from endeavour.governance.registers import REGISTERS, Kept
from endeavour.paths import pack_dir


def _known(kind: str) -> str:
    if kind not in REGISTERS:
        raise ValueError(f"'{kind[:40]}' is no register; choose {', '.join(REGISTERS)}")
    return kind


class Entry(Strict):
    """One entry as the pack gives it; `kind` is the key of its register."""

    kind: Annotated[str, AfterValidator(_known)]
    key: str
    title: str
    body: str
    other: str = ""
    answers: dict[str, str]
    starts_on: date
    ends_on: date | None = None
    review_on: date
    source: str
    illustrative: bool = False


class Entries(Strict):
    """Every entry."""

    entries: tuple[Entry, ...]


@cache
def named_entries(pack: str) -> tuple[Kept, ...]:
    """The entries that a pack names, as they were first made."""
    folder = pack_dir(pack)
    if not (folder / "governance" / "registers.yaml").is_file():
        return ()
    found = read_definition(folder, "registers.yaml", Entries).entries
    renamed = {"kind", "illustrative"}
    return tuple(
        Kept(register=e.kind, is_illustrative=e.illustrative, **e.model_dump(exclude=renamed)) for e in found
    )
