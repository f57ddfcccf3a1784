"""What a referral tells. Headings are those of the PRSB social prescribing standard; only what helps is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from endeavour.errors import BadInput


@dataclass(frozen=True)
class Field:
    """One thing a referral may tell: its heading in the standard, the question, and how long it may be."""

    key: str
    heading: str
    question: str
    hint: str = ""
    most: int = 500
    long: bool = False
    required: bool = False


FIELDS = (
    Field("preferred_name", "Person demographics", "What do they like to be called?", most=120),
    Field("date_of_birth", "Person demographics", "Date of birth", "Like 1950-03-31. Leave it empty if they would rather.", most=10),
    Field("nhs_number", "Person demographics", "NHS number", "Ten figures. Only if the service needs it.", most=12),
    Field("gp_practice", "GP practice", "GP practice", most=200),
    Field("matters", "About me", "What is most important to them?", "In their own words.", long=True),
    Field("communication", "About me", "How do they like to communicate?", "Language, interpreter, sight, hearing, the best way to ring."),
    Field("adjustments", "Individual requirements", "What would make it easier for them?", "Reasonable adjustments, getting there, a carer who comes along."),
    Field("safeguarding", "Safeguarding", "Is there anything the service must know to keep them or others safe?",
          "If somebody is in danger now, ring 999. A safeguarding concern also goes to the council.", long=True),
    Field("reason", "Referral details", "Why do you refer them?", most=1000, long=True, required=True),
    Field("issues", "Presenting complaints or issues", "What do they say is the matter?", long=True),
    Field("social", "Social context", "Home, work, money, family", "Only what the service needs.", long=True),
    Field("goals", "Care and support plan", "What do they hope for?", long=True),
    Field("agreed", "Plan and requested actions", "What have you agreed with them?", long=True),
    Field("return_to", "Referral details", "Who should hear what became of it?", "A team's address, not a person's.", most=200),
)  # fmt: skip


def nhs_number_is_right(text: str) -> bool:
    """Whether ten figures pass the NHS number's own check (modulus 11, NHS Data Dictionary).

    >>> nhs_number_is_right("943 476 5919"), nhs_number_is_right("9434765918")
    (True, False)
    """
    figures = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{10}", figures, re.ASCII):
        return False
    check = 11 - sum(int(f) * (10 - at) for at, f in enumerate(figures[:9])) % 11
    return check != 10 and check % 11 == int(figures[9])


def problems(told: dict[str, str], day: date) -> dict[str, str]:
    """What is wrong with a referral, by field, in words that say what to do."""
    found = {}
    for field in FIELDS:
        text = told.get(field.key, "").strip()
        if field.required and not text:
            found[field.key] = "Say why you refer them"
        elif len(text) > field.most:
            found[field.key] = f"Use at most {field.most:,} letters for ‘{field.question}’"
    born = told.get("date_of_birth", "").strip()
    if born and "date_of_birth" not in found:
        try:
            if not date(1900, 1, 1) <= date.fromisoformat(born) <= day:
                raise ValueError
        except ValueError:
            found["date_of_birth"] = "Write the date of birth like 1950-03-31"
    number = told.get("nhs_number", "").strip()
    if number and not nhs_number_is_right(number):
        found["nhs_number"] = "Check the NHS number: its ten figures do not fit together"
    return found


def kept(told: dict[str, str], day: date) -> dict[str, str]:
    """What is kept of a referral: known fields that say something; raises `BadInput` at the first problem."""
    wrong = problems(told, day)
    if wrong:
        raise BadInput(f"{next(iter(wrong.values()))}.")
    return {f.key: text for f in FIELDS if (text := told.get(f.key, "").strip())}


def as_told(told: dict[str, str]) -> list[tuple[str, str, str]]:
    """A referral as (heading, question, answer), in the standard's order."""
    return [(f.heading, f.question, str(told[f.key])) for f in FIELDS if told.get(f.key)]
