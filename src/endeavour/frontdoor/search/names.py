"""Finding a service by what it is called, and one of many alike: a surgery by its doctor's name, never by 'doctor'.

A hundred surgeries all answer 'I need a doctor'; ranked by meaning they would crowd out everything else. So they are
left out of words and meaning, and found only when somebody writes the words that tell one from another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from endeavour.frontdoor.search.documents import Document
from endeavour.frontdoor.search.words import telling_words, words_of

# Words that many share, and words people write beside a name.
_COMMON = """dr doctor doctors surgery surgeries gp practice medical centre center health clinic partners partnership the and
of at in my for a to with book see need want appointment where is near open group house road street new"""
COMMON = frozenset(_COMMON.split())
MOST = 2
# A word that more services than this are called by names none of them.
ALIKE = 10


class Names:
    """The telling words of the documents that are found by name."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._names: dict[int, frozenset[str]] = {
            at: frozenset(words_of(d.name)) - COMMON for at, d in enumerate(documents) if d.by_name
        }
        held = Counter(word for name in self._names.values() for word in name)
        self._holders: dict[str, list[int]] = defaultdict(list)
        for at, name in self._names.items():
            for word in name:
                if held[word] <= 10:
                    self._holders[word].append(at)
        self.words = frozenset(self._holders)
        """Every word of a name, which no speller should mend."""

    def named(self, words: Iterable[str]) -> list[int]:
        """At most two documents whose name these words are about.

        Half the telling words of both sides must agree, unless there is nothing but the name in the question.

        >>> pair = [Document("a", "Dr Puzey and Partners", "", by_name=True), Document("b", "Park Surgery", "", by_name=True)]
        >>> Names(pair).named(["book", "puzey"]), Names(pair).named(["walk", "in", "the", "park", "with", "friends"])
        ([0], [])
        """
        asked = frozenset(words) - COMMON
        agreed: Counter[int] = Counter(at for word in asked for at in self._holders.get(word, ()))
        found = [
            (count / len(self._names[at]), -at)
            for at, count in agreed.items()
            if count == len(asked) or (2 * count >= len(asked) and 2 * count >= len(self._names[at]))
        ]
        return [-at for _, at in sorted(found, reverse=True)[:MOST]]


class Titles:
    """The telling words and the initials of what services are called, where few are called alike."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._holders: dict[str, set[int]] = defaultdict(set)
        for at, document in enumerate(documents):
            told = telling_words(document.name)
            initials = "".join(word[0] for word in told)
            for word in {*told, initials} if len(initials) > 2 else told:
                if len(self._holders[word]) <= ALIKE:
                    self._holders[word].add(at)

    def named(self, words: Sequence[str]) -> set[int]:
        """The few whose names hold every one of these words, or have them for initials; none where many do.

        >>> titles = Titles([Document("a", "Healthy Start card", ""), Document("b", "Healthy walks", "")])
        >>> titles.named(["healthy", "start"]), titles.named(["hsc"]), titles.named(["healthy", "soup"]), titles.named([])
        ({0}, {0}, set(), set())
        """
        held = [self._holders.get(word, set()) for word in words]
        if not held or any(len(holders) > ALIKE for holders in held):
            return set()
        found = set.intersection(*held)
        return found if len(found) <= MOST else set()
