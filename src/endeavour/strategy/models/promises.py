"""What the partnership said, what shows it, and what it takes.

Nothing here holds a status: whether a promise is late, kept or unproven is computed (see `findings.py`). What people
record is append-only, with the day it happened and the moment it was recorded, so any past day can be asked again.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from endeavour.core.public import Person
from endeavour.strategy.models.recorded import Recorded


class Document(models.Model):
    """A version of a document that says something: the strategy, a plan, an Act. `sha256` is empty until imported."""

    key = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=24)
    version = models.CharField(max_length=60, blank=True)
    published_on = models.DateField()
    period_from = models.PositiveSmallIntegerField(null=True, blank=True)
    period_to = models.PositiveSmallIntegerField(null=True, blank=True)
    is_current = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    sections = models.JSONField(default=list, blank=True)
    gaps = models.JSONField(default=list, blank=True)
    truncated = models.JSONField(default=list, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"], condition=~Q(sha256=""), name="strategy_document_once"
            ),
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="strategy_one_current"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Statement(models.Model):
    """Anything said, promised or required, in one wording. `text` is the document's own words, or empty (NULL) while
    only our paraphrase is installed; once written it never changes: another wording is the next `version`."""

    class Kind(models.TextChoices):
        WE = "we", "promise"
        I = "i", "outcome for residents"  # noqa: E741 - the strategy's own name for it
        DUTY = "duty", "duty in law"
        PRINCIPLE = "principle", "principle of 2020"
        THEME = "theme", "theme of 2020"
        VISION = "vision", "vision of 2020"
        PLAN_THEME = "plan_theme", "theme of partner plans"
        CHALLENGE = "challenge", "challenge heard"
        NEED = "need", "assessed need"
        PROSE = "prose", "promise without a number"
        CONTRIBUTION = "contribution", "contribution"
        QUESTION = "question", "question"

    class Recurrence(models.TextChoices):
        NONE = "none", "once"
        ONGOING = "ongoing", "and from then on"
        ANNUAL = "annual", "every year"

    ref = models.CharField(max_length=40, db_index=True)
    version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="statements")
    section = models.CharField(max_length=40, blank=True)
    anchor = models.CharField(max_length=80, blank=True)
    text = models.TextField(null=True, blank=True)
    paraphrase = models.TextField(blank=True)
    note = models.TextField(blank=True)
    owner = models.CharField(max_length=80, blank=True)
    area_code = models.CharField(max_length=20, blank=True)
    level = models.CharField(max_length=16, blank=True)
    theme = models.CharField(max_length=40, blank=True)
    stated_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    recurrence = models.CharField(max_length=8, choices=Recurrence.choices, default=Recurrence.NONE)
    review_months = models.PositiveSmallIntegerField(null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref", "version"], name="strategy_statement_version_once"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__day=1), name="strategy_due_is_a_month"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="strategy_text_is_words_or_unknown"),
        ]
        indexes = [
            models.Index(fields=["kind", "ref"]),
            # The order of a page: W2 before W10, without sorting everything that was ever said.
            models.Index(F("kind"), Length("ref"), F("ref"), name="strategy_statement_in_order"),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def words(self) -> str:
        """The document's words where they are installed, else our paraphrase."""
        return self.text or self.paraphrase

    @property
    def is_verbatim(self) -> bool:
        """Whether `words` are the document's own."""
        return self.text is not None


class Evidence(Recorded):
    """Something that shows how a statement stands; append-only. `settles` claims that it shows the statement kept.

    A row that `withdraws` another takes it back from the day it is recorded; both stay to be seen.
    """

    ref = models.CharField(max_length=40, db_index=True)
    title = models.CharField(max_length=300)
    words = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    source = models.CharField(max_length=200, blank=True)
    source_document = models.CharField(max_length=80, blank=True)
    anchor = models.CharField(max_length=80, blank=True)
    happened_on = models.DateField()
    settles = models.BooleanField(default=False)
    withdraws = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="withdrawn_by"
    )


class Explanation(Recorded):
    """Words on a statement that is not going well: why, what we do, what you can do. Append-only.

    `voice` says for whom they were written; it is empty on rows from before the two were told apart.
    """

    class Voice(models.TextChoices):
        OWNER = "owner", "the owner"
        SECRETARIAT = "secretariat", "the secretariat, not the owner"

    ref = models.CharField(max_length=40, db_index=True)
    voice = models.CharField(max_length=12, choices=Voice.choices, blank=True, default="")
    why = models.TextField()
    we_do = models.TextField(blank=True)
    you_can = models.TextField(blank=True)


class PromiseMeasure(Recorded):
    """How a statement will be measured: baseline, path and target. Append-only; the newest of one key counts.

    `measure_key` names a measure of the catalogue or a published indicator; `grouping` and `group` say whose figures
    of it. Only a `confirmed` link measures anything: a pack or a person proposes, another person confirms. A proposal
    never takes away what was agreed before it. `proposed_by` is empty where the pack proposed.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "proposed"
        CONFIRMED = "confirmed", "agreed"
        DECLINED = "declined", "not agreed"
        WITHDRAWN = "withdrawn", "withdrawn"

    class Polarity(models.TextChoices):
        HIGHER = "higher", "higher is better"
        LOWER = "lower", "lower is better"
        NEITHER = "neither", "neither is better"

    ref = models.CharField(max_length=40, db_index=True)
    measure_key = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=40)
    polarity = models.CharField(max_length=8, choices=Polarity.choices)
    baseline = models.FloatField(null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    target = models.FloatField(null=True, blank=True)
    target_on = models.DateField(null=True, blank=True)
    trajectory = models.JSONField(default=list, blank=True)
    lag_months = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    grouping = models.CharField(max_length=20, default="system")
    group = models.CharField(max_length=80, default="all")
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(by__isnull=False),
                name="strategy_measure_confirmed_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(proposed_by__isnull=True) | ~Q(by=F("proposed_by")),
                name="strategy_measure_agreed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True, baseline_on__isnull=True)
                | Q(baseline__isnull=False, baseline_on__isnull=False),
                name="strategy_baseline_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True, target_on__isnull=True)
                | Q(target__isnull=False, target_on__isnull=False),
                name="strategy_target_has_its_day",
            ),
        ]


class Resource(Recorded):
    """Time, skills or money that a commitment requires, or that a body pledged or gave to it; append-only."""

    class Kind(models.TextChoices):
        TIME = "time", "time (days)"
        SKILLS = "skills", "skills (people)"
        MONEY = "money", "money (pounds)"

    class Stage(models.TextChoices):
        REQUIRED = "required", "required"
        PLEDGED = "pledged", "pledged"
        GIVEN = "given", "given"

    ref = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    stage = models.CharField(max_length=8, choices=Stage.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    body = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="required") | ~Q(body=""), name="strategy_pledge_comes_from_a_body"
            )
        ]
