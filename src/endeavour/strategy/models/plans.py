"""What partners set out to do, and why we think that it will work."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from endeavour.strategy.models.recorded import Recorded


class Plan(models.Model):
    """A partner's plan. It belongs to the partner: others may link to it, only its owner may add to it.

    An empty day is one that nobody has told us. `source` says who told us that there is such a plan.
    """

    key = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=80, db_index=True)
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    url = models.URLField(max_length=500, blank=True)
    source = models.CharField(max_length=300, blank=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period_to__gt=models.F("period_from")), name="strategy_plan_has_a_period"
            )
        ]


class Objective(models.Model):
    """What a partner's plan sets out to do, in the partner's words; never rewritten by anybody."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="objectives")
    ref = models.CharField(max_length=40)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "ref"], name="strategy_objective_once")]


class Alignment(Recorded):
    """Whether a partner's objective serves a shared statement: proposed by likeness of words, decided by a person."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "proposed by likeness of words"
        CONFIRMED = "confirmed", "confirmed by a person"
        REJECTED = "rejected", "looked at and rejected"

    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="alignments")
    ref = models.CharField(max_length=40, db_index=True)
    state = models.CharField(max_length=12, choices=State.choices)
    score = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(by__isnull=False),
                name="strategy_alignment_decided_by_a_person",
            )
        ]


class TheoryVersion(Recorded):
    """One version of the theory of change, whole; append-only."""

    version = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=200)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64, unique=True)


class TheoryReview(Recorded):
    """An independent reviewer's view of one version; append-only."""

    theory = models.ForeignKey(TheoryVersion, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.CharField(max_length=160)
    organisation = models.CharField(max_length=200)
    words = models.TextField()
    signs_off = models.BooleanField()
    reviewed_on = models.DateField()
