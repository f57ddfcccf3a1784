"""A campaign that residents and services share: its two asks, who owns it, what it hands out, who promised what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from endeavour.strategy.models.recorded import Recorded


class Campaign(Recorded):
    """One version of a campaign; append-only, the newest of a `key` counts.

    `ways` are the promises that it offers, each with its `key`, its `side` (residents or services) and its `words`.
    """

    key = models.SlugField(max_length=40, db_index=True)
    title = models.CharField(max_length=200)
    words = models.TextField()
    residents_ask = models.TextField()
    services_ask = models.TextField()
    covenant = models.TextField()
    ways = models.JSONField(default=list)
    ref = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    is_illustrative = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("starts_on")),
                name="strategy_campaign_ends_after_it_starts",
            )
        ]


class CampaignOwner(Recorded):
    """A body that owns a campaign with the others and signs its covenant, or that `leaves`; append-only."""

    campaign = models.CharField(max_length=40, db_index=True)
    body = models.CharField(max_length=80)
    brings = models.CharField(max_length=300, blank=True)
    leaves = models.BooleanField(default=False)
    is_illustrative = models.BooleanField(default=False)


class Material(Recorded):
    """Words that a campaign hands out; append-only, the newest of a `key` counts. Other forms are `Variant`s of it."""

    campaign = models.CharField(max_length=40, db_index=True)
    key = models.SlugField(max_length=20)
    title = models.CharField(max_length=200)
    words = models.TextField()
    is_illustrative = models.BooleanField(default=False)


class Pledge(Recorded):
    """What a resident, or a body, promises in a campaign; append-only. Of a resident no name is ever held.

    `way` is one of the campaign's own; `words` are the pledger's and are shown only once somebody has read them.
    `people` counts those who promised the same on paper. `place` is the code of an area, empty for the whole system.
    """

    receipt = models.CharField(max_length=9, unique=True)
    campaign = models.CharField(max_length=40, db_index=True)
    way = models.CharField(max_length=40, blank=True)
    words = models.TextField(blank=True)
    place = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=40, blank=True)
    body = models.CharField(max_length=80, blank=True)
    people = models.PositiveIntegerField(default=1)
    is_illustrative = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(way="", words=""), name="strategy_pledge_promises_something"),
            models.CheckConstraint(condition=Q(people__gte=1), name="strategy_pledge_of_somebody"),
            models.CheckConstraint(
                condition=Q(people=1) | Q(by__isnull=False) | Q(is_illustrative=True),
                name="strategy_many_pledges_through_a_person",
            ),
        ]


class PledgeStep(Recorded):
    """What became of a pledge: read and shown or not, kept or not, taken back; append-only."""

    class Kind(models.TextChoices):
        SHOWN = "shown", "read and shown"
        NOT_SHOWN = "not_shown", "read and not shown"
        KEPT = "kept", "kept"
        PARTLY = "partly", "kept in part"
        NOT_KEPT = "not_kept", "not kept"
        TAKEN_BACK = "taken_back", "taken back"

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.CharField(max_length=300, blank=True)
