"""What was heard and promised before, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from endeavour.core.public import Link, today
from endeavour.strategy.models import Statement
from endeavour.strategy.queries.statements import statements


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
