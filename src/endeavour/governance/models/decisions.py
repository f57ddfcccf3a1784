"""Decisions, their actions and what became of those."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from endeavour.core.public import Body, Recorded
from endeavour.governance.models.meetings import AgendaItem


class Level(models.TextChoices):
    """How local a decision is; the most local is the default, and a wider one needs its reason."""

    NEIGHBOURHOOD = "neighbourhood", "neighbourhood"
    PLACE = "place", "place (Alliance)"
    SYSTEM = "system", "system"


class Reach(models.TextChoices):
    """Whether something decided for many places is done the same everywhere: nothing says that nobody said."""

    ONCE = "once", "done once, the same everywhere"
    VARIED = "varied", "done differently from place to place"


class Decision(Recorded):
    """What was decided, between which options, why, how locally, with what effects, and who disagreed."""

    key = models.SlugField(max_length=90, unique=True)
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions")
    title = models.CharField(max_length=200)
    options = models.TextField()
    decided = models.TextField()
    reason = models.TextField()
    level = models.CharField(max_length=14, choices=Level.choices)
    level_reason = models.TextField(blank=True)
    reach = models.CharField(max_length=6, choices=Reach.choices, null=True, blank=True)
    effect_health = models.TextField()
    effect_quality = models.TextField()
    effect_resources = models.TextField()
    effect_inequality = models.TextField()
    equality_impact = models.TextField(blank=True)
    dissent = models.TextField(blank=True)
    # Keys of the pack's aims in the order of the pack; nothing says that nobody named one.
    aims = models.JSONField(null=True, blank=True)
    # Numbers of the principles of 2020 that it follows, such as P5, kept in the same way.
    principles = models.JSONField(null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level="neighbourhood") | ~Q(level_reason=""),
                name="governance_wider_level_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def private_ground(self) -> str:
        """The ground on which it was taken in private, so that only its title is public; empty in public."""
        return self.item.exempt_ground or self.item.meeting.closed_ground


class Action(Recorded):
    """Something to be done because of a decision, by one body, by a day."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveSmallIntegerField()
    words = models.TextField()
    owner = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="actions")
    due_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "number"], name="governance_action_number_once")
        ]


class ActionReport(Recorded):
    """What became of an action, with its evidence; `done` claims that it is finished."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="reports")
    happened_on = models.DateField()
    words = models.TextField()
    evidence = models.CharField(max_length=300, blank=True)
    done = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done=False) | ~Q(evidence=""), name="governance_done_has_evidence"
            ),
        ]
