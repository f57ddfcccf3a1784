"""What one table alone cannot show: references, margins, overlaps and indicators."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from endeavour.errors import BadInput, Missing
from endeavour.pack.packs import Pack
from endeavour.pack.schema import BY_NAME, TABLES, Column, Table, Whole

_KIND_OF_COLUMN = {
    "lsoa21.code": "lsoa21", "lsoa21.ward": "ward", "lsoa21.district": "district", "lsoa21.sub_icb": "sub_icb",
    "lsoa21.place": "place", "lsoa11.code": "lsoa11", "lsoa11.district": "district", "lsoa11.sub_icb": "sub_icb",
    "lsoa11.place": "place", "pcns.code": "pcn", "pcns.sub_icb": "sub_icb", "practices.sub_icb": "sub_icb",
    "practices.district": "district", "district_age_sex.district": "district",
}  # fmt: skip


def check_pack(pack: Pack) -> dict[str, int]:
    """Read every table, check all of it, and give the number of rows of each.

    Raises `BadInput` for the first fault found, with file, line and column.
    """
    for table in TABLES:
        if table.required and not pack.has(table.name):
            raise Missing(f"{table.path} is missing.", hint="Run endeavour pack compile --from DIR.")
    present = {name: pack.table(name) for name in pack.table_names()}
    for name, rows in present.items():
        _check_references(pack, BY_NAME[name], rows)
        _check_kinds(pack, BY_NAME[name], rows)
        if BY_NAME[name].whole:
            _check_whole(pack, BY_NAME[name], rows)
        pack.provenance(name)
    _check_overlaps(pack)
    _check_every_neighbourhood_counted(pack)
    if "observations" in present:
        _check_indicators(pack, present["observations"])
    if "successions" in present:
        _check_successions(pack, present["successions"])
    _ = pack.plus_groups
    return {name: rows.num_rows for name, rows in present.items()}


def _refuse(table: Table, index: int, column: str, reason: str) -> None:
    raise BadInput(reason, file=table.path, line=index + 2, column=column)


def _refuse_others(table: Table, rows: pa.Table, column: str, lawful: pa.Array, reason: str) -> None:
    """Refuse the first value of a column that is given and is none of the lawful ones."""
    wrong = pc.and_(pc.is_valid(rows[column]), pc.invert(pc.is_in(rows[column], value_set=lawful)))
    index = pc.index(wrong, True).as_py()
    if index >= 0:
        _refuse(table, index, column, f"'{rows[column][index]}' {reason}")


def _known_values(pack: Pack, column: Column) -> pa.Array | None:
    """Every value the column may refer to; nothing where no table it refers to is in the pack."""
    names = [target.split(".") for target in column.refers_to]
    found = [pack.table(table)[name].combine_chunks() for table, name in names if pack.has(table)]
    if "bodies.ods_code" in column.refers_to:
        found.append(pa.array(pack.meta.trusts, pa.string()))
    return pa.concat_arrays(found) if found else None


def _check_references(pack: Pack, table: Table, rows: pa.Table) -> None:
    for column in table.columns:
        if not column.refers_to:
            continue
        known = _known_values(pack, column)
        if known is not None:
            _refuse_others(table, rows, column.name, known, f"is not in {' or '.join(column.refers_to)}")


def _check_kinds(pack: Pack, table: Table, rows: pa.Table) -> None:
    """An area named in a column is of the kind the column is for."""
    areas = pack.table("areas")
    for column in table.columns:
        kind = _KIND_OF_COLUMN.get(f"{table.name}.{column.name}")
        if kind is None:
            continue
        is_one = pc.or_(
            pc.equal(areas["kind"], kind), pc.fill_null(pc.equal(areas["also_kind"], kind), fill_value=False)
        )
        right = areas.filter(is_one)["code"].combine_chunks()
        _refuse_others(table, rows, column.name, right, f"is an area but not of kind {kind}")


def _check_whole(pack: Pack, table: Table, rows: pa.Table) -> None:
    """Parts add up to the whole, within the publisher's own perturbation."""
    whole: Whole = table.whole  # type: ignore[assignment]
    if not pack.has(whole.of):
        return
    due = pack.table(whole.of)
    due = due.filter(pc.equal(due["base"], whole.of_base))
    wanted = dict(zip(due["area_code"].to_pylist(), due[whole.of_value].to_pylist(), strict=True))
    keys = rows[whole.by].to_pylist()
    sums: dict[Any, int] = {}
    first: dict[Any, int] = {}
    for index, (key, value) in enumerate(zip(keys, rows[whole.value].to_pylist(), strict=True)):
        sums[key] = sums.get(key, 0) + value
        first.setdefault(key, index)
    for key, total in sums.items():
        if key not in wanted:
            _refuse(table, first[key], whole.by, f"{key} has no {whole.of_base} row in {whole.of}")
        if abs(total - wanted[key]) > max(whole.floor, whole.slack * wanted[key]):
            reason = f"the parts of {key} add up to {total:,} but {whole.of} says {wanted[key]:,}"
            _refuse(table, first[key], whole.value, reason)
    missing = next((k for k in wanted if k not in sums), None)
    if missing is not None:
        _refuse(table, max(0, rows.num_rows - 1), whole.by, f"{missing} has no rows")


