"""Who was in the room and who was given time: attendance by seat, and the room by class of partner (W3, section 8.2)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, Substr

from endeavour.core.public import Body, Post, end_of
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.models import AgendaItem, Attendance, Contribution, Interest, Paper

CAME = (Attendance.How.PRESENT, Attendance.How.DEPUTY)


@dataclass(frozen=True)
class SeatAttendance:
    """How one seat was filled at the meetings where somebody recorded it."""

    post: Post
    present: int
    deputy: int
    apologies: int
    absent: int
    is_ours: bool

    @property
    def recorded(self) -> int:
        """At how many meetings it was recorded."""
        return self.present + self.deputy + self.apologies + self.absent

    @property
    def filled(self) -> int:
        """How often somebody came, in person or as a deputy."""
        return self.present + self.deputy


def attendance(as_at: date) -> list[SeatAttendance]:
    """Every seat on a day and how it was filled until then: the partnership's representatives on other boards first."""
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    known = Attendance.objects.filter(recorded_at__lt=end_of(as_at), meeting__starts_at__lt=end_of(as_at))
    for post, how, number in known.values_list("post_id", "how").annotate(n=Count("pk")):
        counts[post][how] += number
    hub = meeting_rules(settings.PACK).hub
    posts = Post.objects.at(as_at).select_related("body", "nominated_by").order_by("body__name", "pk")  # type: ignore[attr-defined]
    rows = [
        SeatAttendance(
            post,
            present=counts[post.pk]["present"],
            deputy=counts[post.pk]["deputy"],
            apologies=counts[post.pk]["apologies"],
            absent=counts[post.pk]["absent"],
            is_ours=bool(post.nominated_by and post.nominated_by.key == hub),
        )
        for post in posts
    ]
    return sorted(rows, key=lambda row: not row.is_ours)


@dataclass(frozen=True)
class ClassInTheRoom:
    """What one class of partner had of the meetings held: seats filled of those recorded, papers, minutes of agenda."""

    partner_class: str
    label: str
    filled: int
    recorded: int
    papers: int
    minutes: int


@dataclass(frozen=True)
class Room:
    """The room by class of partner, with the denominators: all papers whose author is named, all minutes of agenda."""

    classes: list[ClassInTheRoom]
    papers: int
    minutes: int


def room(as_at: date) -> Room:
    """Who sat, who wrote and whose words were given time, by class of partner, at meetings up to a day.

    An item's minutes count for the class whose contribution put it on the agenda, and for each class that wrote a paper
    for it; a seat counts for the class of the body that nominates to it, or else of the body itself.
    """
    until = end_of(as_at)
    recorded: dict[str, int] = defaultdict(int)
    filled: dict[str, int] = defaultdict(int)
    seats = Attendance.objects.filter(meeting__starts_at__lt=until, recorded_at__lt=until)
    of = Coalesce(F("post__nominated_by__partner_class"), F("post__body__partner_class"))
    for partner_class, how, number in seats.annotate(of=of).values_list("of", "how").annotate(n=Count("pk")):
        recorded[partner_class] += number
        filled[partner_class] += number if how in CAME else 0
    held = AgendaItem.objects.filter(
        meeting__starts_at__lt=until, meeting__cancelled_on__isnull=True, place__isnull=False
    )
    written = Paper.objects.filter(recorded_at__lt=until, author_body__isnull=False)
    papers = dict(written.values_list("author_body__partner_class").annotate(n=Count("pk")))
    minutes: dict[str, int] = defaultdict(int)
    for partner_class, _, number in (
        held.filter(papers__author_body__isnull=False)
        .values_list("papers__author_body__partner_class", "pk", "minutes")
        .distinct()
    ):
        minutes[partner_class] += number
    raised = held.filter(subject__startswith="contribution:")
    speaker = Contribution.objects.filter(receipt=Substr(OuterRef("subject"), len("contribution:") + 1))
    said = raised.annotate(of=Subquery(speaker.values("partner_class")[:1])).values_list("of")
    for partner_class, number in said.annotate(n=Sum("minutes")):
        minutes[partner_class] += number
    labels = dict(Body.PartnerClass.choices)
    rows = [
        ClassInTheRoom(key, str(label), filled[key], recorded[key], papers.get(key, 0), minutes[key])
        for key, label in labels.items()
    ]
    return Room(rows, sum(papers.values()), held.aggregate(n=Sum("minutes"))["n"] or 0)


def interests(as_at: date) -> list[Interest]:
    """Every interest declared by a day, the newest first; those who have left their seat stay listed."""
    known = Interest.objects.filter(declared_on__lte=as_at, recorded_at__lt=end_of(as_at))
    return list(known.select_related("post__body", "item__meeting").order_by("-declared_on", "-pk")[:500])
