"""The caseload of the First 5,000: who leads for a household, what it agreed to, and what is done by when.

Why a household was chosen stays in the cohort's release (person plane); here is only what people did about it. What was
said of a household is written once; a correction supersedes it, and undoing it is one more such row.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Case(models.Model):
    """A chosen household, by its number in one lake or one series of linkage; never renumbered, never deleted."""

    lake = models.CharField(max_length=40)
    household_id = models.BigIntegerField()
    release = models.CharField(max_length=16)
    place = models.CharField(max_length=40, db_index=True)
    neighbourhood = models.CharField(max_length=20, db_index=True)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lake", "household_id"], name="population_case_once"),
        ]


class Said(models.Model):
    """Something recorded of a household; the row that nothing supersedes is what holds, unless it says 'undone'."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    is_undone = models.BooleanField(default=False)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class Lead(Said):
    """The one body that answers for a household."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="leads")
    body = models.ForeignKey("core.Body", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(supersedes__isnull=True), name="population_one_first_lead"
            ),
        ]


class Consent(Said):
    """Whether a household wants support, in its own words where it gave some."""

    class State(models.TextChoices):
        ASKED = "asked", "asked, no answer yet"
        GIVEN = "given", "said yes"
        DECLINED = "declined", "said no"
        WITHDRAWN = "withdrawn", "changed its mind"

    class How(models.TextChoices):
        IN_PERSON = "in_person", "in person"
        PHONE = "phone", "by phone"
        LETTER = "letter", "by letter"
        ONLINE = "online", "online"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consents")
    state = models.CharField(max_length=10, choices=State.choices)
    how = models.CharField(max_length=10, choices=How.choices)
    happened_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(supersedes__isnull=True), name="population_one_first_consent"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "given", "declined", "withdrawn"]),
                name="population_consent_state_is_known",
            ),
        ]


class Workstream(Said):
    """One part of a household's plan: what is done, by whom, from when to when, and how we will know it worked."""

    class Part(models.TextChoices):
        HEALTH = "health", "Health"
        CARE = "care", "Care"
        INCOME = "income", "Money and work"
        HOUSING = "housing", "Home"
        CRIME = "crime", "Safety"
        EDUCATION = "education", "Learning"
        ISOLATION = "isolation", "Company"

    class State(models.TextChoices):
        PLANNED = "planned", "planned"
        UNDER_WAY = "under_way", "under way"
        DONE = "done", "done"
        STOPPED = "stopped", "stopped"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="workstreams")
    part = models.CharField(max_length=10, choices=Part.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    body = models.ForeignKey("core.Body", on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=300)
    success = models.CharField(max_length=300)
    starts_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "part"],
                condition=Q(supersedes__isnull=True),
                name="population_one_first_workstream_a_part",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")), name="population_workstream_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "under_way", "done", "stopped"]),
                name="population_workstream_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(action="") & ~Q(success=""), name="population_workstream_says_what_and_how_known"
            ),
        ]


class PairJudgement(Said):
    """What somebody judged of two records that may be one person; the ids are the agencies', no name is kept."""

    class Verdict(models.TextChoices):
        SAME = "same", "the same person"
        DIFFERENT = "different", "two people"
        UNSURE = "unsure", "cannot tell"

    left_id = models.CharField(max_length=60)
    right_id = models.CharField(max_length=60)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    decided_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["left_id", "right_id"],
                condition=Q(supersedes__isnull=True),
                name="population_one_first_judgement",
            ),
            models.CheckConstraint(condition=~Q(left_id=F("right_id")), name="population_pair_is_of_two"),
            models.CheckConstraint(
                condition=Q(verdict__in=["same", "different", "unsure"]),
                name="population_verdict_is_known",
            ),
        ]


class PlusReview(Said):
    """That a place looked at one group and says whether it is among its PLUS groups; `why` is the evidence."""

    place = models.CharField(max_length=40)
    group = models.SlugField(max_length=60)
    is_included = models.BooleanField()
    reviewed_on = models.DateField()
    decision = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "group"],
                condition=Q(supersedes__isnull=True),
                name="population_one_first_plus_review",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="population_plus_review_has_evidence"),
        ]
