"""Link what the agencies gave: read, clean, join, keep everybody's number, and put the result in place at once.

The same extracts, decisions and result before give the same result, byte for byte. Whatever goes wrong, the result in
use stays as it was.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.lake.backends import require_engine
from endeavour.engine.linkage import guard, history, queueing
from endeavour.engine.linkage.candidates import candidate_pairs
from endeavour.engine.linkage.cleaning import clean
from endeavour.engine.linkage.extract_format import MOST_RECORDS
from endeavour.engine.linkage.households import OPTED_OUT, form_households
from endeavour.engine.linkage.model import learn, score
from endeavour.engine.linkage.paths import linkage_dir
from endeavour.engine.linkage.people import People, together
from endeavour.engine.linkage.reading import read_directory, read_extracts
from endeavour.engine.linkage.resolve import JOINED, OUTCOMES
from endeavour.engine.linkage.results import Result, before_this, finish, writing
from endeavour.engine.linkage.rules import RULES, exact_pairs
from endeavour.engine.linkage.waterfall import name_shares
from endeavour.errors import Missing

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

JOIN_AT = 3.0
"""Bits of evidence (odds of 8 to 1) from which the model joins a pair. On the standard extracts: see the how-to."""

GREY_FROM = -3.0
"""Bits of evidence from which a pair is shown to a person."""

MEMORY = "1500MB"
WEIGHED = (
    f"SELECT left_id, right_id, {len(RULES)} AS rule, weight FROM scored WHERE weight >= {JOIN_AT} "
    "ORDER BY weight DESC, left_id, right_id"
)

Talk = Callable[[str], None]
Work = Callable[["duckdb.DuckDBPyConnection", Path, Result | None], dict[str, Any]]
"""What a run does, given a database, a folder to write in and the result before: gives its summary."""


def run_linkage(
    *,
    root: Path | None = None,
    extracts: Path | None = None,
    afresh: bool = False,
    most: int = MOST_RECORDS,
    as_at: date | None = None,
    talk: Talk = lambda _what: None,
) -> Result:
    """Link the extracts in `extracts` and make the result the one in use.

    People who are known keep their numbers; `afresh` forgets them and the learnt weights. `as_at` is the day the
    extracts speak of: their latest address date unless given. BadInput when an extract is not as agreed, Conflict
    when another run is under way.
    """
    root = root or linkage_dir()

    def work(connection: duckdb.DuckDBPyConnection, part: Path, before: Result | None) -> dict[str, Any]:
        return _run(
            connection, part, root, extracts or root / "extracts", before, most=most, as_at=as_at, talk=talk
        )

    return carry_out(work, root, afresh=afresh, talk=talk)


def carry_out(work: Work, root: Path, *, afresh: bool, talk: Talk) -> Result:
    """Do the work of a run beside the result in use, and put what it wrote in place only when all of it is whole."""
    require_engine()
    with writing(root) as part:
        before = None if afresh else before_this(root)
        with working(part) as connection:
            summary = work(connection, part, before)
        talk("putting it in place")
        return finish(root, part, summary)


def connect(spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A database in memory that reaches nothing outside; what outgrows MEMORY goes to files in `spill`, if given."""
    import duckdb

    from endeavour.engine.lake.backends import CLOSED_WORLD
    from endeavour.engine.lake.engine import thread_limit

    config: dict[str, Any] = dict(CLOSED_WORLD) | {"memory_limit": MEMORY, "temp_directory": str(spill or "")}
    if thread_limit():
        config["threads"] = thread_limit()
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET enable_progress_bar = false")
    return connection


