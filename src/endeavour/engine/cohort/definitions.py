"""How this package reads a definition from a pack: strict, and naming the file, line and field that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from endeavour.errors import BadInput, NotFound
from endeavour.paths import pack_dir

Words = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]
Version = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]


class Strict(BaseModel):
    """Unknown fields are refused, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Definition = TypeVar("Definition", bound=Strict)


def read_definition(path: Path, kind: type[Definition]) -> Definition:
    """The definition in a YAML file; `BadInput` names the line that is not YAML, or the field that is wrong."""
    import yaml

    try:
        return kind.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise BadInput(f"not YAML: {error.problem}", file=path.name, line=line) from error
    except UnicodeDecodeError as error:
        raise BadInput("not UTF-8 text", file=path.name, hint="Save it as UTF-8.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{where}: {first['msg']}".strip(": "), file=path.name) from error


def path_in_pack(pack: str, file: str) -> Path:
    """Where a pack keeps a definition; `NotFound` where it has none."""
    path = pack_dir(pack) / file
    if not path.is_file():
        raise NotFound(f"The pack '{pack}' has no {file}.", hint="Add it; the pack mse shows what it holds.")
    return path
