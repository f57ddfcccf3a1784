"""Every read of the strategy: statements, the facts the rules need, and what is shown beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from endeavour.core.public import Area, AuditEntry, Body, Link, Person, entry, require, today
from endeavour.errors import NotFound
from endeavour.strategy import observations
from endeavour.strategy.findings import (
    STANDINGS,
    EvidenceFact,
    Facts,
    Finding,
    Judgement,
    MeasureFact,
    Need,
    State,
    add_months,
    judge,
)
from endeavour.strategy.models import Document, Evidence, Explanation, PromiseMeasure, Statement

EARLIEST = date(2017, 1, 1)


@dataclass(frozen=True)
class Judged:
    """A statement in the wording of a day, and how it stood on that day."""

    statement: Statement
    judgement: Judgement


def ref_order(ref: str) -> tuple[str, int, str]:
    """W2 before W10.

    >>> sorted(["W10", "W2", "I1"], key=ref_order)
    ['I1', 'W2', 'W10']
    """
    letters = ref.rstrip("0123456789.abcdefghijklmnopqrstuvwxyz")
    number = ref[len(letters) :].split(".", maxsplit=1)[0].rstrip("abcdefghijklmnopqrstuvwxyz")
    return letters, int(number) if number.isdecimal() else 0, ref


def statements(*kinds: str, at: date | None = None, refs: Iterable[str] | None = None) -> list[Statement]:
    """Statements in the wording that held on a day (today by default), in the order of their numbers."""
    day = at or today()
    found: QuerySet[Statement] = Statement.objects.filter(stated_on__lte=day).select_related("document")
    found = found.exclude(superseded_by__stated_on__lte=day)
    if kinds:
        found = found.filter(kind__in=kinds)
    if refs is not None:
        found = found.filter(ref__in=list(refs))
    return sorted(found, key=lambda s: (s.kind == "i", ref_order(s.ref)))


PAGE = 50


@dataclass(frozen=True)
class Page:
    """A page of a long list: its rows, how many there are in all, and which page it is, counted from 1."""

    rows: list[Judged]
    total: int
    number: int
    size: int = PAGE

    @property
    def last(self) -> int:
        """The number of the last page; an empty list has one."""
        return max(1, -(-self.total // self.size))


def page_of(*kinds: str, at: date, words: str = "", number: int = 1, size: int = PAGE) -> Page:
    """One page of the statements of these kinds, or of all, that held on a day and hold these words.

    Only the rows of the page are judged, so a list of 100,000 answers as fast as one of 100. In the order of kind and
    number; `NotFound` past the end.
    """
    found = Statement.objects.filter(stated_on__lte=at).exclude(superseded_by__stated_on__lte=at)
    if kinds:
        found = found.filter(kind__in=kinds)
    if words:
        found = found.filter(Q(text__icontains=words) | Q(paraphrase__icontains=words) | Q(ref__iexact=words))
    total = found.count()
    page = Page([], total, number, size)
    if not 1 <= number <= page.last:
        raise NotFound(f"There is no page {number} of {page.last}.", hint="Start at the first page.")
    start = (number - 1) * size
    ordered = found.order_by("kind", Length("ref"), "ref").select_related("document")[start : start + size]
    return Page(_judged(list(ordered), at), total, number, size)


def statement(ref: str, *, at: date | None = None) -> Statement:
    """One statement by its given id; `NotFound` says when it is a known gap or was not yet said."""
    found = statements(at=at, refs=[ref])
    if found:
        return found[0]
    for document in Document.objects.exclude(gaps=[]):
        for gap in document.gaps:
            if gap["id"] == ref:
                raise NotFound(f"There is no {ref}. {gap['note']}", hint=f"See {document.title}.")
    if Statement.objects.filter(ref=ref).exists():
        raise NotFound(f"{ref} had not been said on {at or today()}.", hint="Choose a later day.")
    raise NotFound(f"There is no statement '{ref[:40]}'.", hint="See /promises for the numbers there are.")


def ref_as_given(ref: str) -> str:
    """The number of a statement as its document writes it, whatever the letters' size; '' where there is none such.

    A gap has a number too: it is skipped, and its page says so.
    """
    found = Statement.objects.filter(ref__iexact=ref).values_list("ref", flat=True).first()
    skipped = (gap["id"] for document in Document.objects.exclude(gaps=[]) for gap in document.gaps)
    return found or next((given for given in skipped if given.casefold() == ref.casefold()), "")


def gaps() -> list[dict[str, str]]:
    """Numbers that current documents skip, with the note about each."""
    return [gap for document in Document.objects.filter(is_current=True) for gap in document.gaps]


def current_document() -> Document | None:
    """The strategy in force, if one is loaded."""
    return Document.objects.filter(is_current=True).first()


def facts_of(found: Iterable[Statement], *, at: date) -> list[Facts]:
    """What the rules may know about these statements, in four queries however many there are."""
    rows = list(found)
    refs = [row.ref for row in rows]
    documents = {d.key: d for d in Document.objects.all()}
    current = frozenset(key for key, document in documents.items() if document.is_current)
    evidence: dict[str, list[EvidenceFact]] = defaultdict(list)
    offered = list(Evidence.objects.filter(ref__in=refs).order_by("id"))
    taken_back = _taken_back(offered, at)
    for item in offered:
        if item.withdraws_id or item.pk in taken_back:
            continue
        source = documents.get(item.source_document)
        evidence[item.ref].append(
            EvidenceFact(
                id=entry("evidence", item.pk),
                happened_on=item.happened_on,
                recorded_on=timezone.localdate(item.recorded_at),
                settles=item.settles,
                source_document=item.source_document,
                document_on=source.published_on if source else None,
            )
        )
    measured: dict[str, list[MeasureFact]] = defaultdict(list)
    proposed: dict[str, int] = defaultdict(int)
    for measure in measures(refs, at=at):
        if measure.state == PromiseMeasure.State.CONFIRMED:
            measured[measure.ref].append(_measure_fact(measure))
        else:
            proposed[measure.ref] += 1
    needs = _needs(refs, at)
    return [
        Facts(
            ref=row.ref,
            kind=row.kind,
            stated_on=row.stated_on,
            due_on=row.due_on,
            recurrence=row.recurrence,
            review_months=row.review_months,
            owner=row.owner,
            document=row.document.key,
            about_documents=current if row.kind == "duty" else frozenset(),
            evidence=tuple(evidence[row.ref]),
            measures=tuple(measured[row.ref]),
            measures_proposed=proposed[row.ref],
            needs=tuple(needs[row.ref]),
        )
        for row in rows
    ]


def _measure_fact(item: PromiseMeasure) -> MeasureFact:
    """An agreed measure with its figures; one that the catalogue no longer holds has none."""
    known = observations.measurables().get(item.measure_key)
    agreed_on = timezone.localdate(item.recorded_at)
    from_on = item.baseline_on or agreed_on
    return MeasureFact(
        id=entry("measure", item.measure_key),
        agreed_on=agreed_on,
        polarity=item.polarity,
        every=known.every if known else "year",
        lag_days=known.lag_days if known else 0,
        moves_from=add_months(from_on, item.lag_months) if item.lag_months else None,
        figures=observations.series(item.measure_key, item.grouping, item.group),
    )


def _taken_back(offered: Iterable[Evidence], at: date) -> set[int]:
    """The evidence that somebody had withdrawn by a day."""
    return {e.withdraws_id for e in offered if e.withdraws_id and timezone.localdate(e.recorded_at) <= at}


def _needs(refs: list[str], at: date) -> dict[str, list[Need]]:
    """What each statement depends on, from the thread as it stood on that day."""
    names = [f"statement:{ref}" for ref in refs]
    links = Link.objects.filter(kind=Link.Kind.DEPENDS_ON, source__in=names).filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=at), Q(valid_to__isnull=True) | Q(valid_to__gt=at)
    )
    pairs = [(link.source[10:], link.target[10:]) for link in links if link.target.startswith("statement:")]
    due = {
        s.ref: s.due_on
        for s in Statement.objects.filter(ref__in=[target for _, target in pairs]).order_by("version")
    }
    found: dict[str, list[Need]] = defaultdict(list)
    for source, target in sorted(pairs, key=lambda pair: ref_order(pair[1])):
        found[source].append(Need(target, due.get(target)))
    return found


def judged(*kinds: str, at: date | None = None, refs: Iterable[str] | None = None) -> list[Judged]:
    """Statements of these kinds and how each stood on a day."""
    day = at or today()
    return _judged(statements(*kinds, at=day, refs=refs), day)


def _judged(rows: list[Statement], day: date) -> list[Judged]:
    facts = facts_of(rows, at=day)
    return [Judged(row, judge(known, day)) for row, known in zip(rows, facts, strict=True)]


def judged_one(ref: str, *, at: date | None = None) -> Judged:
    """One statement and how it stood on a day."""
    statement(ref, at=at)
    return judged(at=at, refs=[ref])[0]


def standing_counts(rows: Iterable[Judged]) -> dict[State, int]:
    """How many stand in each state, worst first; states that nobody is in are left out."""
    counts = dict.fromkeys(STANDINGS, 0)
    for row in rows:
        counts[row.judgement.standing.state] += 1
    return {state: number for state, number in counts.items() if number}


@dataclass(frozen=True)
class Offered:
    """One piece of evidence, and the row that took it back where one did."""

    evidence: Evidence
    withdrawn: Evidence | None


def evidence_of(ref: str, *, at: date | None = None) -> list[Offered]:
    """Evidence recorded by a day, newest happening first, with what was taken back."""
    found = Evidence.objects.filter(ref=ref).order_by("-happened_on", "-id")
    rows = [e for e in found if at is None or timezone.localdate(e.recorded_at) <= at]
    back = {e.withdraws_id: e for e in rows if e.withdraws_id}
    return [Offered(e, back.get(e.pk)) for e in rows if not e.withdraws_id]


def explanations(
    *, at: date | None = None, refs: Iterable[str] | None = None
) -> dict[str, list[Explanation]]:
    """What owners said about each statement by a day, newest first."""
    found = Explanation.objects.order_by("-recorded_at", "-id").select_related("by")
    if refs is not None:
        found = found.filter(ref__in=list(refs))
    grouped: dict[str, list[Explanation]] = defaultdict(list)
    for item in found:
        if at is None or timezone.localdate(item.recorded_at) <= at:
            grouped[item.ref].append(item)
    return dict(grouped)


def owner_spoke(said: Iterable[Explanation]) -> bool:
    """Whether any of these words are the owner's own; the secretariat's are not."""
    return any(item.voice == Explanation.Voice.OWNER for item in said)


def measures(refs: Iterable[str] | None = None, *, at: date) -> list[PromiseMeasure]:
    """What stood agreed on a day, and beside it the newest proposal that nobody had decided; one query.

    A proposal to change an agreed measure leaves the agreed one in force until somebody else agrees.
    """
    found = PromiseMeasure.objects.order_by("recorded_at", "id")
    if refs is not None:
        found = found.filter(ref__in=list(refs))
    agreed: dict[tuple[str, str], PromiseMeasure] = {}
    waiting: dict[tuple[str, str], PromiseMeasure] = {}
    for item in found:
        if timezone.localdate(item.recorded_at) > at:
            continue
        key = item.ref, item.measure_key
        if item.state == PromiseMeasure.State.PROPOSED:
            waiting[key] = item
            continue
        waiting.pop(key, None)
        if item.state == PromiseMeasure.State.CONFIRMED:
            agreed[key] = item
        elif item.state == PromiseMeasure.State.WITHDRAWN:
            agreed.pop(key, None)
    return [*agreed.values(), *waiting.values()]


def measures_of(ref: str, *, at: date | None = None) -> list[PromiseMeasure]:
    """The measures of one statement on a day, the agreed ones first."""
    found = measures([ref], at=at or today())
    return sorted(found, key=lambda m: (m.state != PromiseMeasure.State.CONFIRMED, m.title))


def measure_of(ref: str, key: str, *, at: date | None = None) -> PromiseMeasure:
    """One measure of a statement as it stood on a day: what was agreed, else what was proposed."""
    if found := [item for item in measures_of(ref, at=at) if item.measure_key == key]:
        return found[0]
    raise NotFound(f"{ref} is not measured by '{key[:60]}'.", hint=f"See /promise/{ref}#measure.")


def proposal_of(ref: str, key: str, *, at: date | None = None) -> PromiseMeasure | None:
    """What was proposed for a measure of a statement and not decided by a day."""
    proposed = PromiseMeasure.State.PROPOSED
    found = (m for m in measures_of(ref, at=at) if m.measure_key == key and m.state == proposed)
    return next(found, None)


def measure_history(ref: str, key: str) -> list[PromiseMeasure]:
    """Everything ever said about measuring a statement this way, newest first."""
    return list(
        PromiseMeasure.objects.filter(ref=ref, measure_key=key)
        .select_related("by")
        .order_by("-recorded_at", "-id")
    )


def wordings(ref: str) -> list[Statement]:
    """Every wording a statement ever had, newest first."""
    return list(Statement.objects.filter(ref=ref).order_by("-version").select_related("document"))


def history(ref: str) -> list[AuditEntry]:
    """Who did what to a statement, newest first."""
    return list(
        AuditEntry.objects.filter(subject=entry("statement", ref)).select_related("by").order_by("-id")[:200]
    )


def body_names() -> dict[str, str]:
    """The names of bodies by their keys, for showing owners."""
    return dict(Body.objects.values_list("key", "name"))


def places() -> dict[str, str]:
    """The names of the places of today by their codes, in order of name."""
    found = Area.objects.at(today()).filter(kind="place").order_by("name")  # type: ignore[attr-defined]
    return dict(found.values_list("code", "name"))


def challenges(*, at: date | None = None) -> list[tuple[Statement, list[Statement]]]:
    """Challenges heard, each with the statements that answer it; an empty list is an unanswered challenge."""
    rows = statements("challenge", "plan_theme", at=at)
    names = {f"statement:{row.ref}": row for row in rows}
    links = Link.objects.at(at or today()).filter(kind=Link.Kind.RESPONDS_TO, target__in=names).order_by("id")  # type: ignore[attr-defined]
    answers: dict[str, list[str]] = defaultdict(list)
    for link in links:
        answers[link.target].append(link.source.partition(":")[2])
    wanted = statements(at=at, refs={ref for refs in answers.values() for ref in refs})
    by_ref = {row.ref: row for row in wanted}
    return [(row, [by_ref[ref] for ref in answers[name] if ref in by_ref]) for name, row in names.items()]


def heard_in(heard: Iterable[tuple[Statement, object]]) -> str:
    """The year or years in which these were said: '2022', or '2020 to 2022'; empty for nothing heard."""
    years = sorted({said.stated_on.year for said, _ in heard})
    return " to ".join(str(year) for year in dict.fromkeys([years[0], years[-1]])) if years else ""


def crosswalk() -> list[tuple[Statement, list[Statement]]]:
    """Each earlier priority and theme with the statements that carry it on; an empty list was not carried on."""
    rows = statements("principle", "vision", "theme")
    names = {f"statement:{row.ref}": row for row in rows}
    links = Link.objects.filter(kind=Link.Kind.SUPERSEDES, target__in=names).order_by("id")
    heirs: dict[str, list[str]] = defaultdict(list)
    for link in links:
        heirs[link.target].append(link.source.partition(":")[2])
    by_ref = {row.ref: row for row in statements(refs={ref for refs in heirs.values() for ref in refs})}
    return [(row, [by_ref[ref] for ref in heirs[name] if ref in by_ref]) for name, row in names.items()]


@dataclass(frozen=True)
class Neighbour:
    """What one link ties a statement to, in words, with its address where it has a page."""

    words: str
    name: str
    label: str
    href: str


OUTWARD = {
    "responds_to": "answers",
    "heard_in": "was heard in",
    "decided_by": "was decided by",
    "delivers": "delivers",
    "contributes_to": "should lead to",
    "measured_by": "is measured by",
    "depends_on": "needs",
    "feeds": "feeds",
    "supersedes": "carries on",
}
INWARD = {
    "responds_to": "is answered by",
    "heard_in": "heard",
    "decided_by": "decided",
    "delivers": "is delivered by",
    "contributes_to": "should come from",
    "measured_by": "measures",
    "depends_on": "is needed by",
    "feeds": "is fed by",
    "supersedes": "is carried on by",
}


def neighbours(links: Iterable[Link], name: str) -> list[Neighbour]:
    """What an entry is tied to, both ways, in one query for all statements met."""
    pairs = [(OUTWARD[k.kind], k.target) if k.source == name else (INWARD[k.kind], k.source) for k in links]
    refs = {other[10:] for _, other in pairs if other.startswith("statement:")}
    known = {row.ref: row for row in statements(refs=refs)} if refs else {}
    found = []
    for words, other in pairs:
        kind, _, key = other.partition(":")
        if kind == "statement" and key in known:
            found.append(Neighbour(words, key, known[key].paraphrase or known[key].words, f"/promise/{key}"))
        else:
            href = {
                "decision": f"/decision/{key}",
                "meeting": f"/meeting/{key}",
                "measure": f"/measure/{key}",
            }.get(kind, "")
            found.append(Neighbour(words, key, kind.replace("_", " "), href or f"/thread/{other}"))
    order = {words: number for number, words in enumerate([*OUTWARD.values(), *INWARD.values()])}
    return sorted(found, key=lambda n: (order[n.words], ref_order(n.name)))


def because_words(names: Iterable[str]) -> list[tuple[str, str]]:
    """Each reason of a finding as words and an address on the site."""
    found = []
    for name in names:
        kind, _, key = name.partition(":")
        if kind == "statement":
            found.append((f"{key}, as it was said", f"/promise/{key}"))
        elif kind == "measure":
            known = observations.measurables().get(key)
            found.append((f"the measure ‘{known.title if known else key}’", f"#measure-{key}"))
        else:
            found.append((f"{kind} {key}", f"#{kind}-{key}"))
    return found


def require_to(action: str, person: Person | None) -> None:
    """Raise, in words, unless this person may do this: for a form that should not even open."""
    require(person, action)


def exported(said: Statement) -> dict[str, object]:
    """A statement as it is exported and as the API gives it."""
    return {
        "id": said.ref,
        "kind": said.kind,
        "text": said.text,
        "paraphrase": said.paraphrase,
        "verbatim": said.is_verbatim,
        "note": said.note,
        "document": said.document.key,
        "document_version": said.document.version,
        "section": said.section,
        "anchor": said.anchor,
        "owner": said.owner,
        "area": said.area_code,
        "level": said.level,
        "stated_on": said.stated_on.isoformat(),
        "due": f"{said.due_on:%Y-%m}" if said.due_on else None,
        "recurrence": said.recurrence,
        "version": said.version,
    }


def as_plain(item: Judged) -> dict[str, object]:
    """A statement and how it stood, as plain data."""

    def finding(found: Finding) -> dict[str, object]:
        since = found.since.isoformat() if found.since else None
        return {
            "state": found.state.value,
            "words": found.words,
            "because": list(found.because),
            "since": since,
        }

    return {
        **exported(item.statement),
        "as_at": item.judgement.as_at.isoformat(),
        "standing": finding(item.judgement.standing),
        "findings": [finding(found) for found in item.judgement.findings],
    }
