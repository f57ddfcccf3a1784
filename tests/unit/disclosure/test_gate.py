"""The gate's promises one at a time."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from endeavour.engine.disclosure import (
    About,
    Count,
    FileLog,
    MemoryLog,
    People,
    Published,
    PublishedTable,
    Shown,
    Table,
    publish,
    publish_count,
    publish_mean,
    publish_together,
)
from endeavour.engine.disclosure.published import Audit, PublishedMean
from endeavour.engine.disclosure.rules import interval, is_small, rounded
from endeavour.errors import BadInput, Corrupt

PLACE = About("falls", "residents", "2025", ("place",))
SMALL = str(Shown.SMALL)


def counts(**cells: int) -> dict[tuple[str, ...], Count]:
    return {(name,): Count(value) for name, value in cells.items()}


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0"), (1, SMALL), (7, SMALL), (8, "10"), (12, "10"), (13, "15")]
)
def test_one_to_seven_is_hidden_and_the_rest_rounded(count: int, words: str) -> None:
    assert publish_count(PLACE, count).words == words


@pytest.mark.parametrize("count", range(500))
def test_what_is_shown_always_covers_the_truth(count: int) -> None:
    if not is_small(count):
        low, high = interval(rounded(count))
        assert low <= count <= high


def test_only_the_gate_makes_a_published_value() -> None:
    for make in (
        lambda: Published(1, 2, Shown.SHOWN),
        lambda: PublishedMean(1.0, 2, Shown.SHOWN),
        lambda: PublishedTable(PLACE, {}, Audit(0, 0, 0, 0, 0, 0)),
    ):
        with pytest.raises(TypeError, match="only the disclosure gate"):
            make()


def test_a_published_value_does_not_change() -> None:
    with pytest.raises(AttributeError):
        publish_count(PLACE, 40).numerator = 41  # type: ignore[misc]


def test_a_second_figure_is_hidden_where_one_alone_could_be_worked_out() -> None:
    # 3 is hidden; with 98 and 102 shown the others sum to at most 5 away from it, too close to hide a count of 3.
    table = publish(PLACE, counts(all=103, a=3, b=100))
    assert table[("a",)].words == SMALL
    alone = publish(PLACE, counts(all=10, a=2, b=8))
    assert {alone[("b",)].reason, alone[("all",)].reason} & {Shown.SECONDARY}
    assert alone.audit.hidden_beside >= 1


def test_both_terms_of_a_rate_are_rounded() -> None:
    cell = publish(PLACE, {("a",): Count(33, 98)})[("a",)]
    assert (cell.numerator, cell.denominator, cell.percent) == (35, 100, 35.0)


def test_a_rate_hides_what_is_small_among_those_not_counted() -> None:
    cell = publish(PLACE, {("a",): Count(97, 100)})[("a",)]
    assert cell.is_hidden
    assert cell.words == SMALL


def test_nobody_in_the_group_is_said_not_shown_as_nought() -> None:
    assert publish(PLACE, {("a",): Count(0, 0)})[("a",)].reason is Shown.EMPTY


def test_parts_that_come_to_more_than_the_whole_are_refused_unless_said_to_overlap() -> None:
    cells = counts(all=50, carer=40, veteran=30)
    with pytest.raises(BadInput, match="more than the total"):
        publish(PLACE, cells)
    assert publish(PLACE, cells, overlapping=frozenset({"place"}))[("carer",)].words == "40"


def test_a_part_no_row_shows_is_protected_as_well() -> None:
    # All 40, of whom 36 are in the one row shown: the 4 others must not be a subtraction away.
    table = publish(PLACE, counts(all=12, a=8))
    assert any(cell.is_hidden for cell in table.values())


def test_a_key_of_the_wrong_length_and_a_negative_count_are_refused() -> None:
    with pytest.raises(BadInput, match="one value for each"):
        publish(PLACE, {("a", "b"): Count(10)})
    with pytest.raises(BadInput, match="not a count"):
        publish(PLACE, {("a",): Count(-1)})
    with pytest.raises(BadInput, match="not a share"):
        publish(PLACE, {("a",): Count(11, 10)})


def test_nested_areas_protect_each_other() -> None:
    cells = counts(all=200, north=105, south=95, n1=100, n2=5, s1=95)
    table = publish(PLACE, cells, parents={"place": {"n1": "north", "n2": "north", "s1": "south"}})
    assert table[("n2",)].is_hidden


def test_the_same_table_has_the_same_release_and_is_logged_once(tmp_path: Path) -> None:
    log = FileLog(tmp_path)
    first = publish(PLACE, counts(all=203, a=3, b=200), log=log)
    again = publish(PLACE, counts(all=203, a=3, b=200), log=log)
    assert first.release_id == again.release_id
    assert len(list(tmp_path.rglob("*.json"))) == 1
    assert again.audit.earlier_releases == 1


def test_the_log_is_private_and_a_broken_one_stops_the_gate(tmp_path: Path) -> None:
    log = FileLog(tmp_path)
    publish(PLACE, counts(all=203, a=3, b=200), log=log)
    [path] = tmp_path.rglob("*.json")
    assert path.stat().st_mode & 0o077 == 0
    path.write_text('{"measure"')
    with pytest.raises(Corrupt, match="cannot be read"):
        publish(PLACE, counts(all=203), log=log)


def test_an_earlier_release_is_held_against_the_next() -> None:
    about = About("falls", "residents", "2025", ("sex", "age"))
    by_sex = {("all", "all"): Count(18), ("f", "all"): Count(8), ("m", "all"): Count(10)}
    by_age = {("f", "all"): Count(8), ("f", "old"): Count(5), ("f", "young"): Count(3)}
    alone = publish(about, by_age)
    log = MemoryLog()
    publish(about, by_sex, log=log)
    after = publish(about, by_age, log=log)
    assert after.audit.earlier_releases == 1
    assert alone[("f", "old")].is_hidden
    assert after[("f", "old")].is_hidden


@pytest.mark.parametrize(
    ("count", "largest", "second", "reason"),
    [(0, 0, 0, Shown.EMPTY), (7, 1, 1, Shown.SMALL), (20, 90, 1, Shown.DOMINATED), (20, 6, 6, Shown.SHOWN)],
)
def test_means_of_few_or_of_one_are_hidden(count: int, largest: float, second: float, reason: Shown) -> None:
    mean = publish_mean(100.0, count, largest=largest, second=second)
    assert mean.reason is reason
    assert (mean.mean is None) == (reason is not Shown.SHOWN)


def test_rows_speak_words_and_never_exact_counts() -> None:
    table = publish(PLACE, counts(all=203, a=3, b=200))
    row = next(row for row in table.rows() if row["place"] == "a")
    assert row == {"place": "a", "numerator": None, "denominator": None, "percent": None, "reason": SMALL}
    assert "none could be narrowed" in table.audit.words


def test_the_whole_is_shown_where_hiding_a_part_protects_as_well() -> None:
    table = publish(PLACE, counts(all=10, a=2, b=8))
    assert not table[("all",)].is_hidden
    assert table[("b",)].reason is Shown.SECONDARY


@pytest.mark.parametrize("seed", range(20))
def test_no_grand_total_is_hidden_over_a_whole_table(seed: int) -> None:
    draw = random.Random(seed)
    cells = {(a, b): draw.choice([0, 1, 3, 6, 12, 25, 60]) for a in "uvwxyz" for b in "klmn"}
    totals = {(a, "all"): sum(n for (x, _), n in cells.items() if x == a) for a in "uvwxyz"}
    totals |= {("all", b): sum(n for (_, y), n in cells.items() if y == b) for b in "klmn"}
    totals["all", "all"] = sum(cells.values())
    about = About("falls", "residents", "2025", ("place", "group"))
    table = publish(about, {key: Count(n) for key, n in (cells | totals).items()})
    assert any(cell.is_hidden for cell in table.values())
    assert not table["all", "all"].is_hidden


def test_what_one_measure_hides_of_everybody_no_other_shows() -> None:
    """Two measures of all adults that share no condition: one has a place of 2 adults, the other does not name it."""
    adults = People(ages=(18, 200))
    alone, carer = (adults & People(frozenset({word})) for word in ("lives alone", "is a carer"))
    places = {("north",): Count(0, 2), ("south",): Count(40, 100), ("all",): Count(40, 102)}
    first = Table(About("alone", "x", "2025", ("place",), adults, alone), places)
    second = Table(About("carers", "x", "2025", ("place",), adults, carer), {("south",): Count(50, 100)})
    tables = publish_together([first, second])
    assert publish_together([second])[0][("south",)].denominator == 100, "alone it may be shown"
    hidden = [table[("south",)].denominator is None for table in tables]
    assert hidden == [True, True]
