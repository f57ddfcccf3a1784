"""Practices, their networks and their lists."""

from __future__ import annotations

import re
from collections import Counter

from endeavour.pack.compile.context import Compiled, Context, number, ogl, whole
from endeavour.pack.compile.sources import Row, SourceMissing

_NHSE = "NHS England"
_CONDITIONS = ("AF", "BP", "CHD", "CHOL", "HF", "HYP", "LVSD", "PAD", "STIA")


def _structure(context: Context) -> list[Row]:
    """The latest year of the QOF structure: practice, network, sub-ICB location."""
    path = context.sources.find("**/*practice_pcn_subicb_qof_structures*.csv")
    return context.sources.some_rows(
        path,
        "SELECT * FROM source WHERE list_contains($codes, sub_icb_code) "
        "QUALIFY qof_year = max(qof_year) OVER () ORDER BY practice_code",
        codes=sorted(context.geography.sub_icbs),
    )


def _allocations(context: Context) -> list[Row]:
    """Every year of the allocation file: one row a practice and year. From 2025-26 it no longer names the CCG."""
    path = context.sources.find("**/*gp_practice_weighted_populations*.csv")
    return context.sources.some_rows(
        path,
        "SELECT *, max(CCG) OVER (PARTITION BY Practice_Code) AS sub_icb FROM source WHERE ICB = $system "
        "ORDER BY allocation_year, Practice_Code",
        system=context.geography.system_ods,
    )


def pcns(context: Context) -> Compiled:
    """Networks as in the latest QOF structure."""
    structure = _structure(context)
    members = Counter(row["pcn_ods_code"] for row in structure)
    named = {row["pcn_ods_code"]: row for row in structure}
    rows = [
        {
            "code": code,
            "name": proper_case(named[code]["pcn_name"]),
            "sub_icb": named[code]["sub_icb_code"],
            "practices": count,
        }
        for code, count in members.items()
    ]
    source = "Quality and Outcomes Framework organisation structure"
    return Compiled(rows, ogl(_NHSE, structure[0]["qof_year"], source))


_SMALL = frozenset({"and", "at", "by", "in", "le", "of", "on", "the", "upon"})
_POSTCODE_DISTRICT = re.compile(r"[A-Z][a-z]?\d{1,2}")


def proper_case(name: str) -> str:
    """A name whose every word the publisher began with a capital, as people write it.

    >>> [proper_case(name) for name in ("Tilbury And Chadwell PCN", "Stanford-Le-Hope PCN", "Ss9 PCN", "The Vale PCN")]
    ['Tilbury and Chadwell PCN', 'Stanford-le-Hope PCN', 'SS9 PCN', 'The Vale PCN']
    """
    words = re.split(r"([ -])", name)
    for at, word in enumerate(words):
        if at and word.lower() in _SMALL:
            words[at] = word.lower()
        elif _POSTCODE_DISTRICT.fullmatch(word):
            words[at] = word.upper()
    return "".join(words)


def practices(context: Context) -> Compiled:
    """Practices in the latest allocation year or the latest QOF structure."""
    structure = {row["practice_code"]: row for row in _structure(context)}
    allocations = _allocations(context)
    year = max(row["allocation_year"] for row in allocations)
    latest = {row["Practice_Code"]: row for row in allocations if row["allocation_year"] == year}
    rows = [
        _practice(code, structure.get(code), latest.get(code))
        for code in sorted(structure.keys() | latest.keys())
    ]
    source = "ICB allocation tool, practice weighted populations; QOF organisation structure"
    return Compiled(
        rows, ogl(_NHSE, f"{year}; structure {next(iter(structure.values()))['qof_year']}", source)
    )


def _practice(code: str, structure: Row | None, allocation: Row | None) -> Row:
    row: Row = {
        "code": code,
        "pcn": structure["pcn_ods_code"] if structure else None,
        "in_qof": structure is not None,
    }
    row["name"] = (allocation["GP_Practice_Name"] if allocation else structure["practice_name"]).strip()  # type: ignore[index]
    row["sub_icb"] = structure["sub_icb_code"] if structure else allocation["sub_icb"]  # type: ignore[index]
    if allocation:
        row["district"] = allocation["LAD"]
        row["latitude"] = number(allocation["Latitude"], 5)
        row["longitude"] = number(allocation["Longitude"], 5)
        row["registered"] = whole(allocation["Population"])
    return row


def practice_lists(context: Context) -> Compiled:
    """Registered and weighted patients of each practice and year."""
    allocations = _allocations(context)
    rows = [
        {
            "practice": row["Practice_Code"],
            "year": row["allocation_year"],
            "registered": number(row["Population"], 2),
            "weighted": number(row["Final WP"], 2),
            "weighted_health_inequalities": number(row["Health Ineq WP"], 2),
            "weighted_primary_medical": number(row["Final PMC WP"], 2),
        }
        for row in allocations
    ]
    years = sorted({row["year"] for row in rows})
    source = "ICB allocation tool, practice weighted populations"
    return Compiled(rows, ogl(_NHSE, f"{years[0]} to {years[-1]}", source))


def practice_list_ages(context: Context) -> Compiled:
    """Registered patients by wide age band, of the practices the folder knows to be of this system."""
    path = context.sources.find("**/*practice_list_by_age_apr2020*.csv")
    mine = {row["practice_code"] for row in _structure_all_years(context)}
    columns = {"total": "TOTAL", "age_16_over": "16OV", "age_18_over": "18OV", "age_30_74": "30_74", "age_50_over": "50OV", "age_65_over": "65OV"}  # fmt: skip
    rows = [
        {"practice": row["PRACTICE_CODE"], **{ours: whole(row[theirs]) for ours, theirs in columns.items()}}
        for row in context.sources.rows(path)
        if row["PRACTICE_CODE"] in mine
    ]
    if not rows:
        raise SourceMissing(f"{path.name} has no rows of this system")
    source = "Patients registered at a GP practice, April 2020 (compiled by the House of Commons Library)"
    return Compiled(rows, ogl("NHS Digital", "April 2020", source))


def _structure_all_years(context: Context) -> list[Row]:
    path = context.sources.find("**/*practice_pcn_subicb_qof_structures*.csv")
    return context.sources.rows(
        path,
        "SELECT DISTINCT practice_code FROM source WHERE list_contains($codes, sub_icb_code)",
        codes=sorted(context.geography.sub_icbs),
    )


def practice_registers(context: Context) -> Compiled:
    """Cardiovascular prevalence by practice; England-wide, kept where the practice is of this system."""
    path = context.sources.find(
        "**/england_practice_qof_cvd_prevalence_achievement.parquet", "**/*practice_qof_cvd_prevalence*.csv"
    )
    mine = {row["code"] for row in practices(context).rows}
    rows: list[Row] = []
    for source in context.sources.rows(path):
        code = source["Practice.Code"]
        if code not in mine:
            continue
        for condition in _CONDITIONS:
            size = source[f"List.Size_{condition}"]
            row: Row = {"practice": code, "condition": condition}
            row["prevalence"] = number(source[f"Prevalence_{condition}"], 6)
            row["achievement"] = number(source[f"Achievement_{condition}"], 4)
            row["list_size"] = None if size in (None, "") else whole(size)
            if any(row[name] is not None for name in ("prevalence", "achievement", "list_size")):
                rows.append(row)
    if not rows:
        raise SourceMissing(f"{path.name} has no rows of this system")
    return Compiled(rows, ogl(_NHSE, "2023/24", "Quality and Outcomes Framework, practice level"))
