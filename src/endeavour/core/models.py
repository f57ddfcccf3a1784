"""What every part stands on: areas, bodies, people, the thread, events and the audit trail.

Truth is in the database. Dates are half-open, `[valid_from, valid_to)`: a body that closed on 31 March 2026 has
`valid_to` 1 April 2026. An empty `valid_from` means 'since before our records', an empty `valid_to` 'still'.
What a check constraint cannot say (no overlapping dates, no cycle of successors, append-only) is said by triggers on
both databases; see `core/constraints.py`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class DatedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows that hold from one day until another."""

    def at(self, day: date) -> DatedQuerySet:
        """Those that held on `day`."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gt=day),
        )


class Dated(models.Model):
    """Something that holds from `valid_from` until the day before `valid_to`."""

    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    objects: ClassVar[models.Manager[models.Model]] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                name="%(app_label)s_%(class)s_ends_after_it_starts",
            )
        ]

    def held_on(self, day: date) -> bool:
        """Whether this held on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


class Area(Dated):
    """A place with a published code: a neighbourhood, a place, a district, a system. One row a version."""

    class Kind(models.TextChoices):
        SYSTEM = "system", "system"
        PLACE = "place", "place (Alliance)"
        UPPER_TIER = "upper_tier", "upper-tier authority"
        DISTRICT = "district", "district"
        SUB_ICB = "sub_icb", "sub-ICB location"
        PCN = "pcn", "primary care network"
        WARD = "ward", "ward"
        LSOA21 = "lsoa21", "neighbourhood (LSOA 2021)"
        LSOA11 = "lsoa11", "neighbourhood (LSOA 2011)"

    code = models.CharField(max_length=20, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)

    class Meta(Dated.Meta):
        indexes = [models.Index(fields=["kind", "name"])]

    def __str__(self) -> str:
        return self.name


class AreaOverlap(models.Model):
    """What share of one area's people lives in another; weights of one area to one kind add up to 1."""

    from_code = models.CharField(max_length=20)
    to_code = models.CharField(max_length=20)
    weight = models.FloatField()
    basis = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_code", "to_code", "basis"], name="core_overlap_once"),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=1.000001), name="core_overlap_weight_is_a_share"
            ),
        ]
        indexes = [models.Index(fields=["to_code"])]


class Body(Dated):
    """An organisation, board, forum, network or team. Its name changes by succession, never in place."""

    class LegalForm(models.TextChoices):
        STATUTORY_BODY = "statutory_body", "statutory body"
        STATUTORY_COMMITTEE = "statutory_committee", "statutory committee"
        LOCAL_AUTHORITY = "local_authority", "local authority"
        NHS_TRUST = "nhs_trust", "NHS trust or foundation trust"
        COMMITTEE = "committee", "board or committee"
        FORUM = "forum", "forum or network"
        PARTNERSHIP = "partnership", "partnership without legal form"
        COMPANY = "company", "company or community interest company"
        CHARITY = "charity", "charity or voluntary organisation"
        TEAM = "team", "team"
        OTHER = "other", "other"

    class PartnerClass(models.TextChoices):
        NHS = "nhs", "NHS statutory"
        LOCAL_AUTHORITY = "local_authority", "local authority"
        VCSE = "vcse", "voluntary, community, faith and social enterprise"
        INDEPENDENT_PROVIDER = "independent_provider", "independent provider"
        PRIMARY_CARE = "primary_care", "primary care"
        EDUCATION = "education", "education"
        BLUE_LIGHT = "blue_light", "police and fire"
        HEALTHWATCH = "healthwatch", "Healthwatch"
        RESIDENTS = "residents", "residents"
        PARTNERSHIP = "partnership", "the partnership itself"
        OTHER = "other", "other"

    class Certainty(models.TextChoices):
        CONFIRMED = "confirmed", "confirmed"
        ANNOUNCED = "announced", "announced, not yet in law"
        EXPECTED = "expected", "expected"

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    legal_form = models.CharField(max_length=24, choices=LegalForm.choices)
    partner_class = models.CharField(max_length=24, choices=PartnerClass.choices)
    can_commission = models.BooleanField(default=False)
    area_code = models.CharField(max_length=20, blank=True, db_index=True)
    certainty = models.CharField(max_length=12, choices=Certainty.choices, default=Certainty.CONFIRMED)
    purpose = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta(Dated.Meta):
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """One body taking over from another. A successor starts later than its predecessor, so no cycle can be written."""

    predecessor = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="succeeded_by")
    successor = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="succeeds")
    on = models.DateField()
    certainty = models.CharField(
        max_length=12, choices=Body.Certainty.choices, default=Body.Certainty.CONFIRMED
    )
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="core_succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="core_succession_of_another"
            ),
        ]


