"""Deprivation, population and census tables of the neighbourhoods."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable

from endeavour.pack.compile.context import Compiled, Context, number, ogl, whole
from endeavour.pack.compile.sources import Row, SourceMissing
from endeavour.pack.schema.codes import AGE_BANDS, AGE_BANDS_TO_90, DOMAINS

_ONS = "Office for National Statistics"
_MHCLG = "Ministry of Housing, Communities and Local Government"
_DOMAINS_2019 = dict(
    zip(DOMAINS, ("Income", "Employment", "Education", "Health", "Crime", "Housing_and_Access", "Environment"), strict=True)
)  # fmt: skip
_DOMAINS_2025 = {**_DOMAINS_2019, "housing": "Housing_and_Services"}
_WEIGHTS = dict(zip(DOMAINS, (0.225, 0.225, 0.135, 0.135, 0.093, 0.093, 0.093), strict=True))
AREAS_2019 = 32844
"""How many LSOA 2011 the 2019 Indices rank."""


def imd_score(ranks: dict[str, int], areas: int) -> float:
    """The Index's score from an area's seven domain ranks among `areas` (1 = most deprived).

    Each rank, scaled to R in (0, 1] with 1 for the most deprived, becomes -23 ln(1 - R (1 - exp(-100 / 23))), and the
    seven are added up with the published weights, which make 0.999.

    >>> round(imd_score({d: 1 for d in ("income", "employment", "education", "health", "crime", "housing", "environment")}, 32844))
    100
    """
    total = 0.0
    for domain, weight in _WEIGHTS.items():
        share = (areas - ranks[domain] + 1) / areas
        total += weight * -23 * math.log(1 - share * (1 - math.exp(-100 / 23)))
    return total


def deprivation(context: Context) -> Compiled:
    """Both editions of the Indices."""
    return Compiled(
        _edition_2019(context) + _edition_2025(context),
        ogl(
            _MHCLG,
            "2019 and 2025",
            "English Indices of Deprivation 2019 (LSOA 2011) and 2025 (LSOA 2021); 2019 scores rebuilt by us",
        ),
    )


def _edition_2019(context: Context) -> list[Row]:
    path = context.sources.find("**/iod2019_lsoa11_england.parquet", "**/*iod2019_lsoa11.csv")
    codes = context.geography.lsoa11_codes
    found = context.sources.some_rows(
        path, "SELECT * FROM source WHERE list_contains($codes, lsoa11_code)", codes=codes
    )
    rows = []
    for source in found:
        ranks = {domain: whole(source[f"{name}_rank"]) for domain, name in _DOMAINS_2019.items()}
        row = _edition_row("2019", source["lsoa11_code"], source, _DOMAINS_2019)
        rows.append({**row, "imd_score": round(imd_score(ranks, AREAS_2019), 3)})
    return rows


def _edition_2025(context: Context) -> list[Row]:
    path = context.sources.find("**/iod2025_lsoa21_england.parquet", "**/*iod2025_lsoa21.csv")
    codes = context.geography.lsoa21_codes
    found = context.sources.some_rows(
        path, "SELECT * FROM source WHERE list_contains($codes, lsoa21_code)", codes=codes
    )
    counted = _counted_2025(context)
    rows = []
    for source in found:
        row = _edition_row("2025", source["lsoa21_code"], source, _DOMAINS_2025)
        row["imd_score"] = number(source["IMD_score"])
        for domain, name in _DOMAINS_2025.items():
            row[f"{domain}_score"] = number(source[f"{name}_score"])
        rows.append({**row, **counted.get(source["lsoa21_code"], {})})
    return rows


def _edition_row(edition: str, code: str, source: Row, names: dict[str, str]) -> Row:
    row = {
        "edition": edition,
        "area_code": code,
        "imd_rank": whole(source["IMD_rank"]),
        "imd_decile": whole(source["IMD_decile"]),
        "income_deprived": number(source.get("income_domain_numerator")),
        "employment_deprived": number(source.get("employment_domain_numerator")),
    }
    for domain, name in names.items():
        row[f"{domain}_rank"] = whole(source[f"{name}_rank"])
        row[f"{domain}_decile"] = whole(source[f"{name}_decile"])
    return row


def _counted_2025(context: Context) -> dict[str, Row]:
    """People counted as income- and employment-deprived, which stand in the file of underlying indicators."""
    try:
        path = context.sources.find("**/iod2025_lsoa21_england_indicators.parquet")
    except SourceMissing:
        return {}
    query = "SELECT lsoa21_code, income_domain_numerator AS i, employment_domain_numerator AS e FROM source"
    return {
        row["lsoa21_code"]: {"income_deprived": number(row["i"]), "employment_deprived": number(row["e"])}
        for row in context.sources.rows(path, query)
    }


def population(context: Context) -> Compiled:
    """Residents by each base that the folder holds."""
    rows = _mid_2015(context) + _mid_year(context, "mid2019") + _mid_year(context, "mid2020")
    rows += [
        {"area_code": code, "base": "census2021", "persons": persons}
        for code, persons in census_persons(context).items()
    ]
    return Compiled(
        rows,
        ogl(
            f"{_ONS}; {_MHCLG}",
            "mid-2015 to Census 2021",
            "Indices 2019 File 6 denominators; small area population estimates mid-2019 and mid-2020; Census 2021 TS007A",
        ),
    )


def _mid_2015(context: Context) -> list[Row]:
    path = context.sources.find("**/iod2019_lsoa11_england.parquet", "**/*iod2019_lsoa11.csv")
    found = context.sources.rows(
        path,
        "SELECT lsoa11_code, pop_total_mid2015 AS n FROM source WHERE list_contains($codes, lsoa11_code)",
        codes=context.geography.lsoa11_codes,
    )
    return [
        {"area_code": r["lsoa11_code"], "base": "iod2019_mid2015", "persons": whole(r["n"])} for r in found
    ]


def _mid_year(context: Context, base: str) -> list[Row]:
    try:
        found = _estimates(context, base)
    except SourceMissing:
        if base == "mid2020":
            raise
        return []
    return [
        {"area_code": row["lsoa11_code"], "base": base, "persons": whole(row["total_population"])}
        for row in found
    ]


def _estimates(context: Context, base: str) -> list[Row]:
    year = base.removeprefix("mid")
    path = context.sources.find(
        f"**/mye{year}_lsoa11_single_year_persons_ew.parquet", f"**/*mye{year}_lsoa11_single_year_persons.csv"
    )
    return context.sources.some_rows(
        path,
        "SELECT * FROM source WHERE list_contains($codes, lsoa11_code)",
        codes=context.geography.lsoa11_codes,
    )


def _ages(context: Context) -> list[Row]:
    path = context.sources.find(
        "**/census_ts007a_age5_lsoa21_ew.parquet", "**/*census_ts007a_age5_lsoa21.csv"
    )
    return context.sources.some_rows(
        path,
        "SELECT * FROM source WHERE list_contains($codes, lsoa21_code)",
        codes=context.geography.lsoa21_codes,
    )


def census_persons(context: Context) -> dict[str, int]:
    """Residents of each LSOA 2021: the total of the age table."""
    return {row["lsoa21_code"]: whole(row["Total"]) for row in _ages(context)}


def census_age(context: Context) -> Compiled:
    """Residents by five-year age."""
    rows = []
    for source in _ages(context):
        counts = [whole(value) for name, value in source.items() if name.startswith("Aged ")]
        rows += [
            {"lsoa21": source["lsoa21_code"], "age_band": band, "persons": count}
            for band, count in zip(AGE_BANDS, counts, strict=True)
        ]
    return Compiled(rows, ogl(_ONS, "Census 2021", "TS007A Age by five-year age bands"))


_LONG: dict[str, tuple[str, str, str, str, dict[str, str]]] = {
    # table: file, the publisher's column, ours, title, the publisher's words and our codes
    "census_ethnicity": ("census_ethnicity21_lsoa21", "ethnic_group", "ethnic_group", "TS021 Ethnic group", {
        "White": "white",
        "Asian, Asian British or Asian Welsh": "asian",
        "Black, Black British, Black Welsh, Caribbean or African": "black",
        "Mixed or Multiple ethnic groups": "mixed",
        "Other ethnic group": "other",
    }),
    "census_disability": ("census_disability21_lsoa21", "disability", "disability", "TS038 Disability", {
        "Disabled under the Equality Act": "disabled",
        "Not disabled under the Equality Act": "not_disabled",
    }),
    "census_tenure": ("census_household_tenure21_lsoa21", "tenure", "tenure", "TS054 Tenure", {
        "Owned: Owns outright": "owned_outright",
        "Owned: Owns with a mortgage or loan": "owned_mortgage",
        "Shared ownership: Shared ownership": "shared_ownership",
        "Social rented: Rents from council or Local Authority": "social_council",
        "Social rented: Other social rented": "social_other",
        "Private rented: Private landlord or letting agency": "private_landlord",
        "Private rented: Other private rented": "private_other",
        "Lives rent free": "rent_free",
    }),
    "census_overcrowding": ("census_household_overcrowding21_lsoa21", "occupancy_rating", "occupancy", "TS052 Occupancy rating for bedrooms", {
        "+2 or more (under-occupied)": "plus_2_or_more",
        "+1 (under-occupied)": "plus_1",
        "0 (ideal)": "zero",
        "-1 (overcrowded)": "minus_1",
        "-2 or less (overcrowded)": "minus_2_or_less",
    }),
    "census_deprivation_dimensions": ("census_household_deprivation21_lsoa21", "deprivation_dimensions", "dimensions", "TS011 Households by deprivation dimensions", {
        "Household is not deprived in any dimension": "0",
        "Household is deprived in one dimension": "1",
        "Household is deprived in two dimensions": "2",
        "Household is deprived in three dimensions": "3",
        "Household is deprived in four dimensions": "4",
    }),
    "census_accommodation": ("census_household_type21_lsoa21", "type", "accommodation", "TS044 Accommodation type", {
        "Detached": "detached",
        "Semi-detached": "semi_detached",
        "Terraced": "terraced",
        "In a purpose-built block of flats or tenement": "purpose_built_flat",
        "Part of a converted or shared house, including bedsits": "converted_or_shared_house",
        "Part of another converted building, for example, former school, church or warehouse": "other_converted_building",
        "In a commercial building, for example, in an office building, hotel or over a shop": "commercial_building",
        "A caravan or other mobile or temporary structure": "caravan_or_temporary",
    }),
}  # fmt: skip


def census_long(table: str) -> Callable[[Context], Compiled]:
    """The step that compiles one census table published in long form."""
    stem, theirs, ours, title, words = _LONG[table]
    unit = "persons" if table in ("census_ethnicity", "census_disability") else "households"

    def compile_table(context: Context) -> Compiled:
        path = context.sources.find(f"**/*{stem}*.csv.gz", f"**/*{stem}*.csv", f"**/*{stem}*.parquet")
        found = context.sources.some_rows(
            path,
            f'SELECT lsoa21_code, "{theirs}" AS word, n FROM source WHERE list_contains($codes, lsoa21_code)',
            codes=context.geography.lsoa21_codes,
        )
        rows = [
            {"lsoa21": r["lsoa21_code"], ours: _known(words, r["word"], path.name), unit: whole(r["n"])}
            for r in found
        ]
        return Compiled(rows, ogl(_ONS, "Census 2021", title))

    return compile_table


def census_ethnicity(context: Context) -> Compiled:
    """Residents by ethnic group: the long file of 2021 categories, else the wide England and Wales file."""
    try:
        return census_long("census_ethnicity")(context)
    except SourceMissing:
        words = _LONG["census_ethnicity"][4]
        path = context.sources.find("**/census_ts021_ethnic5_lsoa21_ew.parquet")
        found = context.sources.some_rows(
            path,
            "SELECT * FROM source WHERE list_contains($codes, lsoa21_code)",
            codes=context.geography.lsoa21_codes,
        )
        rows = [
            {"lsoa21": row["lsoa21_code"], "ethnic_group": code, "persons": whole(row[word])}
            for row in found
            for word, code in words.items()
        ]
        return Compiled(rows, ogl(_ONS, "Census 2021", "TS021 Ethnic group"))


def _known(words: dict[str, str], word: str, name: str) -> str:
    if word not in words:
        raise SourceMissing(f"{name} has the category '{word}', which the compiler does not know")
    return words[word]


def households(context: Context) -> Compiled:
    """Households of each LSOA 2021: the total of the accommodation table."""
    totals: dict[str, int] = defaultdict(int)
    accommodation = census_long("census_accommodation")(context)
    for row in accommodation.rows:
        totals[row["lsoa21"]] += row["households"]
    rows = [{"area_code": code, "base": "census2021", "households": count} for code, count in totals.items()]
    return Compiled(rows, accommodation.provenance)


def categories(context: Context) -> Compiled:
    """The publishers' words for our codes."""
    del context
    rows = [
        {"column_name": ours, "code": code, "label": word, "position": position}
        for _, _, ours, _, words in _LONG.values()
        for position, (word, code) in enumerate(words.items())
    ]
    return Compiled(rows, ogl(_ONS, "Census 2021", "Census 2021 category names"))


