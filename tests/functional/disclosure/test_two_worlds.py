"""Two installations that differ in their people and in nothing else: whatever number differs between them counts people.

Every public address of both is asked for: pages, charts, CSV, JSON and PDF. A whole number that one says and the other
does not was counted of people, and so must be nought, or a multiple of 5 of at least 10: only the gate makes it so. What
else may differ (how many figures there are, a limit of the published rule) stands below with its reason.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from functional.conftest import surroundings

# One process, so that each world is built once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("worlds")]

World = dict[str, list[str]]
"""What each address answers: the kind of its answer, and its text."""

WORLDS = {"one": ("20000", "47"), "other": ("21000", "58")}
"""Residents, and how many asked for help."""

TOLD = ("title", "alt", "aria-label", "content", "value", "label", "data-label")
"""What an element says that is not between its tags."""

WHOLE = re.compile(
    r"(?<![\w.,:#/\u2212-])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\w:]|\.\d|,\d{3}(?!\d)|-\d|\s*%|\s+per cent|/\d)"
)
"""A whole number that is no part of a date, a share, a decimal or a code."""

NOT_OF_PEOPLE = {
    "words of the classification, not counts": r"fifths? \d( of \d)?|tenth \d+ of 10|decile \d+|nearest 5|aged? \d+( to \d+)?|\d+ to \d+|"
    r"\d+\u2013\d+|under \d+|\d+ and (over|under|older)|\d+ or over|stages? \d( or \d)?|\d+ of \d+$",
    "how many figures, groups, measures or places are spoken of": r"See \d+ more|[\d,]+ (of [\d,]+ )?(small groups|figures|groups|measures|places|limits|neighbourhoods?)|"
    r"\d+ have a|and \d+ worse|none better|\d+ (is|are) (better|worse|higher)|(or more|or less|known|under|to) ?[\d.]*%?: \d+|Of \d+, \d+ (is|are)|(All|None of the) \d+|in \d+ measures?|and \d+ (is |are )?(higher|lower)|\d+ (higher|lower)|held what was planted \d+|(are|is) better and \d+|Mid and South Essex \d+ of \d+",
    "the size and the limits of the published rule, which nobody counted": r"\d+[ |]+households (chosen|in all|scores)|"
    r"at (most|least) \d+|of (?:the )?\d+ households|\d+ points?",
    "days, and how long figures take": r"about \d+ (day|month|year)s?|(\d+ )?(January|February|March|April|May|June|July|August|September|October|November|December) \d{4}",
    "a share, an age or a size in words": r"\d+ (kB|MB|kilobytes|megabytes)|\d+ years old|\d+ (times )?in \d+",
    "what would have to change, worked out from rounded terms": r"About \d+ (more|fewer)",
}
NOISE = re.compile(rf"(?<![\w.,/])(?:{'|'.join(NOT_OF_PEOPLE.values())})(?!\w|\.\d)", re.IGNORECASE)

LIMIT = re.compile(
    r"at (?:most|least) (\d+) |(\d+) to (\d+) households|(\d+) households in all", re.IGNORECASE
)
"""A limit of the rule: where it was met to the household, how many were chosen is the limit."""

PRICED = re.compile(r"points of need|without it|Here that is")
"""What stands before a limit told again, or before how many were chosen under it."""

LABELS = {
    "how many rows there are": {"count", "offset", "next_offset", "runs", "covered"},
    "the published rule's own numbers": {"size", "least", "most", "comparison_size"},
    "how the solver worked": {"rounds", "columns_tried", "limits"},
    "the names of groups": {"group", "subgroup"},
    "what would have to change, worked out from rounded terms": {"more_to_reach"},
    "shares, rates, means and prices, which may be whole by chance": {
        *(
            "value",
            "low",
            "high",
            "lower_95",
            "upper_95",
            "system_value",
            "previous",
            "expected",
            "standardised",
        ),
        *(
            "standardised_low",
            "standardised_high",
            "percent",
            "crises_percent",
            "found_percent",
            "percent_of_chosen",
            "covered_percent",
            "percent_changed_less",
            "percent_changed_more",
        ),
        *(
            "mean_age",
            "mean_multimorbidity",
            "mean_need_of_chosen",
            "need_at_threshold",
            "chosen_per_1000_in_need",
            "price",
            "sii",
            "sii_low",
            "sii_high",
            "rii",
            "rii_low",
            "rii_high",
        ),
        *("spc_mean", "spc_low", "spc_high", "truth", "estimate", "perfect_value", "perfect_sii", "target"),
    },
}
UNCOUNTED = set().union(*LABELS.values())
"""Columns and keys whose whole numbers count nobody."""


class Seen(HTMLParser):
    """The text of a page and what its elements say of themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_code |= tag in ("script", "style")
        self.parts += [" | ", *(f"{value} | " for name, value in attrs if name in TOLD and value)]

    def handle_endtag(self, tag: str) -> None:
        self.is_code &= tag not in ("script", "style")
        self.parts.append(" | ")

    def handle_data(self, data: str) -> None:
        if not self.is_code:
            self.parts.append(data)


