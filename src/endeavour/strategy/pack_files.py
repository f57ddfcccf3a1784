"""The strategy's files of a pack, checked strictly; a wrong row names file, line and reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from endeavour.errors import BadInput
from endeavour.paths import pack_dir


def _month(value: object) -> object:
    """'2023-09' is the first day of that month: the source gives no day."""
    if isinstance(value, str) and len(value) == 7:
        return f"{value}-01"
    return value


Month = Annotated[date, BeforeValidator(_month)]
File = TypeVar("File", bound=BaseModel)
Ref = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9.]{0,19}$")]


class Row(BaseModel):
    """A row of a pack's file: nothing unknown, nothing missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DocumentRow(Row):
    """A document that says something."""

    key: str
    title: str
    kind: str
    published: date
    version: str = ""
    period: tuple[int, int] | None = None
    current: bool = False


class GapRow(Row):
    """A number the document skips."""

    id: Ref
    document: str
    note: str


class NoteRow(Row):
    """An editor's note on a statement, kept apart from its words."""

    id: Ref
    document: str
    note: str


class StatementRow(Row):
    """A statement's facts and our paraphrase."""

    id: Ref
    kind: Literal[
        "we", "i", "duty", "principle", "theme", "vision", "plan_theme", "challenge", "need", "prose"
    ]
    document: str
    section: str
    says: Annotated[str, Field(min_length=10, max_length=160)]
    level: Literal["system", "place", "neighbourhood", "all"]
    due: Month | None = None
    recurrence: Literal["none", "ongoing", "annual"] = "none"
    review_months: Annotated[int, Field(ge=1, le=120)] | None = None
    owner: str = ""
    theme: str = ""
    answers: tuple[Ref, ...] = ()
    depends_on: tuple[Ref, ...] = ()
    becomes: tuple[Ref, ...] = ()
    answered_by: tuple[Ref, ...] = ()


class EvidenceRow(Row):
    """Evidence that a document offers."""

    statement: Ref
    title: str
    happened_on: date
    source_document: str
    anchor: str = ""
    settles: bool = False


class StatementsFile(Row):
    """The whole of `statements.yaml`."""

    publisher: str
    licence: str
    reviewed_on: date
    documents: tuple[DocumentRow, ...]
    gaps: tuple[GapRow, ...] = ()
    notes: tuple[NoteRow, ...] = ()
    statements: tuple[StatementRow, ...]
    evidence: tuple[EvidenceRow, ...] = ()


class TermRow(Row):
    """One meaning of one word, from one day until another."""

    key: str
    term: str
    meaning: str
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


class GlossaryFile(Row):
    """The whole of `glossary.yaml`."""

    reviewed_on: date
    terms: tuple[TermRow, ...]


class MeasureRow(Row):
    """A measure proposed for a statement: an id of the catalogue, whose figures of it, and why."""

    statement: Ref
    measure: Annotated[str, Field(pattern=r"^[a-z0-9_-]{2,80}$")]
    why: Annotated[str, Field(min_length=5, max_length=300)]
    grouping: str = "system"
    group: str = "all"
    target: float | None = None
    target_on: date | None = None
    lag_months: Annotated[int, Field(ge=0, le=120)] = 0


class PartRow(Row):
    """A part of what a statement promises: the measures that show it, or why there is none and what could be done."""

    statement: Ref
    section: str
    title: str
    measures: tuple[str, ...] = ()
    lacks: str = ""
    plan: str = ""

    @model_validator(mode="after")
    def _is_measured_or_says_why_not(self) -> Self:
        if not self.measures and not (self.lacks and self.plan):
            raise ValueError("a part without a measure says what it lacks and what could be done")
        return self


class MeasuresFile(Row):
    """The whole of `promise-measures.yaml`."""

    reviewed_on: date
    links: tuple[MeasureRow, ...]
    parts: tuple[PartRow, ...] = ()


