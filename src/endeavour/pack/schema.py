"""The tables of a pack: their columns, keys, references and what each one promises.

This module is the single statement of the format. The reader checks against it, the compiler writes from it, and
`docs/reference/pack-format.md` is generated from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "code", "integer", "number", "date", "boolean"]


@dataclass(frozen=True)
class Column:
    """One column of a table: its type and what a lawful value is.

    `code` is text without spaces at either end or control characters; a `boolean` is `true` or `false`; a `date` is
    `YYYY-MM-DD`. An empty cell means 'not known' and is lawful only where `optional` is set.
    """

    name: str
    kind: Kind
    about: str
    optional: bool = False
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    refers_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Whole:
    """A margin: the `value` column, added up over `by`, should give the table `of`'s `of_value`.

    Census cells are perturbed before publication, so tables of one census disagree by a few people; `slack` is the
    largest lawful difference for one area, as a share of it, and `floor` the same in persons or households.
    """

    value: str
    by: str
    of: str
    of_value: str
    of_base: str = ""
    slack: float = 0.02
    floor: int = 12


@dataclass(frozen=True)
class Table:
    """One table of a pack."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    written_by_hand: bool = False
    required: bool = False
    dated: tuple[str, str] | None = None
    whole: Whole | None = None
    folder: str = field(default="")

    @property
    def path(self) -> str:
        """Where the table stands inside the pack's folder."""
        if self.written_by_hand:
            return f"{self.name}.csv"
        name = self.name.removeprefix(f"{self.folder}_") if self.folder else self.name
        return f"tables/{self.folder}/{name}.csv" if self.folder else f"tables/{name}.csv"

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(c for c in self.columns if c.name == name)


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

_AREA = ("areas.code",)


def _text(name: str, about: str, *, optional: bool = False) -> Column:
    return Column(name, "text", about, optional=optional)


def _code(name: str, about: str, *refers_to: str, optional: bool = False) -> Column:
    return Column(name, "code", about, optional=optional, refers_to=refers_to)


def _one_of(name: str, about: str, choices: tuple[str, ...], *, optional: bool = False) -> Column:
    return Column(name, "code", about, optional=optional, choices=choices)


def _count(name: str, about: str, *, optional: bool = False) -> Column:
    return Column(name, "integer", about, optional=optional, low=0)


def _number(
    name: str, about: str, low: float | None = None, high: float | None = None, *, optional: bool = False
) -> Column:
    return Column(name, "number", about, low=low, high=high, optional=optional)


_VALID = (
    Column("valid_from", "date", "first day it stood; empty: since before our records", optional=True),
    Column("valid_to", "date", "first day it no longer stood; empty: it still stands", optional=True),
)
_LATITUDE = _number("latitude", "degrees north (WGS 84)", 49.8, 55.9, optional=True)
_LONGITUDE = _number("longitude", "degrees east (WGS 84)", -6.5, 1.8, optional=True)


def _census(name: str, about: str, column: Column, *, of: str) -> Table:
    unit = "persons" if of == "population" else "households"
    return Table(
        name,
        about,
        (_code("lsoa21", "the neighbourhood", "lsoa21.code"), column, _count(unit, "usual residents" if unit == "persons" else "households with a usual resident")),
        key=("lsoa21", column.name),
        whole=Whole(unit, "lsoa21", of, unit, "census2021"),
    )  # fmt: skip


def _deprivation_columns() -> tuple[Column, ...]:
    parts: list[Column] = []
    for domain in DOMAINS:
        parts += [
            Column(f"{domain}_rank", "integer", f"{domain} domain, 1 = most deprived", low=1, high=33755),
            Column(f"{domain}_decile", "integer", f"{domain} domain, 1 = most deprived tenth", low=1, high=10),
            _number(f"{domain}_score", f"{domain} domain's published score; not published here for 2019", optional=True),
        ]  # fmt: skip
    return tuple(parts)