def leaves(told: object, label: str = "") -> Iterator[tuple[str, object]]:
    """Every value of a JSON answer with its key."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from leaves(value, key)
    elif isinstance(told, list):
        for value in told:
            yield from leaves(value, label)
    else:
        yield label, told


def said(kind: str, text: str) -> Counter[tuple[str, int]]:
    """Every whole number of an answer that may count people, with its label or the words before it.

    In a table of data each stands as often as it is given; in words once.
    """
    if "json" in kind:
        values: Iterable[tuple[str, object]] = leaves(json.loads(text))
    elif "csv" in kind:
        values = (
            (name or "", value) for row in csv.DictReader(io.StringIO(text)) for name, value in row.items()
        )
    else:
        page = Seen()
        page.feed(text)
        values = [("", "".join(page.parts) if "html" in kind or "svg" in kind else text)]
    cells: Counter[tuple[str, int]] = Counter()
    words: set[tuple[str, int]] = set()
    met = ""
    for label, value in values:
        number = re.fullmatch(r"(\d+)(\.0)?", str(value))
        if number and not isinstance(value, bool):
            # A limit that was met to the household says how many were chosen, and the rule says the limit.
            if label not in UNCOUNTED and not (label == "chosen" and number[1] == met):
                cells[label, int(number[1])] += 1
            met = number[1] if label == "most" else met
        elif " " in str(value) and label not in UNCOUNTED:
            plain = NOISE.sub(" ~ ", re.sub(r"\s+", " ", str(value)))
            limits = {number for pair in LIMIT.findall(str(value)) for number in pair}
            words |= {
                (
                    re.sub(r"[\d.,]+", "#", plain[max(0, hit.start() - 40) : hit.start()]),
                    int(hit[0].replace(",", "")),
                )
                for hit in WHOLE.finditer(plain)
                if not (hit[0] in limits and PRICED.search(plain[max(0, hit.start() - 40) : hit.start()]))
            }
    return cells + Counter(words)


def is_from_the_gate(number: int) -> bool:
    return number == 0 or (number >= 10 and number % 5 == 0)


def rates(found: Counter[tuple[str, int]]) -> set[int]:
    """Every rate for each 1,000 that two shown counts of one answer come to; small ones are no excuse."""
    shown = {n for _, n in found if n and is_from_the_gate(n)}
    return {round(1000 * a / b) for a in shown for b in shown if 10 * a > b >= a}


def leaks(one: World, other: World) -> list[str]:
    """Every number that only one world says and that the gate would not have let out, with what stands before it."""
    found = []
    for address in sorted(one.keys() & other.keys()):
        if one[address] != other[address]:
            here, there = said(*one[address]), said(*other[address])
            only = {pair for pair in set(here - there) | set(there - here) if not is_from_the_gate(pair[1])}
            per_1000 = rates(here) | rates(there) if only else set()
            found += [f"{address}: {before}<{n}>" for before, n in sorted(only) if n not in per_1000]
    return found


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[World]:
    """What every address of two installations answers."""
    found = []
    for name, (residents, requests) in WORLDS.items():
        var = tmp_path_factory.mktemp(name)
        environment = surroundings(var)
        build = [sys.executable, "-c", "from endeavour.cli import main; main()", "up", "--build-only"]
        subprocess.run([*build, "--residents", residents], env=environment, check=True, timeout=1800)
        walk = [sys.executable, str(Path(__file__).with_name("walk.py")), str(var / "walk.json"), requests]
        subprocess.run(
            walk, env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)}, check=True, timeout=1800
        )
        found.append(json.loads((var / "walk.json").read_text(encoding="utf-8")))
    return found


def test_the_walk_meets_every_kind_of_answer(worlds: list[World]) -> None:
    one, other = worlds
    both = one.keys() & other.keys()
    assert len(both) > 200
    kinds = {one[address][0].split(";")[0] for address in both}
    assert kinds >= {"text/html", "text/csv", "application/json", "application/pdf"}
    counted = {address for address in both if said(*one[address]) != said(*other[address])}
    assert len(counted) > 40, "pages that count people differ, or the worlds are one"
    for part in (
        "/measure/",
        "/core20plus5/",
        "/first-5000",
        "/segments",
        "/inequality/",
        "/find-help/",
        "/influence",
        "/api/population/",
        "/area/",
    ):
        assert any(address.startswith(part) for address in counted), f"nothing under {part} counts anybody"


def test_no_number_of_people_is_shown_but_through_the_gate(worlds: list[World]) -> None:
    found = leaks(*worlds)
    assert found == [], f"{len(found)}\n" + "\n".join(found[:40])


COUNTS = {
    "/first-5000": r"[\d,]+(?=\D{1,60}households the rule considered)",
    "/first-5000.csv": r"(?<=deprivation,all,)\d+",
    "/api/population/figures?measure=smoking&by=": r'(?<="numerator": )\d+',
}
"""Where the first count of people stands on a page, in a file and in an answer of the API."""


@pytest.mark.parametrize("raw", ["3", "6", "1234"])
@pytest.mark.parametrize("address", COUNTS)
def test_a_count_that_passes_by_the_gate_is_found(worlds: list[World], address: str, raw: str) -> None:
    """The comparison is not for show: one raw count in one answer of one world is enough."""
    one, other = worlds
    kind, text = one[address]
    slipped = re.sub(COUNTS[address], raw, text, count=1)
    assert slipped != text
    assert leaks({address: [kind, slipped]}, {address: other[address]})
