"""What shapes health, link by link: only statements about whole populations, each with its source and date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings

from endeavour.errors import BadInput
from endeavour.frontdoor import presenters
from endeavour.frontdoor.packfiles import folder_of, read_yaml
from endeavour.frontdoor.safety import Signed

# Words that put the cause in the person. A population's figures can say nothing of anybody's choices.
BLAME = re.compile(
    r"\b(lifestyle choices?|bad habits?|careless|lazy|fault|blame|irresponsib\w*|fail(s|ed)? to|refus\w+|non-complian\w+|"
    r"hard to reach|choose not to|bring it on|abuser|addicts?|obese people)\b",
    re.I,
)


@dataclass(frozen=True)
class Statement:
    """One published figure: what it says, of whom, as of when, whose it is, and where it stands on this site."""

    words: str
    of_whom: str
    as_of: str
    source: str
    address: str


@dataclass(frozen=True)
class Link:
    """One link of the chain, with its statements and the topics of help that go with it."""

    key: str
    heading: str
    statements: tuple[Statement, ...]
    helps: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Chain(Signed):
    """The whole chain, what joins it, and who answers for it."""

    links: tuple[Link, ...]
    joined: tuple[dict[str, str], ...]


@lru_cache(maxsize=4)
def read_chain(pack: str) -> Chain:
    """The chain of a pack; a statement without a source or a date, or one that blames, is refused."""
    given = read_yaml(folder_of(pack) / "chain.yaml")
    topics = {t["key"]: t for t in presenters.topics()}
    links = tuple(
        Link(
            row["key"],
            row["heading"],
            tuple(_statement(told) for told in row["statements"]),
            tuple(topics[key] for key in row["helps"]),
        )
        for row in given["links"]
    )
    return Chain(
        author=given["author"],
        source="the source under each statement",
        reviewed_on=given["reviewed_on"],
        review_by=given["review_by"],
        links=links,
        joined=tuple(_sourced(row) for row in given["joined"]),
    )


def chain() -> Chain:
    """The chain of the pack in use."""
    return read_chain(settings.PACK)


def _statement(row: dict[str, Any]) -> Statement:
    _sourced(row)
    if not (row.get("of_whom") and row.get("as_of")):
        raise BadInput(f"'{row['words'][:40]}' must say of whom and of when", file="chain.yaml")
    return Statement(**row)


def _sourced(row: dict[str, Any]) -> dict[str, Any]:
    if not row.get("source"):
        raise BadInput(f"'{row['words'][:40]}' has no source", file="chain.yaml")
    if found := BLAME.search(row["words"]):
        raise BadInput(
            f"'{found.group()}' puts the cause in the person",
            file="chain.yaml",
            hint="Say what surrounds them.",
        )
    return row
