"""What a linkage result, the agencies' facts and the address directory say together, opened for a question."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.engine.cohort.agency_facts import (
    FACTS,
    HOME_FACTS,
    KEYED_HOME_FACTS,
    facts_dir,
    home_facts_dir,
)
from endeavour.engine.cohort.holdings import Holdings, open_holdings
from endeavour.engine.lake.backends import DuckBackend, engine_name, open_backend
from endeavour.engine.linkage.cleaning import UPRN
from endeavour.engine.linkage.keys import HOME_PROPERTY
from endeavour.engine.linkage.paths import current_result, keyed_dir, linkage_dir
from endeavour.engine.linkage.reading import DIRECTORY, SURPRISING, read_extracts, read_table
from endeavour.engine.linkage.results import PEOPLE, Result, open_result
from endeavour.errors import BadInput, Missing
from endeavour.paths import room_for

if TYPE_CHECKING:
    import duckdb

    from endeavour.engine.lake.backends import Backend
    from endeavour.engine.lake.store import Lake

Whose = tuple[str, ...]
"""Statements that make `who` (agency, record_id, person_id), `house` (household_id, home, has_opted_out, is_usable) and
`lives` (person_id, household_id)."""

AS_LINKED: Whose = (
    "CREATE TABLE who AS SELECT agency, record_id, counted_as AS person_id FROM given_people",
    "CREATE TABLE lives AS SELECT person_id, household_id FROM given_homes",
    "CREATE TABLE house AS SELECT household_id, home, has_opted_out, "
    "len(list_filter(doubts, lambda doubt: doubt <> 'communal')) = 0 AS is_usable FROM given_households",
)
"""Whose each record is, as linkage found it."""

AS_TRUE: Whose = (
    "CREATE TABLE who AS SELECT agency, record_id, t.person_id FROM given_people JOIN true_record AS t USING (agency, record_id)",
    "CREATE TABLE house AS SELECT coalesce(h.household_id, 1000000000 + row_number() OVER (ORDER BY uprn)) AS household_id, "
    "uprn AS home, uprn IN (SELECT uprn FROM true_home SEMI JOIN (SELECT person_id FROM true_record ANTI JOIN given_people "
    "USING (agency, record_id)) USING (person_id)) AS has_opted_out, true AS is_usable "
    "FROM place_of LEFT JOIN given_households AS h ON h.home = uprn",
    "CREATE TABLE lives AS SELECT person_id, household_id FROM true_home JOIN house ON house.home = true_home.uprn",
)
"""The same had every record been put under the right person and home; only synthetic extracts have such a truth."""

READ = ("given_record", "who", "lives", "house", "place_of", "home_fact", "area")
"""What is known once all was read and found as agreed: the tables that questions are asked of."""

AREA = ("district", "place", "sub_icb", "imd2019_decile", "imd2025_decile")
"""What the lake says of each LSOA."""


@dataclass(frozen=True)
class Sources:
    """A linkage result, the folder of linkage with the facts and the directory of its homes, and who holds what."""

    result: Result
    root: Path
    holdings: Holdings

    @property
    def is_keyed(self) -> bool:
        """Whether records were linked without names: homes then bear codes in the place of property numbers."""
        return bool(self.result.summary["is_pseudonymised"])

    @property
    def has_truth(self) -> bool:
        """Whether the extracts are synthetic, with the truth beside them."""
        return (self.root / "truth" / "records.parquet").is_file()

    @property
    def words(self) -> str:
        """Whose records these are, as it is said in public."""
        return f"the records of {len(self.result.summary['given'])} agencies" + (
            ", without names" if self.is_keyed else ""
        )

    def are_of(self, lake: Lake) -> bool:
        """Whether the records speak of this lake's people: real ones do, synthetic ones say of which lake they are."""
        return drawn_from(self.root / "extracts") in (None, lake.id)


