"""What a statement is tied to by the thread, in words with addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from endeavour.core.public import Link
from endeavour.strategy import observations
from endeavour.strategy.queries.statements import ref_order, statements


@dataclass(frozen=True)
class Neighbour:
    """What one link ties a statement to, in words, with its address where it has a page."""

    words: str
    name: str
    label: str
    href: str


OUTWARD = {
    "responds_to": "answers",
    "heard_in": "was heard in",
    "decided_by": "was decided by",
    "delivers": "delivers",
    "contributes_to": "should lead to",
    "measured_by": "is measured by",
    "depends_on": "needs",
    "feeds": "feeds",
    "supersedes": "carries on",
}


INWARD = {
    "responds_to": "is answered by",
    "heard_in": "heard",
    "decided_by": "decided",
    "delivers": "is delivered by",
    "contributes_to": "should come from",
    "measured_by": "measures",
    "depends_on": "is needed by",
    "feeds": "is fed by",
    "supersedes": "is carried on by",
}


def neighbours(links: Iterable[Link], name: str) -> list[Neighbour]:
    """What an entry is tied to, both ways, in one query for all statements met."""
    pairs = [(OUTWARD[k.kind], k.target) if k.source == name else (INWARD[k.kind], k.source) for k in links]
    refs = {other[10:] for _, other in pairs if other.startswith("statement:")}
    known = {row.ref: row for row in statements(refs=refs)} if refs else {}
    found = []
    for words, other in pairs:
        kind, _, key = other.partition(":")
        if kind == "statement" and key in known:
            found.append(Neighbour(words, key, known[key].paraphrase or known[key].words, f"/promise/{key}"))
        else:
            href = {
                "decision": f"/decision/{key}",
                "meeting": f"/meeting/{key}",
                "measure": f"/measure/{key}",
            }.get(kind, "")
            found.append(Neighbour(words, key, kind.replace("_", " "), href or f"/thread/{other}"))
    order = {words: number for number, words in enumerate([*OUTWARD.values(), *INWARD.values()])}
    return sorted(found, key=lambda n: (order[n.words], ref_order(n.name)))


def because_words(names: Iterable[str]) -> list[tuple[str, str]]:
    """Each reason of a finding as words and an address on the site."""
    found = []
    for name in names:
        kind, _, key = name.partition(":")
        if kind == "statement":
            found.append((f"{key}, as it was said", f"/promise/{key}"))
        elif kind == "measure":
            known = observations.measurables().get(key)
            found.append((f"the measure ‘{known.title if known else key}’", f"#measure-{key}"))
        else:
            found.append((f"{kind} {key}", f"#{kind}-{key}"))
    return found
