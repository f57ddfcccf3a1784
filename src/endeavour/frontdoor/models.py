"""The directory of help, and what happens after somebody asks.

It holds a superset of Open Referral UK 3.0 and HSDS 3.1. What is searched, filtered or edited has columns; what is
only shown (telephones, contacts, costs, languages, access, funding ...) are `Particular` rows that keep the standard's
own objects; what no standard names is kept in `extra`. So an export gives back every value an import brought.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from endeavour.core.public import Person


class Feed(models.Model):
    """Where records come from: a pack, a folder or a partner's feed."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    as_of = models.DateField(null=True, blank=True)
    is_historic = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_historic=False) | Q(as_of__isnull=False), name="frontdoor_history_is_dated"
            )
        ]


class FeedRecord(models.Model):
    """What became of one record of a feed; a rejected one is kept whole, so nothing is lost."""

    class Outcome(models.TextChoices):
        ADDED = "added", "added"
        CHANGED = "changed", "changed"
        SAME = "same", "unchanged"
        REJECTED = "rejected", "rejected"

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="records")
    record = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    problems = models.JSONField(default=list, blank=True)
    raw = models.TextField(blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "record"], name="frontdoor_one_report_a_record")
        ]


class Organisation(models.Model):
    """Who runs a service."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    email = models.CharField(max_length=254, blank=True)
    website = models.CharField(max_length=500, blank=True)
    feed = models.ForeignKey(
        Feed, null=True, blank=True, on_delete=models.PROTECT, related_name="organisations"
    )
    body_key = models.CharField(max_length=80, blank=True, db_index=True)
    extra = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """Help that somebody can get. `given_id` is the short name a pack or a feed gave it."""

    class Status(models.TextChoices):
        ACTIVE = "active", "active"
        INACTIVE = "inactive", "inactive"
        DEFUNCT = "defunct", "closed for good"
        TEMPORARILY_CLOSED = "temporarily closed", "temporarily closed"

    class Rung(models.TextChoices):
        SELF = "self", "do it yourself"
        COMMUNITY = "community", "people and groups near you"
        PHARMACY = "pharmacy", "pharmacist, optician or dentist"
        GP = "gp", "your GP surgery"
        SPECIALIST = "specialist", "a specialist service"
        URGENT = "urgent", "help today"
        EMERGENCY = "emergency", "emergency"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    given_id = models.SlugField(max_length=80, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    email = models.CharField(max_length=254, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ACTIVE)
    fees_description = models.TextField(blank=True)
    eligibility_description = models.TextField(blank=True)
    minimum_age = models.FloatField(null=True, blank=True)
    maximum_age = models.FloatField(null=True, blank=True)
    wait_time = models.CharField(max_length=200, blank=True)
    expect = models.TextField(blank=True)
    says = models.JSONField(default=list, blank=True)
    tags = models.CharField(max_length=300, blank=True)
    rung = models.CharField(max_length=12, choices=Rung.choices, default=Rung.COMMUNITY)
    setting = models.CharField(max_length=20, blank=True)
    free = models.BooleanField(default=True)
    is_illustrative = models.BooleanField(default=False)
    is_crisis_line = models.BooleanField(default=False)
    capacity = models.JSONField(default=dict, blank=True)
    assured_on = models.DateField(null=True, blank=True)
    promise_days = models.PositiveIntegerField(default=180)
    feed = models.ForeignKey(Feed, null=True, blank=True, on_delete=models.PROTECT, related_name="services")
    modified_at = models.DateTimeField(auto_now=True)
    search_text = models.TextField(blank=True)
    # The record that tells of the same service; this one keeps everything its own feed says.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="also_told_by"
    )
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["status", "name"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="frontdoor_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(minimum_age__isnull=True)
                | Q(maximum_age__isnull=True)
                | Q(maximum_age__gte=F("minimum_age")),
                name="frontdoor_ages_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    """Where a service can be reached. A confidential place keeps its address for the few who may see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=120, blank=True)
    district = models.CharField(max_length=20, blank=True, db_index=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_confidential = models.BooleanField(default=False)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(latitude__isnull=True) & Q(longitude__isnull=True))
                | (Q(latitude__gte=-90, latitude__lte=90) & Q(longitude__gte=-180, longitude__lte=180)),
                name="frontdoor_position_is_on_earth",
            ),
        ]