def drawn_from(extracts: Path) -> str | None:
    """The id of the lake that synthetic extracts were drawn from; None where they are agencies' own, or absent."""
    about = extracts / "about.json"
    if not about.is_file():
        return None
    try:
        return str(json.loads(about.read_text(encoding="utf-8"))["lake"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            "this does not say which lake the synthetic extracts were drawn from", file=about,
            hint="Draw them again with: endeavour linkage extracts",
        ) from error  # fmt: skip


def linked_sources(root: Path | None = None, *, pack: str = "mse") -> Sources:
    """The result in use under `root` (the installation's linkage folder); `Missing` before the first run."""
    root = root or linkage_dir()
    return Sources(open_result(root), root, open_holdings(pack))


def sources_of(lake: Lake, *, pack: str = "mse", keyed: bool = False) -> Sources | None:
    """The linked records of one mode with facts beside them; None without, or where they are of another lake."""
    root = keyed_dir() if keyed else linkage_dir()
    if current_result(root) is None or not facts_dir(root).is_dir():
        return None
    sources = linked_sources(root, pack=pack)
    return sources if sources.are_of(lake) else None


@contextmanager
def opened(lake: Lake, sources: Sources, whose: Whose) -> Iterator[Backend]:
    """The engine that ENDEAVOUR_ENGINE names with `given_record` (facts), `who`, `lives`, `house`, `place_of`,
    `home_fact` and `area` in it, beside the lake's own tables.

    Reading and checking is DuckDB's in this process: it says best which line is wrong. `BadInput` where facts are not
    as agreed, `Missing` where there are none, or no room to bring them together.
    """
    from endeavour.engine.linkage.run import working

    room = room_for(
        f"what the agencies know, brought together in {sources.root}",
        hint="Free some space and run again; what was made before is untouched.",
    )
    with room, tempfile.TemporaryDirectory(dir=sources.root, prefix=".spill.") as name:
        folder = Path(name)
        with working(folder) as connection:
            _read(connection, lake, sources)
            for statement in whose:
                connection.execute(statement)
            if engine_name() == "duckdb":
                yield DuckBackend(lake.sources(), connection=connection)
                return
            given = {table: [_handed_over(connection, table, folder)] for table in READ}
        with open_backend(lake.sources() | given) as backend:
            yield backend


def _handed_over(connection: duckdb.DuckDBPyConnection, table: str, folder: Path) -> Path:
    """A table as a file, for other processes to read."""
    path = folder / f"{table}.parquet"
    connection.execute(f"COPY {table} TO {text_sql(str(path))} (FORMAT parquet)")
    return path


def text_sql(text: str) -> str:
    """A text as SQL writes it.

    >>> text_sql("St John's")
    "'St John''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def file_sql(path: Path) -> str:
    """A Parquet file as SQL names it.

    >>> file_sql(Path("it's.parquet"))
    "read_parquet('it''s.parquet')"
    """
    return f"read_parquet({text_sql(str(path))})"


def _read(connection: duckdb.DuckDBPyConnection, lake: Lake, sources: Sources) -> None:
    facts, result = facts_dir(sources.root), sources.result
    if not facts.is_dir():
        raise Missing(
            f"There is nothing in {facts} that says what the agencies know.",
            hint="Put each agency's facts there, or make synthetic ones with: endeavour linkage extracts",
        )
    given = result.summary["given"]
    # Facts may also speak of records that were left out; of very many more they are not those of these records.
    most = SURPRISING * max(given.values())
    read_extracts(connection, facts, most=most, before=dict.fromkeys(given, 0), fields=FACTS)
    for table, name in (
        ("given_people", PEOPLE),
        ("given_homes", "homes.parquet"),
        ("given_households", "households.parquet"),
    ):
        connection.execute(f"CREATE TABLE {table} AS SELECT * FROM {file_sql(result.path(name))}")
    connection.execute("DELETE FROM given_people WHERE left_on IS NOT NULL")
    lost = connection.execute(
        "SELECT agency, count(*) FROM given_people ANTI JOIN given_record USING (agency, record_id) GROUP BY 1 ORDER BY 1"
    ).fetchall()
    if lost:
        raise BadInput(
            f"{lost[0][1]:,} linked records of {lost[0][0]} have no facts", file=facts / str(lost[0][0]),
            hint="Facts and extract must be of the same day: give both again, and link again.",
        )  # fmt: skip
    _read_homes(connection, sources)
    connection.register("area_given", lake.read("household", ["lsoa21", *AREA]))
    connection.execute(
        f"CREATE TABLE area AS SELECT DISTINCT ON (lsoa21) * FROM area_given ORDER BY lsoa21, {', '.join(AREA)}"
    )
    connection.unregister("area_given")
    if sources.has_truth:
        truth = sources.root / "truth"
        connection.execute(f"CREATE VIEW true_record AS SELECT * FROM {file_sql(truth / 'records.parquet')}")
        connection.execute(f"CREATE VIEW true_home AS SELECT * FROM {file_sql(truth / 'homes.parquet')}")


def _read_homes(connection: duckdb.DuckDBPyConnection, sources: Sources) -> None:
    """Make `place_of` and `home_fact`, by cleaned property number or, without names, by its code."""
    import duckdb

    fields = KEYED_HOME_FACTS if sources.is_keyed else HOME_FACTS
    home = f"CAST({HOME_PROPERTY} AS VARCHAR)" if sources.is_keyed else UPRN
    read_table(connection, "home_given", home_facts_dir(sources.root), fields)
    connection.execute(
        f"CREATE TABLE home_fact AS SELECT {home} AS uprn, * EXCLUDE ({fields[0].name}) FROM home_given"
    )
    directory = sources.root / "extracts" / DIRECTORY
    if not any(directory.glob("*.parquet")):
        raise Missing(
            f"There is no address directory in {directory}, so nobody can say where a household lives.",
            hint="Put it there, and link again.",
        )
    try:
        connection.execute(
            f"CREATE TABLE place_of AS SELECT DISTINCT ON ({home}) {home} AS uprn, lsoa21, imd2025_decile, is_communal "
            f"FROM {file_sql(directory / '*.parquet')} ORDER BY {home}"
        )
    except duckdb.Error as error:
        raise BadInput(
            f"the address directory cannot be read ({str(error).splitlines()[0]})", file=directory,
            hint="Give it again, and link again.",
        ) from error  # fmt: skip