class Route(Dated):
    """A way that words and decisions travel between two bodies, with who keeps it and how often it should be used."""

    class Kind(models.TextChoices):
        FEEDS = "feeds", "feeds"
        REPORTS_TO = "reports_to", "reports to"
        NOMINATES = "nominates", "nominates to"
        MIRRORS = "mirrors", "mirrors"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    source = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="routes_out")
    target = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="routes_in")
    owner = models.CharField(max_length=120, blank=True)
    cadence_days = models.PositiveIntegerField(null=True, blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(source=F("target")), name="core_route_between_two"),
        ]


class Role(models.TextChoices):
    """What a signed-in person is here to do; what each may do stands in the apps' `rules.py`."""

    RESIDENT = "resident", "resident"
    PRACTITIONER = "practitioner", "practitioner"
    ANALYST = "analyst", "analyst"
    SECRETARY = "secretary", "secretary"
    PARTNER = "partner", "partner"
    ADMINISTRATOR = "administrator", "administrator"


class Person(AbstractUser):
    """Somebody who can sign in, with one role and, for those who work for one, their body."""

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.RESIDENT)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in Role]), name="core_person_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Recorded(models.Model):
    """A row written once by somebody, with the moment we learnt of it; `by` is empty for the system's own writing."""

    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        abstract = True


class Post(Dated):
    """A seat on a body that somebody holds on behalf of somebody: chair, vice chair, representative."""

    key = models.SlugField(max_length=80, unique=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=160)
    nominated_by = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="nominations"
    )
    votes = models.BooleanField(default=True)


class Membership(Dated):
    """Who held a post and when; one holder at a time (a trigger keeps it so). The name is as published."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="memberships")
    holder = models.CharField(max_length=160)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )


class Link(Dated):
    """One typed, dated, attributed link of the thread between two public entries, each named `kind:id`."""

    class Kind(models.TextChoices):
        RESPONDS_TO = "responds_to", "responds to"
        HEARD_IN = "heard_in", "heard in"
        DECIDED_BY = "decided_by", "decided by"
        DELIVERS = "delivers", "delivers"
        CONTRIBUTES_TO = "contributes_to", "contributes to"
        MEASURED_BY = "measured_by", "measured by"
        DEPENDS_ON = "depends_on", "depends on"
        FEEDS = "feeds", "feeds"
        SUPERSEDES = "supersedes", "supersedes"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    source = models.CharField(max_length=100)
    target = models.CharField(max_length=100)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="links")
    recorded_at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(source=F("target")), name="core_link_between_two"),
            models.UniqueConstraint(
                fields=["source", "kind", "target"],
                condition=Q(valid_to__isnull=True),
                name="core_link_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["source", "kind"]), models.Index(fields=["target", "kind"])]


class Event(models.Model):
    """Something that happened, append-only: when it happened and when we learnt of it are both kept."""

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=100, db_index=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "happened_at"])]


class AuditEntry(models.Model):
    """Who did what to what, written in the same transaction as the deed; append-only."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="audit_entries"
    )
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=100, db_index=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "audit entries"


class ApiToken(models.Model):
    """A key with which a program acts for a person; only the digest of its secret is kept. See `core/tokens.py`."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="core_token_ends_after_it_starts"
            ),
        ]

    def held_at(self, moment: datetime) -> bool:
        """Whether it still opened the door at a moment."""
        return self.revoked_at is None and self.issued_at <= moment < self.expires_at
