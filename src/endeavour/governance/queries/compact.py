"""The compact on a day: the version that stands, which partners signed it, and which did not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from endeavour.core.public import LONDON, Body, Post, end_of
from endeavour.governance.compact import STATES, signed
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.definitions_partners import partner_groups
from endeavour.governance.findings import Finding
from endeavour.governance.models import Signature, WorkingDocument
from endeavour.governance.queries.partners import Practice, working_body


@dataclass(frozen=True)
class SignerRow:
    """One partner, what is true of its signature, and the newest one with what it offers and needs."""

    body: Body
    finding: Finding
    signature: Signature | None

    @property
    def state(self) -> str:
        """The state in words."""
        return STATES[self.finding.state]


@dataclass(frozen=True)
class Compact:
    """The version that stands with its review, and every partner asked to sign it; those who did not sign come first."""

    practice: Practice | None
    rows: list[SignerRow]

    @property
    def unsigned(self) -> list[SignerRow]:
        """The partners whose signature is missing under the version that stands."""
        return [row for row in self.rows if row.finding.state != "signed"]


def compact(as_at: date) -> Compact:
    """The partnership's compact on a day, judged by what was signed and known by then."""
    hub = meeting_rules(settings.PACK).hub
    if not Body.objects.filter(key=hub).exists():
        return Compact(None, [])
    kind = WorkingDocument.Kind.COMPACT
    practice = next((p for p in working_body(hub, as_at).practices if p.document.kind == kind), None)
    version = practice.document.version if practice else 1
    newest: dict[str, Signature] = {}
    known = Signature.objects.filter(recorded_at__lt=end_of(as_at), document__body__key=hub)
    for row in known.select_related("document", "body").order_by("pk"):
        newest[row.body.key] = row
    rows = [
        SignerRow(body, signed(body.key, version, _last(newest.get(body.key))), newest.get(body.key))
        for body in signatories(as_at)
    ]
    order = list(STATES)
    return Compact(practice, sorted(rows, key=lambda row: (order.index(row.finding.state), row.body.name)))


def signatories(as_at: date) -> list[Body]:
    """The partners that a compact binds on a day: those the pack wants at the table, and those that name a seat."""
    keys = {member for group in partner_groups(settings.PACK) for member in group.members}
    hub = meeting_rules(settings.PACK).hub
    named = Post.objects.at(as_at).filter(body__key=hub, nominated_by__isnull=False)  # type: ignore[attr-defined]
    keys |= set(named.values_list("nominated_by__key", flat=True))
    return list(Body.objects.at(as_at).filter(key__in=keys))  # type: ignore[attr-defined]


def _last(row: Signature | None) -> tuple[int, date] | None:
    return (row.document.version, row.recorded_at.astimezone(LONDON).date()) if row else None