TABLES: tuple[Table, ...] = (
    Table(
        "areas",
        "Every area by its official code, one row a code. England is there as a comparator.",
        (
            _code("code", "ONS or ODS code; a place has a code of the pack's own"),
            _one_of("kind", "what it is", AREA_KINDS),
            _one_of("also_kind", "the other kind it is: a unitary council is also `upper_tier`, an LSOA that did not change in 2021 is also `lsoa11`", ("upper_tier", "lsoa11"), optional=True),
            _text("name", "its name"),
            _code("other_code", "ONS code of a sub-ICB location, ODS code of the system", optional=True),
            *_VALID,
        ),
        key=("code",),
        required=True,
        dated=("valid_from", "valid_to"),
    ),
    Table(
        "area_overlaps",
        "What share of one area lies in another. For each `from_code` the weights to one kind of area add up to 1, "
        "except to an area the system only partly covers.",
        (
            _code("from_code", "the smaller or older area", *_AREA),
            _code("to_code", "the larger or newer area", *_AREA),
            _number("weight", "share of the first that lies in the second", 0, 1),
            _one_of("basis", "`best_fit`: the publisher's whole-area lookup; `exact`: by definition; `persons_census2021`: by residents", ("best_fit", "exact", "persons_census2021")),
        ),
        key=("from_code", "to_code"),
        required=True,
    ),
    Table(
        "lsoa21",
        "The neighbourhoods of Census 2021, each with a hexagon of its own in our cartogram (axial coordinates, "
        "pointy top; `hex_r` grows southwards).",
        (
            _code("code", "LSOA 2021 code", *_AREA),
            _text("name", "LSOA 2021 name"),
            _code("ward", "electoral ward 2024 (best fit)", *_AREA, optional=True),
            _code("district", "lower-tier council", *_AREA),
            _code("upper_tier", "upper-tier council", *_AREA),
            _code("sub_icb", "sub-ICB location", *_AREA),
            _code("place", "place (Alliance)", *_AREA),
            _text("rural_urban", "rural-urban class 2021", optional=True),
            _LATITUDE,
            _LONGITUDE,
            Column("hex_q", "integer", "cartogram column", optional=True, low=-500, high=500),
            Column("hex_r", "integer", "cartogram row", optional=True, low=-500, high=500),
        ),
        key=("code",),
        required=True,
    ),
    Table(
        "lsoa11",
        "The neighbourhoods of Census 2011, which the 2019 Indices and the mid-2020 estimates use.",
        (
            _code("code", "LSOA 2011 code", *_AREA),
            _text("name", "LSOA 2011 name"),
            _code("district", "lower-tier council", *_AREA),
            _code("sub_icb", "sub-ICB location", *_AREA),
            _code("place", "place (Alliance)", *_AREA),
            _one_of("change", "to 2021: `U` unchanged, `S` split, `M` merged, `X` other", ("U", "S", "M", "X")),
        ),
        key=("code",),
        required=True,
    ),
    Table(
        "deprivation",
        "English Indices of Deprivation: 2019 on LSOA 2011, 2025 on LSOA 2021. The 2019 score is rebuilt from the "
        "published domain ranks by the published formula.",
        (
            _one_of("edition", "index edition", EDITIONS),
            _code("area_code", "LSOA of the edition's vintage", *_AREA),
            Column("imd_rank", "integer", "1 = most deprived in England", low=1, high=33755),
            Column("imd_decile", "integer", "1 = most deprived tenth in England", low=1, high=10),
            _number("imd_score", "higher = more deprived", 0, 100),
            *_deprivation_columns(),
            _number("income_deprived", "persons counted by the income domain; rounded by the publisher", 0, optional=True),
            _number("employment_deprived", "persons counted by the employment domain; rounded", 0, optional=True),
        ),
        key=("edition", "area_code"),
        required=True,
    ),
    Table(
        "population",
        "Residents by population base. A share always names its base.",
        (
            _code("area_code", "LSOA 2011 (estimates) or LSOA 2021 (census)", *_AREA),
            _one_of("base", "population base", BASES),
            _count("persons", "usual residents"),
        ),
        key=("area_code", "base"),
        required=True,
    ),
    Table(
        "households",
        "Households with at least one usual resident, Census 2021 (the total of the accommodation table).",
        (
            _code("area_code", "LSOA 2021", *_AREA),
            _one_of("base", "always census2021", BASES),
            _count("households", "households"),
        ),
        key=("area_code", "base"),
    ),
    _census("census_age", "Census 2021 TS007A: residents by five-year age.", _one_of("age_band", "five-year age", AGE_BANDS), of="population"),
    _census("census_ethnicity", "Census 2021 TS021: residents by ethnic group.", _one_of("ethnic_group", "five groups", ETHNIC_GROUPS), of="population"),
    _census("census_disability", "Census 2021: residents by disability under the Equality Act.", _one_of("disability", "disabled or not", ("disabled", "not_disabled")), of="population"),
    _census("census_tenure", "Census 2021: households by tenure.", _one_of("tenure", "tenure", TENURES), of="households"),
    _census("census_overcrowding", "Census 2021: households by bedrooms against need; `minus_*` is overcrowded.", _one_of("occupancy", "occupancy rating", OCCUPANCIES), of="households"),
    _census("census_deprivation_dimensions", "Census 2021: households by how many of four dimensions they are deprived in.", Column("dimensions", "integer", "0 to 4", low=0, high=4), of="households"),
    _census("census_accommodation", "Census 2021: households by accommodation type.", _one_of("accommodation", "type of dwelling", ACCOMMODATIONS), of="households"),
    Table(
        "categories",
        "The publishers' own words for the codes used in other tables.",
        (
            _code("column_name", "the column that uses the code"),
            _code("code", "the code"),
            _text("label", "the publisher's words"),
            Column("position", "integer", "order in which to show it", low=0),
        ),
        key=("column_name", "code"),
    ),
    Table(
        "district_age_sex",
        "Census 2021 first results: residents by sex and five-year age; the publisher rounds to 100.",
        (
            _code("district", "lower-tier council", *_AREA),
            _one_of("sex", "sex", ("female", "male")),
            _one_of("age_band", "five-year age to 90+", AGE_BANDS_TO_90),
            _count("persons", "usual residents"),
        ),
        key=("district", "sex", "age_band"),
    ),
    Table(
        "district_single_year",
        "ONS mid-year estimates added up from LSOA 2011: residents by single year of age (90 means 90 and over).",
        (
            _code("district", "lower-tier council", *_AREA),
            _one_of("base", "which year", ("mid2019", "mid2020")),
            Column("age", "integer", "years", low=0, high=90),
            _count("persons", "residents"),
        ),
        key=("district", "base", "age"),
    ),
    Table(
        "district_household_type_2011",
        "Census 2011: households by composition.",
        (
            _code("district", "lower-tier council", *_AREA),
            _one_of("household_type", "composition", HOUSEHOLD_TYPES),
            _count("households", "households"),
        ),
        key=("district", "household_type"),
    ),
    Table(
        "pcns",
        "Primary care networks as in the latest QOF structure.",
        (
            _code("code", "ODS code", *_AREA),
            _text("name", "name"),
            _code("sub_icb", "sub-ICB location", *_AREA),
            Column("practices", "integer", "member practices", low=1),
        ),
        key=("code",),
    ),
    Table(
        "practices",
        "General practices in the latest allocation year or the latest QOF structure.",
        (
            _code("code", "ODS code"),
            _text("name", "name"),
            _code("pcn", "primary care network; empty: none in the QOF structure", "pcns.code", optional=True),
            _code("sub_icb", "sub-ICB location", *_AREA),
            _code("district", "council its surgery stands in", *_AREA, optional=True),
            _LATITUDE,
            _LONGITUDE,
            Column("registered", "integer", "registered patients, latest allocation year", optional=True, low=0),
            Column("in_qof", "boolean", "in the latest QOF structure"),
        ),
        key=("code",),
    ),
    Table(
        "practice_lists",
        "Registered patients by practice and year, with the nine weighted populations of the allocation formula.",
        (
            _code("practice", "ODS code; may be a practice that has closed"),
            _code("year", "financial year, as 2025-26"),
            _number("registered", "registered patients (an average over the year, so not whole)", 0),
            _number("weighted", "final weighted population", 0, optional=True),
            _number("weighted_health_inequalities", "weighted for health inequalities", 0, optional=True),
            _number("weighted_primary_medical", "final weighted population for primary medical care", 0, optional=True),
        ),
        key=("practice", "year"),
    ),
    Table(
        "practice_list_ages",
        "Registered patients by wide age band, April 2020.",
        (
            _code("practice", "ODS code; may be a practice that has closed"),
            _count("total", "all ages"),
            _count("age_16_over", "16 and over"),
            _count("age_18_over", "18 and over"),
            _count("age_30_74", "30 to 74"),
            _count("age_50_over", "50 and over"),
            _count("age_65_over", "65 and over"),
        ),
        key=("practice",),
    ),
    Table(
        "practice_registers",
        "QOF cardiovascular prevalence by practice 2023/24, in per cent of the list named.",
        (
            _code("practice", "ODS code", "practices.code"),
            _code("condition", "QOF group"),
            _number("prevalence", "per cent", 0, 100, optional=True),
            Column("list_size", "integer", "list it is a share of", optional=True, low=0),
            _number("achievement", "per cent of points", 0, 100, optional=True),
        ),
        key=("practice", "condition"),
    ),
    Table(
        "bodies",
        "Organisations, boards, forums, networks and teams; what each may do is data.",
        (
            _code("id", "the pack's own id: small letters, digits and hyphens"),
            _text("name", "full name"),
            _text("short_name", "what people call it", optional=True),
            _one_of("legal_form", "what it is in law", LEGAL_FORMS),
            _one_of("partner_class", "which kind of partner it is", PARTNER_CLASSES),
            _code("ods_code", "NHS organisation code", optional=True),
            _code("area", "area it serves", *_AREA, optional=True),
            _code("parent", "body it is a committee or part of", "bodies.id", optional=True),
            Column("can_commission", "boolean", "may own a contract"),
            Column("can_decide", "boolean", "may take formal decisions"),
            Column("meets_in_public", "boolean", "meets in public"),
            Column("members", "integer", "where the row stands for many alike: how many", optional=True, low=1),
            *_VALID,
            _one_of("certainty", "how sure the dates are", CERTAINTIES),
            _text("purpose", "what it is for, in our words", optional=True),
            _text("source", "where the fact was seen"),
            _text("note", "what to know", optional=True),
        ),
        key=("id",),
        written_by_hand=True,
        dated=("valid_from", "valid_to"),
    ),
    Table(
        "successions",
        "Which body took over from which, and when.",
        (
            _code("predecessor", "the body that ended", "bodies.id"),
            _code("successor", "the body that took over", "bodies.id"),
            Column("starts_on", "date", "first day of the successor"),
            _one_of("certainty", "how sure", CERTAINTIES),
            _text("note", "what passed", optional=True),
        ),
        key=("predecessor", "successor"),
        written_by_hand=True,
    ),
    Table(
        "routes",
        "How bodies answer to each other: the lines of the map.",
        (
            _code("from_body", "the body that sends", "bodies.id"),
            _code("to_body", "the body that receives", "bodies.id"),
            _one_of("kind", "what the line means", ROUTE_KINDS),
            _text("owner", "who keeps the line working: a team or post", optional=True),
            Column("cadence_days", "integer", "how often it should be used; empty: not stated", optional=True, low=1),
            *_VALID,
            _text("source", "where the fact was seen"),
        ),
        key=("from_body", "to_body", "kind"),
        written_by_hand=True,
        dated=("valid_from", "valid_to"),
    ),
    Table(
        "posts",
        "Seats on bodies.",
        (
            _code("id", "the pack's own id"),
            _code("body", "where the seat is", "bodies.id"),
            _text("title", "its name"),
            _code("nominated_by", "body that nominates, where that is fixed", "bodies.id", optional=True),
            Column("votes", "boolean", "has a vote"),
            Column("seats", "integer", "how many such seats", low=1),
            *_VALID,
            _text("source", "where the fact was seen"),
        ),
        key=("id",),
        written_by_hand=True,
        dated=("valid_from", "valid_to"),
    ),
    Table(
        "observations",
        "Published values by indicator, area, group and period. An area here is an area, a practice or a body with an "
        "ODS code. A day, week or month that was not reported has a row with no value, never a zero.",
        (
            _code("indicator", "id in indicators.yaml"),
            _code("area_code", "area, practice or ODS code", "areas.code", "practices.code", "bodies.ods_code"),
            _code("subgroup", "part of the people; empty: everybody", optional=True),
            Column("period_start", "date", "first day"),
            Column("period_end", "date", "last day"),
            _number("numerator", "events or people", 0, optional=True),
            _number("denominator", "at risk", 0, optional=True),
            _number("value", "in the indicator's unit", optional=True),
            _number("lower", "95% interval, lower", optional=True),
            _number("upper", "95% interval, upper", optional=True),
            _one_of("status", "whether it was reported", STATUSES),
        ),
        key=("indicator", "area_code", "subgroup", "period_start", "period_end"),
        dated=("period_start", "period_end"),
    ),
    Table(
        "calibration_esp2013",
        "European Standard Population 2013.",
        (_one_of("age_band", "five-year age to 90+", AGE_BANDS_TO_90), _count("persons", "of 100,000")),
        key=("age_band",),
        folder="calibration",
    ),
    Table(
        "calibration_life_tables",
        "Abridged life tables, England 2014 to 2016, by sex and deprivation quintile (1 = most deprived).",
        (
            _one_of("sex", "sex", ("female", "male")),
            Column("imd_quintile", "integer", "1 = most deprived", low=1, high=5),
            _one_of("age_band", "age", LIFE_TABLE_BANDS),
            Column("age", "integer", "first year of the band", low=0, high=90),
            _count("deaths", "over three years"),
            _count("person_years", "over three years"),
            _number("mx", "deaths for each person-year", 0, 1),
            _number("qx", "chance of dying in the band", 0, 1),
            _number("lx", "survivors of 100,000", 0, 100000),
            _number("ex", "years of life left", 0, 120),
        ),
        key=("sex", "imd_quintile", "age_band"),
        folder="calibration",
    ),
    Table(
        "calibration_deaths",
        "Deaths and population, England 2001 to 2016, by sex, age band and deprivation quintile.",
        (
            Column("year", "integer", "calendar year", low=1990, high=2100),
            _one_of("sex", "sex", ("female", "male")),
            Column("imd_quintile", "integer", "1 = most deprived", low=1, high=5),
            _one_of("age_band", "age", LIFE_TABLE_BANDS),
            _count("deaths", "deaths registered"),
            _count("persons", "mid-year population"),
        ),
        key=("year", "sex", "imd_quintile", "age_band"),
        folder="calibration",
    ),
    Table(
        "calibration_prevalence_by_decile",
        "QOF registers modelled by deprivation decile, England 2019/20.",
        (
            Column("imd_decile", "integer", "1 = most deprived", low=1, high=10),
            _code("condition", "QOF group"),
            _number("register", "people on the register", 0),
            _number("list_size", "registered patients of the group's age", 0),
            _number("prevalence", "register over list, 0 to 1", 0, 1),
        ),
        key=("imd_decile", "condition"),
        folder="calibration",
    ),
    Table(
        "calibration_registers",
        "QOF registers by sub-ICB location.",
        (
            _code("sub_icb", "sub-ICB location", *_AREA),
            _code("year", "financial year, as 2019-20"),
            _code("condition", "QOF group"),
            _count("register", "people on the register"),
            _count("list_size", "registered patients of the group's age"),
            _number("prevalence", "register over list, 0 to 1", 0, 1),
        ),
        key=("sub_icb", "year", "condition"),
        folder="calibration",
    ),
    Table(
        "calibration_district_registers",
        "QOF registers modelled by district, 2019/20.",
        (
            _code("district", "lower-tier council", *_AREA),
            _code("condition", "QOF group"),
            _number("register", "people on the register", 0),
            _number("list_size", "registered patients of the group's age", 0),
            _number("prevalence", "register over list, 0 to 1", 0, 1),
        ),
        key=("district", "condition"),
        folder="calibration",
    ),
)  # fmt: skip

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
