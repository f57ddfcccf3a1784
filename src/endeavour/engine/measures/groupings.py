"""The ways in which every measure is broken down: what each grouping is in SQL, how they nest, and their words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

GROUPINGS = {
    "place": "p.place",
    "district": "p.district",
    "lsoa21": "p.lsoa21",
    "sub_icb": "p.sub_icb",
    "neighbourhood": "coalesce(g.pcn, 'not known')",
    "imd_decile": "CAST(p.imd2025_decile AS VARCHAR)",
    "imd_quintile": "CAST((p.imd2025_decile + 1) // 2 AS VARCHAR)",
    "core20": "CASE WHEN p.imd2025_decile <= 2 THEN 'core20' ELSE 'others' END",
    "ethnicity": "p.ethnicity",
    "sex": "p.sex",
    "age_band": (
        "CASE WHEN p.age < 18 THEN '0-17' WHEN p.age < 40 THEN '18-39' WHEN p.age < 65 THEN '40-64' "
        "WHEN p.age < 80 THEN '65-79' ELSE '80+' END"
    ),
    "five_years": "CASE WHEN p.age >= 90 THEN '90' ELSE CAST((p.age // 5) * 5 AS VARCHAR) END",
    "tenure": "h.tenure",
    "condition": "r.condition",
}
"""What each grouping is, in SQL over the statement's tables. Every one is text, so that NULL can only mean 'all'."""

FIVE_YEARS = "five_years"
"""The European population's 19 bands of age by their first year, for standardising alone: nothing is published by them."""

PLUS = {
    "gypsy-roma-traveller": "plus_gypsy_roma_traveller",
    "minoritised-ethnic": "plus_minoritised_ethnic",
    "carers": "plus_carer",
    "learning-disability-autism": "plus_learning_disability_autism",
    "homeless": "plus_homeless",
    "veterans": "plus_veteran",
    "armed-forces": "plus_armed_forces_family",
    "care-leavers": "plus_care_leaver",
    "domestic-abuse": "plus_domestic_abuse",
}
"""The nine local PLUS groups: the id in the pack's `plus_groups.yaml`, and the lake's column. One person may be in many."""

STANDARD = (
    "system", "place", "district", "neighbourhood", "imd_decile", "imd_quintile", "core20", "ethnicity", "age_band",
    "sex", "plus",
)  # fmt: skip
"""The groupings of a measure whose definition names none."""

STANDARD_CROSSED = (
    ("place", "imd_quintile"), ("place", "ethnicity"), ("place", "age_band"), ("place", "sex"), ("place", "plus"),
    ("district", "imd_quintile"), ("district", "ethnicity"), ("district", "age_band"), ("district", "sex"),
    ("neighbourhood", "imd_quintile"), ("imd_quintile", "ethnicity"), ("imd_quintile", "age_band"),
    ("imd_quintile", "sex"), ("ethnicity", "age_band"), ("ethnicity", "sex"), ("sex", "age_band"),
    ("imd_quintile", "ethnicity", "sex"),
)  # fmt: skip
"""The intersections of a measure whose definition names none.

Neighbourhoods are crossed one way only: that hangs on all the rest by deprivation alone, and costs the gate nothing. A
second way would close a ring, with every neighbourhood by every other group behind it as people whom no table shows.
"""

NESTED = {"area": ("place", "district", "lsoa21"), "deprivation": ("core20", "imd_quintile", "imd_decile")}
"""Groupings that nest, widest first: they are one dimension to the gate, so that sums across them are known to it."""

AREAS = ("place", "district", "neighbourhood", "sub_icb", "lsoa21")
"""Groupings that are areas; the others are groups of people."""

AGE_BANDS = ("0-17", "18-39", "40-64", "65-79", "80+")
"""The broad bands that figures are published by."""


_DECILE = "p.imd2025_decile"
SHORTER = {
    "imd_decile": ("decile", _DECILE, "CAST(decile AS VARCHAR)"),
    "imd_quintile": ("decile", _DECILE, "CAST((decile + 1) // 2 AS VARCHAR)"),
    "core20": ("decile", _DECILE, "CASE WHEN decile <= 2 THEN 'core20' ELSE 'others' END"),
    "five_years": (
        "five_years", "CASE WHEN p.age >= 90 THEN 90 ELSE (p.age // 5) * 5 END", "CAST(five_years AS VARCHAR)"
    ),
} | {column: (column, f"p.{column}", f"CASE WHEN {column} THEN 'yes' ELSE 'no' END") for column in PLUS.values()}  # fmt: skip
"""Groupings that one short column says: its name, its SQL, and the grouping as text of it.

People are counted by the short columns, and only the counts are put in words, which takes a third less time.
"""


def counted_by(columns: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What to count by, and each of some columns (name: SQL) told of it; both are SQL by name.

    >>> counted_by({"sex": "p.sex"} | {name: GROUPINGS[name] for name in ("imd_decile", "core20")})[0]
    {'sex': 'p.sex', 'decile': 'p.imd2025_decile'}
    """
    short: dict[str, str] = {}
    told: dict[str, str] = {}
    for name, sql in columns.items():
        by, short[by], told[name] = SHORTER.get(name, (name, sql, name))
    return short, told


def columns_of(grouping: str) -> dict[str, str]:
    """The statement's columns behind one grouping, each with its SQL; the PLUS groups are a column each.

    >>> columns_of("sex"), list(columns_of("plus"))[2]
    ({'sex': 'p.sex'}, 'plus_carer')
    """
    if grouping == "plus":
        return {column: f"CASE WHEN p.{column} THEN 'yes' ELSE 'no' END" for column in PLUS.values()}
    return {grouping: GROUPINGS[grouping]}


def group_words(grouping: str, value: str) -> str:
    """A group's name as a page prints it.

    >>> group_words("imd_quintile", "1"), group_words("sex", "F"), group_words("age_band", "80+")
    ('most deprived fifth', 'female', 'aged 80 and over')
    """
    match grouping, value:
        case "imd_quintile", "1":
            return "most deprived fifth"
        case "imd_quintile", "5":
            return "least deprived fifth"
        case "imd_quintile", _:
            return f"deprivation fifth {value} of 5"
        case "imd_decile", _:
            ends = {"1": " (most deprived)", "10": " (least deprived)"}
            return f"deprivation tenth {value} of 10{ends.get(value, '')}"
        case "core20", _:
            return "Core20" if value == "core20" else "not Core20"
        case "age_band", "80+":
            return "aged 80 and over"
        case "age_band", _:
            return f"aged {value.replace('-', ' to ')}"
        case "sex", _:
            return {"F": "female", "M": "male"}.get(value, value)
        case "ethnicity", _:
            return f"{value} ethnic groups" if value in ("mixed", "other") else value.capitalize()
    return value.replace("_", " ").replace("-", " ")


FIFTHS = {
    "1": "the most deprived fifth", "2": "the second fifth", "3": "the third fifth", "4": "the fourth fifth",
    "5": "the least deprived fifth",
}  # fmt: skip
NOBODY = "Nobody counted here lives in"


def nobody_words(lived_in: Collection[str]) -> str:
    """Which of England's fifths of deprivation nobody is counted in, of an area with people in some; else empty.

    >>> nobody_words({"2", "3", "4"}), nobody_words(set("12345"))
    ('Nobody counted here lives in the most deprived fifth or the least deprived fifth.', '')
    """
    empty = [words for fifth, words in FIFTHS.items() if fifth not in lived_in]
    if not lived_in or not empty:
        return ""
    return f"{NOBODY} {' or '.join(empty)}."
