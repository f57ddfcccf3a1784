"""Two records side by side: what a clerk reads of them, and the picture of the evidence."""

from __future__ import annotations

import re

from endeavour.engine.linkage.review import FIELDS, Factor, ReviewPair
from endeavour.population.presenters_linkage import lines, waterfall

LEFT = {"agency": "housing", "forename": "ADA", "sex": "F", "address_from": "2020-09-11"}
RIGHT = {
    "agency": "nhs",
    "nhs_number": "9464800895",
    "forename": "Ada",
    "sex": "M",
    "address_from": "2021-03-21",
}


def pair(left: dict[str, str] = LEFT, right: dict[str, str] = RIGHT) -> ReviewPair:
    """A doubtful pair whose evidence falls short of nothing by little."""
    sides = [{name: side.get(name, "") for name in FIELDS} for side in (left, right)]
    factors = (
        Factor("prior", "two records drawn at random", -15.7),
        Factor("home", "the same home", 13.0),
        Factor("nhs_number", "not known for one of them, or both", 0.0),
    )
    return ReviewPair("housing:1", "nhs:2", -2.7, 0.13, "grey zone", sides[0], sides[1], factors)


def shown(label: str, **changed: str) -> tuple[str, str, str]:
    """Both values of a field and what is said beside them."""
    line = next(line for line in lines(pair(right=RIGHT | changed)) if line.label == label)
    return line.left, line.right, line.beside


def test_values_are_written_as_clerks_read_them() -> None:
    assert shown("NHS number") == ("not known", "946 480 0895", "one is not known")
    assert shown("NHS number", nhs_number="94648")[1] == "94648", (
        "what is no whole number stays as it was given"
    )
    assert shown("Sex") == ("Female", "Male", "differs")


def test_of_two_days_the_newer_address_is_named() -> None:
    assert shown("Address last known right") == ("11 September 2020", "21 March 2021", "the second is newer")
    assert shown("Address last known right", address_from="2019-01-01")[2] == "the first is newer"
    assert shown("Address last known right", address_from="2020-09-11")[2] == "same"
    assert shown("Address last known right", address_from="")[2] == "one is not known"


def test_what_is_not_known_moves_nothing_and_has_no_bar() -> None:
    svg = waterfall(pair()).svg
    assert re.findall(r'font-weight="700">([^<]*)<', svg) == ["−15.7", "+13.0", "0"]
    assert svg.count("<rect ") == 2


def test_the_line_of_nothing_stands_beside_the_bars_and_crosses_no_number() -> None:
    svg = waterfall(pair()).svg
    numbers = [int(y) for y in re.findall(r'y="(\d+)" text-anchor="end"', svg)]
    marks = [(int(y), int(y) + int(long)) for y, long in re.findall(r"M\d+ (\d+)v(\d+)", svg)]
    assert len(marks) == 3
    assert not any(top <= number <= bottom for number in numbers for top, bottom in marks)
