"""All measures at once, published and frozen: what pages and the API read, so that no request counts people.

var/measures/current        the name of the release in use
var/measures/NAME.parquet   one row a published figure; every number in it passed the gate
var/measures/NAME.json      who was counted, and what linkage did to the figures where anybody was linked

The name is made of the lake, the definitions and the years, so a rebuild of the same is the same file.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endeavour.engine.disclosure import PublishedTable, Table, publish_together
from endeavour.engine.disclosure.rules import GATE
from endeavour.engine.measures.ages import Ages, at_the_same_ages, counted_by_age
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.compiler import LATEST_YEAR, compile_measure
from endeavour.engine.measures.context import in_context
from endeavour.engine.measures.crossings import mostly_shown
from endeavour.engine.measures.earlier import installation_log, left_by_earlier, left_out_words, left_words
from endeavour.engine.measures.lake_figures import added, whole
from endeavour.engine.measures.months import month_by_month
from endeavour.engine.measures.population import population_of
from endeavour.engine.measures.rows import Row, rows_of
from endeavour.engine.measures.told import Told, indicator_rows
from endeavour.errors import Corrupt, Missing
from endeavour.paths import var_dir, write_atomically
from endeavour.processes import processes

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.lake.backends import Backend
    from endeavour.engine.lake.store import Lake
    from endeavour.engine.measures.definition import Measure

YEARS = tuple(range(LATEST_YEAR - 2, LATEST_YEAR + 1))
"""The financial years of the lake."""

SHAPE = 9
"""Raised whenever a release is made another way, so that a release of another shape is never taken for this one."""
MADE_BY = f"{SHAPE}.{GATE}"
"""How a release is made and by which gate: where either is another, all is published again."""

_WORTH_A_PROCESS = 8
"""Measures a process must have to be worth its start of a second or two."""
_MOST_PROCESSES = 4
"""Each holds tables of its own: more would cost memory that the site needs."""
Exact = tuple[Table, Ages]
"""One measure's exact figures, and the same by age; private, for the gate alone."""
_process: dict[str, Callable[[Measure], Exact]] = {}

BUILD = "Build it with: endeavour measure release"


def measures_dir() -> Path:
    """Where releases are kept."""
    return var_dir() / "measures"


def build_release(
    catalogue: Catalogue,
    lake: Lake,
    *,
    years: Sequence[int] = YEARS,
    say: Callable[[str], None],
    warn: Callable[[str], None] | None = None,
    beside: Callable[[list[Row]], list[dict[str, Any]]] = lambda _rows: [],
) -> Path:
    """Publish every measure for the years given and make the release current; a repeat finds it done.

    `say` is told of each measure, `warn` (`say` unless given) of what earlier releases gave away. `beside` gives, from
    the published rows, what linkage did to them. Nothing changes until the whole is written: a
    measure that fails leaves the last release in its place.
    """
    name = release_name(catalogue, lake.id, years)
    path = measures_dir() / f"{name}.parquet"
    if not (path.is_file() and _about(name).is_file()):
        rows: list[Row] = []
        counted = [measure for measure in catalogue.measures if measure.reads == "lake"]
        with _shared_out(lake, years, len(counted)) as (exact, among):
            found: list[Exact] = list(among(exact, counted))
            # Many measures count the same people: through the gate together, none can give away what another hides.
            tables = publish_together(
                [table for table, _ in found],
                log=installation_log(counted),
                among=among,
                or_as_before=True,
            )
        for measure, table, (_, ages) in zip(counted, tables, found, strict=True):
            rows += published_rows(measure, table, ages)
            say(f"Published {measure.id}.")
        if left := left_by_earlier(tables):
            (warn or say)(left_words(left))
        if fewer := left_out_words(tables):
            (warn or say)(fewer)
        told = Told.of(catalogue.pack)
        rows += [row for m in catalogue.measures if m.indicator for row in indicator_rows(m, told.pack)]
        about = {"release": name, "lake": lake.id, "synthetic": True, "population": population_of(lake)}
        _write(told.named(catalogue, rows), path)
        with write_atomically(_about(name)) as part:
            part.write_text(json.dumps(about | {"linkage": beside(rows)}, indent=1), encoding="utf-8")
    with write_atomically(measures_dir() / "current") as pointer:
        pointer.write_text(f"{name}\n", encoding="ascii")
    return path


