"""The schema is complete, agrees with the database and with its reference page."""

from __future__ import annotations

from pathlib import Path

from endeavour.core.models import Area, Body, Route
from endeavour.pack.compile.steps import STEPS
from endeavour.pack.document import with_tables
from endeavour.pack.schema import BY_NAME, TABLES, codes

CHECKOUT = Path(__file__).parents[3]


def test_every_table_is_either_compiled_or_written_by_hand() -> None:
    assert set(STEPS) == {t.name for t in TABLES if not t.written_by_hand}
    assert len(BY_NAME) == len(TABLES)


def test_keys_dates_and_references_name_real_columns() -> None:
    for table in TABLES:
        names = [c.name for c in table.columns]
        assert len(names) == len(set(names)), table.name
        assert set(table.key) <= set(names), table.name
        assert set(table.dated or ()) <= set(names), table.name
        for column in table.columns:
            for target in column.refers_to:
                other, name = target.split(".")
                assert name in [c.name for c in BY_NAME[other].columns], target


def test_the_words_of_the_database_are_the_words_of_the_pack() -> None:
    assert list(codes.LEGAL_FORMS) == Body.LegalForm.values
    assert list(codes.PARTNER_CLASSES) == Body.PartnerClass.values
    assert list(codes.CERTAINTIES) == Body.Certainty.values
    assert list(codes.ROUTE_KINDS) == Route.Kind.values
    assert set(codes.AREA_KINDS) - {"country"} == set(Area.Kind.values)


def test_the_reference_page_is_what_the_schema_says() -> None:
    page = CHECKOUT / "docs" / "reference" / "pack-format.md"
    text = page.read_text(encoding="utf-8")
    assert with_tables(text) == text, "run python -m endeavour.pack.document"
