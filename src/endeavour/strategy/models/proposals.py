"""What partners propose outside health, and what it and every decision does to each group."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from endeavour.strategy.models.recorded import Recorded


class Proposal(Recorded):
    """One version of what a partner proposes: a local plan, a planning application, a licence; append-only.

    `key` stays the same through its versions, of which the newest counts. `outcome` is what was decided, in words.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", "a local plan or policy"
        PLANNING = "planning", "planning and building"
        LICENSING = "licensing", "licensing"
        HOUSING = "housing", "housing"
        TRANSPORT = "transport", "roads, buses and paths"
        BENEFITS = "benefits", "benefits, rents and charges"
        LEISURE = "leisure", "parks, sport and culture"
        OTHER = "other", "something else"

    key = models.SlugField(max_length=60, db_index=True)
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.TextField()
    comments_by = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    source = models.CharField(max_length=300)
    is_illustrative = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, outcome="")
                | (Q(decided_on__isnull=False) & ~Q(outcome="")),
                name="strategy_proposal_outcome_has_its_day",
            )
        ]


class ImpactAssessment(Recorded):
    """One group's line of a health equality impact assessment of a decision or a proposal; append-only.

    `about` is the name of what is assessed, such as decision:2026-12-03-icp-4 or proposal:a-new-bus-lane.
    """

    class Effect(models.TextChoices):
        BETTER = "better", "better for this group"
        WORSE = "worse", "worse for this group"
        SAME = "same", "no difference expected"
        UNKNOWN = "unknown", "not known"

    about = models.CharField(max_length=100, db_index=True)
    group = models.CharField(max_length=120)
    effect = models.CharField(max_length=8, choices=Effect.choices)
    words = models.TextField()
    mitigation = models.TextField(blank=True)
    measure_key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(effect="worse") | ~Q(mitigation=""), name="strategy_worse_needs_a_mitigation"
            )
        ]
