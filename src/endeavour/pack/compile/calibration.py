"""Tables that the synthetic population and the statistics are calibrated to."""

from __future__ import annotations

from collections import defaultdict

from endeavour.pack.compile.context import Compiled, Context, number, ogl, whole
from endeavour.pack.compile.sources import Row, SourceMissing
from endeavour.pack.meta import Provenance

_SEX = {"1": "male", "2": "female"}
_PARLIAMENT = "Open Parliament Licence"
_LIBRARY = "House of Commons Library"
_LIBRARY_SAYS = "Contains Parliamentary information licensed under the Open Parliament Licence v3.0."


def _band(publishers: str) -> str:
    """The publisher writes '<1', '01-04' and '05-09'."""
    if publishers == "<1":
        return "0"
    return "-".join(str(int(part)) for part in publishers.split("-")) if "-" in publishers else publishers


def esp2013(context: Context) -> Compiled:
    """European Standard Population 2013, 19 bands that add up to 100,000."""
    path = context.sources.find("**/esp2013.csv")
    rows = [
        {"age_band": r["age_band"], "persons": whole(r["esp2013"])}
        for r in context.sources.some_rows(path, "SELECT * FROM source")
    ]
    words = Provenance(
        publisher="Eurostat",
        licence="published facts",
        vintage="2013",
        source="Revision of the European Standard Population",
        attribution="European Standard Population 2013, Eurostat.",
    )
    return Compiled(rows, words)


def life_tables(context: Context) -> Compiled:
    """Abridged life tables by deprivation quintile."""
    path = context.sources.find("**/derived_life_tables_by_imdq_england.csv")
    rows = [
        {
            "sex": _SEX[r["sex"]],
            "imd_quintile": whole(r["imd_quintile"]),
            "age_band": _band(r["agegroup"]),
            "age": whole(r["age"]),
            "deaths": whole(r["deaths"]),
            "person_years": whole(r["person_years"]),
            **{name: number(r[name], 7) for name in ("mx", "qx", "lx", "ex")},
        }
        for r in context.sources.some_rows(path, "SELECT * FROM source")
    ]
    source = "Deaths and population by deprivation quintile; life tables computed from them"
    return Compiled(rows, ogl("Office for National Statistics", "2014 to 2016", source))


def deaths(context: Context) -> Compiled:
    """Deaths and population by year, sex, age band and deprivation quintile."""
    died = context.sources.find("**/ons_deaths_by_year_sex_imdq_age_england.csv*")
    lived = context.sources.find("**/ons_population_by_year_sex_age_imdq_england.csv*")
    persons: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for r in context.sources.some_rows(lived, "SELECT * FROM source"):
        persons[r["year"], r["sex"], r["qimd"], _band_of_age(whole(r["age"].rstrip("+")))] += whole(r["pops"])
    rows = []
    for r in context.sources.some_rows(died, "SELECT * FROM source"):
        band = _band(r["agegroup"])
        rows.append(
            {
                "year": whole(r["year"]),
                "sex": _SEX[r["sex"]],
                "imd_quintile": whole(r["qimd"]),
                "age_band": band,
                "deaths": whole(r["deaths"]),
                "persons": persons[r["year"], r["sex"], r["qimd"], band],
            }
        )
    source = "Deaths registered and mid-year population by sex, age and deprivation quintile, England"
    return Compiled(rows, ogl("Office for National Statistics", "2001 to 2016", source))


def _band_of_age(age: int) -> str:
    if age == 0:
        return "0"
    if age < 5:
        return "1-4"
    return "90+" if age >= 90 else f"{age // 5 * 5}-{age // 5 * 5 + 4}"


def _library(source: str) -> Provenance:
    return Provenance(
        publisher=_LIBRARY, licence=_PARLIAMENT, vintage="2019/20", source=source, attribution=_LIBRARY_SAYS
    )


def prevalence_by_decile(context: Context) -> Compiled:
    """QOF prevalence modelled by deprivation decile, England."""
    path = context.sources.find("**/hoc_qof_prevalence_by_imd_decile_2019_20.csv")
    rows = [
        {
            "imd_decile": whole(r["imd_overall"]),
            "condition": _condition(r["group_code"]),
            "register": number(r["register"], 1),
            "list_size": number(r["list"], 1),
            "prevalence": number(r["prevalence"], 8),
        }
        for r in context.sources.some_rows(path, "SELECT * FROM source WHERE imd_overall <> 'Wales'")
    ]
    return Compiled(rows, _library("Local health data from QOF: prevalence by deprivation decile"))


