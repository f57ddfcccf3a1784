"""What is known of each person at the end of a financial year: one statement over the lake, one row a person.

Segments, scores and the model of need all read this one table. It stays on the person plane: only aggregates of it
leave, through the gate. People who died before the year ended, or who opted out of uses beyond their own care, are
not in it.
"""

from __future__ import annotations

from endeavour.engine.cohort.features import CONTACTS, LATEST_YEAR, count_of
from endeavour.engine.lake.schema import CONDITIONS, REFERENCE_DATE

UNCOUNTED = ("OB",)
"""Registers that are risks rather than long-term conditions, and so are in no count of conditions."""

HAS = {f"has_{code.lower()}": code for code in CONDITIONS}
"""A column for each register of the lake."""

PERSON_CONTACTS = CONTACTS | {
    "home_visits": "kind = 'gp' AND subtype = 'home_visit'",
    "planned_admissions": "kind = 'admission' AND subtype IN ('elective', 'day_case')",
    "other_admissions": "kind = 'admission' AND subtype IN ('asthma', 'diabetes', 'epilepsy')",
    "falls": "kind = 'community' AND subtype = 'falls'",
    "wound_care": "kind = 'community' AND subtype = 'wound_care'",
    "end_of_life_contacts": "kind = 'community' AND subtype = 'end_of_life'",
    "home_care": "kind = 'social_care' AND subtype IN ('home_care', 'residential')",
    "police_contacts": "kind = 'police'",
    "maternity_contacts": "kind = 'maternity'",
    "late_cancers": "kind = 'cancer' AND subtype = 'stage_4'",
}
"""Contacts of the year, each a test of an event."""

OF_HOME = (
    "size", "composition", "tenure", "is_communal", "is_overcrowded", "deprived_education", "deprived_employment",
    "deprived_housing",
)  # fmt: skip
OF_PERSON = (
    "person_id", "household_id", "lsoa21", "district", "place", "sex", "ethnicity", "is_disabled", "is_smoker",
    "imd2019_decile", "imd2025_decile", "plus_minoritised_ethnic", "plus_carer", "plus_homeless",
    "plus_care_leaver", "plus_domestic_abuse",
)  # fmt: skip
PEOPLE_COLUMNS = (*OF_PERSON, "age", *OF_HOME, *HAS, "conditions", "uncontrolled", *PERSON_CONTACTS)
"""Every column of the table."""

CRISES = (
    "(kind = 'admission' AND subtype = 'emergency') OR (kind = 'mental_health' AND subtype IN ('crisis', 'inpatient')) "
    "OR (kind = 'social_care' AND subtype = 'safeguarding') OR (kind = 'ae' AND subtype = 'resuscitation')"
)
"""An event that nobody plans and nobody wants: what a household in need meets when help came too late."""

FIFTH = "concat('fifth ', CAST(CAST(floor((imd2025_decile + 1) / 2) AS INTEGER) AS VARCHAR), ' of 5')"
"""A person's fifth of neighbourhoods in England by deprivation (2025), 1 the most deprived, in words."""

SEX_WORDS = "CASE WHEN sex = 'F' THEN 'female' ELSE 'male' END"
"""A person's sex in words."""


def people_sql(year: int = LATEST_YEAR, *, among: str = "") -> str:
    """The statement, in DuckDB's dialect: people alive when `year` (April to March) ended, and its contacts.

    `age` is in whole years at the end of the year, to within one (the lake keeps age on Census day). Higher counts
    are more contacts; nothing is scaled. `among` keeps the people of a list of ids, such as '1, 2', and reads no
    others' contacts.

    >>> people_sql(2022).count("financial_year = 2022")
    1
    """
    contacts = ",\n    ".join(f"{count_of(test)} AS {name}" for name, test in PERSON_CONTACTS.items())
    has = ",\n    ".join(
        f"max(CAST(condition = '{code}' AS INTEGER)) AS {name}" for name, code in HAS.items()
    )
    counted = ", ".join(f"'{code}'" for code in UNCOUNTED)
    only = f"person_id IN ({among})" if among else "TRUE"
    older = year + 1 - REFERENCE_DATE.year
    columns = ", ".join(
        [f"p.{name}" for name in OF_PERSON]
        + [f"CAST(p.age + {older} AS INTEGER) AS age"]
        + [f"h.{name}" for name in OF_HOME]
        + [
            f"CAST(coalesce(c.{name}, 0) AS INTEGER) AS {name}"
            for name in (*HAS, "conditions", "uncontrolled")
        ]
        + [f"coalesce(e.{name}, 0) AS {name}" for name in PERSON_CONTACTS]
    )
    return f"""WITH registers AS (
  SELECT person_id,
    {has},
    sum(CASE WHEN condition IN ({counted}) THEN 0 ELSE 1 END) AS conditions,
    sum(CASE WHEN is_controlled = FALSE THEN 1 ELSE 0 END) AS uncontrolled
  FROM condition WHERE {only} GROUP BY person_id
),
contacts AS (
  SELECT person_id,
    {contacts}
  FROM event WHERE financial_year = {year} AND {only} GROUP BY person_id
)
SELECT {columns}
FROM (SELECT * FROM person WHERE {only}) AS p
JOIN household AS h ON h.household_id = p.household_id
LEFT JOIN registers AS c ON c.person_id = p.person_id
LEFT JOIN contacts AS e ON e.person_id = p.person_id
WHERE (p.died_on IS NULL OR p.died_on >= CAST('{year + 1}-04-01' AS DATE))
  AND NOT p.opt_out_national AND NOT p.opt_out_type_1"""


def outcomes_sql(year: int, costs: dict[str, float], *, among: str = "") -> str:
    """What happened in `year` to whoever it happened to: `crises` (events of CRISES) and `cost` in relative units.

    `costs` weighs contacts by the names of PERSON_CONTACTS; they are not prices. Nobody without an event has a row. `among` as above.
    """
    cost = " + ".join(
        f"sum(CASE WHEN {PERSON_CONTACTS[name]} THEN CAST({weight} AS DOUBLE) ELSE CAST(0 AS DOUBLE) END)"
        for name, weight in costs.items()
    )
    return f"""SELECT person_id, {count_of(CRISES)} AS crises, {cost} AS cost
FROM event WHERE financial_year = {year}{f" AND person_id IN ({among})" if among else ""} GROUP BY person_id"""
