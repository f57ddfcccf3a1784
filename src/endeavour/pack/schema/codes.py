"""The words that a coded column may hold."""

from __future__ import annotations

AREA_KINDS = (
    "country", "system", "place", "upper_tier", "district", "sub_icb", "pcn", "ward", "lsoa21", "lsoa11",
)  # fmt: skip
AGE_BANDS = (
    "0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59",
    "60-64", "65-69", "70-74", "75-79", "80-84", "85+",
)  # fmt: skip
AGE_BANDS_TO_90 = (*AGE_BANDS[:-1], "85-89", "90+")
LIFE_TABLE_BANDS = ("0", "1-4", *AGE_BANDS[1:-1], "85-89", "90+")
BASES = ("iod2019_mid2015", "mid2019", "mid2020", "census2021")
EDITIONS = ("2019", "2025")
DOMAINS = ("income", "employment", "education", "health", "crime", "housing", "environment")
ETHNIC_GROUPS = ("white", "asian", "black", "mixed", "other")
TENURES = (
    "owned_outright", "owned_mortgage", "shared_ownership", "social_council", "social_other", "private_landlord",
    "private_other", "rent_free",
)  # fmt: skip
OCCUPANCIES = ("plus_2_or_more", "plus_1", "zero", "minus_1", "minus_2_or_less")
ACCOMMODATIONS = (
    "detached", "semi_detached", "terraced", "purpose_built_flat", "converted_or_shared_house",
    "other_converted_building", "commercial_building", "caravan_or_temporary",
)  # fmt: skip
HOUSEHOLD_TYPES = (
    "one_person", "married_children", "married_no_children", "civil_partners_children",
    "civil_partners_no_children", "cohabiting_children", "cohabiting_no_children", "lone_parent_children",
    "lone_parent_grown_children", "all_students", "other",
)  # fmt: skip
LEGAL_FORMS = (
    "statutory_body", "statutory_committee", "local_authority", "nhs_trust", "committee", "forum", "partnership",
    "company", "charity", "team", "other",
)  # fmt: skip
PARTNER_CLASSES = (
    "nhs", "local_authority", "vcse", "independent_provider", "primary_care", "education", "blue_light",
    "healthwatch", "residents", "partnership", "other",
)  # fmt: skip
CERTAINTIES = ("confirmed", "announced", "expected")
ROUTE_KINDS = ("feeds", "reports_to", "nominates", "mirrors")
STATUSES = ("reported", "not_reported", "modelled")
