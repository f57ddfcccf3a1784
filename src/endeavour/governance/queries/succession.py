"""What a body that ends still owes, and who takes it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from endeavour.core.public import Body, Succession, end_of
from endeavour.governance.models import Heir
from endeavour.governance.queries.belongings import belongings
from endeavour.governance.queries.boards import body as body_of


@dataclass(frozen=True)
class Handed:
    """One open thing of an ending body and who takes it over; no heir is an empty string.

    `settled` says how that is known: 'named' by a person, 'nobody' by a person, 'proposed' from the one succession
    recorded, 'open' while it waits for a person.
    """

    kind: str
    subject: str
    words: str
    heir: str
    settled: str = "open"
    why: str = ""


@dataclass(frozen=True)
class Handover:
    """What a body that ends still owes on a day, and who could take it over."""

    body: Body
    as_at: date
    heirs: list[Body]
    successions: list[Succession]
    rows: list[Handed]

    @property
    def last_day(self) -> date | None:
        """The last day of the body; its dates are half-open."""
        return self.body.valid_to - timedelta(days=1) if self.body.valid_to else None

    @property
    def without_heir(self) -> list[Handed]:
        """What nobody takes over as things stand."""
        return [row for row in self.rows if not row.heir]


def handover(key: str, as_at: date) -> Handover:
    """Everything open that belongs to a body on a day (see `belongings`), each with its heir.

    One successor is proposed for everything; with several, or none, each line waits for a person to name its heir.
    """
    body = body_of(key)
    successions = list(
        Succession.objects.filter(predecessor=body).select_related("successor").order_by("on", "pk")
    )
    heirs = [step.successor for step in successions]
    proposed = heirs[0].key if len(heirs) == 1 else ""
    named = {
        row.subject: row
        for row in Heir.objects.filter(body=body, recorded_at__lt=end_of(as_at))
        .select_related("heir")
        .order_by("pk")
    }
    rows = [
        _handed(kind, subject, words, named.get(subject), proposed)
        for kind, subject, words in belongings(body, as_at)
    ]
    return Handover(body, as_at, heirs, successions, rows)


def _handed(kind: str, subject: str, words: str, named: Heir | None, proposed: str) -> Handed:
    if named is None:
        return Handed(kind, subject, words, proposed, "proposed" if proposed else "open")
    if named.heir is None:
        return Handed(kind, subject, words, "", "nobody", named.words)
    return Handed(kind, subject, words, named.heir.key, "named", named.words)
