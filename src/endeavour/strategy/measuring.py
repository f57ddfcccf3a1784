"""Tying a promise to a measure: proposed by a pack or a person, agreed by another person, never rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from endeavour.core.public import Link, Person, add_link, entry, parse_day, require, today, write_audit
from endeavour.errors import BadInput
from endeavour.strategy import observations, queries, rules
from endeavour.strategy.actions import check_length
from endeavour.strategy.figures import next_due
from endeavour.strategy.models import PromiseMeasure
from endeavour.strategy.moments import this_moment
from endeavour.strategy.reading import Path, Reading, read_measure

State = PromiseMeasure.State


@transaction.atomic
def propose_measure(
    *,
    by: Person | None,
    ref: str,
    measure_key: str,
    title: str = "",
    unit: str = "",
    polarity: str = "",
    baseline: float | None = None,
    baseline_on: date | None = None,
    target: float | None = None,
    target_on: date | None = None,
    steps: Sequence[tuple[date, float]] = (),
    lag_months: int = 0,
    grouping: str = "system",
    group: str = "all",
    why: str = "",
) -> PromiseMeasure:
    """Propose how a statement will be measured; it counts once somebody else agrees (`decide_measure`).

    Title, unit and polarity come from the catalogue; for a measure that it does not hold yet they must be given. With
    a baseline and a target and no `steps` of its own the path between them is a straight line. What was agreed before
    stays in force until then.
    """
    require(by, "strategy.measure")
    queries.statement(ref)
    known = observations.measurables().get(measure_key)
    if known is not None:
        title, unit, polarity = known.title, known.unit, known.polarity
    if polarity not in PromiseMeasure.Polarity.values:
        raise BadInput(
            f"'{measure_key[:40]}' is not in the catalogue.",
            hint="Choose one of endeavour measure list, or give its title, unit and polarity.",
        )
    check_length(title, "title", required=True)
    check_length(why, "reason")
    if (baseline is None) != (baseline_on is None) or (target is None) != (target_on is None):
        raise BadInput(
            "A baseline and a target each need their day.", hint="Give both the number and the day."
        )
    if baseline_on and target_on and target_on <= baseline_on:
        raise BadInput("The target's day must be after the baseline's.", hint="Check the two days.")
    made = PromiseMeasure.objects.create(
        by=by, recorded_at=this_moment(), ref=ref, measure_key=measure_key, title=title.strip(), unit=unit,
        polarity=polarity, baseline=baseline, baseline_on=baseline_on, target=target, target_on=target_on,
        trajectory=_path(steps, baseline, baseline_on, target, target_on), lag_months=lag_months,
        grouping=grouping, group=group, why=why.strip()[:300], state=State.PROPOSED, proposed_by=by,
    )  # fmt: skip
    _note(made, by)
    return made


@transaction.atomic
def decide_measure(*, by: Person | None, ref: str, measure_key: str, agree: bool) -> PromiseMeasure:
    """Agree to what somebody else proposed, turn a proposal down, or withdraw what was agreed.

    Nobody agrees to their own proposal (`Forbidden`). A refusal concerns the open proposal where there is one, else the
    agreed measure. What was said before stays in the record, and deciding the same twice changes nothing.
    """
    require(by, "strategy.measure")
    known = queries.measure_of(ref, measure_key)
    proposal = queries.proposal_of(ref, measure_key)
    if agree and proposal is None:
        return known
    if agree:
        assert proposal is not None
        rules.require_another(by, proposal.proposed_by_id)
    decided = proposal or known
    state = State.CONFIRMED if agree else State.DECLINED if proposal else State.WITHDRAWN
    decided.pk, decided.by, decided.recorded_at, decided.state = None, by, this_moment(), state
    decided._state.adding = True
    decided.save(force_insert=True)
    _tie(decided, by)
    _note(decided, by)
    return decided


def _note(made: PromiseMeasure, by: Person | None) -> None:
    write_audit(
        by=by,
        action="strategy.measure",
        subject=entry("statement", made.ref),
        measure=made.measure_key,
        state=str(made.state),
    )


def _tie(made: PromiseMeasure, by: Person | None) -> None:
    """Keep the thread as the measure stands: tied from the day it was agreed until the day it was withdrawn."""
    if made.state == State.DECLINED:
        return
    source, target = entry("statement", made.ref), entry("measure", made.measure_key)
    if made.state == State.CONFIRMED:
        add_link(by=by, kind=Link.Kind.MEASURED_BY, source=source, target=target, valid_from=today())
        return
    for link in Link.objects.filter(
        kind=Link.Kind.MEASURED_BY, source=source, target=target, valid_to__isnull=True
    ):
        held = link.valid_from is not None and link.valid_from >= today()
        link.valid_to = today() + timedelta(days=1) if held else today()
        link.save(update_fields=["valid_to"])


def straight_line(
    baseline: float | None, baseline_on: date | None, target: float | None, target_on: date | None
) -> list[dict[str, object]]:
    """Where the measure should stand at each 1 April between baseline and target.

    >>> straight_line(10.0, date(2026, 4, 1), 20.0, date(2028, 4, 1))
    [{'on': '2026-04-01', 'value': 10.0}, {'on': '2027-04-01', 'value': 14.9932}, {'on': '2028-04-01', 'value': 20.0}]
    """
    if baseline is None or baseline_on is None or target is None or target_on is None:
        return []
    whole = (target_on - baseline_on).days
    days = [
        baseline_on,
        *(date(year, 4, 1) for year in range(baseline_on.year, target_on.year + 1)),
        target_on,
    ]
    inside = sorted({day for day in days if baseline_on <= day <= target_on})
    return [
        {
            "on": day.isoformat(),
            "value": round(baseline + (target - baseline) * (day - baseline_on).days / whole, 4),
        }
        for day in inside
    ]


def _path(
    steps: Sequence[tuple[date, float]],
    baseline: float | None,
    baseline_on: date | None,
    target: float | None,
    target_on: date | None,
) -> list[dict[str, object]]:
    if not steps:
        return straight_line(baseline, baseline_on, target, target_on)
    days = [day for day, _ in steps]
    if days != sorted(set(days)):
        raise BadInput(
            "The steps of the path are not in order of day.", hint="Give each day once, oldest first."
        )
    ends = [(baseline_on, baseline), *steps, (target_on, target)]
    known = {day: value for day, value in ends if day is not None and value is not None}
    if (baseline_on and min(known) < baseline_on) or (target_on and max(known) > target_on):
        raise BadInput("A step lies outside the days of baseline and target.", hint="Check its day.")
    return [{"on": day.isoformat(), "value": value} for day, value in sorted(known.items())]


def read_steps(text: str) -> list[tuple[date, float]]:
    """The steps of a path, one a line as 'day number'; a wrong line is named.

    >>> read_steps("2027-04-01 65\\n2028-04-01 70.5")
    [(datetime.date(2027, 4, 1), 65.0), (datetime.date(2028, 4, 1), 70.5)]
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        day, _, value = line.strip().partition(" ")
        try:
            found.append((parse_day(day), float(value)))
        except (BadInput, ValueError):
            raise BadInput(
                f"Line {number}, '{line.strip()[:40]}', is not a day and a number.",
                column="steps",
                hint="Write it as 2027-04-01 65.",
            ) from None
    return found


