"""One paper before every board that sees it, what each made of it, and whom it was consulted with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from endeavour.core.public import LONDON, end_of, entry, today
from endeavour.errors import NotFound
from endeavour.governance.consulting import FAULTS, STATES, PaperFacts, consulted
from endeavour.governance.definitions_consultees import consulted_topics
from endeavour.governance.findings import Finding
from endeavour.governance.models import Consultation, Paper, Resolution
from endeavour.governance.queries.boards import body_names

# What a paper without a resolution is called, by whether its board has met.
WAITING = {False: "not yet heard", True: "no outcome recorded"}


@dataclass(frozen=True)
class Before:
    """A paper before one board: what is true of its consultation, and what the board made of it."""

    paper: Paper
    meets_on: date
    findings: list[tuple[Finding, str]]
    resolution: Resolution | None
    is_past: bool

    @property
    def is_private(self) -> bool:
        """Whether it is taken in private, so that only its title is public."""
        return bool(self.paper.item.exempt_ground or self.paper.item.meeting.closed_ground)

    @property
    def outcome(self) -> str:
        """What the board made of it, in words."""
        return self.resolution.get_outcome_display() if self.resolution else WAITING[self.is_past]

    @property
    def state(self) -> str:
        """The gravest thing true of its consultation, in words."""
        return STATES[self.findings[0][0].state]

    @property
    def is_faulty(self) -> bool:
        """Whether somebody who must be asked was not, or not in time."""
        return any(found.state in FAULTS for found, _ in self.findings)


@dataclass(frozen=True)
class PaperPage:
    """One paper, every board it went to in the order of their meetings, and who was consulted on it."""

    sha256: str
    boards: list[Before]
    consultations: list[Consultation]

    @property
    def open_boards(self) -> list[Before]:
        """The boards that take it in public."""
        return [row for row in self.boards if not row.is_private]

    @property
    def differ(self) -> bool:
        """Whether the boards that resolved on it in public did not all resolve the same."""
        return len({row.resolution.outcome for row in self.open_boards if row.resolution}) > 1


def paper_before_boards(sha256: str, as_at: date) -> PaperPage:
    """One paper on a day, by the checksum of its file."""
    rows = _before(_papers(as_at).filter(sha256=sha256), as_at)
    if not rows:
        raise NotFound("There is no such paper.", hint="Papers are listed at /consultation.")
    asked = Consultation.objects.filter(sha256=sha256, recorded_at__lt=end_of(as_at)).select_related("body")
    return PaperPage(sha256, rows, list(asked.order_by("happened_on", "pk")))


def consultation(as_at: date) -> list[Before]:
    """Every paper of the last 500 whose topic asks for somebody, those with faults first, then the newest."""
    rows = _before(_papers(as_at).order_by("-pk")[:500], as_at)
    bound = [row for row in rows if row.findings[0][0].state not in {"no_topic", "not_said"}]
    return sorted(bound, key=lambda row: (not row.is_faulty, -row.meets_on.toordinal()))


def paper_of(meeting: str, number: int, sha256: str) -> Paper:
    """One paper of one item."""
    rows = Paper.objects.filter(item__meeting__key=meeting, item__number=number, sha256=sha256)
    found: Paper | None = rows.select_related("item__meeting__body").first()  # type: ignore[assignment]
    if found is None:
        raise NotFound("There is no such paper on this item.", hint=f"See /meeting/{meeting}.")
    return found


def newest_paper(sha256: str) -> Paper:
    """One paper by the checksum of its file, as it was last put before a board."""
    found: Paper | None = _papers(today()).filter(sha256=sha256).order_by("-pk").first()
    if found is None:
        raise NotFound("There is no such paper.", hint="Papers are listed at /consultation.")
    return found


def _papers(as_at: date) -> QuerySet[Paper]:
    resolved = (
        Resolution.objects.filter(recorded_at__lt=end_of(as_at)).select_related("decision").order_by("-pk")
    )
    return (
        Paper.objects.filter(recorded_at__lt=end_of(as_at), item__place__isnull=False)
        .select_related("item__meeting__body", "author_body")
        .prefetch_related(Prefetch("resolutions", resolved))
    )


def _before(papers: Iterable[Paper], as_at: date) -> list[Before]:
    rows = list(papers)
    topics = consulted_topics(settings.PACK)
    asked: dict[str, dict[str, date]] = {}
    told = Consultation.objects.filter(sha256__in={p.sha256 for p in rows}, recorded_at__lt=end_of(as_at))
    for sha256, body, on in told.order_by("-happened_on").values_list("sha256", "body__key", "happened_on"):
        asked.setdefault(sha256, {})[body] = on
    names = body_names()
    found = []
    for paper in rows:
        day = paper.item.meeting.starts_at.astimezone(LONDON).date()
        tagged = tuple(paper.topics) if paper.topics is not None else None
        closed = paper.item.exempt_ground or paper.item.meeting.closed_ground
        # Of a paper in private only the title is public, so nothing is concluded from its other words.
        said = [] if closed else [paper.recommendation or "", *(paper.implications or {}).values()]
        text = " ".join([paper.title, *said])
        facts = PaperFacts(entry("paper", paper.pk), tagged, text, day)
        findings = consulted(facts, asked.get(paper.sha256, {}), topics, as_at)
        named = [
            (f, names.get(f.because[0].removeprefix("body:"), "") if f.because else "") for f in findings
        ]
        stands = next(iter(paper.resolutions.all()), None)
        found.append(Before(paper, day, named, stands, day <= as_at))
    return sorted(found, key=lambda row: (row.meets_on, row.paper.pk))
