"""The same content in another form: Easy Read, a translation, a film in British Sign Language.

Each says who wrote it and when it is due to be read again, and says so itself when that day has passed, when the words it
was made from have changed since, or when nobody who uses the form has checked it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from endeavour.core.public import Person, require, today, write_audit
from endeavour.errors import BadInput, NotFound
from endeavour.frontdoor import presenters, queries, rules
from endeavour.frontdoor.languages import ENGLISH, languages
from endeavour.frontdoor.models import Rendition, Service
from endeavour.frontdoor.packfiles import folder_of, read_yaml

DRAFT = "Drafted by machine"
UNCHECKED = "Nobody who uses this form has checked it yet. If it reads oddly, trust the English page."
_ABOUT = {
    "page:find-help": ("Find help", "/find-help"),
    "page:how-it-works": ("How each kind of help works", "/find-help/how-it-works"),
    "page:emergency": ("Calling 999", "/find-help"),
}


@dataclass(frozen=True)
class Form:
    """One rendition as a page shows it; `late` says what time has done to it."""

    subject: str
    about: str
    about_address: str
    kind: str
    name: str
    language: str
    direction: str
    author: str
    reviewed_on: date
    review_by: date
    paragraphs: list[str]
    link: str
    late: list[str]

    @property
    def warnings(self) -> list[str]:
        """Everything a reader should know before trusting it."""
        return [UNCHECKED, *self.late] if self.draft else self.late

    @property
    def address(self) -> str:
        """Where it is read; a film is where its makers keep it."""
        if self.link:
            return self.link
        return f"/find-help/form/{self.part}/{self.key}/{self.kind}/{self.language}"

    @property
    def part(self) -> str:
        """What it is a form of: a page, a topic or a service."""
        return self.subject.partition(":")[0]

    @property
    def key(self) -> str:
        """Which one."""
        return self.subject.partition(":")[2]

    @property
    def draft(self) -> bool:
        """Whether nobody who uses this form has checked it."""
        return self.author.startswith(DRAFT)


def of(subject: str) -> list[Form]:
    """The other forms of one service (`service:falls_clin`), topic (`topic:falls`) or page (`page:how-it-works`)."""
    return [_form(row) for row in Rendition.objects.filter(subject=subject)]


def every() -> list[Form]:
    """Every rendition there is, by what it is about."""
    return [_form(row) for row in Rendition.objects.all()]


def one(subject: str, kind: str, language: str) -> Form:
    """One rendition that is kept here as words."""
    row = Rendition.objects.filter(subject=subject, kind=kind, language=language).exclude(words="").first()
    if row is None:
        raise NotFound("We do not have that in this form.", hint="See every form at /find-help/forms.")
    return _form(row)


def version_of(subject: str) -> str:
    """A short mark of the words a rendition is made from; it changes when they do. Empty where there are none."""
    words = _source(subject)
    return hashlib.sha256(words.encode()).hexdigest()[:12] if words else ""


def late(row: Rendition, day: date | None = None) -> list[str]:
    """Whether its review is past, or the words it was made from have changed, in words."""
    said = []
    if row.review_by < (day or today()):
        said.append("It was due to be read again and has not been.")
    if row.source_version and row.source_version != version_of(row.subject):
        said.append("The page it was made from has changed since. Look there for the newest words.")
    return said


def load_renditions(pack: str) -> int:
    """Bring a pack's renditions up to its file and return how many it has. Twice changes nothing."""
    path = folder_of(pack) / "renditions.yaml"
    if not path.is_file():
        return 0
    given = read_yaml(path)
    for row in given["renditions"]:
        values = given["defaults"] | row
        key = {name: values.pop(name) for name in ("subject", "kind", "language")}
        values["words"] = "\n".join(values.get("words", []))
        if not values.get("author") or not (values["words"] or values.get("link")):
            raise BadInput(
                f"{key['subject']} must have an author, and words or a link", file="renditions.yaml"
            )
        held = Rendition.objects.filter(**key).first()
        if held is None or any(getattr(held, name) != value for name, value in values.items()):
            Rendition.objects.update_or_create(**key, defaults=values)
    return len(given["renditions"])


