"""The words of the search pages in the languages people here speak, each saying who has checked it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings

from endeavour.errors import BadInput
from endeavour.frontdoor.packfiles import RUNGS, folder_of, read_yaml

ENGLISH = "en"


@dataclass(frozen=True)
class Language:
    """One language of the pages: its own name and its English one, which way it is read, and every label.

    `checked_by` is empty until a speaker has read the words; the pages then say that they were drafted by machine.
    """

    code: str
    name: str
    english: str
    direction: str
    checked_by: str
    checked_on: date | None
    labels: dict[str, str]
    rungs: dict[str, str]
    skips: dict[str, str]
    topics: dict[str, str]

    @property
    def is_english(self) -> bool:
        """Whether no part of the page needs a language of its own."""
        return self.code == ENGLISH

    @property
    def draft(self) -> bool:
        """Whether no speaker has checked it."""
        return not (self.checked_by and self.checked_on)


@lru_cache(maxsize=4)
def read_languages(pack: str) -> dict[str, Language]:
    """Every language of a pack; one that lacks a label of the English is refused."""
    given = read_yaml(folder_of(pack) / "languages.yaml")
    whole = set(given[ENGLISH]["labels"])
    held = {}
    for code, row in given.items():
        lacking = whole - set(row["labels"])
        if code != ENGLISH:
            lacking |= set(RUNGS) - set(row["rungs"]) | set(RUNGS) - set(row["skips"])
        if lacking:
            raise BadInput(f"{code} lacks {', '.join(sorted(lacking))}", file="languages.yaml")
        held[code] = Language(
            code, row["name"], row["english"], row["dir"], row["checked_by"] or "", row["checked_on"],
            row["labels"], row["rungs"], row["skips"], row["topics"],
        )  # fmt: skip
    return held


def languages() -> dict[str, Language]:
    """The languages of the pack in use, English first."""
    return read_languages(settings.PACK)


def language_of(code: str) -> Language:
    """The language asked for; English where we have none of that name."""
    held = languages()
    return held.get(code, held[ENGLISH])
