"""Meetings in public, what was decided there and why, and what was asked.

A record is written once: decisions, minutes, answers and reports on actions are append-only (triggers keep them so),
and a correction is a new row that supersedes. No status is stored; see `findings.py`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from endeavour.core.public import Body, Person, Post


class Recorded(models.Model):
    """A row written once by somebody."""

    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        abstract = True


class Level(models.TextChoices):
    """How local a decision is; the most local is the default, and a wider one needs its reason."""

    NEIGHBOURHOOD = "neighbourhood", "neighbourhood"
    PLACE = "place", "place (Alliance)"
    SYSTEM = "system", "system"


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
    cancelled_on = models.DateField(null=True, blank=True)
    cancelled_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_at"]
        constraints = [
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


class AgendaItem(models.Model):
    """One item of an agenda, and why it is there: `subject` names the entry that put it on."""

    class Origin(models.TextChoices):
        STANDING = "standing", "standing item"
        CYCLE = "cycle", "annual business cycle"
        DUTY = "duty", "statutory duty"
        PROMISE = "promise", "promise due or late"
        EXCEPTION = "exception", "a measure that changed"
        CONTRIBUTION = "contribution", "raised by residents or partners"
        ACTION = "action", "action due"
        OTHER = "other", "added by the secretary"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    origin = models.CharField(max_length=16, choices=Origin.choices)
    subject = models.CharField(max_length=100, blank=True)
    words = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(default=10)
    exempt_ground = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="governance_item_number_once")
        ]


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
        constraints = [
            models.UniqueConstraint(fields=["meeting", "post"], name="governance_seat_once_a_meeting")
        ]


class Interest(Recorded):
    """An interest declared for a seat, kept after it ends."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=160)
    words = models.TextField()
    declared_on = models.DateField()


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
    effect_health = models.TextField()
    effect_quality = models.TextField()
    effect_resources = models.TextField()
    effect_inequality = models.TextField()
    equality_impact = models.TextField(blank=True)
    dissent = models.TextField(blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level="neighbourhood") | ~Q(level_reason=""),
                name="governance_wider_level_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Action(Recorded):
    """Something to be done because of a decision, by one body, by a day."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveSmallIntegerField()
    words = models.TextField()
    owner = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="actions")
    due_on = models.DateField()

    class Meta:
        constraints = [
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
        constraints = [
            models.CheckConstraint(
                condition=Q(done=False) | ~Q(evidence=""), name="governance_done_has_evidence"
            ),
        ]


class Minutes(Recorded):
    """The published minutes of a meeting; the newest version stands, every version stays readable."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes_versions")
    version = models.PositiveSmallIntegerField()
    words = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "version"], name="governance_minutes_version_once")
        ]


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
        constraints = [
            models.UniqueConstraint(
                fields=["body", "kind", "version"], name="governance_document_version_once"
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("agreed_on")), name="governance_document_reviewed_after_agreed"
            ),
        ]


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


class Subscription(models.Model):
    """An address that asked for news by e-mail. It counts once its owner confirmed it; leaving deletes the row."""

    address = models.EmailField(unique=True)
    key = models.CharField(max_length=43, unique=True)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    sent_to = models.DateTimeField(null=True, blank=True)


class Draft(models.Model):
    """What somebody typed into a form of the desk and has not sent, so that nothing typed is lost."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "form"], name="governance_draft_once")]

    @property
    def first_words(self) -> str:
        """Its title or its longest answer, by which its writer knows it again; else the form's address."""
        answers = [str(value).strip() for value in self.values.values()]
        return str(self.values.get("title") or max(answers, key=len, default="") or self.form)
