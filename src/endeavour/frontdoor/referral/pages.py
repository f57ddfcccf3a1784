"""The pages of a referral: one tight group a page, and what is wrong with each."""

from __future__ import annotations

from dataclasses import dataclass

from endeavour.core.public import today
from endeavour.frontdoor.gaps.queries import NO_PLACE, districts
from endeavour.frontdoor.paged import Answers, PagedForm
from endeavour.frontdoor.presenters import TIMES
from endeavour.frontdoor.referral.fields import FIELDS, Field, problems

WAYS = {"phone": "Ring them", "text": "Send a text", "email": "Send an email", "letter": "Write a letter"}
CONSENT = "They know what is told and to whom, and they agree"


@dataclass(frozen=True)
class Page:
    """One page: its heading, what it says below, and the fields it asks for."""

    heading: str
    words: str
    fields: tuple[str, ...]


PAGES = {
    "person": Page("Who do you refer?", "", ("name", "preferred_name", "date_of_birth", "nhs_number")),
    "reach": Page("How should they be contacted?", "", ("contact_by", "contact_value", "good_time")),
    "needs": Page("What would make it easier for them?", "", ("language", "communication", "adjustments", "district")),
    "why": Page("Why do you refer them?", "", ("reason", "issues")),
    "matters": Page("What matters to them?", "In their own words where you can.", ("matters", "goals", "agreed")),
    "life": Page("What else should the service know?", "", ("social", "gp_practice", "return_to")),
    "safety": Page("Keeping them and others safe", "", ("safeguarding",)),
    "agree": Page("Do they agree?", "", ("consented",)),
}  # fmt: skip
_OWN = (
    Field("name", "", "Their name", most=120),
    Field("contact_by", "", "How should they be contacted?"),
    Field("contact_value", "", "The number or address that is safe to use", most=200),
    Field("good_time", "", "When is a good time?"),
    Field("language", "", "Language, if not English", most=60),
    Field("district", "", "District they live in"),
    Field("consented", "", CONSENT),
)
_EVERY = {field.key: field for field in (*_OWN, *FIELDS)}


def choices(key: str) -> dict[str, str]:
    """What may be chosen in a field; nothing where one writes."""
    if key == "contact_by":
        return WAYS
    if key == "good_time":
        return TIMES
    if key == "district":
        return {"": "Rather not say"} | {k: v for k, v in districts().items() if k != NO_PLACE}
    return {"yes": CONSENT} if key == "consented" else {}


def wrong(page: str, answers: Answers) -> dict[str, str]:
    """What is missing, too long or impossible on one page, by field, in words that say what to do."""
    asked = PAGES[page].fields
    found = {
        key: f"Use at most {_EVERY[key].most:,} letters. You have written {len(answers[key]):,}"
        for key in asked
        if not choices(key) and len(answers[key]) > _EVERY[key].most
    }
    needed = {
        "name": "Write the person's name",
        "contact_by": "Choose how to contact them",
        "contact_value": "Write the number or address to use",
        "consented": "They must agree before anything is passed on",
    }
    for key in asked:
        empty = answers[key] not in choices(key) if choices(key) else not answers[key].strip()
        if empty and key in needed:
            found[key] = needed[key]
    told = problems(answers, today())
    return {key: told[key] for key in asked if key in told} | found


FORM = PagedForm({key: page.fields for key, page in PAGES.items()}, wrong)


def rows(page: str, answers: Answers, errors: dict[str, str]) -> list[dict[str, object]]:
    """The fields of one page as it shows them."""
    return [
        {"field": _EVERY[key], "value": answers[key], "error": errors.get(key, ""), "choices": choices(key)}
        for key in PAGES[page].fields
    ]


def summary(answers: Answers) -> list[dict[str, object]]:
    """Every page with what was answered there, for the check before it is sent."""
    return [
        {
            "key": key,
            "heading": page.heading,
            "said": [
                (_EVERY[f].question, choices(f).get(answers[f], answers[f]))
                for f in page.fields
                if answers[f]
            ],
        }
        for key, page in PAGES.items()
    ]
