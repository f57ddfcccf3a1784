"""How hard a text is to read, and which of its words need explaining. Pure, in a few lines, with its sources.

Grades are United States school years; reading age is the grade plus five.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

SENTENCE = re.compile(r"[.!?]+(?:\s|$)|\n{2,}")
WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
# Words of the trade that a resident should not have to know, with what to say instead.
PLAIN = {
    "commissioning": "planning and paying for",
    "stakeholders": "people involved",
    "stakeholder": "person involved",
    "pathway": "steps of care",
    "pathways": "steps of care",
    "transformation": "change",
    "leverage": "use",
    "utilise": "use",
    "utilisation": "use",
    "cohort": "group of people",
    "multidisciplinary": "of several professions",
    "co-production": "working on it together",
    "coproduction": "working on it together",
    "subsidiarity": "doing things as locally as makes sense",
    "stratification": "sorting by risk",
    "upstream": "earlier",
    "going forward": "from now on",
    "deep dive": "close look",
    "holistic": "whole",
    "facilitate": "help",
    "implement": "do",
    "implementation": "doing",
    "signpost": "point",
    "signposting": "pointing",
    "footprint": "area",
    "mobilise": "get going",
    "robust": "strong",
    "strategic": "long-term",
    "governance": "who decides",
    "workstream": "piece of work",
    "workstreams": "pieces of work",
    "engagement": "listening",
    "outcomes framework": "list of what we want to change",
}
HARDEST_AGE = 11.0


@dataclass(frozen=True)
class Reading:
    """How a text reads; a text without words has no grade."""

    words: int
    sentences: int
    flesch_kincaid: float | None
    smog: float | None
    warnings: tuple[str, ...]

    @property
    def reading_age(self) -> float | None:
        """The age at which most can read it, by Flesch-Kincaid."""
        return None if self.flesch_kincaid is None else round(self.flesch_kincaid + 5, 1)


def syllables(word: str) -> int:
    """An estimate of the syllables of a word: its groups of vowels, less a silent ending.

    >>> [syllables(w) for w in ("care", "people", "health", "inequality", "agreed", "cases")]
    [1, 2, 1, 5, 2, 2]
    """
    plain = re.sub(r"[^a-z]", "", word.lower())
    if not plain:
        return 0
    count = len(re.findall(r"[aeiouy]+", plain))
    if (
        (plain.endswith("e") and not plain.endswith(("le", "ee")) and count > 1)
        or (
            plain.endswith("es")
            and not plain.endswith(("ses", "ces", "ges", "xes", "zes", "ches", "shes", "ies"))
            and count > 1
        )
        or (plain.endswith("ed") and not plain.endswith(("ted", "ded", "eed")) and count > 1)
    ):
        count -= 1
    if "ia" in plain or "io" in plain.replace("tion", "").replace("sion", ""):
        count += 1
    return max(1, count)


@dataclass(frozen=True)
class Counted:
    """What the formulas need of a text; one without words has no grade."""

    words: int
    sentences: int
    syllables: int
    long_words: int

    @property
    def grade(self) -> float:
        """Flesch-Kincaid: 0.39 x words a sentence + 11.8 x syllables a word - 15.59 (Kincaid and others 1975)."""
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def smog(self) -> float:
        """1.0430 x sqrt(words of three syllables or more x 30 / sentences) + 3.1291 (McLaughlin 1969).

        It was made for thirty sentences or more, so it is rough for fewer.
        """
        return 1.0430 * math.sqrt(self.long_words * 30 / self.sentences) + 3.1291


def counted(text: str) -> Counted:
    """The words, sentences and syllables of a text.

    >>> counted("The cat sat on the mat. It was warm.")
    Counted(words=9, sentences=2, syllables=9, long_words=0)
    """
    found = [syllables(word) for word in WORD.findall(text)]
    sentences = max(1, len([s for s in SENTENCE.split(text) if s and WORD.search(s)]))
    return Counted(len(found), sentences, sum(found), sum(n >= 3 for n in found))


def read(text: str, *, meanings: Mapping[str, str] | None = None) -> Reading:
    """Grade a text and name its hard words; SMOG is left out below three sentences.

    >>> read("The cat sat on the mat. It was warm.").reading_age
    3.0
    """
    found = counted(text)
    if not found.words:
        return Reading(0, 0, None, None, ())
    grade = round(found.grade, 1)
    smog = round(found.smog, 1) if found.sentences >= 3 else None
    return Reading(found.words, found.sentences, grade, smog, _warnings(text, grade, meanings or {}))


def _warnings(text: str, grade: float, meanings: Mapping[str, str]) -> tuple[str, ...]:
    lower = text.lower()
    found = []
    if grade + 5 > HARDEST_AGE:
        found.append(
            f"This reads at about age {grade + 5:.0f}; aim for 9 to 11. Shorter sentences help most."
        )
    for hard, easy in PLAIN.items():
        if re.search(rf"\b{re.escape(hard)}\b", lower):
            found.append(f"'{hard}': say '{easy}'.")
    for term, meaning in meanings.items():
        if re.search(rf"\b{re.escape(term)}\b", text):
            found.append(f"'{term}' needs its meaning the first time: {meaning}")
    unknown = sorted(set(re.findall(r"\b[A-Z]{2,6}\b", text)) - set(meanings) - {"NHS", "GP", "MSE"})
    return (*found, *(f"'{short}' is not in the glossary: write it out." for short in unknown))
