"""Whether those who must be asked about a topic were asked before a board resolved on it: pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from endeavour.governance.findings import Finding, in_words

# The gravest first.
STATES = {
    "not_consulted": "Not consulted",
    "consulted_late": "Consulted too late",
    "to_consult": "Still to be consulted",
    "untagged": "Is this its topic?",
    "not_said": "No topic was asked for",
    "consulted": "Consulted",
    "no_topic": "Touches none of these topics",
}
FAULTS = frozenset({"not_consulted", "consulted_late"})


@dataclass(frozen=True)
class Topic:
    """A topic on which some bodies are always consulted; `words` in a paper make us ask whether it is on the topic."""

    key: str
    title: str
    bodies: tuple[str, ...]
    words: tuple[str, ...]
    source: str

    def is_spoken_of(self, text: str) -> bool:
        """Whether a text uses one of its words, as a whole word.

        >>> topic = Topic("safeguarding", "Safeguarding", ("sp",), ("safeguarding", "SEND"), "")
        >>> topic.is_spoken_of("Safeguarding: a review"), topic.is_spoken_of("We sender")
        (True, False)
        """
        return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in self.words)


@dataclass(frozen=True)
class PaperFacts:
    """A paper as the rule needs it: its topics (nothing: nobody asked), its words, and when its board meets."""

    name: str
    topics: tuple[str, ...] | None
    text: str
    meets_on: date


def consulted(
    paper: PaperFacts, asked: Mapping[str, date], topics: Iterable[Topic], as_at: date
) -> list[Finding]:
    """What is true of a paper's consultation on a day, the gravest first: never empty.

    `asked` gives the first day on which each body was consulted. One asked after the board met was asked too late to
    count. A paper that speaks of a topic without being tagged so raises a question of its own, so that leaving out the
    tag does not go unseen; it goes away when everybody of that topic was asked.

    >>> topic = Topic("s", "Safeguarding", ("sp",), ("abuse",), "")
    >>> paper = PaperFacts("paper:1", ("s",), "", date(2026, 5, 1))
    >>> [f.state for f in consulted(paper, {}, [topic], date(2026, 4, 1))]
    ['to_consult']
    >>> [f.state for f in consulted(paper, {"sp": date(2026, 5, 2)}, [topic], date(2026, 6, 1))]
    ['consulted_late']
    >>> [f.state for f in consulted(PaperFacts("paper:2", (), "On abuse", date(2026, 5, 1)), {}, [topic], date(2026, 6, 1))]
    ['untagged']
    """
    known = list(topics)
    tagged = [topic for topic in known if topic.key in (paper.topics or ())]
    found = [_asked(paper, topic, body, asked, as_at) for topic in tagged for body in topic.bodies]
    found += [
        Finding(paper.name, "untagged", f"Its words speak of: {topic.title}. It is not tagged so.", (f"topic:{topic.key}",))
        for topic in known
        if topic not in tagged and not asked.keys() >= set(topic.bodies) and topic.is_spoken_of(paper.text)
    ]  # fmt: skip
    if not found and paper.topics is None:
        found = [Finding(paper.name, "not_said", "It came before papers were asked for their topics.")]
    order: Sequence[str] = list(STATES)
    found.sort(key=lambda finding: order.index(finding.state))
    return found or [Finding(paper.name, "no_topic", "Nobody says that it touches one of these topics.")]


def _asked(paper: PaperFacts, topic: Topic, body: str, asked: Mapping[str, date], as_at: date) -> Finding:
    because = (f"body:{body}", f"topic:{topic.key}")
    on = asked.get(body)
    if on and on <= as_at:
        if on > paper.meets_on:
            return Finding(
                paper.name, "consulted_late", f"Asked on {in_words(on)}, after the board met.", because
            )
        return Finding(paper.name, "consulted", f"Consulted on {in_words(on)}.", because)
    if as_at <= paper.meets_on:
        return Finding(paper.name, "to_consult", f"To be consulted by {in_words(paper.meets_on)}.", because)
    return Finding(paper.name, "not_consulted", f"Not consulted before {in_words(paper.meets_on)}.", because)