class ServiceAtLocation(models.Model):
    """One service at one of its places."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="at")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="offers")
    description = models.TextField(blank=True)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "location"], name="frontdoor_once_at_a_place")
        ]


class Schedule(models.Model):
    """When a service is open, as an iCalendar rule; the times are local to the clock on the wall."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="schedules"
    )
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.CASCADE, related_name="schedules"
    )
    offer = models.ForeignKey(
        ServiceAtLocation, null=True, blank=True, on_delete=models.CASCADE, related_name="schedules"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    byday = models.CharField(max_length=60, blank=True)
    opens_at = models.CharField(max_length=20, blank=True)
    closes_at = models.CharField(max_length=20, blank=True)
    extra = models.JSONField(default=dict, blank=True)


class Taxonomy(models.Model):
    """A list of terms that services are sorted by."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    extra = models.JSONField(default=dict, blank=True)


class TaxonomyTerm(models.Model):
    """One term of a taxonomy, or of none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    taxonomy = models.ForeignKey(
        Taxonomy, null=True, blank=True, on_delete=models.PROTECT, related_name="terms"
    )
    code = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    extra = models.JSONField(default=dict, blank=True)


class ServiceTerm(models.Model):
    """A term given to a service."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="terms")
    term = models.ForeignKey(TaxonomyTerm, on_delete=models.PROTECT, related_name="services")
    attribute = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "term"], name="frontdoor_term_once")]


class Particular(models.Model):
    """A detail that is shown and exchanged but never searched: one object of the standard, as it came."""

    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="particulars"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="particulars"
    )
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.CASCADE, related_name="particulars"
    )
    kind = models.CharField(max_length=40)
    place = models.PositiveIntegerField(default=0)
    value = models.JSONField()

    class Meta:
        ordering = ["kind", "place", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(service__isnull=False, organisation__isnull=True, location__isnull=True))
                | Q(service__isnull=True, organisation__isnull=False, location__isnull=True)
                | Q(service__isnull=True, organisation__isnull=True, location__isnull=False),
                name="frontdoor_particular_of_one_thing",
            ),
        ]


class Revision(models.Model):
    """A proposed or accepted change to a service: what it said before and after, who proposed and who approved.

    A change that a feed brought has nobody in `by`; its note names the feed.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "waiting for approval"
        APPROVED = "approved", "approved"
        REFUSED = "refused", "refused"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="revisions")
    before = models.JSONField()
    after = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | Q(~Q(state="proposed"), decided_at__isnull=False),
                name="frontdoor_decision_has_its_time",
            ),
        ]


class Duplicate(models.Model):
    """Two records that look like one service, for a person to judge."""

    left = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    because = models.JSONField(default=list)
    is_same = models.BooleanField(null=True, blank=True)
    judged_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)
    # How many bits of evidence the shared keys give: a rare telephone number tells more than a common name.
    bits = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="frontdoor_pair_once"),
            models.CheckConstraint(condition=~Q(left=F("right")), name="frontdoor_pair_of_two"),
        ]


class Feedback(models.Model):
    """What somebody said of a service's page; no name is asked for."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="feedback")
    kind = models.CharField(max_length=12)
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)


class ContactRequest(models.Model):
    """Somebody asked to be contacted. Where it stands is its last step; it is never stored twice."""

    receipt = models.CharField(max_length=20, unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="requests")
    name = models.CharField(max_length=120)
    contact_by = models.CharField(max_length=10)
    contact_value = models.CharField(max_length=200)
    good_time = models.CharField(max_length=20)
    need = models.CharField(max_length=1000, blank=True)
    language = models.CharField(max_length=60, blank=True)
    district = models.CharField(max_length=20, blank=True)
    consented_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")


class ContactStep(models.Model):
    """One step of a request, append-only."""

    class State(models.TextChoices):
        RECEIVED = "received", "we have your request"
        ACCEPTED = "accepted", "they will contact you"
        WAITING = "waiting", "you are on their waiting list"
        CONTACTED = "contacted", "they have contacted you"
        HELPED = "helped", "you were helped"
        NOT_HELPED = "not_helped", "it did not help"
        PASSED_ON = "passed_on", "passed to somebody better placed"

    request = models.ForeignKey(ContactRequest, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=12, choices=State.choices)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")


class SearchTally(models.Model):
    """How many searches of a topic found something or nothing, by day, district and language; never the words."""

    on = models.DateField()
    topic = models.CharField(max_length=60)
    district = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, default="en")
    found = models.BooleanField()
    count = models.PositiveIntegerField(default=0)
    # Of those answered: a service was opened from the answers, and 'none of these helps' was pressed.
    opened = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["on", "topic", "district", "language", "found"], name="frontdoor_one_tally"
            ),
        ]


class Referral(models.Model):
    """What a link worker tells beside a request, by the headings of PRSB's social prescribing standard."""

    request = models.OneToOneField(ContactRequest, on_delete=models.CASCADE, related_name="referral")
    referrer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    told = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)


class Reminder(models.Model):
    """A reminder that was sent, so that nobody is reminded of the same thing every day."""

    subject = models.CharField(max_length=100)
    to = models.CharField(max_length=254)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "to"])]


class Rendition(models.Model):
    """The same content in another form: Easy Read, a translation, a British Sign Language film.

    `subject` is what it renders (`service:falls_clin`, `topic:falls`, `page:how-it-works`); `source_version` marks the
    words it was made from, so that a rendition of older words can say so. It is either words kept here or a link.
    """

    class Kind(models.TextChoices):
        EASY_READ = "easy_read", "Easy Read"
        TRANSLATION = "translation", "translation"
        BSL = "bsl", "British Sign Language"
        AUDIO = "audio", "to listen to"
        LARGE_PRINT = "large_print", "large print"

    subject = models.CharField(max_length=100, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    language = models.CharField(max_length=12, default="en")
    author = models.CharField(max_length=200)
    reviewed_on = models.DateField()
    review_by = models.DateField()
    source_version = models.CharField(max_length=40, blank=True)
    words = models.TextField(blank=True)
    link = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["subject", "kind", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "kind", "language"], name="frontdoor_one_rendition_of_a_kind"
            ),
            models.CheckConstraint(condition=~Q(words="") | ~Q(link=""), name="frontdoor_rendition_says"),
            models.CheckConstraint(
                condition=Q(review_by__gte=F("reviewed_on")), name="frontdoor_rendition_review_follows"
            ),
            models.CheckConstraint(condition=~Q(author=""), name="frontdoor_rendition_is_signed"),
        ]
