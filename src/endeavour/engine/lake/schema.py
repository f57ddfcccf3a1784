"""What the lake holds: every table, column, type, unit and allowed value, as plain data.

The lake is a set of Parquet files with one person, household, practice, condition or event a row. Every
person in it is synthetic. Codes of areas are the publishers' own. A column whose `values` are listed holds
nothing else.

>>> table("person").column("sex").values
('F', 'M')
>>> table("event").partition
'financial_year'
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from endeavour.errors import NotFound

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = 1
"""Raised whenever a column, type or value changes, so that a reader never meets a lake of another shape."""

REFERENCE_DATE = date(2021, 3, 21)
"""Census day: `person.age` is the age on it, and the population is everybody usually resident on it."""

FIRST_EVENT_DAY = date(2021, 4, 1)
"""Events run from here, in financial years (1 April to 31 March)."""

SEX = ("F", "M")
ETHNICITY = ("asian", "black", "mixed", "white", "other")
TENURE = (
    "owned_outright",
    "owned_mortgage",
    "shared_ownership",
    "social_council",
    "social_other",
    "private_landlord",
    "private_other",
    "rent_free",
    "communal",
)
COMPOSITION = (
    "one_person",
    "couple_no_children",
    "couple_children",
    "couple_adult_children",
    "lone_parent",
    "lone_parent_adult_children",
    "other_multi_person",
    "communal",
)
ACCOMMODATION = (
    "detached",
    "semi_detached",
    "terraced",
    "purpose_built_flat",
    "converted_house",
    "converted_building",
    "commercial_building",
    "caravan",
    "communal",
)
PLUS_GROUPS = (
    "plus_gypsy_roma_traveller",
    "plus_minoritised_ethnic",
    "plus_carer",
    "plus_learning_disability_autism",
    "plus_homeless",
    "plus_veteran",
    "plus_armed_forces_family",
    "plus_care_leaver",
    "plus_domestic_abuse",
)
CONDITIONS = {
    "AF": "Atrial fibrillation",
    "AST": "Asthma",
    "CAN": "Cancer",
    "CHD": "Coronary heart disease",
    "CKD": "Chronic kidney disease, stages 3 to 5",
    "COPD": "Chronic obstructive pulmonary disease",
    "DEM": "Dementia",
    "DEP": "Depression",
    "DM": "Diabetes mellitus",
    "EP": "Epilepsy",
    "HF": "Heart failure",
    "HYP": "Hypertension",
    "LD": "Learning disability",
    "MH": "Schizophrenia, bipolar affective disorder and other psychoses",
    "OB": "Obesity",
    "OST": "Osteoporosis",
    "PAD": "Peripheral arterial disease",
    "PC": "Palliative care",
    "RA": "Rheumatoid arthritis",
    "STIA": "Stroke and transient ischaemic attack",
}
"""The registers of the Quality and Outcomes Framework that the population is calibrated to."""

EVENT_KINDS: dict[str, tuple[str, ...]] = {
    "gp": (
        "consultation",
        "nurse",
        "telephone",
        "home_visit",
        "smi_health_check",
        "ld_health_check",
        "copd_vaccination",
        "bp_check",
        "lipid_check",
        "smoking_advice",
        "asthma_review",
        "diabetes_review",
    ),
    "ae": ("minor", "standard", "major", "resuscitation"),
    "admission": (
        "emergency",
        "elective",
        "day_case",
        "birth",
        "tooth_extraction",
        "asthma",
        "diabetes",
        "epilepsy",
    ),
    "community": ("district_nursing", "therapy", "health_visiting", "wound_care", "falls", "end_of_life"),
    "mental_health": (
        "talking_therapy",
        "community_team",
        "crisis",
        "cyp_referral",
        "cyp_first_contact",
        "inpatient",
    ),
    "social_care": ("assessment", "home_care", "reablement", "residential", "safeguarding", "child_in_need"),
    "housing": (
        "repair",
        "rent_arrears",
        "homelessness_application",
        "temporary_accommodation",
        "eviction_notice",
    ),
    "police": (
        "domestic_incident",
        "missing_person",
        "victim",
        "mental_health_call",
        "antisocial_behaviour",
        "suspect",
    ),
    "cancer": ("stage_1", "stage_2", "stage_3", "stage_4", "stage_unknown"),
    "maternity": ("booking", "booking_continuity", "antenatal", "birth", "birth_continuity", "postnatal"),
}
"""Kind of contact and the subtypes each may have: `kind` and `subtype` of an event are such a pair."""


@dataclass(frozen=True)
class Column:
    """One column: its name, Arrow type in short, whether it may be empty, its meaning, its lawful values.

    `type` is one of bool, int8, int16, int32, int64, float32, date, string, category. A category is a string
    written with a dictionary; a reader sees a string.
    """

    name: str
    type: str
    means: str
    nullable: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: its columns in file order, its key, and the column (if any) that names its folders."""

    name: str
    means: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    partition: str = ""

    def column(self, name: str) -> Column:
        """The column of that name, or NotFound with the names there are."""
        for column in self.columns:
            if column.name == name:
                return column
        names = ", ".join(c.name for c in self.columns)
        raise NotFound(f"The table {self.name} has no column '{name}'.", hint=f"It has: {names}.")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order, the partition column included."""
        return tuple(column.name for column in self.columns)

    def arrow(self, *, in_file: bool = False) -> pa.Schema:
        """The Arrow schema; `in_file` leaves out the partition column, which the folder's name holds."""
        import pyarrow as pa

        kinds = {
            "bool": pa.bool_(),
            "int8": pa.int8(),
            "int16": pa.int16(),
            "int32": pa.int32(),
            "int64": pa.int64(),
            "float32": pa.float32(),
            "date": pa.date32(),
            "string": pa.string(),
            "category": pa.dictionary(pa.int32(), pa.string()),
        }
        return pa.schema(
            [
                pa.field(c.name, kinds[c.type], nullable=c.nullable)
                for c in self.columns
                if not (in_file and c.name == self.partition)
            ]
        )


