"""What each agency knows of its records, from the lake: synthetic facts in the shape of `cohort.agency_facts`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.engine.cohort.agency_facts import FACTS, HOME_FACTS
from endeavour.engine.cohort.features import CONTACTS, LATEST_YEAR, count_of
from endeavour.engine.linkage.reading import DIRECTORY, KINDS

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.lake.store import Lake

KNOWS = {
    "nhs": (
        "lake_person", "neighbourhood", "age", "is_minoritised", "is_disabled", "has_died", "conditions",
        "severe_mental_illness", "dementia", "uncontrolled", "gp_contacts", "ae_visits", "emergency_admissions",
        "mental_health_contacts", "mental_health_crises", "community_contacts", "in_carer",
        "in_learning_disability_autism", "in_gypsy_roma_traveller", "in_veteran", "in_armed_forces_family",
    ),
    "social_care": (
        "lake_person", "age", "is_minoritised", "is_disabled", "social_care_contacts", "safeguarding_contacts", "in_carer",
        "in_learning_disability_autism", "in_care_leaver", "in_domestic_abuse",
    ),
    "housing": ("lake_person", "age", "homelessness_contacts", "rent_arrears", "in_homeless"),
    "police_fire": ("lake_person", "age", "domestic_incidents", "victim_contacts", "missing_reports", "in_domestic_abuse"),
    "voluntary": ("age", "in_carer", "in_veteran", "in_homeless", "in_domestic_abuse", "in_care_leaver"),
}  # fmt: skip
"""Which facts each agency has and may share: assumptions, to be changed with its agreement."""

OF_PERSON = {
    "lake_person": "p.person_id",
    "neighbourhood": "g.pcn",
    "age": "p.age",
    "is_minoritised": "p.ethnicity <> 'white'",
    "is_disabled": "p.is_disabled",
    "has_died": f"p.died_on IS NOT NULL AND p.died_on < DATE '{LATEST_YEAR + 1}-04-01'",
    "conditions": "coalesce(c.conditions, 0)",
    "severe_mental_illness": "coalesce(c.mh, false)",
    "dementia": "coalesce(c.dem, false)",
    "uncontrolled": "coalesce(c.uncontrolled, false)",
}
PEOPLE = f"""
CREATE TABLE known AS
WITH registers AS (
    SELECT person_id, count(*) AS conditions, bool_or(condition = 'MH') AS mh, bool_or(condition = 'DEM') AS dem,
        bool_or(is_controlled = FALSE) AS uncontrolled FROM condition GROUP BY person_id
),
contacts AS (
    SELECT person_id, {", ".join(f"{count_of(test)} AS {name}" for name, test in CONTACTS.items())}
    FROM event WHERE financial_year = {LATEST_YEAR} GROUP BY person_id
)
SELECT p.person_id,
    {", ".join(f"{sql} AS {name}" for name, sql in OF_PERSON.items())},
    {", ".join(f"coalesce(e.{name}, 0) AS {name}" for name in CONTACTS)},
    {", ".join(f"p.plus_{f.name[3:]} AS {f.name}" for f in FACTS if f.name.startswith("in_"))}
FROM person AS p LEFT JOIN registers AS c USING (person_id) LEFT JOIN contacts AS e USING (person_id)
LEFT JOIN practice AS g ON g.practice = p.practice
"""


def write_facts(lake: Lake, truth: dict[str, pa.Table], uprn: pa.Array, folder: Path) -> None:
    """Write every agency's facts about its records, and those about homes, under `folder`.

    `truth` is whose record each is (record_id, person_id), by agency; `uprn` the property of each household of the
    lake, in its order. Where an agency has two records of one person, its contacts stand under the first.
    """
    connection = lake.connect()
    connection.execute(PEOPLE)
    for agency, records in truth.items():
        connection.register("whose", records)
        table = connection.sql(
            f"SELECT w.record_id, {', '.join(_column(agency, f.name, f.type) for f in FACTS[1:])} FROM ("
            "SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY CAST(record_id AS BIGINT)) = 1 AS is_first "
            "FROM whose) AS w JOIN known AS k USING (person_id) ORDER BY CAST(w.record_id AS BIGINT)"
        ).to_arrow_table()
        connection.unregister("whose")
        _write(table, folder / agency)
    household = lake.read("household", ["household_id", *(f.name for f in HOME_FACTS[1:])])
    connection.close()
    _write(household.set_column(0, "uprn", uprn), folder / DIRECTORY)


def _column(agency: str, name: str, kind: str) -> str:
    """A fact as this agency gives it: empty where it does not know."""
    if name not in KNOWS[agency]:
        return f"CAST(NULL AS {KINDS[kind]}) AS {name}"
    if name in CONTACTS:
        return f"CAST(CASE WHEN w.is_first THEN k.{name} ELSE 0 END AS {KINDS[kind]}) AS {name}"
    return f"CAST(k.{name} AS {KINDS[kind]}) AS {name}"


def _write(table: pa.Table, folder: Path) -> None:
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    # As one chunk: how an engine cuts its answer may differ from run to run, and pages are cut with it.
    pq.write_table(table.combine_chunks(), folder / "part-0001.parquet", compression="zstd")
