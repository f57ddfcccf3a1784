"""Households as the linked agencies know them, with the very columns that the rule reads, and no name among them.

Linkage says whose records are one person's and who lives together; the agencies' facts (`agency_facts`) say what is
known under each record. Contacts add up over a person's records; a flag holds where any record says so. Households
with a doubt about them are counted and not chosen, and so is any where somebody's record is opted out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from endeavour.engine.cohort.agency_facts import FACTS, HOME_FACTS
from endeavour.engine.cohort.base import Base, columns_of
from endeavour.engine.cohort.features import CONTACTS, FEATURES, GROUPS
from endeavour.engine.cohort.rule import Rule
from endeavour.engine.cohort.score import score_sql
from endeavour.engine.cohort.sources import AS_LINKED, AS_TRUE, Sources, Whose, opened, text_sql

if TYPE_CHECKING:
    from endeavour.engine.lake.store import Lake

FLAGS = tuple(f.name for f in FACTS if f.type == "bool" and f.name not in ("has_died", "is_minoritised"))
PERSON = f"""
SELECT person_id, max(age) AS age, min(neighbourhood) AS neighbourhood,
    coalesce(bool_or(is_minoritised), false) AS in_minoritised_ethnic, max(coalesce(conditions, 0)) AS conditions,
    {", ".join(f"coalesce(bool_or({name}), false) AS {name}" for name in FLAGS)},
    {", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in CONTACTS)}
FROM given_record JOIN who USING (agency, record_id)
GROUP BY person_id HAVING NOT coalesce(bool_or(has_died), false)
"""
ADULT, SMALL_CHILD = 18, 5
MEMBERS = f"""
SELECT household_id, CAST(count(*) AS INTEGER) AS size,
    CAST(count(*) FILTER (WHERE age < {ADULT}) AS INTEGER) AS children,
    CAST(count(*) FILTER (WHERE age < {SMALL_CHILD}) AS INTEGER) AS children_under_5,
    coalesce(min(neighbourhood), 'not known') AS neighbourhood, coalesce(max(age), 0) AS oldest,
    CAST(max(conditions) AS INTEGER) AS most_conditions,
    CAST(count_if(severe_mental_illness) AS INTEGER) AS severe_mental_illness,
    CAST(count_if(dementia) AS INTEGER) AS dementia, CAST(count_if(uncontrolled) AS INTEGER) AS uncontrolled,
    CAST(count_if(in_carer) AS INTEGER) AS carers,
    CAST(count_if(in_learning_disability_autism) AS INTEGER) AS learning_disability_autism,
    CAST(count_if(in_homeless) AS INTEGER) AS homeless, bool_or(is_disabled) AS deprived_health,
    CASE WHEN bool_or(in_minoritised_ethnic) THEN 'minoritised' ELSE 'white' END AS ethnicity,
    {", ".join(f"bool_or(in_{group}) AS in_{group}" for group in GROUPS)},
    {", ".join(f"CAST(sum({name}) AS INTEGER) AS {name}" for name in CONTACTS)}
FROM linked_person JOIN lives USING (person_id) GROUP BY household_id
"""
COMPOSITION = """CASE WHEN d.is_communal THEN 'communal' WHEN m.size = 1 THEN 'one_person'
        WHEN m.children = 0 AND m.size = 2 THEN 'couple_no_children'
        WHEN m.children > 0 AND m.size - m.children = 1 THEN 'lone_parent'
        WHEN m.children > 0 AND m.size - m.children = 2 THEN 'couple_children' ELSE 'other_multi_person' END"""
"""Who lives together, as ages and numbers suggest: the agencies do not say who is a couple."""

OF_HOME = {
    "composition": COMPOSITION,
    "is_communal": "d.is_communal",
    "adults": "m.size - m.children",
    "lsoa21": "d.lsoa21",
    "district": "a.district",
    "place": "a.place",
    "imd2025_decile": "d.imd2025_decile",
    "tenure": "coalesce(f.tenure, 'not known')",
    "opt_out_national": "h.has_opted_out",
    # A practice gives no record with the type 1 opt-out, so that it cannot be seen here at all.
    "opt_out_type_1": "false",
} | {f.name: f"coalesce(f.{f.name}, false)" for f in HOME_FACTS if f.type == "bool"}
FEATURES_SQL = f"""
WITH linked_person AS ({PERSON}), members AS ({MEMBERS})
SELECT h.household_id, h.home, h.is_usable,
    {", ".join(f"{OF_HOME.get(name, f'm.{name}')} AS {name}" for name in FEATURES if name != "parts_in_need")}
FROM house AS h JOIN members AS m USING (household_id) JOIN place_of AS d ON d.uprn = h.home
JOIN area AS a ON a.lsoa21 = d.lsoa21 LEFT JOIN home_fact AS f ON f.uprn = h.home
"""
"""Households at an address that the directory knows; of others nobody can say where they are."""

LIVING = """
SELECT DISTINCT lake_person AS person_id, household_id FROM given_record JOIN who USING (agency, record_id)
JOIN lives USING (person_id) WHERE agency = {registrar} AND lake_person IS NOT NULL ORDER BY 1, 2
"""
"""The lake's people in each household, by whose events it is followed up."""


def linked_base(rule: Rule, lake: Lake, sources: Sources) -> Base:
    """Every linked household, scored by the rule. The lake gives each area's district and place, and nothing else.

    `BadInput` where facts are not as agreed, `Missing` where there are none.
    """
    return _base(rule, lake, sources, AS_LINKED)


def true_base(rule: Rule, lake: Lake, sources: Sources) -> Base:
    """The same had every record been put under the right person and home; only synthetic extracts have such a truth.

    A household bears the number of the linked one at its address, so that both draw alike in the lottery.
    """
    return _base(rule, lake, sources, AS_TRUE)


def _base(rule: Rule, lake: Lake, sources: Sources, whose: Whose) -> Base:
    registrar = text_sql(sources.holdings.registered_by)
    with opened(lake, sources, whose) as backend:
        columns = columns_of(backend.run(score_sql(rule, FEATURES_SQL)))
        columns["is_eligible"] = columns["is_eligible"] & columns["is_usable"]
        living = backend.run(LIVING.format(registrar=registrar))
        linked = backend.run("SELECT person_id, household_id FROM lives ORDER BY 1, 2")
    summary = sources.result.summary
    series = summary.get("series", sources.result.name)
    return Base(
        kind="linked",
        numbers=f"{'keyed' if sources.is_keyed else 'linked'}:{series}",
        columns=columns,
        person=living["person_id"].to_numpy(),
        household=living["household_id"].to_numpy(),
        linked=(linked["person_id"].to_numpy(), linked["household_id"].to_numpy()),
        about={
            "words": f"households linked from {sources.words}",
            "run": sources.result.name,
            "as_at": summary["as_at"],
        },
    )
