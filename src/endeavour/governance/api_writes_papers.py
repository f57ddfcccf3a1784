"""Writing over HTTP about papers: sending one in, putting it before another board, who was consulted, what a board made of it."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Field, File, Form
from ninja.files import UploadedFile

from endeavour.core.api_shapes import NOT_EMPTY, Strict, one_of, token_holder
from endeavour.core.public import Day, Person, TokenFor
from endeavour.errors import BadInput
from endeavour.governance import actions, queries
from endeavour.governance.api_writes import Key, Said, Title, Words, Written, made_at, writes
from endeavour.governance.models import Resolution
from endeavour.governance.uploads import limited, taken


class PaperTokenFor(TokenFor):
    """The guard of an upload: who sends it is known, and its size is limited, before a byte of the file is read."""

    def __call__(self, request: HttpRequest) -> Person:
        person = super().__call__(request)
        limited(request)
        return person


class PaperIn(Strict):
    """A paper's title and words, beside its file; the four say what it means for each, or why nothing."""

    title: Title
    consultation: Said
    finance: Said
    legal: Said
    equality: Said
    verified_by: Annotated[str, Field(max_length=160, json_schema_extra=NOT_EMPTY)]
    recommendation: Words = ""
    author: Key = ""
    theme: Annotated[str, Field(max_length=60)] = ""
    topics: tuple[str, ...] = ()


class CarryIn(Strict):
    """The item of another board's meeting that takes the same paper."""

    meeting: Key
    item: int


class ConsultedIn(Strict):
    """Who was consulted on a paper, when, and what they said."""

    body: Key
    happened_on: Day
    words: Words


class ResolutionIn(Strict):
    """What a board made of a paper; what it approved, changed or refused names its decision."""

    outcome: Annotated[str, one_of(Resolution.Outcome)]
    words: Words
    decision: Key = ""


@writes(
    "/meetings/{key}/items/{number}/papers",
    "governance.add_paper",
    "Add a paper to an item",
    guard=PaperTokenFor,
)
def add_paper(
    request: HttpRequest, key: str, number: int, given: Form[PaperIn], file: File[UploadedFile]
) -> Written:
    """Send a paper as multipart/form-data: a PDF or Word document of at most 25 MB, checked as at the desk."""
    if strange := sorted(set(request.POST) - set(PaperIn.model_fields)):
        raise BadInput(f"'{strange[0][:40]}' is no part of a paper.")
    person, upload = token_holder(request), taken(request, file)
    paper = actions.add_paper(
        by=person,
        item=queries.meeting_item(key, number),
        title=given.title,
        content=upload.chunks(),
        author_body=queries.body(given.author) if given.author else None,
        theme=given.theme,
        implications={name: getattr(given, name) for name in actions.IMPLICATIONS},
        verified_by=given.verified_by,
        topics=given.topics,
        recommendation=given.recommendation,
    )
    return made_at(f"paper:{paper.pk}", f"/paper/{paper.sha256}")


@writes("/papers/{sha256}/boards", "governance.add_paper", "Put a paper before another board")
def carry_paper(request: HttpRequest, sha256: str, given: CarryIn) -> Written:
    """Put the same paper, word for word, before another board."""
    item = queries.meeting_item(given.meeting, given.item)
    paper = actions.carry_paper(by=token_holder(request), paper=queries.newest_paper(sha256), item=item)
    return made_at(f"paper:{paper.pk}", f"/paper/{sha256}")


@writes("/papers/{sha256}/consultations", "governance.record_consultation", "Record who was consulted")
def record_consultation(request: HttpRequest, sha256: str, given: ConsultedIn) -> Written:
    """Record that a body was consulted on a paper."""
    values = given.dict() | {"body": queries.body(given.body)}
    actions.record_consultation(by=token_holder(request), paper=queries.newest_paper(sha256), **values)
    return made_at(f"paper:{sha256}", f"/paper/{sha256}")


@writes(
    "/meetings/{key}/items/{number}/papers/{sha256}/outcomes",
    "governance.resolve_paper",
    "Record a paper's outcome",
)
def resolve_paper(request: HttpRequest, key: str, number: int, sha256: str, given: ResolutionIn) -> Written:
    """Record what one board made of a paper; the newest stands."""
    decision = queries.decision(given.decision) if given.decision else None
    actions.resolve_paper(
        by=token_holder(request), paper=queries.paper_of(key, number, sha256), outcome=given.outcome, words=given.words,
        decision=decision,
    )  # fmt: skip
    return made_at(f"paper:{sha256}", f"/paper/{sha256}")
