"""Opening a pack: its tables, typed and checked, and its definitions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endeavour.errors import Corrupt, Missing, NotFound
from endeavour.pack import definitions
from endeavour.pack.meta import Manifest, Meta, Provenance, read_manifest, read_meta, read_yaml
from endeavour.pack.schema import BY_NAME, TABLES, Table
from endeavour.pack.swap import recover
from endeavour.paths import pack_dir

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass
class Pack:
    """One system's facts and definitions.

    Tables are read when first asked for and kept. A compiled table whose bytes differ from the compiler's record
    raises `Corrupt`: a figure edited by hand would no longer be the publisher's.
    """

    folder: Path
    _read: dict[str, pa.Table] = field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, name: str | Path) -> Pack:
        """The pack of that name in packs/, or in the folder given."""
        folder = pack_dir(str(name))
        recover(folder / "tables")
        return cls(folder)

    @cached_property
    def meta(self) -> Meta:
        """`pack.yaml`."""
        return read_meta(self.folder)

    @cached_property
    def manifest(self) -> Manifest:
        """The compiler's record."""
        return read_manifest(self.folder)

    @cached_property
    def indicators(self) -> tuple[definitions.Indicator, ...]:
        """What the indicators in `observations` mean."""
        return definitions.read_indicators(self.folder)

    @cached_property
    def plus_groups(self) -> tuple[definitions.PlusGroup, ...]:
        """The groups that the strategy and the national guidance name."""
        return definitions.read_plus_groups(self.folder)

    def table_names(self) -> list[str]:
        """The names of the tables this pack has, in the schema's order."""
        return [table.name for table in TABLES if self.has(table.name)]

    def has(self, name: str) -> bool:
        """Whether the pack has this table."""
        return self._path(_known(name)).is_file()

    def table(self, name: str) -> pa.Table:
        """One table, typed by the schema; `Missing` where an optional table is absent."""
        if name not in self._read:
            table = _known(name)
            if not self.has(name):
                reason = self.manifest.not_compiled.get(name, "it is not in the folder")
                raise Missing(
                    f"The pack '{self.meta.id}' has no table '{name}': {reason}.",
                    hint="Add its source and run endeavour pack compile.",
                )
            from endeavour.pack.reading import read_table

            self._check_unchanged(table)
            self._read[name] = read_table(self.folder, table)
        return self._read[name]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """One table as a dictionary for each row."""
        return self.table(name).to_pylist()  # type: ignore[no-any-return]

    def provenance(self, name: str) -> Provenance:
        """Publisher, licence and vintage of a table."""
        table = _known(name)
        found = self.meta.provenance if table.written_by_hand else self.manifest.tables
        if name not in found:
            raise NotFound(f"The pack '{self.meta.id}' does not say where '{name}' comes from.")
        return found[name]

    def definition(self, path: str) -> Any:
        """A YAML document of the pack, by its path inside it, for example `statements.yaml`."""
        return read_yaml(self.folder / path)

    def digest(self) -> str:
        """SHA-256 over everything the tables and pack.yaml hold: the same digest means the same facts."""
        summed = hashlib.sha256()
        for path in [self.folder / "pack.yaml", *(self._path(_known(n)) for n in self.table_names())]:
            summed.update(f"{path.relative_to(self.folder)}\0".encode())
            summed.update(hashlib.sha256(path.read_bytes()).digest())
        return summed.hexdigest()

    def _path(self, table: Table) -> Path:
        return self.folder / table.path

    def _check_unchanged(self, table: Table) -> None:
        if table.written_by_hand:
            return
        record = self.manifest.tables.get(table.name)
        if record is None:
            raise Corrupt(
                f"{table.path} is not in the compiler's record.",
                hint="Run endeavour pack compile --from DIR again.",
            )
        if hashlib.sha256(self._path(table).read_bytes()).hexdigest() != record.sha256:
            raise Corrupt(
                f"{table.path} was changed after it was compiled.",
                hint="Run endeavour pack compile --from DIR again, or restore the file.",
            )


def _known(name: str) -> Table:
    if name not in BY_NAME:
        raise NotFound(
            f"'{name}' is not a table of a pack.", hint="docs/reference/pack-format.md lists them."
        )
    return BY_NAME[name]
