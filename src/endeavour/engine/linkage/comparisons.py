"""What the model compares, and which pairs are worth comparing, each with its reason: plain data, in DuckDB's SQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison: what it is called, its words for a reader, and its SQL condition."""

    words: str
    sql: str
    tf_column: str = ""


@dataclass(frozen=True)
class Compared:
    """One comparison, its reason, and its outcomes from best to worst; 'anything else' is always the last."""

    name: str
    reason: str
    null: str
    levels: tuple[Level, ...]
    otherwise: str


def _near(column: str, least: float) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"


_SWAPPED = (
    "year(birth_date_l) = year(birth_date_r) AND month(birth_date_l) = day(birth_date_r)"
    " AND day(birth_date_l) = month(birth_date_r)"
)
_TWO_PARTS = (
    "(CASE WHEN year(birth_date_l) = year(birth_date_r) THEN 1 ELSE 0 END"
    " + CASE WHEN month(birth_date_l) = month(birth_date_r) THEN 1 ELSE 0 END"
    " + CASE WHEN day(birth_date_l) = day(birth_date_r) THEN 1 ELSE 0 END) = 2"
)
_SAME_HOME = "uprn_l = uprn_r OR (postcode_l = postcode_r AND house_l = house_r)"

COMPARED = (
    Compared(
        "forename",
        "Rare names tell more than common ones, so exact agreement is weighed by how common the name is. A short form "
        "(Bill, Liz) is nearly agreement; a slip of the keyboard keeps most letters.",
        "forename_l IS NULL OR forename_r IS NULL",
        (
            Level("the same forename", "forename_l = forename_r", "forename"),
            Level("one forename is a short form of the other", "root_l = root_r"),
            Level("forenames almost the same", _near("forename", 0.92)),
            Level("forenames alike", _near("forename", 0.8)),
        ),
        "different forenames",
    ),
    Compared(
        "surname",
        "As for forenames. Surnames change at marriage, so disagreement weighs less than one might think; the data say "
        "how much less.",
        "surname_l IS NULL OR surname_r IS NULL",
        (
            Level("the same surname", "surname_l = surname_r", "surname"),
            Level("surnames almost the same", _near("surname", 0.92)),
            Level("surnames alike", _near("surname", 0.8)),
        ),
        "different surnames",
    ),
    Compared(
        "birth_date",
        "Never changes, but is mistyped: day and month are swapped, or one of the three parts is wrong.",
        "birth_date_l IS NULL OR birth_date_r IS NULL",
        (
            Level("the same birth date", "birth_date_l = birth_date_r"),
            Level("birth dates with day and month swapped", _SWAPPED),
            Level("birth dates that agree in two of day, month and year", _TWO_PARTS),
        ),
        "different birth dates",
    ),
    Compared(
        "sex",
        "Weak evidence for, strong against.",
        "sex_l IS NULL OR sex_r IS NULL",
        (Level("the same sex", "sex_l = sex_r"),),
        "different sex",
    ),
    Compared(
        "home",
        "Property number, postcode and house number are one fact, so they are one comparison: counted apart they would "
        "count the same agreement two or three times. People move, so disagreement weighs little.",
        "(uprn_l IS NULL OR uprn_r IS NULL) AND (postcode_l IS NULL OR postcode_r IS NULL)",
        (
            Level("the same home", _SAME_HOME),
            Level("the same postcode", "postcode_l = postcode_r"),
        ),
        "different homes",
    ),
    Compared(
        "nhs_number",
        "Only valid numbers are compared. Two different ones never reach the model: the guard keeps them apart.",
        "nhs_number_l IS NULL OR nhs_number_r IS NULL",
        (Level("the same NHS number", "nhs_number_l = nhs_number_r"),),
        "different NHS numbers",
    ),
)


@dataclass(frozen=True)
class Block:
    """Pairs worth weighing: those that agree on these columns (SQL on l and r), and why."""

    on: tuple[str, ...]
    reason: str


BLOCKS = (
    Block(("birth_date", "root"), "Catches changed or mistyped surnames and every change of address."),
    Block(
        ("birth_date", "substr(surname, 1, 3)"), "Catches nicknames we do not know and mistyped forenames."
    ),
    Block(("uprn", "root"), "Catches mistyped or missing birth dates and changed surnames at one property."),
    Block(("postcode", "house", "root"), "The same where the property number is missing."),
    Block(("uprn", "birth_date"), "Catches a changed surname with an unknown nickname."),
    Block(("postcode", "birth_date"), "The same where the property number is missing."),
    Block(("root", "surname", "year(birth_date)"), "Catches a wrong day or month after a change of address."),
    Block(
        ("root", "surname", "month(birth_date)", "day(birth_date)"),
        "Catches a wrong year after a change of address.",
    ),
    Block(("nhs_number",), "Catches the same number where name or birth date disagree."),
)