@contextmanager
def _shared_out(
    lake: Lake, years: Sequence[int], count: int
) -> Iterator[tuple[Callable[[Measure], Exact], Callable[..., Iterable[Any]]]]:
    """What counts one measure, and a `map`: for many measures that of processes, each with the lake open."""
    from endeavour.engine.lake.backends import by_system, engine_name, open_backend

    workers = min(os.cpu_count() or 1, count // _WORTH_A_PROCESS, _MOST_PROCESSES)
    if workers < 2 or engine_name() == "spark":
        with ExitStack() as opened:
            systems = [opened.enter_context(open_backend(one)) for one in by_system(lake.sources())]
            yield partial(exact_of, systems=systems, population=lake.people, years=years), map
        return
    with processes(workers, begin=_begin, given=(lake.sources(), lake.people, years)) as pool:
        yield _exact_of_one, pool.map


def _begin(sources: dict[str, list[Path]], population: str, years: Sequence[int]) -> None:
    """What a process of its own opens once, for every measure that it is given."""
    from endeavour.engine.lake.backends import by_system, open_backend

    systems = [open_backend(one, threads=1) for one in by_system(sources)]
    _process["exact"] = partial(exact_of, systems=systems, population=population, years=years)


def _exact_of_one(measure: Measure) -> Exact:
    return _process["exact"](measure)


def exact_of(measure: Measure, systems: Sequence[Backend], population: str, years: Sequence[int]) -> Exact:
    """One lake measure's exact figures of the years and their months, and of the newest year by age; system after system.

    Standardised figures compare groups of one year, and counting by nineteen bands costs as much as all the rest: the
    newest year's are enough.
    """
    compiled = compile_measure(measure, years=sorted(years))
    each = [whole(compiled, system, population=population, months=True) for system in systems]
    return mostly_shown(added(each)), counted_by_age(measure, systems, [max(years)])


def published_rows(measure: Measure, table: PublishedTable, ages: Ages) -> list[Row]:
    """One measure's published rows with all that stands beside them."""
    rows = in_context(measure, rows_of(measure, table))
    at_the_same_ages(measure, rows, ages)
    month_by_month(measure, rows)
    return rows


def release_name(catalogue: Catalogue, lake_id: str, years: Sequence[int]) -> str:
    """A name made of everything the figures rest on."""
    told = [m.model_dump(mode="json") for m in catalogue.measures if m.reads in ("lake", "indicator")]
    text = json.dumps([MADE_BY, lake_id, sorted(years), told], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def current_release() -> str:
    """The name of the release in use, for ETags; `Missing` where none was built."""
    try:
        return (measures_dir() / "current").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise Missing("No measures have been published here.", hint=BUILD) from None


def about_release() -> dict[str, Any]:
    """What stands beside the figures in use: `population` (see `population_of`) and `linkage`, one row a measure.

    `linkage` is empty where nobody had to be linked, or where there is no truth to say by how much it errs; its columns
    are those of `engine.cohort.linkage_effect`. `Missing` where nothing was released yet in this way, `Corrupt` where it
    cannot be read.
    """
    path = _about(current_release())
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Missing("The measures published here do not say who was counted.", hint=BUILD) from None
    except (OSError, ValueError) as error:
        raise Corrupt(
            f"What was said of the release of measures {path.stem} cannot be read.", hint=BUILD
        ) from error
    return found


def _about(name: str) -> Path:
    return measures_dir() / f"{name}.json"


def published_figures(measure: str | None = None, **where: str) -> pa.Table:
    """The release's figures, of one measure or all; `Corrupt` where the file cannot be read.

    `where` keeps the rows whose text columns are as given, for example `area="thurrock"`, `period="2023/24"`,
    `by="ethnicity"`. One row a figure; a column is empty where it does not apply or cannot be shown:

    * `measure`, `framework` (core20plus5-adults, core20plus5-children, local, determinants), `standing`;
    * `period` (2023/24, or 2023-07 where `period_kind` is month), `year` (the financial year it lies in);
    * `area_kind` (system, place, district, neighbourhood), `area` (its code; the system's own), `area_name`;
    * `by` ('' for everybody; imd_decile, imd_quintile, core20, ethnicity, age_band, sex, plus, or several joined by
      ' by '), `subgroup` and `subgroup_words`; for a PLUS group `note` says what is unclear about it;
    * `numerator`, `denominator` (to the nearest 5), `value`, `low`, `high` (95%, per cent unless the measure's unit is
      another), `reason` (why it is shown or hidden, in words), `release` (the gate's own name for the table);
    * `standardised`, `standardised_low`, `standardised_high`: the same at the European population's ages;
    * `target`, `target_by`, `expected` (where it should stand by now), `more_to_reach` (people, to the nearest 5) and
      `gap_words`;
    * `sii`, `sii_low`, `sii_high` (percentage points, least deprived less most), `rii`, `rii_low`, `rii_high` (their
      ratio) and `slope_words`: on an area's own rows (`by` is '');
    * `previous` (the year before), `change` and `beside_system` (better, worse, higher, lower, no clear change,
      similar) and `verdict` ('worse and worsening', 'worse but improving', 'improving', ...);
    * `spc`: on an area's newest year, what the months say; on a month, the rule it breaks. A month also has
      `spc_mean`, `spc_low` and `spc_high`.

    `grouping` and `group` join area and people in one text, as the command line prints them.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = measures_dir() / f"{current_release()}.parquet"
    wanted = where if measure is None else {"measure": measure} | where
    try:
        return pq.read_table(path, filters=[(name, "=", value) for name, value in wanted.items()] or None)
    except (OSError, pa.ArrowInvalid) as error:
        raise Corrupt(f"The release of measures {path.name} cannot be read.", hint=BUILD) from error


TEXT = (
    "measure", "framework", "standing", "period", "period_kind", "year", "grouping", "group", "area_kind", "area",
    "area_name", "by", "subgroup", "subgroup_words", "note", "reason", "release", "target_by", "gap_words",
    "slope_words", "change", "beside_system", "verdict", "spc",
)  # fmt: skip
WHOLE = ("numerator", "denominator", "more_to_reach")
NUMBERS = (
    "value", "low", "high", "standardised", "standardised_low", "standardised_high", "target", "expected", "sii",
    "sii_low", "sii_high", "rii", "rii_low", "rii_high", "previous", "spc_mean", "spc_low", "spc_high",
)  # fmt: skip


def _write(rows: list[Row], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        [pa.field(name, pa.string()) for name in TEXT]
        + [pa.field(name, pa.int64()) for name in WHOLE]
        + [pa.field(name, pa.float64()) for name in NUMBERS]
    )
    table = pa.Table.from_pylist(rows, schema=schema)
    with write_atomically(path) as part:
        pq.write_table(table, part)
