"""Dated entries, each change a version: agreements to share data, registers, worries that were raised."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from endeavour.core.public import Body, Recorded
from endeavour.governance.models.decisions import Decision


class KeptVersion(Recorded):
    """One version of a dated entry; the newest that has started stands, over what the pack names under the same key."""

    key = models.SlugField(max_length=80)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    review_on = models.DateField()
    source = models.CharField(max_length=300)

    class Meta:
        abstract = True


def _dates_in_order(name: str) -> tuple[models.CheckConstraint, models.CheckConstraint]:
    """Every kept version ends after it starts and is looked at again after it starts."""
    return (
        models.CheckConstraint(
            condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            name=f"governance_{name}_ends_after_it_starts",
        ),
        models.CheckConstraint(
            condition=Q(review_on__gt=F("starts_on")), name=f"governance_{name}_reviewed_after_start"
        ),
    )


class DataAgreement(KeptVersion):
    """One version of an agreement to share data; the newest stands, over what the pack names under the same key."""

    class Mode(models.TextChoices):
        NAMED = "named", "by name"
        PSEUDONYMISED = "pseudonymised", "with names replaced (pseudonymised)"

    controller = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    parties = models.ManyToManyField(Body, related_name="+")
    purpose = models.TextField()
    lawful_basis = models.TextField()
    data = models.TextField()
    mode = models.CharField(max_length=14, choices=Mode.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="governance_agreement_version_once"),
            *_dates_in_order("agreement"),
        ]


class RegisterEntry(KeptVersion):
    """One version of an entry of a register of `registers.py`; the newest stands, over what the pack names.

    With an `other` body it lies between two: a hand-off, a delegation, a route. `answers` holds the register's own
    questions by name.
    """

    register = models.SlugField(max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["register", "key", "version"], name="governance_register_version_once"
            ),
            *_dates_in_order("entry"),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("body")), name="governance_entry_between_two"
            ),
        ]


class Escalation(Recorded):
    """A safeguarding worry that went up a route: when, and by when the route then promised an answer. Never about whom.

    `route` is the key of the route's entry; `reference` is the raising body's own number for the case.
    """

    route = models.SlugField(max_length=80)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40)
    raised_at = models.DateTimeField()
    answer_by = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "reference"], name="governance_escalation_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(answer_by__gt=F("raised_at")), name="governance_escalation_answered_after_raised"
            ),
        ]


class EscalationAnswer(Recorded):
    """When somebody took a worry up, and what is done next, without a word about the person."""

    escalation = models.OneToOneField(Escalation, on_delete=models.PROTECT, related_name="answer")
    answered_at = models.DateTimeField()
    words = models.CharField(max_length=300)
