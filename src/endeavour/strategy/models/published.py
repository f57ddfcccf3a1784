"""What is published: words and their meanings, reports, and what is typed until then."""

from __future__ import annotations

from django.db import models

from endeavour.core.public import Dated, Person
from endeavour.strategy.models.recorded import Recorded


class GlossaryTerm(Dated):
    """What a word is agreed to mean, from one day until another; another meaning is another row."""

    key = models.SlugField(max_length=80)
    term = models.CharField(max_length=120)
    meaning = models.TextField()
    source = models.CharField(max_length=200, blank=True)

    class Meta(Dated.Meta):
        indexes = [models.Index(fields=["key"])]


class Variant(Recorded):
    """The same words for another audience, tied to the exact source text it was made from."""

    class Kind(models.TextChoices):
        EASY_READ = "easy_read", "Easy Read"
        TRANSLATION = "translation", "translation"
        PLAIN = "plain", "plain text"

    entry = models.CharField(max_length=100, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    language = models.CharField(max_length=12, default="en")
    words = models.TextField()
    made_by = models.CharField(max_length=200, blank=True, default="")
    source_sha256 = models.CharField(max_length=64)


class Narrative(Recorded):
    """The secretariat's words in the annual report, section by section; append-only, the newest counts."""

    section = models.SlugField(max_length=40, db_index=True)
    words = models.TextField()


class Release(Recorded):
    """A frozen report: every figure and word, named by the digest of its content; append-only."""

    kind = models.CharField(max_length=24)
    as_at = models.DateField()
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.JSONField()


class Draft(models.Model):
    """What somebody has typed into a form and not yet published: theirs alone, and gone once it is."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "form"], name="strategy_one_draft_a_form")]
