"""Compiling every table into a pack's `tables/` folder, all or nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from endeavour.errors import BadInput, Missing
from endeavour.pack import swap
from endeavour.pack.checks import check_pack
from endeavour.pack.compile.context import Context
from endeavour.pack.compile.geography import read_geography
from endeavour.pack.compile.sources import Row, SourceMissing, Sources
from endeavour.pack.compile.steps import STEPS
from endeavour.pack.meta import CompiledTable, read_meta
from endeavour.pack.packs import Pack
from endeavour.pack.schema import BY_NAME, Column, Table
from endeavour.paths import packs_root, write_atomically


@dataclass(frozen=True)
class Report:
    """What a compile wrote, and what it could not and why."""

    folder: Path
    rows: dict[str, int]
    not_compiled: dict[str, str]


def compile_pack(
    source: Path, out: Path, *, system: str | None = None, on_table: Callable[[str], None] | None = None
) -> Report:
    """Compile the publishers' files in `source` into the pack in `out`.

    Only `out/tables/` is written, in one step, after everything in it was checked together with what stands in the
    pack by hand; whatever goes wrong before leaves the old tables whole. Where `out` has no `pack.yaml`, a first one
    is written for `system`. Raises `BadInput` where a file is not in its publisher's format, `Missing` where a table
    that every pack needs cannot be compiled.
    """
    sources = Sources(source)
    if not (out / "pack.yaml").is_file():
        _start_pack(out, system, sources)
    meta = read_meta(out)
    if system is not None and system != meta.system:
        raise BadInput(
            f"is the pack of {meta.system}, not of {system}", file=out / "pack.yaml", column="system"
        )
    context = Context(meta, sources, read_geography(meta, sources))
    stage = swap.new_stage(out)
    try:
        report = _write_tables(context, stage, out, on_table or (lambda _: None))
        _check_staged(stage, out)
        swap.put_in_place(stage / "tables", out / "tables")
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return report


def _write_tables(context: Context, stage: Path, out: Path, on_table: Callable[[str], None]) -> Report:
    written: dict[str, CompiledTable] = {}
    absent: dict[str, str] = {}
    for name, step in STEPS.items():
        on_table(name)
        table = BY_NAME[name]
        try:
            compiled = step(context)
        except SourceMissing as reason:
            if table.required:
                raise Missing(
                    f"The table '{name}' cannot be compiled: {reason}.",
                    hint="docs/how-to/make-a-pack.md lists what is needed and where it is published.",
                ) from None
            absent[name] = str(reason)
            continue
        text = _as_csv(compiled.rows, table)
        path = stage / table.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
        written[name] = CompiledTable(
            **compiled.provenance.model_dump(),
            rows=len(compiled.rows),
            sha256=hashlib.sha256(text).hexdigest(),
        )
    manifest = {
        "system": context.meta.system,
        "tables": {name: record.model_dump() for name, record in written.items()},
        "not_compiled": absent,
    }
    text_of_manifest = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=110)
    (stage / "tables" / "tables.yaml").write_text(
        f"# Written by endeavour pack compile; do not edit.\n{text_of_manifest}", encoding="utf-8"
    )
    return Report(out, {name: record.rows for name, record in written.items()}, absent)


def _as_csv(rows: Iterable[Row], table: Table) -> bytes:
    """The rows as the format wants them, in the order of the key, so that the same facts give the same bytes."""
    columns = table.columns
    cells = [[_cell(row.get(column.name), column) for column in columns] for row in rows]
    order = [columns.index(table.column(name)) for name in table.key]
    positions = [_sort_key(columns[place]) for place in order]
    cells.sort(key=lambda line: [key(line[place]) for key, place in zip(positions, order, strict=True)])
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerows(cells)
    return stream.getvalue().encode("utf-8")


def _sort_key(column: Column) -> Callable[[str], Any]:
    if column.kind in ("integer", "number"):
        return lambda cell: float(cell) if cell else float("-inf")
    if column.choices:
        rank = {choice: place for place, choice in enumerate(column.choices)}
        return lambda cell: rank.get(cell, len(rank))
    return lambda cell: cell


def _cell(value: Any, column: Column) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if column.kind == "number":
        text = repr(round(float(value), 9))
        return text.removesuffix(".0")
    if column.kind == "integer":
        return str(int(value))
    return str(value).strip()


def _check_staged(stage: Path, out: Path) -> None:
    """Check the new tables with everything else the pack holds, before any of it is put in place."""
    for path in out.iterdir():
        if path.name != "tables" and not path.name.startswith("."):
            (stage / path.name).symlink_to(path.resolve())
    check_pack(Pack(stage))


def _start_pack(out: Path, system: str | None, sources: Sources) -> None:
    """A first `pack.yaml` for a system, with one place for each sub-ICB location; the officer then names the places."""
    if system is None:
        raise BadInput(
            f"There is no pack.yaml in {out}.", hint="Give --system with the code of the ICB, as E54000026."
        )
    path = sources.find("**/england_lsoa21_icb24.parquet", "**/*lsoa21_icb24*.csv")
    inside = sources.rows(
        path,
        "SELECT DISTINCT icb24_name, sicbl24_code_nhs AS code, sicbl24_name AS name FROM source "
        "WHERE icb24_code = $system ORDER BY code",
        system=system,
    )
    if not inside:
        raise BadInput(f"'{system}' is not an ICB in {path.name}.", hint="Give a code like E54000026.")
    name = inside[0]["icb24_name"].removeprefix("NHS ").removesuffix(" Integrated Care Board")
    first = {
        "id": out.name,
        "name": name,
        "system": system,
        "version": "1",
        "as_at": date.today().isoformat(),  # noqa: DTZ011 - a day on a calendar, not a moment
        "about": f"The facts of {name}.",
        "places": [
            {"code": f"place-{row['code'].lower()}", "name": row["name"], "sub_icbs": [row["code"]]}
            for row in inside
        ],
        "trusts": [],
    }
    out.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(first, sort_keys=False, allow_unicode=True, width=110)
    example = packs_root() / "mse" / "indicators.yaml"
    if example.is_file() and not (out / "indicators.yaml").exists():
        with write_atomically(out / "indicators.yaml") as part:
            part.write_bytes(example.read_bytes())
    with write_atomically(out / "pack.yaml") as part:
        part.write_text(text, encoding="utf-8")