def district_registers(context: Context) -> Compiled:
    """QOF registers modelled by district."""
    path = context.sources.find(
        "**/england_hoc_qof_prevalence_lad_2019_20.csv*", "**/*hoc_qof_prevalence_lad*.csv*"
    )
    rows = [
        {
            "district": r["lad_code"],
            "condition": _condition(r["group_code"]),
            "register": number(r["register"], 1),
            "list_size": number(r["list"], 1),
            "prevalence": number(r["prevalence"], 8),
        }
        for r in context.sources.some_rows(
            path,
            "SELECT * FROM source WHERE list_contains($codes, lad_code)",
            codes=sorted(context.geography.districts),
        )
    ]
    return Compiled(rows, _library("Local health data from QOF: prevalence by local authority"))


def _condition(code: str) -> str:
    """One spelling of a QOF group: the publishers write both CVDPP and CVD-PP."""
    return code.strip().upper().replace("-", "")


def registers(context: Context) -> Compiled:
    """QOF registers by sub-ICB location: the filtered file of four years, else the publisher's 2019/20 workbook."""
    codes = sorted(context.geography.sub_icbs)
    try:
        path = context.sources.find("**/*qof_prevalence_ccg_*.csv")
        found = context.sources.some_rows(
            path, "SELECT * FROM source WHERE list_contains($codes, ccg_code)", codes=codes
        )
        rows = [
            _register(r["ccg_code"], _year(r["qof_year"]), r["group_code"], r["register"], r["list_size"])
            for r in found
        ]
    except SourceMissing:
        rows = _from_workbook(context, codes)
    source = "Quality and Outcomes Framework: prevalence by CCG (now sub-ICB location)"
    years = sorted({row["year"] for row in rows})
    vintage = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
    return Compiled(rows, ogl("NHS Digital", vintage, source))


def _year(short: str) -> str:
    """'1920' as '2019-20'."""
    return f"20{short[:2]}-{short[2:]}"


def _register(code: str, year: str, condition: str, register: object, size: object) -> Row:
    count, listed = whole(register), whole(size)
    return {
        "sub_icb": code,
        "year": year,
        "condition": _condition(condition),
        "register": count,
        "list_size": listed,
        "prevalence": round(count / listed, 8) if listed else 0.0,
    }


def _from_workbook(context: Context, codes: list[str]) -> list[Row]:
    """One sheet a condition: list size and register stand under headings that name them."""
    import openpyxl

    path = context.sources.find("**/qof-*-prev-ach-pca-ccg.xlsx")
    year = _year(path.name.split("-")[1])
    rows: list[Row] = []
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in workbook.worksheets:
        rows += _from_sheet(sheet.title, list(sheet.iter_rows(values_only=True)), codes, year)
    workbook.close()
    if not rows:
        raise SourceMissing(f"{path.name} has no rows of this system (CCG codes have changed since)")
    return rows


def _from_sheet(condition: str, lines: list[tuple[object, ...]], codes: list[str], year: str) -> list[Row]:
    heading = next((n for n, line in enumerate(lines) if str(line[0]).startswith("CCG ODS code")), None)
    if heading is None:
        return []
    names = [str(name or "") for name in lines[heading]]
    # The latest year stands last, from its number of practices to its prevalence. The order inside differs by sheet, and
    # of two list sizes (diabetes: 17 and over, which counts, then 40 and over) the first is the one meant.
    start = max((n for n, name in enumerate(names) if name == "Number of practices"), default=0)
    end = next((n for n in range(start, len(names)) if names[n].startswith("Prevalence")), start)
    register = next((n for n in range(start, end) if names[n] == "Register"), None)
    size = next((n for n in range(start, end) if names[n].startswith("List size")), None)
    if register is None or size is None:
        return []
    return [
        _register(str(line[0]), year, condition, line[register], line[size])
        for line in lines[heading + 1 :]
        if line[0] in codes and line[register] is not None
    ]
