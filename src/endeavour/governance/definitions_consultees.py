"""Whom one system always consults on which topic, read from its pack; an absent file means no such rule."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from endeavour.governance.consulting import Topic
from endeavour.governance.definitions import Strict, read_definition
from endeavour.paths import pack_dir


class TopicEntry(Strict):
    """One topic and the bodies always consulted on it."""

    key: str
    title: str
    bodies: tuple[str, ...] = Field(min_length=1)
    words: tuple[str, ...] = ()
    source: str


class Topics(Strict):
    """Every topic."""

    topics: tuple[TopicEntry, ...]


@cache
def consulted_topics(pack: str) -> tuple[Topic, ...]:
    """The topics on which this system always consults somebody."""
    folder = pack_dir(pack)
    if not (folder / "governance" / "consultees.yaml").is_file():
        return ()
    entries = read_definition(folder, "consultees.yaml", Topics).topics
    return tuple(Topic(**entry.model_dump()) for entry in entries)