class PlanRow(Row):
    """A partner's plan that a document names; a day that it does not give is left out."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,80}$")]
    owner: str
    title: Annotated[str, Field(min_length=3, max_length=200)]
    source: Annotated[str, Field(min_length=5, max_length=300)]
    period_from: date | None = None
    period_to: date | None = None
    review_on: date | None = None
    url: str = ""


class PlansFile(Row):
    """The whole of `partner-plans.yaml`."""

    reviewed_on: date
    plans: tuple[PlanRow, ...]


class ChapterRow(Row):
    """A chapter of the strategy; its sections start with `number`."""

    number: str
    title: str
    about: str = ""


class PointRow(Row):
    """A section that the plan on a page shows as a point of the compass."""

    section: str
    point: str
    title: str


class MomentRow(Row):
    """A day worth looking back at."""

    day: date
    words: str


class AimRow(Row):
    """An aim set for care systems nationally, from one day until another, and the statements that serve it as we read them."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    title: Annotated[str, Field(min_length=10, max_length=160)]
    source: Annotated[str, Field(min_length=5, max_length=300)]
    valid_from: Month
    valid_to: Month | None = None
    statements: tuple[Ref, ...] = ()

    def held_on(self, day: date) -> bool:
        """Whether it was an aim on `day`; it no longer is on `valid_to`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class BodyDueRow(Row):
    """A body that a document of `said_on` promised to have by a month; when it came is a day of the body itself."""

    body: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,80}$")]
    due: Month
    said_on: Month
    source: Annotated[str, Field(min_length=5, max_length=300)]


class OutlineFile(Row):
    """The whole of `strategy.yaml`."""

    reviewed_on: date | None = None
    chapters: tuple[ChapterRow, ...] = ()
    compass: tuple[PointRow, ...] = ()
    moments: tuple[MomentRow, ...] = ()
    bodies: tuple[MomentRow, ...] = ()
    bodies_due: tuple[BodyDueRow, ...] = ()
    partner_plans: str = ""
    aims: tuple[AimRow, ...] = ()

    @model_validator(mode="after")
    def _each_aim_once(self) -> Self:
        if len({aim.key for aim in self.aims}) != len(self.aims):
            raise ValueError("an aim stands twice")
        return self


def folder_of(pack: object) -> Path:
    """The folder of a pack given by its name, its path or an opened `Pack`."""
    folder = getattr(pack, "folder", None)
    return folder if isinstance(folder, Path) else pack_dir(str(pack))


def read_statements(folder: Path) -> StatementsFile:
    """`statements.yaml`, with every reference in it checked."""
    path = folder / "statements.yaml"
    checked, lines = checked_file(path, StatementsFile)
    _check_references(checked, lines, path)
    return checked


def read_outline(folder: Path) -> OutlineFile:
    """`strategy.yaml`, where the pack has one; else an outline with nothing in it."""
    path = folder / "strategy.yaml"
    if not path.is_file():
        return OutlineFile()
    return checked_file(path, OutlineFile)[0]


def read_glossary(folder: Path) -> GlossaryFile | None:
    """`glossary.yaml`, where the pack has one."""
    path = folder / "glossary.yaml"
    if not path.is_file():
        return None
    return checked_file(path, GlossaryFile)[0]


def read_measures(folder: Path, refs: Collection[str], measures: Collection[str]) -> tuple[MeasureRow, ...]:
    """The measures of `promise-measures.yaml`, with every statement and measure in the file known."""
    path = folder / "promise-measures.yaml"
    found, lines = checked_file(path, MeasuresFile)
    for number, row in enumerate(found.links):
        line = lines.get(("links", number))
        if row.statement not in refs:
            raise BadInput(
                f"there is no statement {row.statement}", file=path.name, line=line, column="statement"
            )
        if row.measure not in measures:
            raise BadInput(
                f"there is no measure '{row.measure}'", file=path.name, line=line, column="measure"
            )
        if (row.target is None) != (row.target_on is None):
            raise BadInput("a target needs its day", file=path.name, line=line, column="target")
    proposed = {(row.statement, row.measure) for row in found.links}
    for number, part in enumerate(found.parts):
        if loose := [key for key in part.measures if (part.statement, key) not in proposed]:
            raise BadInput(
                f"'{loose[0]}' is proposed for no {part.statement}",
                file=path.name, line=lines.get(("parts", number)), column="measures",
            )  # fmt: skip
    return found.links


def read_parts(folder: Path) -> tuple[PartRow, ...]:
    """The parts of promises in `promise-measures.yaml`, where the pack has the file."""
    path = folder / "promise-measures.yaml"
    return checked_file(path, MeasuresFile)[0].parts if path.is_file() else ()


def read_plans(folder: Path) -> tuple[PlanRow, ...]:
    """`partner-plans.yaml`, where the pack has one."""
    path = folder / "partner-plans.yaml"
    if not path.is_file():
        return ()
    found, lines = checked_file(path, PlansFile)
    seen: set[str] = set()
    for number, row in enumerate(found.plans):
        if row.key in seen:
            raise BadInput(
                f"'{row.key}' stands twice", file=path.name, line=lines.get(("plans", number)), column="key"
            )
        seen.add(row.key)
    return found.plans


def _read(path: Path) -> tuple[Any, dict[tuple[str, int], int]]:
    """The file's data, and the line on which each item of each list starts."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadInput("is not in the pack", file=path.name, hint="A pack needs this file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"could not be read: {error}", file=path.name) from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise BadInput(
            "is not well-formed YAML", file=path.name, line=mark.line + 1 if mark else None
        ) from None
    lines: dict[tuple[str, int], int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(value, yaml.SequenceNode):
                lines |= {(key.value, i): item.start_mark.line + 1 for i, item in enumerate(value.value)}
    return data, lines


def checked_file(path: Path, model: type[File]) -> tuple[File, dict[tuple[str, int], int]]:
    """A file of the pack in its shape, and the line on which each item of each list starts; `BadInput` where it is wrong."""
    data, lines = _read(path)
    try:
        return model.model_validate(data), lines
    except ValidationError as error:
        first = error.errors()[0]
        where = first["loc"]
        line = (
            lines.get((str(where[0]), int(where[1])))
            if len(where) > 1 and isinstance(where[1], int)
            else None
        )
        column = ".".join(str(part) for part in where[2:]) or ".".join(str(part) for part in where)
        raise BadInput(first["msg"], file=path.name, line=line, column=column) from None


def _check_references(read: StatementsFile, lines: dict[tuple[str, int], int], path: Path) -> None:
    documents = {document.key for document in read.documents}
    seen: set[str] = set()
    refs = {row.id for row in read.statements}
    for number, row in enumerate(read.statements):
        line = lines.get(("statements", number))
        if row.id in seen:
            raise BadInput(f"{row.id} stands twice", file=path.name, line=line, column="id")
        seen.add(row.id)
        if row.document not in documents:
            raise BadInput(
                f"there is no document '{row.document}'", file=path.name, line=line, column="document"
            )
        for column in ("answers", "depends_on", "becomes", "answered_by"):
            if unknown := [ref for ref in getattr(row, column) if ref not in refs]:
                raise BadInput(
                    f"there is no statement {unknown[0]}", file=path.name, line=line, column=column
                )
    for number, evidence in enumerate(read.evidence):
        if evidence.statement not in refs or evidence.source_document not in documents:
            line = lines.get(("evidence", number))
            raise BadInput("names a statement or document that is not here", file=path.name, line=line)
    if sum(document.current for document in read.documents) > 1:
        raise BadInput("more than one document is current", file=path.name, column="documents")
