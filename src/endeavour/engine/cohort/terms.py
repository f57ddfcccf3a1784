"""The columns a model of need may use, each with the plain words that stand for it in a reason."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from endeavour.engine.cohort.people import HAS, PERSON_CONTACTS
from endeavour.engine.lake.schema import CONDITIONS


@dataclass(frozen=True)
class Term:
    """One column of the model: its name, an expression over the columns of `people_sql`, and its words.

    `words` finish the sentence 'Somebody here ...'.
    """

    name: str
    sql: str
    words: str

    @property
    def is_age(self) -> bool:
        """Whether it is age in years or one of its bands, which make one reason together."""
        return self.name == "age" or self.name.startswith("aged_")


AGES = ((0, 4), (5, 17), (18, 29), (45, 64), (65, 74), (75, 84), (85, 120))
"""Bands set against people aged 30 to 44."""

WORDS_OF_CONTACTS = {
    "gp_contacts": "saw the surgery often last year",
    "ae_visits": "went to A&E last year",
    "emergency_admissions": "had an emergency stay in hospital last year",
    "mental_health_contacts": "was in touch with mental health services last year",
    "mental_health_crises": "had a mental health crisis last year",
    "community_contacts": "had nurses or therapists call last year",
    "social_care_contacts": "had help from social care last year",
    "safeguarding_contacts": "was the subject of a safeguarding concern last year",
    "homelessness_contacts": "asked the council for help with housing last year",
    "rent_arrears": "fell behind with the rent last year",
    "domestic_incidents": "suffered a domestic incident last year",
    "victim_contacts": "was a victim of crime last year",
    "home_visits": "needed the doctor to visit at home last year",
    "planned_admissions": "had planned hospital treatment last year",
    "other_admissions": "was in hospital for asthma, diabetes or epilepsy last year",
    "falls": "had a fall last year",
    "home_care": "had carers at home last year",
    "end_of_life_contacts": "had end of life care last year",
}
WORDS_OF_REGISTERS = {
    "AF": "an irregular heartbeat",
    "CHD": "heart disease",
    "CKD": "kidney disease",
    "COPD": "lung disease (COPD)",
    "DM": "diabetes",
    "HYP": "high blood pressure",
    "LD": "a learning disability",
    "MH": "severe mental illness",
    "OST": "weak bones (osteoporosis)",
    "PAD": "poor circulation to the legs",
    "PC": "an illness for which there is palliative care",
    "STIA": "the effects of a stroke or mini-stroke",
}
"""Plainer words than the register's own name, where that is a doctor's."""

FACTS = (
    Term("male", "sex = 'M'", "is a man or boy"),
    Term("minoritised_ethnic", "plus_minoritised_ethnic", "is from a minoritised ethnic group"),
    Term("disabled", "is_disabled", "is disabled"),
    Term("smoker", "is_smoker", "smokes"),
    Term("carer", "plus_carer", "cares for somebody unpaid"),
    Term("homeless", "plus_homeless", "is homeless"),
    Term("care_leaver", "plus_care_leaver", "has left care"),
    Term("domestic_abuse", "plus_domestic_abuse", "suffers domestic abuse"),
    Term("lives_alone", "size = 1", "lives alone"),
    Term("lone_parent", "composition = 'lone_parent'", "is in a household of one parent with children"),
    Term("social_rent", "tenure IN ('social_council', 'social_other')", "rents from the council or a housing association"),
    Term("private_rent", "tenure IN ('private_landlord', 'private_other')", "rents from a private landlord"),
    Term("overcrowded", "is_overcrowded", "lives in an overcrowded home"),
    Term("communal", "is_communal", "lives in a care home or other establishment"),
    Term("no_work", "deprived_employment", "lives where a member is out of work or long-term sick"),
    Term("no_qualifications", "deprived_education", "lives where nobody has qualifications at GCSE level"),
)  # fmt: skip


@cache
def all_terms() -> tuple[Term, ...]:
    """Every column, in the order of the model's weights.

    >>> [term.name for term in all_terms()][:2]
    ['age', 'aged_0_to_4']
    """
    ages = [Term("age", "age", "is older")] + [
        Term(f"aged_{low}_{'or_over' if high > 105 else f'to_{high}'}", f"age BETWEEN {low} AND {high}",
             f"is aged {low} or over" if high > 105 else f"is aged {low} to {high}")
        for low, high in AGES
    ]  # fmt: skip
    place = [Term("deprivation", "11 - imd2025_decile", "lives in a more deprived neighbourhood")]
    registers = [
        Term(name, name, f"lives with {WORDS_OF_REGISTERS.get(code) or CONDITIONS[code].lower()}")
        for name, code in HAS.items()
    ] + [
        Term("three_conditions", "conditions >= 3", "lives with three or more long-term conditions"),
        Term("uncontrolled", "uncontrolled", "has a condition not treated to target"),
    ]
    contacts = [
        Term(name, f"ln(1 + {name})", WORDS_OF_CONTACTS[name])
        for name in PERSON_CONTACTS
        if name in WORDS_OF_CONTACTS
    ]
    return (*ages, *place, *FACTS, *registers, *contacts)


def matrix_columns() -> str:
    """The terms as a list for SELECT, each a 32-bit float."""
    return ", ".join(f"CAST({term.sql} AS FLOAT) AS {term.name}" for term in all_terms())
