"""How hard words are to read, in a few lines: Flesch-Kincaid grade and SMOG, from syllables counted by vowel groups."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from endeavour.frontdoor.models import Service

_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
# Words of the trade that residents told services they do not use; an editor is asked for a plainer one.
JARGON = {
    "assessment": "finding out what you need", "multidisciplinary": "different kinds of staff", "referral": "being sent on by",
    "rehabilitation": "help to recover", "adherence": "taking it as planned", "domiciliary": "at home",
    "discharge": "leaving hospital", "signposting": "telling you where to go", "hypertension": "high blood pressure",
    "musculoskeletal": "muscles, bones and joints", "palliative": "comfort care", "provision": "giving", "statutory": "by law",
    "phlebotomy": "blood tests", "cardiovascular": "heart and blood", "ambulatory": "while you move about",
    "intervention": "help", "pathway": "steps", "triage": "deciding who to see first",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How hard a text is: school years by two formulas, the reading age, and its words of the trade."""

    words: int
    grade: float
    smog: float
    jargon: tuple[tuple[str, str], ...]

    @property
    def age(self) -> int:
        """The reading age: English school years start at five."""
        return round(max(0.0, self.grade)) + 5

    @property
    def plain(self) -> bool:
        """Whether an eleven-year-old could read it."""
        return self.age <= 11 and not self.jargon


def syllables(word: str) -> int:
    """Syllables by groups of vowels; a silent last e does not count, and every word has one.

    >>> [syllables(w) for w in ("help", "doctor", "medicine", "table", "the")]
    [1, 2, 3, 2, 1]
    """
    word = word.casefold().replace("’", "").replace("'", "")
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    return max(1, groups)


def measure(text: str) -> Reading:
    """How hard a text is. Kincaid et al. 1975; McLaughlin 1969 (made for thirty sentences, so rough for fewer)."""
    words = _WORD.findall(text)
    if not words:
        return Reading(0, 0.0, 0.0, ())
    sentences = max(1, len(_SENTENCE.findall(text)))
    counted = [syllables(w) for w in words]
    grade = 0.39 * len(words) / sentences + 11.8 * sum(counted) / len(words) - 15.59
    smog = 1.043 * math.sqrt(sum(n >= 3 for n in counted) * 30 / sentences) + 3.1291
    held = {w.casefold() for w in words}
    return Reading(len(words), grade, smog, tuple((k, v) for k, v in JARGON.items() if k in held))


def hardest(services: Iterable[Service], *, limit: int) -> list[tuple[Service, Reading]]:
    """The editors' queue: the services hardest to read, hardest first."""
    measured = [(s, measure(f"{s.description} {s.expect}")) for s in services]
    return sorted((m for m in measured if not m[1].plain), key=lambda m: (-len(m[1].jargon), -m[1].grade))[
        :limit
    ]
