"""Crossings of districts that would be mostly hidden are left out, and no other figure with them."""

from endeavour.engine.disclosure import ALL, About, Count, Table
from endeavour.engine.measures.crossings import mostly_shown

ABOUT = About("m", "p", "t", ("period", "area", "sex", "ethnicity", "age_band"))


def table(*counts: tuple[tuple[str, ...], Count]) -> Table:
    return Table(ABOUT, dict(counts))


def by(
    area: str, *, sex: str = ALL, ethnicity: str = ALL, age: str = ALL, year: str = "2023"
) -> tuple[str, ...]:
    return (year, area, sex, ethnicity, age)


def test_two_thirds_are_enough_and_less_is_not() -> None:
    shown = [(by(f"district:{n}", sex="F"), Count(50, 100)) for n in range(2)]
    small = (by("district:2", sex="F"), Count(3, 100))
    assert list(mostly_shown(table(*shown, small)).cells) == [*dict(shown), small[0]]
    assert not mostly_shown(table(shown[0], small)).cells


def test_each_crossing_is_judged_by_itself_and_over_all_its_years() -> None:
    sexes = [(by("district:a", sex="F", year=str(year)), Count(50, 100)) for year in (2021, 2022)]
    late = (by("district:a", sex="F"), Count(2, 100))
    kinds = (by("district:a", ethnicity="mixed"), Count(1, 20))
    assert list(mostly_shown(table(*sexes, late, kinds)).cells) == [*dict(sexes), late[0]]


def test_few_outside_the_count_make_a_figure_small_and_nobody_makes_none() -> None:
    nearly_all, nobody = Count(98, 100), Count(0, 0)
    cells = [(by("district:a", sex="F"), nearly_all), (by("district:a", sex="M"), nobody)]
    assert not mostly_shown(table(*cells)).cells
    assert len(mostly_shown(table((cells[0][0], Count(50, 100)), cells[1])).cells) == 2


def test_places_ages_and_districts_themselves_stay_whatever_they_hide() -> None:
    kept = [
        (by("district:a"), Count(3, 100)),
        (by("district:a", age="80+"), Count(3, 100)),
        (by("place:a", sex="F"), Count(3, 100)),
        (by(ALL, sex="F", ethnicity="mixed"), Count(3, 100)),
    ]
    assert mostly_shown(table(*kept)).cells == dict(kept)


def test_neighbourhoods_are_judged_apart_from_districts() -> None:
    about = About("m", "p", "t", ("area", "deprivation", "neighbourhood"))
    fifths = [str(n) for n in range(1, 6)]
    districts = {("district:a", f"imd_quintile:{n}", ALL): Count(50, 100) for n in fifths}
    networks = {(ALL, f"imd_quintile:{n}", "neighbourhood:U1"): Count(2, 100) for n in fifths}
    alone = {(ALL, ALL, "neighbourhood:U1"): Count(3, 100)}
    assert mostly_shown(Table(about, districts | networks | alone)).cells == districts | alone
    enough = networks | {(ALL, f"imd_quintile:{n}", "neighbourhood:U2"): Count(50, 100) for n in fifths}
    more = {(ALL, f"imd_quintile:{n}", "neighbourhood:U3"): Count(50, 100) for n in fifths}
    assert not mostly_shown(Table(about, enough)).cells
    assert len(mostly_shown(Table(about, enough | more)).cells) == 15
