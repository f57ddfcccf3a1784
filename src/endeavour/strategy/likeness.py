"""How alike two short texts are, so that a person has something to confirm: never a decision by itself.

Cosine of word weights, where a word that few texts use weighs more (tf-idf, Salton and Buckley 1988).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "do",
        "for",
        "from",
        "have",
        "i",
        "in",
        "into",
        "is",
        "it",
        "its",
        "more",
        "of",
        "on",
        "or",
        "our",
        "so",
        "that",
        "the",
        "their",
        "them",
        "they",
        "this",
        "to",
        "us",
        "we",
        "what",
        "which",
        "who",
        "will",
        "with",
        "work",
        "working",
        "people",
        "service",
        "services",
    ]
)


def words_of(text: str) -> list[str]:
    """The words that carry meaning, cut back to a common stem.

    >>> words_of("Reducing the inequalities in children's health")
    ['reduc', 'inequalit', 'child', 'health']
    """
    plain = re.sub(r"['’]s?\b", "", text.lower())
    kept = (word for word in re.findall(r"[a-z]+", plain) if word not in COMMON and len(word) > 2)
    return [{"children": "child"}.get(word) or _stem(word) for word in kept]


def _stem(word: str) -> str:
    for ending in ("ies", "ing", "ity", "es", "ed", "e", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def alike(left: Mapping[str, str], right: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """The likeness, 0 to 1, of every pair that shares a word."""
    bags = {("l", k): Counter(words_of(t)) for k, t in left.items()} | {
        ("r", k): Counter(words_of(t)) for k, t in right.items()
    }
    seen = Counter(word for bag in bags.values() for word in bag)
    total = len(bags)
    vectors = {key: _weigh(bag, seen, total) for key, bag in bags.items()}
    found = {}
    for a in left:
        for b in right:
            score = _cosine(vectors["l", a], vectors["r", b])
            if score > 0:
                found[a, b] = round(score, 4)
    return found


def best(
    scores: Mapping[tuple[str, str], float], *, least: float = 0.15, most: int = 3
) -> list[tuple[str, str, float]]:
    """For each left text the few right ones most like it, best first."""
    by_left: dict[str, list[tuple[float, str]]] = {}
    for (a, b), score in scores.items():
        if score >= least:
            by_left.setdefault(a, []).append((score, b))
    return [
        (a, b, s)
        for a, pairs in by_left.items()
        for s, b in sorted(pairs, key=lambda p: (-p[0], p[1]))[:most]
    ]


def _weigh(bag: Counter[str], seen: Counter[str], total: int) -> dict[str, float]:
    return {word: count * (1 + math.log((1 + total) / (1 + seen[word]))) for word, count in bag.items()}


def _cosine(a: dict[str, float], b: dict[str, float]) -> float:
    size = math.sqrt(sum(v * v for v in a.values())) * math.sqrt(sum(v * v for v in b.values()))
    shared: Sequence[str] = [word for word in a if word in b]
    return sum(a[w] * b[w] for w in shared) / size if size and shared else 0.0
