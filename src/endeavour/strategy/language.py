"""Words that people share: agreed meanings with their dates, and Easy Read or translated versions that know their source."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.text import slugify

from endeavour.core.public import Person, require, today, write_audit
from endeavour.core.public import entry as entry_name
from endeavour.errors import BadInput, Conflict
from endeavour.strategy.at_once import one_at_a_time
from endeavour.strategy.models import GlossaryTerm, Variant
from endeavour.strategy.moments import this_moment
from endeavour.strategy.readability import Reading, read

LANGUAGES = {
    "en": "English", "bn": "Bengali", "bg": "Bulgarian", "lt": "Lithuanian", "pa": "Punjabi", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "uk": "Ukrainian", "ur": "Urdu", "zh": "Chinese",
}  # fmt: skip


def glossary(*, at: date | None = None) -> list[GlossaryTerm]:
    """What each word meant on a day, in the order of the alphabet."""
    return list(GlossaryTerm.objects.at(at or today()).order_by("term"))  # type: ignore[attr-defined]


def glossary_with_history(*, at: date | None = None) -> list[tuple[GlossaryTerm, list[GlossaryTerm]]]:
    """Each word's meaning on a day with its other meanings, newest first, in one query."""
    day = at or today()
    every = list(GlossaryTerm.objects.order_by("term", "-valid_from"))
    return [(t, [o for o in every if o.key == t.key and o.pk != t.pk]) for t in every if t.held_on(day)]


def meanings_of(key: str) -> list[GlossaryTerm]:
    """Every meaning a word ever had here, newest first."""
    return list(GlossaryTerm.objects.filter(key=key).order_by("-valid_from"))


@transaction.atomic
def agree_meaning(
    *, by: Person | None, term: str, meaning: str, valid_from: date, source: str = ""
) -> GlossaryTerm:
    """Agree what a word means from a day; the meaning before it ends that day and is kept."""
    require(by, "strategy.glossary")
    key = slugify(term)
    if not key or not meaning.strip():
        raise BadInput("A term needs a word and a meaning.")
    current = GlossaryTerm.objects.select_for_update().filter(key=key, valid_to__isnull=True).first()
    if current is not None and current.valid_from is not None and current.valid_from >= valid_from:
        raise Conflict(
            f"'{term}' has had its meaning since {current.valid_from}.", hint="Choose a later day."
        )
    with one_at_a_time(f"agreed what '{term}' means"):
        if current is not None:
            current.valid_to = valid_from
            current.save(update_fields=["valid_to"])
        made = GlossaryTerm.objects.create(
            key=key, term=term.strip(), meaning=meaning.strip(), source=source, valid_from=valid_from
        )
    write_audit(by=by, action="strategy.glossary", subject=f"term:{key}", valid_from=valid_from.isoformat())
    return made


def check_words(text: str) -> Reading:
    """How a text reads, with the glossary of today."""
    return read(text, meanings={term.term: term.meaning for term in glossary()})


def fingerprint(words: str) -> str:
    """The digest that ties a version for another audience to the exact words it was made from."""
    return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True)
class Offered:
    """A version for another audience; stale once its source says something else."""

    variant: Variant
    is_stale: bool

    @property
    def title(self) -> str:
        """What it is, with its language where that is not English."""
        kind = Variant.Kind(self.variant.kind).label
        code = self.variant.language
        return f"{kind[:1].upper()}{kind[1:]}" + ("" if code == "en" else f", {LANGUAGES.get(code, code)}")


@transaction.atomic
def publish_variant(
    *,
    by: Person | None,
    entry: str,
    kind: str,
    words: str,
    source: str,
    language: str = "en",
    made_by: str = "",
) -> Variant:
    """Publish an Easy Read version, a translation or plain text of an entry, made from exactly `source`.

    `made_by` names the people who wrote it; `by` is who publishes it.
    """
    require(by, "strategy.variant")
    if kind not in Variant.Kind.values:
        raise BadInput(
            f"'{kind}' is not a kind of version.", hint=f"One of {', '.join(Variant.Kind.values)}."
        )
    if not words.strip() or not source.strip():
        raise BadInput("A version needs its words and the words it was made from.")
    if kind == Variant.Kind.TRANSLATION and language == "en":
        raise BadInput("A translation needs its language.", hint="Give a code such as pl, ro or bn.")
    if len(made_by.strip()) > 200:
        raise BadInput("Who made it takes more than 200 characters.", hint="Name the group or the people.")
    made = Variant.objects.create(
        by=by, recorded_at=this_moment(), entry=entry, kind=kind, language=language, words=words.strip(),
        made_by=made_by.strip(), source_sha256=fingerprint(source),
    )  # fmt: skip
    write_audit(by=by, action="strategy.variant", subject=entry, kind=kind, language=language)
    return made


def variants_of(entry: str, source: str) -> list[Offered]:
    """The newest version of each kind and language, with whether the source has changed since."""
    return variants_of_each({entry: source})[entry]


def variants_of_each(sources: Mapping[str, str]) -> dict[str, list[Offered]]:
    """The same for several entries, each with the words it has now; one query."""
    newest: dict[str, dict[tuple[str, str], Variant]] = {name: {} for name in sources}
    for item in Variant.objects.filter(entry__in=sources).order_by("recorded_at", "id"):
        newest[item.entry][item.kind, item.language] = item
    return {
        name: [Offered(v, v.source_sha256 != fingerprint(sources[name])) for v in found.values()]
        for name, found in newest.items()
    }


def variants_of_reports(digests: Sequence[str]) -> list[Offered]:
    """The newest version of each kind and language of these frozen reports, which are given newest first.

    One made from an earlier report than the first is stale. One query; none where nothing was frozen.
    """
    if not digests:
        return []
    age = {entry_name("release", sha[:12]): at for at, sha in enumerate(digests)}
    newest: dict[tuple[str, str], Variant] = {}
    for item in Variant.objects.filter(entry__in=age).order_by("recorded_at", "id"):
        before = newest.get((item.kind, item.language))
        if before is None or age[item.entry] <= age[before.entry]:
            newest[item.kind, item.language] = item
    return [Offered(item, age[item.entry] > 0) for item in newest.values()]
