"""How bodies work, whom they reached out to, who may sit on them and who inherits from them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from endeavour.core.public import Body, Recorded


class DutyEvidence(Recorded):
    """Something that bears on a statutory duty: what happened, when, where it can be read."""

    duty = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=40)
    happened_on = models.DateField()
    words = models.TextField()
    source = models.CharField(max_length=300, blank=True)
    answers = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="answered_by"
    )


class WorkingDocument(Recorded):
    """One version of how a body works: what it is for, whom it seats, what it holds to. The newest version stands."""

    class Kind(models.TextChoices):
        TERMS = "terms", "terms of reference"
        MEMBERSHIP = "membership", "rules of membership"
        VALUES = "values", "values"
        COMPACT = "compact", "compact between partners"
        STANDING_ORDERS = "orders", "standing orders"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="working_documents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    version = models.PositiveSmallIntegerField()
    words = models.TextField()
    agreed_on = models.DateField()
    review_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "kind", "version"], name="governance_document_version_once"
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("agreed_on")), name="governance_document_reviewed_after_agreed"
            ),
        ]


class Signature(Recorded):
    """A partner's own signature under one version of the compact, with what it offers and needs; the newest stands."""

    document = models.ForeignKey(WorkingDocument, on_delete=models.PROTECT, related_name="signatures")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    offers = models.TextField()
    needs = models.TextField()


class MembershipProposal(Recorded):
    """A membership of a body put up to be weighed beside today's seats; `seats` is a list of them, as the pack gives."""

    key = models.SlugField(max_length=60, unique=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    rules = models.TextField()
    seats = models.JSONField()
    source = models.CharField(max_length=300)


class Outreach(Recorded):
    """One attempt to bring a group of partners to the table, what came of it, and what is next."""

    group = models.SlugField(max_length=60, db_index=True)
    happened_on = models.DateField()
    words = models.TextField()
    took_part = models.BooleanField(default=False)
    next_step = models.TextField(blank=True)
    next_owner = models.CharField(max_length=160, blank=True)
    next_on = models.DateField(null=True, blank=True)


class Heir(Recorded):
    """Who takes over one open thing of a body that ends, or, with no heir, that nobody does; the newest row stands."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=100, db_index=True)
    heir = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
