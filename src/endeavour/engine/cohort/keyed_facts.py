"""What is known of homes, under codes instead of property numbers, so that no number need leave whoever holds it.

Facts about records bear no name and no number, and go as they are.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from endeavour.engine.cohort.agency_facts import HOME_FACTS
from endeavour.engine.cohort.sources import file_sql
from endeavour.engine.linkage.cleaning import UPRN
from endeavour.engine.linkage.keys import HOME_PROPERTY, linkage_key, may_replace, property_code_sql
from endeavour.engine.linkage.reading import DIRECTORY, read_table
from endeavour.engine.linkage.run import connect
from endeavour.pack.swap import put_in_place


def pseudonymise_facts(facts: Path, to: Path) -> int:
    """Write the agencies' facts under `to`, which is replaced whole, with a code for each property; give the homes.

    Needs the agencies' shared secret: `Missing` without it. Errors as for any facts.
    """
    import pyarrow.parquet as pq

    code = property_code_sql(linkage_key())
    known = ", ".join(f.name for f in HOME_FACTS[1:])
    connection = connect()
    try:
        read_table(connection, "home", facts / DIRECTORY, HOME_FACTS)
        homes = connection.sql(
            f"SELECT {code} AS {HOME_PROPERTY}, {known} FROM (SELECT * REPLACE ({UPRN} AS uprn) FROM home) "
            "WHERE uprn IS NOT NULL ORDER BY 1"
        ).to_arrow_table()
    finally:
        connection.close()
    to = may_replace(to)
    part = to.with_name(to.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(facts, part, ignore=shutil.ignore_patterns(DIRECTORY))
    (part / DIRECTORY).mkdir(parents=True)
    pq.write_table(homes, part / DIRECTORY / "part-0001.parquet", compression="zstd")
    put_in_place(part, to)
    return int(homes.num_rows)


def pseudonymise_truth(truth: Path, to: Path) -> None:
    """The truth of synthetic extracts, its homes under the same codes, so that this mode can be judged as well."""
    import pyarrow.parquet as pq

    code = property_code_sql(linkage_key())
    connection = connect()
    try:
        homes = connection.sql(
            f"SELECT person_id, CAST({code} AS VARCHAR) AS uprn "
            f"FROM (SELECT * REPLACE ({UPRN} AS uprn) FROM {file_sql(truth / 'homes.parquet')}) ORDER BY person_id"
        ).to_arrow_table()
    finally:
        connection.close()
    to.mkdir(parents=True, exist_ok=True)
    pq.write_table(homes, to / "homes.parquet")
    shutil.copyfile(truth / "records.parquet", to / "records.parquet")
