"""Meetings: what is talked about, who came, what they declared, what was minuted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from endeavour.core.public import Body, Post, Recorded


class Meeting(models.Model):
    """One sitting of a body. It is in public unless a ground for closing it is stated."""

    key = models.SlugField(max_length=80, unique=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=300)
    join_words = models.TextField(blank=True)
    closed_ground = models.CharField(max_length=300, blank=True)
    noticed_on = models.DateField(null=True, blank=True)
    # From the day its agenda and papers are published, an item is neither moved nor taken off.
    agenda_on = models.DateField(null=True, blank=True)
    cancelled_on = models.DateField(null=True, blank=True)
    cancelled_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="governance_meeting_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True) | ~Q(cancelled_why=""),
                name="governance_cancelled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def lasts(self) -> int:
        """How many minutes it lasts."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class AgendaItem(models.Model):
    """One item of an agenda, and why it is there: `subject` names the entry that put it on.

    Its `number` is its name for ever; its `place` is where it stands on the agenda, empty once it was taken off.
    """

    class Origin(models.TextChoices):
        STANDING = "standing", "standing item"
        CYCLE = "cycle", "annual business cycle"
        DUTY = "duty", "statutory duty"
        PROMISE = "promise", "promise due or late"
        EXCEPTION = "exception", "a measure that changed"
        CONTRIBUTION = "contribution", "raised by residents or partners"
        ACTION = "action", "action due"
        DECISION = "decision", "decision to take again"
        OTHER = "other", "added by the secretary"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.CharField(max_length=200)
    origin = models.CharField(max_length=16, choices=Origin.choices)
    subject = models.CharField(max_length=100, blank=True)
    words = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(default=10)
    exempt_ground = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["place", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "number"], name="governance_item_number_once"),
            models.UniqueConstraint(fields=["meeting", "place"], name="governance_item_place_once"),
        ]

    @property
    def takes_again(self) -> str:
        """The key of the decision that this item takes again, because it rests on no quorum; mostly empty."""
        return self.subject.removeprefix("decision:") if self.origin == self.Origin.DECISION else ""


class AgendaChange(Recorded):
    """One change to an agenda before the meeting: where an item stood, where it stands, and why; empty is off the agenda."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="changes")
    place_was = models.PositiveSmallIntegerField(null=True, blank=True)
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.CharField(max_length=300)

    @property
    def deed(self) -> str:
        """What was done, in words, after 'was'."""
        if self.place is None:
            return "taken off"
        if self.place_was is None:
            return f"put on as item {self.place}"
        return f"moved from item {self.place_was} to item {self.place}"


class Attendance(Recorded):
    """How one seat was filled at one meeting."""

    class How(models.TextChoices):
        PRESENT = "present", "present"
        DEPUTY = "deputy", "sent a deputy"
        APOLOGIES = "apologies", "sent apologies"
        ABSENT = "absent", "absent"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=How.choices)
    name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "post"], name="governance_seat_once_a_meeting")
        ]


class Interest(Recorded):
    """An interest declared for a seat, kept after it ends; with an item, one declared on it and what they then did."""

    class Then(models.TextChoices):
        STAYED = "stayed", "stayed and took part"
        SPOKE = "spoke", "stayed, spoke and took no part in deciding"
        LEFT = "left", "left the room"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="interests")
    holder = models.CharField(max_length=160)
    words = models.TextField()
    declared_on = models.DateField()
    item = models.ForeignKey(
        AgendaItem, null=True, blank=True, on_delete=models.PROTECT, related_name="interests"
    )
    then = models.CharField(max_length=8, choices=Then.choices, null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(item__isnull=True, then__isnull=True) | Q(item__isnull=False, then__isnull=False),
                name="governance_interest_on_item_says_then",
            ),
        ]


class Minutes(Recorded):
    """The published minutes of a meeting; the newest version stands, every version stays readable."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes_versions")
    version = models.PositiveSmallIntegerField()
    words = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "version"], name="governance_minutes_version_once")
        ]
