"""Reads of the caseload, always scoped to who asks: what each household agreed to, what comes next, and who looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Prefetch, Q, QuerySet

from endeavour.core.public import Area, AuditEntry, Body, Person, Role, require, today
from endeavour.engine.disclosure import ALL, About, Count, FileLog, publish
from endeavour.errors import Missing, NotFound
from endeavour.population import rules
from endeavour.population.models import Case, Consent, Lead, Workstream
from endeavour.population.queries.households import chosen, in_use
from endeavour.population.rules import STEP_WORDS, Step, Work

PAGE = 25
Kept = TypeVar("Kept", Lead, Consent)


@dataclass(frozen=True)
class Row:
    """One household of the caseload and what holds of it today; nothing here says why it was chosen."""

    case: Case
    lead: Lead | None
    consent: Consent | None
    work: tuple[Workstream, ...]
    step: Step
    place: str
    neighbourhood: str

    @property
    def reference(self) -> str:
        """How partners name the household to one another."""
        return f"F5-{self.case.pk:05d}"

    @property
    def consent_words(self) -> str:
        """What it agreed to, in words."""
        return str(self.consent.get_state_display()) if self.consent else "not asked yet"


@dataclass(frozen=True)
class Listing:
    """One page of the caseload, how many there are, and how many wait at each step."""

    rows: tuple[Row, ...]
    count: int
    steps: tuple[tuple[str, str, int], ...]
    number: int
    pages: int


def scope(viewer: Person | None) -> QuerySet[Case]:
    """The households this person may work with: the secretariat all, a practitioner those of their body.

    A practitioner's are those that their body leads, and those of the neighbourhood that it serves. Without a body
    there are none.
    """
    require(viewer, rules.SEE_CASELOAD)
    assert viewer is not None, "require() refuses nobody"
    cases = _held()
    if viewer.role == Role.SECRETARY:
        return cases
    if viewer.body is None:
        return cases.none()
    led = Lead.objects.filter(body=viewer.body, superseded_by__isnull=True, is_undone=False).values("case")
    return cases.filter(Q(pk__in=led) | Q(neighbourhood=viewer.body.area_code))


def _held() -> QuerySet[Case]:
    """Cases of households numbered as those of the cohort in use are, and of any other that somebody spoke with.

    Where records are linked after a first choice, households bear other numbers: cases of the first that nobody began
    on are kept, and no longer worked on.
    """
    try:
        numbered = Q(lake=in_use().lake)
    except Missing:
        return Case.objects.all()
    begun = Q(pk__in=Consent.objects.values("case")) | Q(pk__in=Workstream.objects.values("case"))
    return Case.objects.filter(numbered | begun)


def one_case(viewer: Person | None, number: int) -> Case:
    """One household of this person's caseload; another's is not found, so that nobody learns that it exists."""
    found = _with_what_holds(scope(viewer).filter(pk=number)).first()
    if found is None:
        raise NotFound("This household is not in your caseload.", hint="Go back to your caseload.")
    return found


def row_of(case: Case, as_at: date | None = None, names: dict[str, str] | None = None) -> Row:
    """What holds of a case; it must come from `one_case` or `listing`."""
    lead, consent = _standing(case.held_leads), _standing(case.held_consents)  # type: ignore[attr-defined]
    work = tuple(sorted((w for w in case.held_work if not w.is_undone), key=lambda w: w.due_on))  # type: ignore[attr-defined]
    step = rules.next_step(
        has_lead=lead is not None,
        consent=consent.state if consent else "",
        consent_on=consent.happened_on if consent else None,
        work=[Work(w.action, w.state, w.starts_on, w.due_on) for w in work],
        as_at=as_at or today(),
    )
    names = area_names() if names is None else names
    return Row(
        case, lead, consent, work, step,
        names.get(case.place, case.place), names.get(case.neighbourhood, case.neighbourhood),
    )  # fmt: skip


def listing(viewer: Person | None, *, step: str = "", number: int = 1) -> Listing:
    """A page of this person's caseload: those that are late first, then those with the most need.

    Eight queries however many cases; only those of the page are read whole.
    """
    day, cases = today(), scope(viewer)
    held = list(cases.order_by("pk").values_list("pk", "lake", "household_id"))
    steps = _steps(cases, [pk for pk, _, _ in held], day)
    counts = Counter(found.state for found in steps.values())
    turns = _turns(held)
    wanted = [pk for pk, found in steps.items() if not step or found.state == step]
    wanted.sort(key=lambda pk: (-steps[pk].days_late(day), turns.get(pk, len(turns)), pk))
    pages = max(1, -(-len(wanted) // PAGE))
    number = min(max(1, number), pages)
    shown = wanted[(number - 1) * PAGE : number * PAGE]
    names = area_names()
    rows = {case.pk: row_of(case, day, names) for case in _with_what_holds(cases.filter(pk__in=shown))}
    return Listing(
        rows=tuple(rows[pk] for pk in shown),
        count=len(wanted),
        steps=tuple((state, words, counts[state]) for state, words in STEP_WORDS.items() if counts[state]),
        number=number,
        pages=pages,
    )


def _steps(cases: QuerySet[Case], numbers: Sequence[int], day: date) -> dict[int, Step]:
    """What comes next for each of these cases by its number, from the few columns that decide it."""
    holds = {"case__in": cases, "superseded_by__isnull": True, "is_undone": False}
    led = set(Lead.objects.filter(**holds).values_list("case_id", flat=True))
    said = {
        case: (state, on)
        for case, state, on in Consent.objects.filter(**holds).values_list("case_id", "state", "happened_on")
    }
    work: dict[int, list[Work]] = {}
    columns = ("case_id", "action", "state", "starts_on", "due_on")
    for case, *planned in Workstream.objects.filter(**holds).order_by("due_on").values_list(*columns):
        work.setdefault(case, []).append(Work(*planned))
    found = {}
    for pk in numbers:
        consent, on = said.get(pk, ("", None))
        found[pk] = rules.next_step(
            has_lead=pk in led, consent=consent, consent_on=on, work=work.get(pk, ()), as_at=day
        )
    return found


def _turns(held: Sequence[tuple[int, str, int]]) -> dict[int, int]:
    """Whose turn it is by need in the cohort in use; a case that it does not hold has none."""
    try:
        turns = {household.household_id: household.turn for household in chosen()}
        lake = in_use().lake
    except Missing:
        return {}
    return {pk: turns[household] for pk, of, household in held if of == lake and household in turns}


def history(case: Case) -> list[Lead | Consent | Workstream]:
    """Everything recorded of a household, newest first; what was superseded too."""
    found: list[Lead | Consent | Workstream] = [
        *Lead.objects.filter(case=case).select_related("by", "body", "supersedes"),
        *Consent.objects.filter(case=case).select_related("by", "supersedes"),
        *Workstream.objects.filter(case=case).select_related("by", "body", "supersedes"),
    ]
    return sorted(found, key=lambda one: one.recorded_at, reverse=True)


def is_open() -> bool:
    """Whether every household of the cohort in use has its case."""
    known = Case.objects.filter(lake=in_use().lake).values_list("household_id", flat=True)
    return {household.household_id for household in chosen()} <= set(known)


def progress() -> list[dict[str, object]]:
    """How many households said yes of those in the caseload, by place, through the gate; public."""
    return progress_of(in_use().choice)


def progress_of(choice: str) -> list[dict[str, object]]:
    """The same for one choice of households, whose name the gate knows them by; empty where no caseload was opened."""
    said = Consent.objects.filter(superseded_by__isnull=True, is_undone=False, state="given").values("case")
    cases = _held()
    places = Counter(cases.values_list("place", flat=True))
    if not places:
        return []
    agreed = Counter(cases.filter(pk__in=said).values_list("place", flat=True))
    cells = {(ALL,): Count(sum(agreed.values()), sum(places.values()))}
    cells |= {(place,): Count(agreed[place], count) for place, count in sorted(places.items())}
    about = About("first-5000 households that said yes", choice, str(today()), ("place",))
    names = area_names()
    return [
        row | {"name": names.get(str(row["place"]), "All places")}
        for row in publish(about, cells, log=FileLog.of_installation()).rows()
    ]


def bodies() -> list[Body]:
    """Bodies of today that may lead or do work, by name."""
    partners = ("nhs", "local_authority", "vcse", "primary_care", "partnership", "blue_light")
    found = Body.objects.at(today()).filter(partner_class__in=partners).exclude(legal_form="committee")  # type: ignore[attr-defined]
    return list(found.order_by("name"))


def looks(viewer: Person | None, limit: int = 200) -> list[AuditEntry]:
    """Who looked at which household, changed its plan or was refused, newest first; for administrators."""
    require(viewer, rules.SEE_LOOKS)
    found = AuditEntry.objects.filter(action__startswith="population.").select_related("by")
    return list(found.order_by("-id")[:limit])


def area_names() -> dict[str, str]:
    """Today's places, districts and primary care networks by code."""
    found = Area.objects.at(today()).filter(kind__in=("place", "district", "pcn"))  # type: ignore[attr-defined]
    return dict(found.values_list("code", "name"))


def _with_what_holds(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each case with the rows that nothing supersedes: three more queries, however many cases."""
    heads = {"superseded_by__isnull": True}
    return cases.order_by("pk").prefetch_related(
        Prefetch("leads", Lead.objects.filter(**heads).select_related("body"), to_attr="held_leads"),
        Prefetch("consents", Consent.objects.filter(**heads), to_attr="held_consents"),
        Prefetch("workstreams", Workstream.objects.filter(**heads).select_related("body"), to_attr="held_work"),
    )  # fmt: skip


def _standing(heads: list[Kept]) -> Kept | None:
    return next((head for head in heads if not head.is_undone), None)
