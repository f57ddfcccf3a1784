"""The tables of networks and practices."""

from __future__ import annotations

from endeavour.pack.schema.columns import AREA, LATITUDE, LONGITUDE, Column, Table, code, count, number, text

PRIMARY_CARE_TABLES: tuple[Table, ...] = (
    Table(
        "pcns",
        "Primary care networks as in the latest QOF structure.",
        (
            code("code", "ODS code", *AREA),
            text("name", "name"),
            code("sub_icb", "sub-ICB location", *AREA),
            Column("practices", "integer", "member practices", low=1),
        ),
        key=("code",),
    ),
    Table(
        "practices",
        "General practices in the latest allocation year or the latest QOF structure.",
        (
            code("code", "ODS code"),
            text("name", "name"),
            code("pcn", "primary care network; empty: none in the QOF structure", "pcns.code", optional=True),
            code("sub_icb", "sub-ICB location", *AREA),
            code("district", "council its surgery stands in", *AREA, optional=True),
            LATITUDE,
            LONGITUDE,
            Column("registered", "integer", "registered patients, latest allocation year", optional=True, low=0),
            Column("in_qof", "boolean", "in the latest QOF structure"),
        ),
        key=("code",),
    ),
    Table(
        "practice_lists",
        "Registered patients by practice and year, with the nine weighted populations of the allocation formula.",
        (
            code("practice", "ODS code; may be a practice that has closed"),
            code("year", "financial year, as 2025-26"),
            number("registered", "registered patients (an average over the year, so not whole)", 0),
            number("weighted", "final weighted population", 0, optional=True),
            number("weighted_health_inequalities", "weighted for health inequalities", 0, optional=True),
            number("weighted_primary_medical", "final weighted population for primary medical care", 0, optional=True),
        ),
        key=("practice", "year"),
    ),
    Table(
        "practice_list_ages",
        "Registered patients by wide age band, April 2020.",
        (
            code("practice", "ODS code; may be a practice that has closed"),
            count("total", "all ages"),
            count("age_16_over", "16 and over"),
            count("age_18_over", "18 and over"),
            count("age_30_74", "30 to 74"),
            count("age_50_over", "50 and over"),
            count("age_65_over", "65 and over"),
        ),
        key=("practice",),
    ),
    Table(
        "practice_registers",
        "QOF cardiovascular prevalence by practice 2023/24, in per cent of the list named.",
        (
            code("practice", "ODS code", "practices.code"),
            code("condition", "QOF group"),
            number("prevalence", "per cent", 0, 100, optional=True),
            Column("list_size", "integer", "list it is a share of", optional=True, low=0),
            number("achievement", "per cent of points", 0, 100, optional=True),
        ),
        key=("practice", "condition"),
    ),
)  # fmt: skip
