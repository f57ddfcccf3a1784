"""The made-up paper that a pack gives a demonstration to show; an absent file means none."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from endeavour.governance.definitions import Strict, read_definition
from endeavour.paths import pack_dir


class ShownPaper(Strict):
    """The paper: its title, its paragraphs, and what it says it means."""

    title: str
    words: tuple[str, ...] = Field(min_length=1)
    recommendation: str
    topics: tuple[str, ...] = ()
    implications: dict[str, str]
    verified_by: str


class ShownConsultation(Strict):
    """Who is said to have been asked about it."""

    body: str
    happened_on: date
    words: str


class ShownBoard(Strict):
    """A board it goes before, and what that made of it: only what needs no decision, because none was taken."""

    body: str
    meets_on: date
    outcome: Literal["noted", "deferred", "not_formalised"]
    words: str


class Illustration(Strict):
    """One paper before its boards, and the words that say of each meeting that it was made up."""

    notice: str
    paper: ShownPaper
    consulted: ShownConsultation
    boards: tuple[ShownBoard, ...] = Field(min_length=2)


def illustration(pack: str) -> Illustration | None:
    """The pack's made-up paper, or nothing where it has none."""
    folder = pack_dir(pack)
    if not (folder / "governance" / "illustration.yaml").is_file():
        return None
    return read_definition(folder, "illustration.yaml", Illustration)
