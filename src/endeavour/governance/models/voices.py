"""What residents and partners said, and who asked for news."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from endeavour.core.public import Body, Recorded


class Contribution(Recorded):
    """What a resident or partner said or asked, with a receipt they can follow. No name is kept."""

    class Kind(models.TextChoices):
        QUESTION = "question", "question to a meeting"
        CONTRIBUTION = "contribution", "something said"

    receipt = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.TextField()
    area_code = models.CharField(max_length=20, blank=True)
    partner_class = models.CharField(max_length=24, choices=Body.PartnerClass.choices, default="residents")
    group = models.CharField(max_length=40, blank=True)
    theme = models.SlugField(max_length=60, blank=True)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    may_publish = models.BooleanField(default=True)


class Reply(Recorded):
    """The published answer to a contribution, or the reasoned refusal; a later reply supersedes an earlier one."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "answered"
        ON_AGENDA = "on_agenda", "put on an agenda"
        REFUSED = "refused", "not taken up, with the reason"

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="replies")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    words = models.TextField()


class Subscription(models.Model):
    """An address that asked for news by e-mail. It counts once its owner confirmed it; leaving deletes the row."""

    address = models.EmailField(unique=True)
    key = models.CharField(max_length=43, unique=True)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    sent_to = models.DateTimeField(null=True, blank=True)
