"""Words: splitting, spelling, and everyday words of other languages put into English."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("pl", "pt", "tr", "ar")
COMMON = frozenset(
    [
        "a",
        "about",
        "all",
        "am",
        "an",
        "and",
        "any",
        "anyone",
        "are",
        "as",
        "at",
        "be",
        "been",
        "being",
        "but",
        "by",
        "can",
        "cannot",
        "could",
        "do",
        "does",
        "don",
        "dont",
        "for",
        "from",
        "get",
        "gets",
        "getting",
        "go",
        "going",
        "got",
        "had",
        "has",
        "have",
        "having",
        "he",
        "help",
        "her",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "just",
        "keep",
        "keeps",
        "ll",
        "me",
        "more",
        "my",
        "need",
        "needs",
        "no",
        "not",
        "of",
        "off",
        "on",
        "or",
        "our",
        "out",
        "she",
        "since",
        "so",
        "some",
        "someone",
        "somebody",
        "something",
        "somewhere",
        "still",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "too",
        "up",
        "us",
        "ve",
        "very",
        "want",
        "wants",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "won",
        "would",
        "you",
        "your",
        "im",
        "ive",
        "really",
        "please",
        "think",
    ]
)
# Who a question is about says little about which service meets it.
PEOPLE = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "mum",
        "mums",
        "mother",
        "dad",
        "dads",
        "father",
        "nan",
        "nana",
        "gran",
        "grandma",
        "grandmother",
        "grandad",
        "grandfather",
        "granddad",
        "husband",
        "wife",
        "partner",
        "my",
        "our",
        "his",
        "her",
        "their",
        "son",
        "daughter",
        "boy",
        "girl",
        "child",
        "kids",
        "kid",
        "neighbour",
        "friend",
        "brother",
        "sister",
        "aunt",
        "uncle",
    ]
)
# Nor does when it happened: 'in the middle of the night' is no question about a night shelter.
_TIMES = """night nights evening evenings morning mornings afternoon day days week weeks weekend month months year years
today tonight last next every all time times one two three four five once twice middle ago now late early again already
since until till after before"""
ASIDE = PEOPLE | frozenset(_TIMES.split())
_WORD = re.compile(r"\w+", re.UNICODE)
_ARABIC = re.compile("[\u0600-\u06ff]")
_MARKS = re.compile("[\u064b-\u0652\u0640]")
_ARABIC_FRONTS = ("وال", "بال", "ال", "لل", "و", "ب", "ل", "ي", "ت", "أ")
LONGEST = 300
# What a word may end with and still be that word: 'shouted' is no misspelt 'should'.
ENDINGS = ("ed", "ing", "s")


def words_of(text: str) -> list[str]:
    """The words of a text, lower case, apostrophes dropped; at most 300 characters are read.

    >>> words_of("Mum can't get UP")
    ['mum', 'cant', 'get', 'up']
    """
    return _WORD.findall(text[:LONGEST].casefold().replace("'", "").replace("’", ""))


def telling_words(text: str) -> list[str]:
    """The words that say what is wanted: those of two letters or more that are not everywhere, each once.

    >>> telling_words("I need help with my back and my back hurts")
    ['back', 'hurts']
    """
    return list(dict.fromkeys(w for w in words_of(text) if len(w) > 1 and w not in COMMON))


def weight_of(word: str) -> float:
    """How much sharing a word tells: whom it is about says little of what is needed.

    >>> weight_of("falling"), weight_of("mum")
    (1.0, 0.5)
    """
    return 0.5 if word in PEOPLE else 1.0


def one_slip_away(left: str, right: str) -> bool:
    """Whether one letter added, dropped, changed or swapped makes one word the other.

    >>> one_slip_away("denstist", "dentist"), one_slip_away("dnetist", "dentist"), one_slip_away("dog", "cats")
    (True, True, False)
    """
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    rest_left, rest_right = left[start:], right[start:]
    return (
        rest_left[1:] == rest_right[1:]
        or rest_left[1:] == rest_right
        or rest_left == rest_right[1:]
        or (rest_left[:2] == rest_right[1::-1] and rest_left[2:] == rest_right[2:])
    )


def slips_between(left: str, right: str, most: int = 2) -> int:
    """How many letters must be added, dropped or changed to make one word the other; `most` + 1 where it is more.

    >>> slips_between("toothake", "toothache"), slips_between("dog", "parrot")
    (2, 3)
    """
    if abs(len(left) - len(right)) > most:
        return most + 1
    row = list(range(len(right) + 1))
    for at, letter in enumerate(left, start=1):
        before, row = row, [at]
        for place, other in enumerate(right, start=1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != other)))
        if min(row) > most:
            return most + 1
    return row[-1]


class Speller:
    """Mends a word nobody wrote in the directory into the commonest word one slip away.

    `is_word` tells the words of the language from slips: 'driving' is not a misspelt 'drinking'.
    """

    def __init__(self, counts: dict[str, int], is_word: Callable[[str], bool] = lambda _word: False) -> None:
        self.counts = counts
        self.is_word = is_word
        self._near: dict[tuple[str, int], list[str]] = {}
        for word in sorted(counts, key=lambda w: (-counts[w], w)):
            self._near.setdefault((word[0], len(word)), []).append(word)

    def mend(self, word: str) -> str:
        """The word itself where it is known, short or beyond mending."""
        if word in self.counts or len(word) < 5 or not word.isascii() or not word.isalpha():
            return word
        if self.is_word(word) or any(
            word.endswith(end) and self.is_word(word.removesuffix(end)) for end in ENDINGS
        ):
            return word
        for first in dict.fromkeys((word[0], word[1])):
            for length in (len(word), len(word) - 1, len(word) + 1):
                for other in self._near.get((first, length), ()):
                    if len(other) > 3 and one_slip_away(word, other):
                        return other
        if len(word) < 7:
            return word
        for length in range(len(word) - 2, len(word) + 3):
            for other in self._near.get((word[0], length), ())[:150]:
                if other[1] == word[1] and other[2] == word[2] and slips_between(word, other) <= 2:
                    return other
        return word


@dataclass(frozen=True)
class _Stem:
    language: str
    stem: str
    english: str


_NOT_COMPOSED = str.maketrans("łı", "li")


def plain_letters(word: str, language: str) -> str:
    """A word as it is written in a hurry: without accents, and Arabic without vowel marks and with a plain alif.

    >>> plain_letters("demência", "pt"), plain_letters("ząb", "pl"), plain_letters("ağrı", "tr"), plain_letters("أمّي", "ar")
    ('demencia', 'zab', 'agri', 'امي')
    """
    if language == "ar":
        return re.sub("[أإآ]", "ا", _MARKS.sub("", word))
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word.translate(_NOT_COMPOSED))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


_PLAIN_FRONTS = tuple(plain_letters(front, "ar") for front in _ARABIC_FRONTS)


class Glossary:
    """Everyday words of other languages, by the start of the word, with their English.

    It knows words, not questions: 'falls', 'heating', 'tooth'. It helps where the encoder has seen little of a
    language; without it the question still goes to the encoder as it was written.
    """

    def __init__(self, rows: Iterable[dict[str, str]]) -> None:
        stems = [
            _Stem(code, plain_letters(stem.casefold(), code), row["english"])
            for row in rows
            for code in LANGUAGES
            for stem in (row.get(code) or "").split()
        ]
        self._by_start: dict[tuple[str, str], list[_Stem]] = {}
        for stem in sorted(stems, key=lambda s: -len(s.stem)):
            self._by_start.setdefault((stem.language, stem.stem[:2]), []).append(stem)

    @classmethod
    def read(cls, path: Path) -> Glossary:
        """The glossary of a pack; an absent file is an empty glossary."""
        if not path.is_file():
            return cls([])
        with path.open(encoding="utf-8", newline="") as handle:
            return cls(list(csv.DictReader(handle, delimiter="|")))

    def _english(self, word: str, language: str) -> str:
        word = plain_letters(word, language)
        forms = [word]
        if language == "ar":
            forms += [word[len(f) :] for f in _PLAIN_FRONTS if word.startswith(f) and len(word) > len(f) + 1]
        for form in forms:
            for stem in self._by_start.get((language, form[:2]), ()):
                if form == stem.stem or (len(stem.stem) > 2 and form.startswith(stem.stem)):
                    return stem.english
        return ""

    def english_of(self, text: str, known: Collection[str]) -> tuple[str, str]:
        """The language that fits best and the English of what was understood; both empty for English.

        `known` are the directory's own words: where half of the question is among them, it is English.
        """
        said = words_of(text)
        if not said:
            return "", ""
        if not _ARABIC.search(text) and sum(w in known or w in COMMON for w in said) * 2 >= len(said):
            return "", ""
        best = ("", {})  # type: tuple[str, dict[str, str]]
        for language in LANGUAGES:
            found = {word: english for word in said if (english := self._english(word, language))}
            if len(found) > len(best[1]) and self._shows(language, said, found):
                best = (language, found)
        return best[0], " ".join(dict.fromkeys(best[1].values()))

    def _shows(self, language: str, said: list[str], found: Mapping[str, str]) -> bool:
        """Whether the words found are evidence that the question is in this language.

        One word that begins like another language's is none ('zebra' begins like a Polish tooth), unless the question is
        written with letters that English has not, the beginning is long, or the question is that word and no more.
        """
        if len(found) > 1 or not all(word.isascii() for word in said):
            return True
        alone = set(said) == set(found)
        return any(
            len(stem.stem) > (3 if alone else 4) or (alone and word == stem.stem)
            for word in (plain_letters(word, language) for word in found)
            for stem in self._by_start.get((language, word[:2]), ())
            if word.startswith(stem.stem)
        )


@lru_cache(maxsize=4)
def glossary_at(path: str) -> Glossary:
    """A pack's glossary, read once a process."""
    return Glossary.read(Path(path))