@contextmanager
def working(part: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for one run, which spills beside the result in the making; Missing when memory and disk are full."""
    import duckdb

    spill = part / "spill"
    connection = connect(spill)
    try:
        yield connection
    except duckdb.OutOfMemoryException as error:
        raise Missing(
            "There is neither memory nor disk enough to link so many records.",
            hint="Free some disk, or give fewer records at a time.",
        ) from error
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)


def _run(
    connection: duckdb.DuckDBPyConnection, part: Path, root: Path, extracts: Path, before: Result | None, *,
    most: int, as_at: date | None, talk: Talk,
) -> dict[str, Any]:  # fmt: skip
    talk("reading the extracts")
    given = read_extracts(connection, extracts, most=most, before=before.summary["given"] if before else None)
    day = as_at or day_of(connection)
    talk("cleaning names, dates and addresses")
    counts = clean(connection, as_at=day)
    connection.execute(OPTED_OUT)
    talk("applying the exact rules")
    exact_pairs(connection)
    guard.kept_apart(connection)
    history.read_before(connection, before, root)
    people = People(connection)
    exact = together(people.decided(), people.pairs(plain_pairs("exact_pair")))
    outcome = people.resolve(exact)
    talk("weighing what is left")
    candidates = candidate_pairs(connection)
    weights = before.weights if before else learn(connection, pairs=int((outcome == JOINED).sum()))
    weigh(connection, weights)
    pairs = together(exact, people.pairs(WEIGHED))
    outcome = people.resolve(pairs)
    talk("writing people, links and households")
    name_shares(connection)
    history.write(
        connection, part, pairs, outcome, day, rules=[*(rule.name for rule in RULES), history.BY_MODEL]
    )
    queueing.write(connection, part, pairs, outcome, weights, grey_from=GREY_FROM, join_at=JOIN_AT)
    read_directory(connection, extracts)
    households = form_households(connection)
    write_homes(connection, part)
    _write(
        connection,
        part,
        names="SELECT * FROM name_share ORDER BY column_name, value",
        fillers="SELECT * FROM filler ORDER BY ALL",
    )
    (part / "model.json").write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    return summary_of(connection, before, given, day, outcome, households, counts) | {
        "pairs_weighed": candidates,
        "is_pseudonymised": False,
    }


def day_of(connection: duckdb.DuckDBPyConnection) -> date:
    """The day the extracts speak of: their latest address date."""
    found: date = connection.execute(
        "SELECT coalesce(max(address_from), DATE '2000-01-01') FROM given_record"
    ).fetchall()[0][0]
    return found


def plain_pairs(table: str) -> str:
    """A query of the pairs that no model need weigh, in the order of what joins them."""
    return f"SELECT left_id, right_id, rule, NULL::DOUBLE AS weight FROM {table} ORDER BY rule, left_id, right_id"


def summary_of(
    connection: duckdb.DuckDBPyConnection, before: Result | None, given: dict[str, int], day: date,
    outcome: NDArray[np.int8], households: dict[str, int], counts: dict[str, int],
) -> dict[str, Any]:  # fmt: skip
    """What either run tells of itself: counts only. `counts` is the records used, and what of them could not be."""
    tally = np.bincount(outcome, minlength=len(OUTCOMES))
    return {
        "series": history.series(before, given, day),
        "as_at": day.isoformat(),
        "given": given,
        "opted_out": sum(given.values()) - counts["records"],
        **counts,
        **history.counts(connection),
        "pairs": {name: int(n) for name, n in zip(OUTCOMES, tally, strict=True)},
        "to_review": queueing.count(connection),
        "households": households,
    }


def weigh(connection: duckdb.DuckDBPyConnection, weights: dict[str, Any]) -> None:
    """Make `scored` from `candidate`, on the engine that ENDEAVOUR_ENGINE names."""
    from endeavour.engine.lake.backends import engine_name

    if engine_name() == "spark":
        from endeavour.engine.linkage.spark import score_on_spark

        score_on_spark(connection, weights)
    else:
        score(connection, weights)


def write_homes(connection: duckdb.DuckDBPyConnection, part: Path) -> None:
    """Write who lives where, from `member` and `household`."""
    _write(
        connection,
        part,
        homes="SELECT person_id, household_id, address_from FROM member ORDER BY person_id",
        households="SELECT * FROM household ORDER BY household_id",
    )


def _write(connection: duckdb.DuckDBPyConnection, part: Path, **queries: str) -> None:
    import pyarrow.parquet as pq

    for name, sql in queries.items():
        pq.write_table(connection.sql(sql).to_arrow_table(), part / f"{name}.parquet", compression="zstd")