@transaction.atomic
def publish(
    *, subject: str, kind: str, language: str, author: str, review_by: str, words: str, link: str, by: Person
) -> Form:
    """Publish, or put right, one rendition of the words as they stand today; who wrote it and until when are asked for.

    Raises `BadInput` for a form we do not know, an unsigned one, one of nothing, or a link that is not to the web.
    """
    require(by, rules.APPROVE_EDIT)
    if not version_of(subject):
        raise NotFound("There is nothing here to make another form of.", hint="Start from the page itself.")
    if kind not in Rendition.Kind.values:
        raise BadInput("Choose which form it is.")
    if not author.strip():
        raise BadInput("Write who made it and who checked it.")
    words, link = words.strip(), link.strip()
    if bool(words) == bool(link):
        raise BadInput("Give either the words or a link, not both.")
    if link and not link.startswith("https://"):
        raise BadInput("The link must begin with https://.")
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", language):
        raise BadInput(
            f"'{language[:12]}' is not the short name of a language.", hint="Like en, pl, ar or bfi."
        )
    try:
        due = date.fromisoformat(review_by)
    except ValueError as error:
        raise BadInput("Write the day it must be read again.") from error
    if due <= today():
        raise BadInput("The day it must be read again has to be after today.")
    row, _ = Rendition.objects.update_or_create(
        subject=subject, kind=kind, language=language,
        defaults={"author": author.strip()[:200], "reviewed_on": today(), "review_by": due, "words": words[:20_000],
                  "link": link[:500], "source_version": version_of(subject)},
    )  # fmt: skip
    write_audit(by=by, action="frontdoor.publish_rendition", subject=subject, kind=kind, language=language)
    return _form(row)


def _form(row: Rendition) -> Form:
    name_of, address = about(row.subject)
    tongue = languages().get(row.language)
    kind = row.get_kind_display()
    name = (tongue.name if tongue else row.language) if row.kind == Rendition.Kind.TRANSLATION else kind
    return Form(
        subject=row.subject,
        about=name_of,
        about_address=address,
        kind=row.kind,
        name=name,
        language=row.language,
        direction=tongue.direction if tongue else "ltr",
        author=row.author,
        reviewed_on=row.reviewed_on,
        review_by=row.review_by,
        paragraphs=row.words.splitlines(),
        link=row.link,
        late=late(row),
    )


def about(subject: str) -> tuple[str, str]:
    """What a subject is called and where it is."""
    part, _, key = subject.partition(":")
    if part == "topic":
        heading = next((t["heading"] for t in presenters.topics() if t["key"] == key), key)
        return heading, f"/find-help/topic/{key}"
    if part == "service":
        name = Service.objects.filter(given_id=key).values_list("name", flat=True).first()
        return name or key, f"/service/{key}"
    return _ABOUT.get(subject, (key, "/find-help"))


def _source(subject: str) -> str:
    part, _, key = subject.partition(":")
    content: Any = queries.safety()
    if part == "topic":
        return next((f"{t['heading']}|{t['words']}" for t in presenters.topics() if t["key"] == key), "")
    if part == "service":
        found = Service.objects.filter(given_id=key).first()
        return f"{found.name}|{found.description}|{found.expect}" if found else ""
    if subject == "page:how-it-works":
        return "|".join(f"{r.heading}|{r.what}|{r.expect}|{r.cannot}|{r.skip}" for r in content.ladder.rungs)
    if subject == "page:emergency":
        return f"{content.emergency.heading}|{content.emergency.words}"
    return "|".join(languages()[ENGLISH].labels.values()) if subject == "page:find-help" else ""