def district_age_sex(context: Context) -> Compiled:
    """Residents by sex and age; the publisher's rows are named 'Females: Aged 5 to 9 years'."""
    path = context.sources.find("**/census2021_first_results_age_sex_households_lad.csv")
    found = context.sources.some_rows(
        path,
        "SELECT area_code, description, value FROM source WHERE list_contains($codes, area_code) "
        "AND regexp_matches(description, '^(Females|Males): ')",
        codes=sorted(context.geography.districts),
    )
    rows = []
    for source in found:
        who, words = source["description"].split(": ")
        sex = "female" if who == "Females" else "male"
        rows.append(
            {
                "district": source["area_code"],
                "sex": sex,
                "age_band": _band_of(words),
                "persons": whole(source["value"]),
            }
        )
    return Compiled(
        rows, ogl(_ONS, "Census 2021", "First results: population by sex and five-year age, rounded to 100")
    )


def _band_of(words: str) -> str:
    """'Aged 5 to 9 years' as '5-9'."""
    years = [int(part) for part in words.split() if part.isdigit()]
    if "under" in words:
        return AGE_BANDS[0]
    if "over" in words:
        return AGE_BANDS_TO_90[-1]
    return f"{years[0]}-{years[1]}"


def district_single_year(context: Context) -> Compiled:
    """Residents of each district by single year of age, added up from the small-area estimates."""
    district = {row["code"]: row["district"] for row in context.geography.lsoa11}
    totals: dict[tuple[str, str, int], int] = defaultdict(int)
    for base in ("mid2019", "mid2020"):
        try:
            found = _estimates(context, base)
        except SourceMissing:
            if base == "mid2020":
                raise
            continue
        for row in found:
            for name, count in row.items():
                if name.rstrip("+").isdigit():
                    totals[district[row["lsoa11_code"]], base, int(name.rstrip("+"))] += whole(count)
    rows = [
        {"district": code, "base": base, "age": age, "persons": persons}
        for (code, base, age), persons in totals.items()
    ]
    return Compiled(
        rows, ogl(_ONS, "mid-2019 and mid-2020", "Small area population estimates, added up by us")
    )


