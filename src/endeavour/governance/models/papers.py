"""Papers before boards, whom they were put to, and what each board made of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from endeavour.core.public import Body, Recorded
from endeavour.governance.models.meetings import AgendaItem


class Paper(Recorded):
    """A paper for an item, kept by its checksum under the papers folder."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=200)
    author_body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=100)
    bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # What the file says of itself: tags and a language let a screen reader read it. Unknown for Word documents.
    is_tagged = models.BooleanField(null=True, blank=True)
    # What it means for consultation, money, law and equality, or why nothing; empty for papers from before we asked.
    implications = models.JSONField(null=True, blank=True)
    verified_by = models.CharField(max_length=160, null=True, blank=True)
    # The topics of the pack's consultees.yaml that it touches; empty list: none, nothing: from before we asked.
    topics = models.JSONField(null=True, blank=True)
    # What the board is asked to resolve, in the paper's own words.
    recommendation = models.TextField(null=True, blank=True)


class Consultation(Recorded):
    """One body consulted on a paper: when, and what it said. The same paper before other boards shares it."""

    sha256 = models.CharField(max_length=64, db_index=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    happened_on = models.DateField()
    words = models.TextField()


class Resolution(Recorded):
    """What one board made of a paper's recommendation; the newest stands. What it decided rests on its decision."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "approved as recommended"
        AMENDED = "amended", "approved with changes"
        REFUSED = "refused", "refused"
        NOTED = "noted", "noted only"
        DEFERRED = "deferred", "put off"
        NOT_FORMALISED = "not_formalised", "discussed and never formalised"

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="resolutions")
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    words = models.TextField()
    decision = models.ForeignKey(
        "Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(outcome__in=["approved", "amended", "refused"]) | Q(decision__isnull=False),
                name="governance_resolved_by_a_decision",
            ),
        ]
