"""What a pack says about itself: `pack.yaml`, and the provenance of each table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from endeavour.errors import BadInput, NotFound

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
_Model = TypeVar("_Model", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Provenance(_Strict):
    """Where a table came from and on what terms it may be used."""

    publisher: Words
    licence: Words
    vintage: Words
    source: Words
    attribution: Words


class CompiledTable(Provenance):
    """A compiled table as it stood when the compiler wrote it."""

    rows: int = Field(ge=0)
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Place(_Strict):
    """A place (Alliance) as the sub-ICB locations it is made of."""

    code: Annotated[Slug, Field(max_length=20)]
    name: Words
    sub_icbs: tuple[Words, ...] = Field(min_length=1)


class Meta(_Strict):
    """`pack.yaml`."""

    id: Slug
    name: Words
    system: Annotated[str, StringConstraints(pattern=r"^E54[0-9]{6}$")]
    version: Words
    as_at: date
    about: Words
    places: tuple[Place, ...] = ()
    trusts: tuple[Words, ...] = ()
    provenance: dict[str, Provenance] = {}


class Manifest(_Strict):
    """`tables/tables.yaml`: the compiler's record of what it wrote, and of what it could not."""

    system: Words
    tables: dict[str, CompiledTable]
    not_compiled: dict[str, Words] = {}


def read_meta(folder: Path) -> Meta:
    """The pack's own words about itself."""
    return _read(folder / "pack.yaml", Meta)


def read_manifest(folder: Path) -> Manifest:
    """What the compiler wrote into this pack."""
    path = folder / "tables" / "tables.yaml"
    if not path.is_file():
        raise NotFound(
            f"The pack in {folder.name} has no compiled tables.",
            hint="Run endeavour pack compile --from DIR.",
        )
    return _read(path, Manifest)


def read_yaml(path: Path) -> Any:
    """The document in a YAML file; plain data only."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(f"{path.name} is not in the pack.") from None
    except UnicodeDecodeError:
        raise BadInput("is not UTF-8 text", file=path, line=1) from None
    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        reason = error.problem or "is not well-formed YAML"
        raise BadInput(
            reason,
            file=path,
            line=mark.line + 1 if mark else 1,
            column=str(mark.column + 1) if mark else None,
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadInput(f"is not well-formed YAML ({error})", file=path, line=1) from None


def validated(model: type[_Model], data: Any, path: Path) -> _Model:
    """`data` as `model`; `BadInput` names the field that breaks it and its line where it can be found."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the document"
        raise BadInput(first["msg"], file=path, line=_line_of(path, first["loc"]), column=field) from None


def _read(path: Path, model: type[_Model]) -> _Model:
    return validated(model, read_yaml(path), path)


def _line_of(path: Path, location: tuple[int | str, ...]) -> int:
    """The line of the deepest part of `location` that the file has."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, yaml.YAMLError, ValueError):
        return 1
    line = 1
    for part in location:
        found = _child(node, part)
        if found is None:
            break
        line, node = found
    return line


def _child(node: Any, part: int | str) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if str(key.value) == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item.start_mark.line + 1, item
    return None