_COMPOSITION = {
    "One person household": "one_person",
    "Married couple household: With dependent children": "married_children",
    "Married couple household: No dependent children": "married_no_children",
    "Same-sex civil partnership couple household: With dependent children": "civil_partners_children",
    "Same-sex civil partnership couple household: No dependent children": "civil_partners_no_children",
    "Cohabiting couple household: With dependent children": "cohabiting_children",
    "Cohabiting couple household: No dependent children": "cohabiting_no_children",
    "Lone parent household: With dependent children": "lone_parent_children",
    "Lone parent household: No dependent children": "lone_parent_grown_children",
    "Multi-person household: All full-time students": "all_students",
    "Multi-person household: Other": "other",
}


def district_household_type_2011(context: Context) -> Compiled:
    """Households by composition, 2011."""
    path = context.sources.find("**/*census2011_household_type_lad.csv")
    found = context.sources.some_rows(
        path,
        'SELECT * FROM source WHERE list_contains($codes, "geography code") AND "Rural Urban" = \'Total\'',
        codes=sorted(context.geography.districts),
    )
    rows = [
        {"district": source["geography code"], "household_type": code, "households": whole(source[word])}
        for source in found
        for word, code in _COMPOSITION.items()
    ]
    return Compiled(rows, ogl(_ONS, "Census 2011", "Household composition by local authority"))
