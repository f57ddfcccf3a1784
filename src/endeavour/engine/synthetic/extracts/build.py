"""Write the five agencies' extracts from the lake; apart from them what each knows, and the truth to judge linkage by."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.linkage.paths import linkage_dir
from endeavour.engine.synthetic.extracts.addresses import Addresses, address_households
from endeavour.engine.synthetic.extracts.agencies import AGENCIES, Agency
from endeavour.engine.synthetic.extracts.facts import write_facts
from endeavour.engine.synthetic.extracts.records import records_of
from endeavour.engine.synthetic.extracts.residents import Residents, true_residents
from endeavour.pack.swap import put_in_place
from endeavour.paths import room_for

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from endeavour.engine.lake.store import Lake

SEED = 20221215
CLIENTS = {
    "social_care": "SELECT DISTINCT person_id FROM event WHERE kind = 'social_care'",
    "housing": "SELECT person_id FROM person JOIN household USING (household_id) "
    "WHERE tenure = 'social_council' AND age >= 16 UNION SELECT person_id FROM event WHERE kind = 'housing'",
    "police_fire": "SELECT DISTINCT person_id FROM event JOIN person USING (person_id) "
    "WHERE kind = 'police' AND age >= 10",
    "voluntary": "SELECT person_id FROM person WHERE age >= 16 AND (is_disabled OR plus_carer OR plus_veteran "
    "OR plus_homeless OR plus_domestic_abuse OR plus_care_leaver)",
}
"""Whom an agency may know, as SQL over the lake; it knows a sample of them of its own size."""


def build_extracts(
    lake: Lake,
    *,
    seed: int = SEED,
    root: Path | None = None,
    csv: bool = False,
    talk: Callable[[str], None] = lambda _what: None,
) -> dict[str, int]:
    """Write the extracts under `root` (the linkage folder) and give the records of each agency.

    The same lake and seed give the same bytes. What was there stays until the new files are whole. With `csv` the
    extracts are written as CSV instead of Parquet.
    """
    root = root or linkage_dir()
    part = root / "extracts.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        with room_for(f"the extracts in {root}", hint="Free some space and draw them again."):
            (part / "truth").mkdir(parents=True)
            rows = _write_all(lake, part, seed=seed, csv=csv, talk=talk)
            # The extracts, which are read first, last.
            for name in ("truth", "facts", "extracts"):
                put_in_place(part / name, root / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return rows


def _write_all(
    lake: Lake, part: Path, *, seed: int, csv: bool, talk: Callable[[str], None]
) -> dict[str, int]:
    """Write truth, facts and extracts into `part`; the records of each agency."""
    rows: dict[str, int] = {}
    person, household = lake.read("person"), lake.read("household")
    residents = true_residents(person, household, _rng(seed, 0))
    addresses = address_households(household, _rng(seed, 1))
    del person, household
    _write(addresses.directory, part / "extracts" / "addresses", csv=False)
    truth = []
    for number, (agency, known) in enumerate(_known(lake, residents, seed)):
        talk(f"writing {agency.title}")
        rng = _rng(seed, 10 + number)
        table, who = records_of(agency, known, residents, addresses, rng)
        _write(table, part / "extracts" / agency.name, csv=csv)
        rows[agency.name] = table.num_rows
        truth.append(_truth(agency, table, who, residents))
    talk("writing what each of them knows")
    write_facts(lake, {one.name: table for one, table in zip(AGENCIES, truth, strict=True)}, addresses.uprn,
                part / "facts")  # fmt: skip
    _write_truth(truth, residents, addresses, part / "truth")
    about = {"seed": seed, "lake": lake.id, "records": rows, "synthetic": True}
    (part / "extracts" / "about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return rows


def _rng(seed: int, number: int) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64([seed, number]))


def _known(lake: Lake, residents: Residents, seed: int) -> Iterator[tuple[Agency, NDArray[np.int64]]]:
    """Whom each agency knows, as rows of `residents`. The type 1 opt-out keeps people out of the NHS extract."""
    connection = lake.connect()
    for number, agency in enumerate(AGENCIES):
        if agency.name == "nhs":
            yield agency, np.flatnonzero(~residents.opt_out_type_1)
            continue
        found = connection.execute(
            f"SELECT person_id FROM ({CLIENTS[agency.name]}) ORDER BY person_id"
        ).fetchnumpy()
        clients = np.searchsorted(residents.person_id, np.asarray(found["person_id"]))
        wanted = min(len(clients), round(agency.share * len(residents.person_id)))
        yield agency, np.sort(_rng(seed, 30 + number).choice(clients, wanted, replace=False))


def _truth(agency: Agency, table: pa.Table, who: Any, residents: Residents) -> pa.Table:
    import pyarrow as pa

    names = np.full(len(who), agency.name)
    return pa.table(
        {
            "agency": pa.array(names).dictionary_encode(),
            "record_id": table.column("record_id"),
            "person_id": residents.person_id[who],
        }
    )


def _write_truth(truth: list[pa.Table], residents: Residents, addresses: Addresses, folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.concat_tables(truth).unify_dictionaries(), folder / "records.parquet")
    homes = pa.table({"person_id": residents.person_id, "uprn": addresses.uprn.take(residents.household)})
    pq.write_table(homes, folder / "homes.parquet")


def _write(table: pa.Table, folder: Path, *, csv: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if csv:
        from pyarrow import csv as pc

        pc.write_csv(table, folder / "part-0001.csv")
        return
    import pyarrow.parquet as pq

    pq.write_table(table, folder / "part-0001.parquet", compression="zstd")