def path_of(item: PromiseMeasure) -> Path:
    """The path that was set for a measure, as the rules read it."""
    steps = tuple((date.fromisoformat(step["on"]), float(step["value"])) for step in item.trajectory)
    return Path(item.polarity, item.baseline, item.target, item.target_on, steps)


def reading_of(item: PromiseMeasure, *, at: date) -> Reading:
    """What the published figures of a day say about a promise, in words."""
    seen = observations.observed(item.measure_key, item.grouping, item.group, at=at)
    return read_measure(seen, path_of(item))


def as_plain(item: PromiseMeasure, *, at: date) -> dict[str, object]:
    """A measure of a promise with its newest figure, and by when a newer one should be out, as plain data."""
    reading = reading_of(item, at=at)
    latest = reading.latest
    known = observations.measurables().get(item.measure_key)
    due = next_due(latest, known.every, known.lag_days) if latest and known else None
    return {
        "measure": item.measure_key,
        "title": item.title,
        "unit": item.unit,
        "state": item.state,
        "whose": f"{item.grouping}:{item.group}",
        "baseline": item.baseline,
        "baseline_on": item.baseline_on,
        "target": item.target,
        "target_on": item.target_on,
        "path": item.trajectory,
        "period": latest.period if latest else None,
        "value": latest.value if latest else None,
        "low": latest.low if latest else None,
        "high": latest.high if latest else None,
        "release": latest.release if latest else None,
        "next_due": due.isoformat() if due else None,
        "words": list(reading.words),
    }
