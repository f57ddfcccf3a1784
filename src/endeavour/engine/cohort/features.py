"""What is known of each household before the rule is applied: one statement over the lake, one row a household.

Contacts are those of one financial year. Nothing here is about a named person, and the table stays on the person
plane: only aggregates of it leave, through the gate.
"""

from __future__ import annotations

GROUPS = (
    "gypsy_roma_traveller", "minoritised_ethnic", "carer", "learning_disability_autism", "homeless", "veteran",
    "armed_forces_family", "care_leaver", "domestic_abuse",
)  # fmt: skip
"""The nine local PLUS groups; a household belongs when any member does."""

CONTACTS = {
    "gp_contacts": "kind = 'gp'",
    "ae_visits": "kind = 'ae'",
    "emergency_admissions": "kind = 'admission' AND subtype = 'emergency'",
    "mental_health_contacts": "kind = 'mental_health'",
    "mental_health_crises": "kind = 'mental_health' AND subtype IN ('crisis', 'inpatient')",
    "community_contacts": "kind = 'community'",
    "social_care_contacts": "kind = 'social_care'",
    "safeguarding_contacts": "kind = 'social_care' AND subtype IN ('safeguarding', 'child_in_need')",
    "homelessness_contacts": (
        "kind = 'housing' AND subtype IN ('homelessness_application', 'temporary_accommodation', 'eviction_notice')"
    ),
    "rent_arrears": "kind = 'housing' AND subtype = 'rent_arrears'",
    "domestic_incidents": "kind = 'police' AND subtype = 'domestic_incident'",
    "victim_contacts": "kind = 'police' AND subtype = 'victim'",
    "missing_reports": "kind = 'police' AND subtype = 'missing_person'",
}
HOME = (
    "lsoa21", "district", "place", "is_communal", "size", "adults", "children", "composition", "tenure",
    "is_overcrowded", "deprived_education", "deprived_employment", "deprived_health", "deprived_housing",
    "imd2025_decile",
)  # fmt: skip
PEOPLE = {
    "neighbourhood": "coalesce(min(g.pcn), 'not known')",
    "oldest": "max(p.age)",
    "children_under_5": "CAST(sum(CASE WHEN p.age < 5 THEN 1 ELSE 0 END) AS INTEGER)",
    "most_conditions": "CAST(max(coalesce(c.conditions, 0)) AS INTEGER)",
    "severe_mental_illness": "CAST(sum(coalesce(c.mh, 0)) AS INTEGER)",
    "dementia": "CAST(sum(coalesce(c.dem, 0)) AS INTEGER)",
    "uncontrolled": "CAST(sum(coalesce(c.uncontrolled, 0)) AS INTEGER)",
    "carers": "CAST(sum(CASE WHEN p.plus_carer THEN 1 ELSE 0 END) AS INTEGER)",
    "learning_disability_autism": "CAST(sum(CASE WHEN p.plus_learning_disability_autism THEN 1 ELSE 0 END) AS INTEGER)",
    "homeless": "CAST(sum(CASE WHEN p.plus_homeless THEN 1 ELSE 0 END) AS INTEGER)",
    "opt_out_national": "bool_or(p.opt_out_national)",
    "opt_out_type_1": "bool_or(p.opt_out_type_1)",
    "ethnicity": "min(CASE WHEN p.ethnicity = 'white' THEN 'white' ELSE 'minoritised' END)",
} | {f"in_{group}": f"bool_or(p.plus_{group})" for group in GROUPS}
FEATURES = (*HOME, *PEOPLE, *CONTACTS, "parts_in_need")
"""Every word a rule's condition may use."""

LATEST_YEAR = 2023


def count_of(test: str) -> str:
    """How many rows pass a test; DuckDB counts in half the time that it sums.

    >>> count_of("kind = 'gp'")
    "CAST(count(CASE WHEN kind = 'gp' THEN 1 END) AS INTEGER)"
    """
    return f"CAST(count(CASE WHEN {test} THEN 1 END) AS INTEGER)"


def household_features_sql(year: int = LATEST_YEAR) -> str:
    """The statement, in DuckDB's dialect; people who died before it ended are left out."""
    contacts = ",\n    ".join(f"{count_of(test)} AS {name}" for name, test in CONTACTS.items())
    people = ",\n    ".join(f"{sql} AS {name}" for name, sql in PEOPLE.items())
    home = ", ".join(f"h.{name}" for name in HOME)
    outer = ", ".join([f"m.{name}" for name in PEOPLE] + [f"coalesce(e.{n}, 0) AS {n}" for n in CONTACTS])
    return f"""WITH registers AS (
  SELECT person_id, count(*) AS conditions,
    max(CASE WHEN condition = 'MH' THEN 1 ELSE 0 END) AS mh,
    max(CASE WHEN condition = 'DEM' THEN 1 ELSE 0 END) AS dem,
    max(CASE WHEN is_controlled = FALSE THEN 1 ELSE 0 END) AS uncontrolled
  FROM condition GROUP BY person_id
),
contacts AS (
  SELECT household_id,
    {contacts}
  FROM event WHERE financial_year = {year} GROUP BY household_id
),
members AS (
  SELECT p.household_id,
    {people}
  FROM person AS p
  LEFT JOIN registers AS c ON c.person_id = p.person_id
  LEFT JOIN practice AS g ON g.practice = p.practice
  WHERE p.died_on IS NULL OR p.died_on >= CAST('{year + 1}-04-01' AS DATE)
  GROUP BY p.household_id
)
SELECT h.household_id, {home}, {outer}
FROM household AS h
JOIN members AS m ON m.household_id = h.household_id
LEFT JOIN contacts AS e ON e.household_id = h.household_id
ORDER BY h.household_id"""
