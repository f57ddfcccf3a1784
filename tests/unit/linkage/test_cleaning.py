"""One shape for what agencies write, and nothing at all for what only fills a field."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from builders.linkage import ADA, BLANK, NUMBERS
from endeavour.engine.linkage.cleaning import FEWEST, MOST_BEARERS, clean
from endeavour.engine.linkage.extract_format import arrow_schema
from endeavour.engine.linkage.nhs_number import valid_sql

DAY = date(2021, 3, 21)


def cleaned(*records: dict[str, Any]) -> list[dict[str, Any]]:
    """The records in one shape, in order."""
    import pyarrow as pa

    rows = [BLANK | {"record_id": str(number)} | one for number, one in enumerate(records, 1)]
    connection = duckdb.connect()
    connection.register("given", pa.Table.from_pylist(rows, schema=arrow_schema()))
    connection.execute("CREATE TABLE given_record AS SELECT 'police_fire' AS agency, * FROM given")
    clean(connection, as_at=DAY)
    return connection.sql("SELECT * FROM record ORDER BY unique_id").to_arrow_table().to_pylist()


def one(column: str, value: object) -> Any:
    """A single value, cleaned."""
    named = {"house": "address"}.get(column, column)
    return cleaned(ADA | {named: value})[0][column]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Zoë", "ZOE"), ("O’Brien", "OBRIEN"), ("Smith-Jones", "SMITHJONES"), ("Søren", "SOREN"), ("Weiß", "WEISS"),
        ("Łukasz", "LUKASZ"), ("Æthel", "AETHEL"), ("Олена", "ОЛЕНА"), ("محمد", "محمد"), ("李", "李"), ("J", "J"),
        ("  ada ", "ADA"),
    ],
)  # fmt: skip
def test_a_name_keeps_its_letters_whatever_the_script(given: str, kept: str) -> None:
    assert one("forename", given) == kept
    assert one("surname", given) == kept


@pytest.mark.parametrize(
    ("given", "root", "middle"),
    [
        ("Bill", "WILLIAM", None), ("Bill Anthony", "WILLIAM", "A"), ("Mary  Ann Lee", "MARY", "A"), ("Jean-Paul", "JEANPAUL", None),
        ("Mr John", "MRJOHN", "J"), ("Baby of Jane", None, "O"),
    ],
)  # fmt: skip
def test_a_forename_is_known_by_its_first_word_and_the_initial_of_the_next(
    given: str, root: str | None, middle: str | None
) -> None:
    [record] = cleaned(ADA | {"forename": given})
    assert (record["root"], record["middle"]) == (root, middle)


@pytest.mark.parametrize(
    "filler",
    ["UNKNOWN", "Not known", "not-given", "N/A", "-", "?", "", "Mr", "Test", "Baby", "Baby of Jane", "Twin 2", "BABY BOY", "zz", "XX", "nk"],
)  # fmt: skip
def test_what_fills_the_field_of_a_forename_is_no_name(filler: str) -> None:
    assert one("forename", filler) is None


@pytest.mark.parametrize("filler", ["UNKNOWN", "Not Stated", "TEST", "none", "ZZZ"])
def test_what_fills_the_field_of_a_surname_is_no_name(filler: str) -> None:
    assert one("surname", filler) is None


@pytest.mark.parametrize("name", ["Babyak", "Testa", "Unknowles", "Twinning", "Ann", "Bo"])
def test_a_name_that_begins_like_a_filler_is_a_name(name: str) -> None:
    assert one("surname", name) == name.upper()
    assert one("forename", name) == name.upper()


@pytest.mark.parametrize(
    ("column", "given", "kept"),
    [
        ("postcode", "xe1 1aa", "XE11AA"), ("postcode", "ZZ99 3VZ", None), ("postcode", "UNKNOWN", None),
        ("postcode", "NFA", None), ("postcode", "XE1", None),
        ("uprn", "900000000012.0", "900000000012"), ("uprn", "000012", "12"), ("uprn", "999999999999", None),
        ("uprn", "0", None), ("uprn", "UNKNOWN", None), ("uprn", "9.0E+11", None),
        ("nhs_number", "943 476 5919", NUMBERS[0]), ("nhs_number", "9434765919.0", NUMBERS[0]), ("nhs_number", "UNKNOWN", None),
        ("house", "No fixed abode", None), ("house", "NFA", None), ("house", "Not known", None),
        ("house", "Flat 2, 12 Mill Road", "2-12"), ("house", "The Limes", "THELIMES"),
        ("house", "Nonesuch House", "NONESUCHHOUSE"),
        ("birth_date", date(1900, 1, 1), None), ("birth_date", date(9999, 12, 31), None), ("birth_date", DAY, DAY),
    ],
)  # fmt: skip
def test_what_fills_a_field_is_nothing_and_the_rest_has_one_shape(
    column: str, given: object, kept: object
) -> None:
    assert one(column, given) == kept


def test_a_birth_date_or_property_that_a_form_puts_everywhere_is_nothing() -> None:
    filled = ADA | {"birth_date": date(1970, 1, 1), "uprn": "900000000001"}
    records = cleaned(*[filled] * FEWEST, ADA)
    assert {(row["birth_date"], row["uprn"]) for row in records[:-1]} == {(None, None)}
    assert (records[-1]["birth_date"], records[-1]["uprn"]) == (ADA["birth_date"], ADA["uprn"])
    fewer = cleaned(*[filled] * (FEWEST - 1), ADA)
    assert {row["birth_date"] for row in fewer[:-1]} == {date(1970, 1, 1)}


def test_an_nhs_number_of_many_birth_dates_is_nobodys() -> None:
    born = [ADA | {"nhs_number": NUMBERS[0], "birth_date": date(1950 + year, 1, 1)} for year in range(9)]
    assert {row["nhs_number"] for row in cleaned(*born)} == {None}
    assert {row["nhs_number"] for row in cleaned(*born[:MOST_BEARERS])} == {NUMBERS[0]}


def test_words_for_a_number_stop_nothing_wherever_they_stand() -> None:
    """An engine may test the digits of a whole column before it knows which rows have ten."""
    given = ["UNKNOWN", NUMBERS[0], "12", None, "943476591X", "", NUMBERS[1]] * 400
    kept = [row["nhs_number"] for row in cleaned(*[ADA | {"nhs_number": number} for number in given])]
    assert kept[:7] == [None, NUMBERS[0], None, None, None, None, NUMBERS[1]]
    found = duckdb.sql(f"SELECT {valid_sql('n')} FROM (VALUES ('UNKNOWN'), ('')) AS t(n)").fetchall()
    assert not any(row[0] for row in found)
