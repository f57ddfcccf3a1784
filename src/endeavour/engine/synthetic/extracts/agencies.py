"""The five agencies: whom each knows, and how well it writes down what it knows.

Every share is an assumption, in the range that published linkage studies report; they are here to be changed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Agency:
    """One agency's extract. Shares are of its records, from 0 to 1."""

    name: str
    title: str
    services: tuple[str, ...]
    share: float
    """Records for each resident of the lake."""
    duplicates: float
    nhs_number: float
    """How many records carry an NHS number at all."""
    uprn: float
    nickname: float
    forename_slip: float
    surname_slip: float
    birth_slip: float
    birth_missing: float
    stale: float
    """Of people who have moved, how many are still at the earlier home here."""
    earlier_surname: float
    """Of people who changed surname, how many bear the earlier one here."""
    postcode_missing: float
    postcode_slip: float
    sex_missing: float
    nhs_slip: float = 0.004
    nhs_mixed_up: float = 0.0006
    """How many records carry the number of somebody else at the same home."""


AGENCIES = (
    Agency(
        "nhs", "NHS", ("general practice",), 1.0, duplicates=0.006, nhs_number=0.993, uprn=0.6, nickname=0.015,
        forename_slip=0.012, surname_slip=0.012, birth_slip=0.004, birth_missing=0.0005, stale=0.15,
        earlier_surname=0.25, postcode_missing=0.003, postcode_slip=0.005, sex_missing=0.001, nhs_slip=0.0,
        nhs_mixed_up=0.0,
    ),
    Agency(
        "social_care", "Adult and children's social care", ("adult social care", "children's social care"), 0.25,
        duplicates=0.03, nhs_number=0.72, uprn=0.8, nickname=0.07, forename_slip=0.02, surname_slip=0.02,
        birth_slip=0.012, birth_missing=0.003, stale=0.25, earlier_surname=0.35, postcode_missing=0.01,
        postcode_slip=0.01, sex_missing=0.004,
    ),
    Agency(
        "housing", "Council housing and revenues", ("housing", "revenues"), 0.05, duplicates=0.02, nhs_number=0.0,
        uprn=0.96, nickname=0.08, forename_slip=0.025, surname_slip=0.02, birth_slip=0.015, birth_missing=0.01,
        stale=0.08, earlier_surname=0.3, postcode_missing=0.004, postcode_slip=0.006, sex_missing=0.01,
    ),
    Agency(
        "police_fire", "Police and fire", ("police", "fire"), 0.0183, duplicates=0.06, nhs_number=0.0, uprn=0.45,
        nickname=0.1, forename_slip=0.035, surname_slip=0.035, birth_slip=0.025, birth_missing=0.01, stale=0.4,
        earlier_surname=0.4, postcode_missing=0.03, postcode_slip=0.02, sex_missing=0.01,
    ),
    Agency(
        "voluntary", "A voluntary provider", ("community support",), 0.0175, duplicates=0.04, nhs_number=0.08,
        uprn=0.05, nickname=0.18, forename_slip=0.03, surname_slip=0.03, birth_slip=0.02, birth_missing=0.02,
        stale=0.3, earlier_surname=0.4, postcode_missing=0.03, postcode_slip=0.02, sex_missing=0.03,
    ),
)  # fmt: skip


def agency(name: str) -> Agency:
    """The agency of that name."""
    return next(one for one in AGENCIES if one.name == name)
