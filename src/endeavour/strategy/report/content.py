"""What the annual report says, as plain data made only from what was recorded by its day.

Every figure names the statements it counts and the page that shows them. The words between figures are the
secretariat's; the figures are nobody's.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.utils import timezone

from endeavour.strategy import measuring, observations, plans, presenters, queries, resources, tensions
from endeavour.strategy.figures import lag_words
from endeavour.strategy.findings import NOT_GOING_WELL, State, month_words
from endeavour.strategy.models import Narrative, PromiseMeasure
from endeavour.strategy.queries import Judged
from endeavour.strategy.theory.graph import from_content
from endeavour.strategy.theory.reading import current_theory

FORMAT = 5
SECTIONS = (
    ("foreword", "Foreword"),
    ("proud-of", "What we are proud of"),
    ("worried-about", "What worries us"),
    ("next", "What comes next"),
)


def build(as_at: date) -> dict[str, Any]:
    """The whole report on a day: the same facts give the same content."""
    rows = queries.judged("we", "i", at=as_at)
    explained = queries.explanations(at=as_at)
    names = queries.body_names()
    document = queries.current_document()
    said = document if document and document.published_on <= as_at else None
    promises = [_line(r, explained, names) for r in rows if r.statement.kind == "we"]
    outcomes = [_line(r, explained, names) for r in rows if r.statement.kind == "i"]
    heard = queries.challenges(at=as_at)
    return {
        "format": FORMAT,
        "kind": "annual_report",
        "as_at": as_at.isoformat(),
        "title": f"How we are keeping our promises: report as at {as_at.day} {month_words(as_at)}",
        "strategy": {"title": said.title, "version": said.version, "sha256": said.sha256} if said else None,
        "verbatim": bool(rows) and all(r.statement.is_verbatim for r in rows),
        "headline": "Our promises: "
        + presenters.headline(
            queries.standing_counts([r for r in rows if r.statement.kind == "we"]), as_at
        ).lower(),
        "figures": _figures(rows, heard, explained, as_at),
        "observations": _observations(as_at),
        "tensions": _tensions(as_at),
        "promises": promises,
        "outcomes": outcomes,
        "gaps": [dict(gap) for gap in said.gaps] if said else [],
        "notes": [{"id": r.statement.ref, "note": r.statement.note} for r in rows if r.statement.note],
        "unanswered": [{"id": s.ref, "words": s.words} for s, answers in heard if not answers],
        "narrative": narrative(as_at),
    }


def _line(item: Judged, explained: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    row = presenters.row(item, names)
    words = explained.get(row.ref, [])
    standing = row.standing
    return {
        "id": row.ref,
        "words": item.statement.paraphrase or row.words,
        "section": row.section,
        "due": row.due,
        "owner": row.owner,
        "state": standing.state.value,
        "standing": standing.words,
        "since": standing.since.isoformat() if standing.since else None,
        "also": presenters.flags_in_short(row.flags),
        "because": sorted({name for finding in item.judgement.findings for name in finding.because}),
        "why": words[0].why if words else "no reason given",
        "why_by": words[0].get_voice_display() if words else "",
        "we_do": words[0].we_do if words else "",
        "you_can": words[0].you_can if words else "",
        "not_going_well": standing.state in NOT_GOING_WELL,
        "href": f"/promise/{row.ref}?as_at={item.judgement.as_at}",
    }


def _figures(
    rows: list[Judged], heard: list[Any], explained: dict[str, Any], as_at: date
) -> list[dict[str, Any]]:
    """Every number of the report, each with what it counts and where to see it."""
    found: list[dict[str, Any]] = []
    for kind, noun in (("we", "promises"), ("i", "things residents should notice")):
        own = [r for r in rows if r.statement.kind == kind]
        href = f"/promises?kind={kind}&as_at={as_at}"
        found.append(
            _figure(f"{kind}-all", f"{noun} made".replace("notice made", "notice"), own, len(own), href)
        )
        for state in (State.DONE, State.OVERDUE, State.MISSED_REVIEW, State.DUE, State.ON_TIME):
            those = [r for r in own if r.judgement.standing.state == state]
            label = f"{noun}: {presenters.STANDING_WORDS[state]}"
            found.append(
                _figure(f"{kind}-{state.value}", label, those, len(own), f"{href}&state={state.value}")
            )
        for state, words in (
            (State.NO_MEASURE, "with no measure yet"),
            (State.NO_EVIDENCE, "with no evidence yet"),
            (State.DEPENDENCY_INVERTED, "due before what they need"),
            (State.MEASURE_BETTER, "with a measure that moved for the better"),
            (State.MEASURE_WORSE, "with a measure that moved for the worse"),
            (State.EVIDENCE_STALE, "with a measure whose figures are out of date"),
        ):
            those = [r for r in own if r.judgement.has(state)]
            also = f"{href}&also={state.value}"
            found.append(_figure(f"{kind}-{state.value}", f"{noun} {words}", those, len(own), also))
    late = [r for r in rows if r.statement.kind == "we" and r.judgement.standing.state in NOT_GOING_WELL]
    told = [r for r in late if queries.owner_spoke(explained.get(r.statement.ref, []))]
    found.append(
        _figure(
            "late-explained",
            "late promises with a reason from the owner",
            told,
            len(late),
            f"/honesty?as_at={as_at}",
        )
    )
    unanswered = [f"statement:{s.ref}" for s, answers in heard if not answers]
    found.append(
        _row(
            "challenges-unanswered",
            f"problems and themes heard in {queries.heard_in(heard) or 'no year'} with no answer",
            unanswered,
            len(heard),
            f"/honesty?as_at={as_at}",
        )
    )
    measured = [r for r in rows if not r.judgement.has(State.NO_MEASURE)]
    found.append(
        _figure(
            "measured",
            "promises and outcomes with an agreed measure",
            measured,
            len(rows),
            f"/promises?kind=all&as_at={as_at}&without={State.NO_MEASURE.value}",
        )
    )
    needs = resources.balances([r.statement.ref for r in rows if r.statement.kind == "we"], at=as_at)
    known = [f"statement:{ref}" for ref, kinds in needs.items() if any(b.required is not None for b in kinds)]
    found.append(
        _row("needs-known", "promises whose needs in time, skills or money somebody has stated", known,
             sum(r.statement.kind == "we" for r in rows), f"/resources?as_at={as_at}")
    )  # fmt: skip
    served = plans.matrix(at=as_at)
    mapped = [f"statement:{s.ref}" for s in served.statements if served.served.get(s.ref)]
    found.append(
        _row(
            "served",
            "promises that a partner's plan serves",
            mapped,
            len(served.statements),
            f"/partner-plans?as_at={as_at}",
        )
    )
    if (theory := current_theory(at=as_at)) and timezone.localdate(theory.recorded_at) <= as_at:
        graph = from_content(theory.content)
        untested = [
            f"theory:{theory.version}/{e.source}/{e.target}" for e in graph.edges if e.grade == "untested"
        ]
        found.append(
            _row(
                "theory-untested",
                "links of the theory of change that are untested",
                untested,
                len(graph.edges),
                "/theory-of-change",
            )
        )
    return found


def _observations(as_at: date) -> list[dict[str, Any]]:
    """The newest published figure of every agreed measure, with its release and the page of its observation."""
    agreed = [m for m in queries.measures(at=as_at) if m.state == PromiseMeasure.State.CONFIRMED]
    agreed.sort(key=lambda m: (queries.ref_order(m.ref), m.measure_key))
    return [_observation(item, as_at) for item in agreed]


def _tensions(as_at: date) -> list[dict[str, Any]]:
    """What pulls against what, each side with its newest figure and its release, or with what is lacking."""
    return [
        {
            "id": found.row.key,
            "title": found.row.title,
            "href": f"/tension/{found.row.key}?as_at={as_at}",
            "sides": [
                {
                    "words": side.row.words,
                    "measure": side.row.measure,
                    "value": side.latest.value if side.latest else None,
                    "figure": side.figure,
                    "about": side.measure.about if side.measure and side.latest else "",
                    "release": side.latest.release if side.latest else "",
                    "said": side.change or side.row.lacks,
                }
                for side in found.sides
            ],
        }
        for found in tensions.tensions(at=as_at)
    ]


def _observation(item: PromiseMeasure, as_at: date) -> dict[str, Any]:
    plain = measuring.as_plain(item, at=as_at)
    known = observations.measurables().get(item.measure_key)
    reading = plain["value"]
    assert reading is None or isinstance(reading, float)
    words = (
        "measure",
        "title",
        "unit",
        "whose",
        "target",
        "period",
        "value",
        "low",
        "high",
        "release",
        "next_due",
    )
    return {
        "statement": item.ref,
        **{name: plain[name] for name in words},
        "words": [*plain["words"], *_when_out(known, plain["next_due"], as_at)],  # type: ignore[misc]
        "figure": presenters.figure_words(reading),
        "about": known.about if known else "",
        "target_on": item.target_on.isoformat() if item.target_on else None,
        "href": f"/promise/{item.ref}/measure/{item.measure_key}?as_at={as_at}#figures",
    }


def _when_out(known: observations.Measurable | None, due: object, as_at: date) -> list[str]:
    """How long figures take to come out and when the next one is due, so that an old figure is read as one."""
    if known is None:
        return []
    said = [lag_words(known.lag_days)]
    if isinstance(due, str):
        day = date.fromisoformat(due)
        verb = "was" if day < as_at else "is"
        said.append(f"The next one {verb} due by {day.day} {month_words(day)}.")
    return said


def _figure(key: str, label: str, rows: list[Judged], whole: int, href: str) -> dict[str, Any]:
    return _row(key, label, [f"statement:{r.statement.ref}" for r in rows], whole, href)


def _row(key: str, label: str, counted: list[str], whole: int, href: str) -> dict[str, Any]:
    return {"id": key, "label": label, "value": len(counted), "of": whole, "counts": counted, "href": href}


def narrative(as_at: date) -> list[dict[str, str]]:
    """The secretariat's words by that day, section by section; a section nobody wrote says so."""
    newest: dict[str, str] = {}
    for item in Narrative.objects.order_by("recorded_at", "id"):
        if timezone.localdate(item.recorded_at) <= as_at:
            newest[item.section] = item.words
    return [{"id": key, "title": title, "words": newest.get(key, "")} for key, title in SECTIONS]


def canonical(content: dict[str, Any]) -> bytes:
    """The content as bytes that never differ for the same content."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(content: dict[str, Any]) -> str:
    """The name of a release: the SHA-256 of its content."""
    return hashlib.sha256(canonical(content)).hexdigest()
