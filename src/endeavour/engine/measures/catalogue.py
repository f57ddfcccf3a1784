"""The measures of a pack, read and checked together; a broken one is named with its file, line and reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from endeavour.engine.measures.definition import Measure
from endeavour.errors import BadInput, NotFound
from endeavour.paths import pack_dir

CONDITIONS = ("denominator", "numerator")
"""The fields that are SQL."""


@dataclass(frozen=True)
class Catalogue:
    """Every measure of one pack, in order of id."""

    pack: str
    measures: tuple[Measure, ...]

    @classmethod
    def open(cls, pack: str = "mse") -> Catalogue:
        """Read `measures/*.yaml`; `BadInput` names the first file and line that break the schema."""
        folder = pack_dir(pack) / "measures"
        found = [read_measure(path) for path in sorted(folder.glob("*.yaml"))]
        return cls(pack, tuple(sorted(found, key=lambda measure: measure.id)))

    def named(self, name: str) -> Measure:
        """The measure with this id, or `NotFound` with the nearest names."""
        from difflib import get_close_matches

        by_id = {measure.id: measure for measure in self.measures}
        if name in by_id:
            return by_id[name]
        near = get_close_matches(name, by_id, n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else "See endeavour measure list."
        raise NotFound(f"There is no measure '{name}'.", hint=hint)


def read_measure(path: Path) -> Measure:
    """One definition; its id must be its file's name, so that a link to either finds the other."""
    node: yaml.Node | None = None
    try:
        # One reading gives both what is said and where it stands.
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        measure = Measure.model_validate(None if node is None else loader.construct_document(node))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise BadInput(f"not YAML: {error.problem}", file=path.name, line=line) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"{where}: {first['msg']}", file=path.name, line=_line_of(node, first["loc"])
        ) from error
    except (yaml.YAMLError, ValueError) as error:  # not text, or a day that no calendar has
        raise BadInput(f"not YAML: {error}", file=path.name) from error
    if measure.id != path.stem:
        raise BadInput(
            f"id '{measure.id}' is not the file's name", file=path.name, line=_line_of(node, ("id",))
        )
    _check_standing(measure, path)
    return measure.standing_at({field: _line_of(node, (field,)) for field in CONDITIONS})


def _check_standing(measure: Measure, path: Path) -> None:
    if measure.standing == "verified" and not measure.verified_against:
        raise BadInput("a verified measure says against what (verified_against)", file=path.name)
    if measure.standing == "local definition" and not measure.local_because:
        raise BadInput("a local definition says how it differs (local_because)", file=path.name)
    if measure.reads == "lake" and not (measure.numerator and measure.denominator):
        raise BadInput("a measure of the lake needs a numerator and a denominator", file=path.name)
    if (measure.reads == "indicator") != bool(measure.indicator):
        raise BadInput("a measure that reads an indicator names it, and no other does", file=path.name)
    if measure.target and measure.no_target:
        raise BadInput("a measure has a target or a reason why not, never both", file=path.name)
    if not (measure.target or measure.no_target):
        raise BadInput("a measure has a target, or says why there is none (no_target)", file=path.name)


def _line_of(node: yaml.Node | None, location: tuple[Any, ...]) -> int | None:
    line: int | None = None
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pair = next((p for p in node.value if p[0].value == str(part)), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line