PERSON = Table(
    "person",
    "One usual resident on Census day 2021, synthetic",
    (
        Column("person_id", "int64", "Pseudonym; runs from 1 and means nothing"),
        Column("household_id", "int64", "The household or communal establishment"),
        Column("lsoa21", "category", "Lower layer super output area 2021 of residence, ONS code"),
        Column("district", "category", "District of residence, ONS code"),
        Column("place", "category", "Alliance of residence: the area code the pack gives it"),
        Column("sub_icb", "category", "Sub-ICB location of residence, ODS code such as 99E"),
        Column("age", "int16", "Age in whole years on Census day, 0 to 105"),
        Column("birth_year", "int16", "Year of birth"),
        Column("birth_month", "int8", "Month of birth, 1 to 12"),
        Column("sex", "category", "Sex", values=SEX),
        Column("ethnicity", "category", "Ethnic group, the Census's five", values=ETHNICITY),
        Column("is_disabled", "bool", "Disabled under the Equality Act (Census definition)"),
        Column("is_smoker", "bool", "Current smoker, aged 15 or over"),
        Column("practice", "category", "GP practice of registration, ODS code"),
        Column("imd2019_decile", "int8", "Index of Multiple Deprivation 2019 decile, 1 = most deprived"),
        Column("imd2025_decile", "int8", "Index of Multiple Deprivation 2025 decile, 1 = most deprived"),
        Column("died_on", "date", "Day of death within the lake's period, else empty", nullable=True),
        Column("plus_gypsy_roma_traveller", "bool", "Gypsy, Roma or Traveller"),
        Column("plus_minoritised_ethnic", "bool", "Black, Asian or minoritised ethnic"),
        Column("plus_carer", "bool", "Gives unpaid care"),
        Column("plus_learning_disability_autism", "bool", "Adult with a learning disability, autism or both"),
        Column("plus_homeless", "bool", "Homeless or in temporary accommodation"),
        Column("plus_veteran", "bool", "Has served in the armed forces"),
        Column(
            "plus_armed_forces_family", "bool", "Serving, or lives with somebody who serves or has served"
        ),
        Column("plus_care_leaver", "bool", "Left local authority care, aged 16 to 25"),
        Column("plus_domestic_abuse", "bool", "Victim of domestic abuse or violence in the last year"),
        Column("opt_out_national", "bool", "National data opt-out: not for research or planning"),
        Column("opt_out_type_1", "bool", "Type 1 opt-out: not to leave the practice except for care"),
    ),
    key=("person_id",),
)
HOUSEHOLD = Table(
    "household",
    "One household, or one communal establishment set apart by `is_communal`",
    (
        Column("household_id", "int64", "Pseudonym; runs from 1"),
        Column("lsoa21", "category", "Lower layer super output area 2021, ONS code"),
        Column("district", "category", "District, ONS code"),
        Column("place", "category", "Alliance: the area code the pack gives it"),
        Column("sub_icb", "category", "Sub-ICB location, ODS code"),
        Column("is_communal", "bool", "A communal establishment (care home, hall, prison), not a household"),
        Column("size", "int16", "Usual residents"),
        Column("adults", "int16", "Residents aged 18 or over"),
        Column("children", "int16", "Residents aged 0 to 17"),
        Column("composition", "category", "Who lives together", values=COMPOSITION),
        Column("tenure", "category", "Tenure", values=TENURE),
        Column("accommodation", "category", "Kind of building", values=ACCOMMODATION),
        Column("occupancy", "int8", "Bedrooms above (+2 = two or more) or below (-2) the bedroom standard"),
        Column("is_overcrowded", "bool", "Occupancy below nought"),
        Column(
            "deprivation_dimensions",
            "int8",
            "Census dimensions of deprivation, 0 to 4: the sum of the next four",
        ),
        Column("deprived_education", "bool", "Nobody qualified to level 2 and no 16 to 18 year old student"),
        Column("deprived_employment", "bool", "A member unemployed or long-term sick"),
        Column("deprived_health", "bool", "A member disabled or in bad health"),
        Column("deprived_housing", "bool", "Overcrowded, shared, or without central heating"),
        Column("imd2019_decile", "int8", "Index of Multiple Deprivation 2019 decile, 1 = most deprived"),
        Column("imd2025_decile", "int8", "Index of Multiple Deprivation 2025 decile, 1 = most deprived"),
    ),
    key=("household_id",),
)
PRACTICE = Table(
    "practice",
    "One GP practice and the residents registered with it here",
    (
        Column("practice", "string", "ODS code"),
        Column("name", "string", "Name"),
        Column("sub_icb", "category", "Sub-ICB location, ODS code"),
        Column(
            "pcn",
            "string",
            "Primary care network, ODS code (the neighbourhood), empty where unknown",
            nullable=True,
        ),
        Column("latitude", "float32", "Degrees north"),
        Column("longitude", "float32", "Degrees east"),
        Column("list_size", "int32", "The published list"),
        Column("registered", "int32", "Residents of the lake registered here"),
    ),
    key=("practice",),
)
CONDITION = Table(
    "condition",
    "One long-term condition on a practice register for one person",
    (
        Column("person_id", "int64", "The person"),
        Column(
            "condition",
            "category",
            "Register code of the Quality and Outcomes Framework",
            values=tuple(CONDITIONS),
        ),
        Column("since", "date", "Day of diagnosis, on or before Census day"),
        Column(
            "is_controlled",
            "bool",
            "Treated to target (blood pressure for HYP, cholesterol for CHD, STIA and PAD, HbA1c for DM)",
            nullable=True,
        ),
    ),
    key=("person_id", "condition"),
)
EVENT = Table(
    "event",
    "One contact of one person with one service",
    (
        Column("person_id", "int64", "The person"),
        Column("household_id", "int64", "The person's household"),
        Column("kind", "category", "Service", values=tuple(EVENT_KINDS)),
        Column(
            "subtype",
            "category",
            "What sort of contact: one of EVENT_KINDS[kind]",
            values=tuple(dict.fromkeys(s for subtypes in EVENT_KINDS.values() for s in subtypes)),
        ),
        Column("occurred_on", "date", "Day of the contact (admission: of arrival)"),
        Column("days", "int16", "Nights stayed; 0 unless an admission or inpatient stay"),
        Column(
            "financial_year",
            "int16",
            "Year in which the financial year began: 2021 is April 2021 to March 2022",
        ),
    ),
    partition="financial_year",
)
TRUTH = Table(
    "truth",
    "The generator's hidden need, to judge models by; never a feature and never published",
    (
        Column("person_id", "int64", "The person"),
        Column("household_need", "float32", "Latent need shared by the household, standard normal"),
        Column(
            "person_need", "float32", "Latent need of the person, standard normal, household part included"
        ),
        Column(
            "expected_emergency",
            "float32",
            "Expected emergency admissions in the first year, interactions included",
        ),
    ),
    key=("person_id",),
)
TABLES = {t.name: t for t in (PERSON, HOUSEHOLD, PRACTICE, CONDITION, EVENT, TRUTH)}


def table(name: str) -> Table:
    """The table of that name, or NotFound with the names there are."""
    try:
        return TABLES[name]
    except KeyError:
        raise NotFound(f"The lake has no table '{name}'.", hint=f"It has: {', '.join(TABLES)}.") from None