def _check_overlaps(pack: Pack) -> None:
    """Weights from one area to one kind of area add up to 1."""
    table = BY_NAME["area_overlaps"]
    rows = pack.table("area_overlaps")
    areas = pack.table("areas")
    kind = dict(zip(areas["code"].to_pylist(), areas["kind"].to_pylist(), strict=True))
    sums: dict[tuple[str, str], float] = {}
    first: dict[tuple[str, str], int] = {}
    triples = zip(
        rows["from_code"].to_pylist(), rows["to_code"].to_pylist(), rows["weight"].to_pylist(), strict=True
    )
    for index, (start, end, weight) in enumerate(triples):
        if weight <= 0:
            _refuse(table, index, "weight", "a weight is above 0; leave the row out instead")
        pair = (start, kind[end])
        sums[pair] = sums.get(pair, 0.0) + weight
        first.setdefault(pair, index)
    for pair, total in sums.items():
        if abs(total - 1) > 1e-4:
            _refuse(
                table, first[pair], "weight", f"the weights of {pair[0]} to {pair[1]} add up to {total:.5f}"
            )


def _check_every_neighbourhood_counted(pack: Pack) -> None:
    """Every LSOA of both vintages has its deprivation and its people, and nothing else does."""
    deprivation, population = pack.table("deprivation"), pack.table("population")
    for vintage, edition, bases in (("lsoa11", "2019", ("mid2020",)), ("lsoa21", "2025", ("census2021",))):
        codes = set(pack.table(vintage)["code"].to_pylist())
        given = deprivation.filter(pc.equal(deprivation["edition"], edition))["area_code"].to_pylist()
        _same(pack, "deprivation", vintage, codes, set(given), f"edition {edition}")
        for base in bases:
            counted = population.filter(pc.equal(population["base"], base))["area_code"].to_pylist()
            _same(pack, "population", vintage, codes, set(counted), f"base {base}")


def _same(pack: Pack, name: str, vintage: str, due: set[str], given: set[str], which: str) -> None:
    table = BY_NAME[name]
    if extra := sorted(given - due):
        index = pc.index(pack.table(name)["area_code"], extra[0]).as_py()
        _refuse(table, index, "area_code", f"{extra[0]} is not an area of {vintage} ({which})")
    if missing := sorted(due - given):
        last = pack.table(name).num_rows - 1
        _refuse(table, last, "area_code", f"{missing[0]} has no row for {which}")


def _check_indicators(pack: Pack, rows: pa.Table) -> None:
    table = BY_NAME["observations"]
    known = pa.array([i.id for i in pack.indicators], pa.string())
    index = pc.index(pc.is_in(rows["indicator"], value_set=known), False).as_py()
    if index >= 0:
        _refuse(table, index, "indicator", f"'{rows['indicator'][index]}' is not in indicators.yaml")
    silent = pc.and_(pc.equal(rows["status"], "not_reported"), pc.is_valid(rows["value"]))
    index = pc.index(silent, True).as_py()
    if index >= 0:
        _refuse(table, index, "value", "a period that was not reported cannot have a value")
    empty = pc.and_(pc.not_equal(rows["status"], "not_reported"), pc.is_null(rows["value"]))
    index = pc.index(empty, True).as_py()
    if index >= 0:
        _refuse(table, index, "value", "is empty though the period was reported")


def _check_successions(pack: Pack, rows: pa.Table) -> None:
    """A successor starts later than the body it follows, so that no chain of successors can close on itself."""
    table = BY_NAME["successions"]
    bodies = pack.table("bodies")
    start = dict(zip(bodies["id"].to_pylist(), bodies["valid_from"].to_pylist(), strict=True))
    pairs = zip(rows["predecessor"].to_pylist(), rows["successor"].to_pylist(), strict=True)
    for index, (before, after) in enumerate(pairs):
        later, earlier = start[after], start[before]
        if later is None or (earlier is not None and later <= earlier):
            _refuse(table, index, "successor", f"'{after}' does not start later than '{before}'")
