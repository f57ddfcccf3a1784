"""Where the map cites a section of the strategy, that section speaks of what it is cited for."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from builders.strategy_text import sections_of_the_strategy
from endeavour.paths import pack_dir

# What the strategy calls a body where it does not write its name out, by the beginning of the body's id.
ITS_WORDS = {
    "stp": ("sustainability and transformation partnership",),
    "ccg-": ("clinical commissioning groups",),
    "icp": ("partnership",),
    "icb": ("integrated care board",),
    "essex-icb": ("integrated care board",),
    "hwb-": ("health and wellbeing boards",),
    "hosc-": ("health overview and scrutiny committees",),
    "healthwatch-": ("healthwatch partners",),
    "alliance-board-": ("alliance boards/committees",),
    "alliance-": ("alliances", "local alliance level"),
    "private-providers-network": ("independent and private providers network", "independent and private providers' network"),
    "symposium": ("annual symposium",),
    "stewardship-groups": ("multi-agency ‘stewardship’ groups",),
    "hospices": ("hospice",),
    "parent-carer-forums": ("parent carer forum",),
    "ph-": ("public health",),
    "pcns": ("primary care networks",),
    "practices": ("gp practices",),
    "parish-councils": ("parish and town councils",),
    "universities": ("universities and colleges",),
    "bbwcvs": ("cvs",),
}  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (pack_dir("mse") / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cited(source: str) -> list[str]:
    """The sections of the strategy that a source names.

    >>> cited("Strategy 2022, section 2.2 and 8.1; how often: our draft"), cited("Board paper, section 3.8")
    (['2.2', '8.1'], [])
    """
    found = re.search(
        r"Strategy 2022, (?:section (\d(?:\.\d+)?)(?: and (\d(?:\.\d+)?))?|(Appendix \w+))", source
    )
    return [part for part in found.groups() if part] if found else []


def spoken_of(body: dict[str, str], words: str) -> bool:
    own = {body["name"].lower(), body["short_name"].lower()} - {""}
    own |= {w for start, said in ITS_WORDS.items() if body["id"].startswith(start) for w in said}
    return any(name in words for name in own)


@pytest.fixture(scope="module")
def bodies() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in rows("bodies.csv")}


def test_the_section_cited_for_a_body_speaks_of_it(shared: Path, bodies: dict[str, dict[str, str]]) -> None:
    said = sections_of_the_strategy(shared)
    asked = [(row["id"], section) for row in bodies.values() for section in cited(row["source"])]
    assert len(asked) >= 80
    assert [pair for pair in asked if not spoken_of(bodies[pair[0]], said[pair[1]])] == []


def test_the_section_cited_for_a_route_speaks_of_an_end_of_it(
    shared: Path, bodies: dict[str, dict[str, str]]
) -> None:
    said = sections_of_the_strategy(shared)
    asked = [
        (ends, section)
        for row in rows("routes.csv")
        for section in cited(row["source"])
        # Nearly every section speaks of the partnership; the other end is the one that a route is about.
        if (ends := tuple(e for e in (row["from_body"], row["to_body"]) if e != "icp"))
    ]
    assert len(asked) >= 50
    missed = [(ends, s) for ends, s in asked if not any(spoken_of(bodies[end], said[s]) for end in ends)]
    assert missed == []


def test_the_section_cited_for_a_seat_speaks_of_its_board(
    shared: Path, bodies: dict[str, dict[str, str]]
) -> None:
    said = sections_of_the_strategy(shared)
    asked = [(row["body"], row["title"], s) for row in rows("posts.csv") for s in cited(row["source"])]
    assert len(asked) >= 10
    missed = [
        (body, title, s)
        for body, title, s in asked
        if not spoken_of(bodies[body], said[s]) or ("Chair" in title and "chair" not in said[s])
    ]
    assert missed == []
