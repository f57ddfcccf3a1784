"""What an agency may say of its own records, apart from who they are of: one row a record, one folder an agency.

Names and facts never travel together: an extract says who a record is of and nothing else, these files say what the
agency knows under the same `record_id` and nobody's name. What an agency does not know, or did not agree to share, is
empty. Contacts are those of the last financial year. `addresses` holds what the councils' registers say of homes.

linkage/facts/AGENCY/part-0001.parquet     linkage/facts/addresses/part-0001.parquet
"""

from __future__ import annotations

from pathlib import Path

from endeavour.engine.cohort.features import CONTACTS, GROUPS
from endeavour.engine.linkage.extract_format import Field
from endeavour.engine.linkage.keys import HOME_PROPERTY
from endeavour.engine.linkage.paths import linkage_dir
from endeavour.engine.linkage.reading import DIRECTORY

FLAGS = {
    "is_minoritised": "Of a Black, Asian or minoritised ethnic group",
    "is_disabled": "Disabled",
    "has_died": "Died before the year ended",
    "severe_mental_illness": "On the register of severe mental illness",
    "dementia": "On the register of dementia",
    "uncontrolled": "A long-term condition not treated to target",
} | {
    f"in_{group}": f"Known to be in the PLUS group {group}"
    for group in GROUPS
    if group != "minoritised_ethnic"
}
COUNTS = {
    "age": "Age in whole years on Census day",
    "conditions": "Long-term conditions on a register",
} | {name: f"{name.replace('_', ' ').capitalize()} in the year" for name in CONTACTS}
FACTS = (
    Field("record_id", "string", "The record's number, as in the agency's extract", False),
    Field(
        "lake_person",
        "count",
        "The number under which the lake holds this agency's contacts with the person; of no meaning elsewhere",
    ),
    Field("neighbourhood", "string", "Primary care network of the practice, ODS code"),
    *(Field(name, "count", means) for name, means in COUNTS.items()),
    *(Field(name, "bool", means) for name, means in FLAGS.items()),
)
"""The columns of an agency's facts."""

HOME_FACTS = (
    Field("uprn", "string", "Unique property reference number", False),
    Field("tenure", "string", "Tenure"),
    *(
        Field(name, "bool", means)
        for name, means in (
            ("is_overcrowded", "Fewer bedrooms than the people in the home need"),
            ("deprived_housing", "Overcrowded, shared, or without central heating"),
            ("deprived_education", "Nobody qualified to level 2, and no student"),
            ("deprived_employment", "A member out of work or long-term sick"),
        )
    ),
)
"""The columns of what is known of homes."""

KEYED_HOME_FACTS = (Field(HOME_PROPERTY, "code", "Code of the property number", False), *HOME_FACTS[1:])
"""The same where names may not be shared: whoever holds the secret sends the code."""


def facts_dir(root: Path | None = None) -> Path:
    """The folder of facts in a folder of linkage, the installation's own unless given."""
    return (root or linkage_dir()) / "facts"


def home_facts_dir(root: Path | None = None) -> Path:
    """The folder of what is known of homes."""
    return facts_dir(root) / DIRECTORY
