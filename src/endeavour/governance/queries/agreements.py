"""The register of agreements to share data on a day: what the pack names, and every version agreed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from endeavour.core.public import Body, end_of
from endeavour.errors import NotFound
from endeavour.governance.agreements import STATES, Terms, in_force, standing
from endeavour.governance.definitions_agreements import named_agreements
from endeavour.governance.findings import Finding
from endeavour.governance.models import DataAgreement

FAULTS = frozenset({"expired", "party_ended", "review_missed"})


@dataclass(frozen=True)
class AgreementRow:
    """One agreement on a day: its version in force, the bodies it binds, what is true of it, and how many versions."""

    terms: Terms
    controller: str
    parties: list[tuple[str, str]]
    findings: list[Finding]
    versions: list[Terms]

    @property
    def state(self) -> str:
        """The gravest thing true of it, in words."""
        return STATES[self.findings[0].state]

    @property
    def mode_words(self) -> str:
        """In what form people appear in the data."""
        return str(DataAgreement.Mode(self.terms.mode).label)

    @property
    def is_open(self) -> bool:
        """Whether it still binds: it has started and has not ended."""
        return self.findings[0].state not in {"expired", "not_started"}

    @property
    def is_faulty(self) -> bool:
        """Whether somebody must do something: it ended, a party closed, or nobody looked at it again."""
        return any(found.state in FAULTS for found in self.findings)


def agreements(as_at: date) -> list[AgreementRow]:
    """Every agreement known by a day, those with the gravest faults first, then by title."""
    versions = {terms.key: [terms] for terms in named_agreements(settings.PACK)}
    known = DataAgreement.objects.filter(recorded_at__lt=end_of(as_at)).order_by("version")
    for row in known.select_related("controller").prefetch_related("parties"):
        versions.setdefault(row.key, []).append(_terms(row))
    stand = {key: in_force(kept, as_at) for key, kept in versions.items()}
    keys = {key for terms in stand.values() for key in terms.everybody}
    bodies = {b.key: b for b in Body.objects.filter(key__in=keys)}
    last_days = {key: b.valid_to - timedelta(days=1) for key, b in bodies.items() if b.valid_to}
    names = {key: b.name for key, b in bodies.items()}
    rows = [
        AgreementRow(
            terms,
            names.get(terms.controller, terms.controller),
            [(party, names.get(party, party)) for party in terms.everybody if party != terms.controller],
            standing(terms, last_days, as_at),
            versions[key],
        )
        for key, terms in stand.items()
    ]
    order = list(STATES)
    return sorted(rows, key=lambda row: (order.index(row.findings[0].state), row.terms.title))


def agreement(key: str, as_at: date) -> AgreementRow:
    """One agreement on a day."""
    found = next((row for row in agreements(as_at) if row.terms.key == key), None)
    if found is None:
        raise NotFound(f"There is no agreement '{key[:60]}'.", hint="See /data-agreements.")
    return found


def faulty_agreements(as_at: date) -> list[AgreementRow]:
    """Agreements that somebody must do something about and that still bind."""
    return [row for row in agreements(as_at) if row.is_faulty and row.is_open]


def _terms(row: DataAgreement) -> Terms:
    return Terms(
        key=row.key,
        title=row.title,
        controller=row.controller.key,
        parties=tuple(sorted(party.key for party in row.parties.all())),
        purpose=row.purpose,
        lawful_basis=row.lawful_basis,
        data=row.data,
        mode=row.mode,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        review_on=row.review_on,
        source=row.source,
        is_illustrative=False,
        version=row.version,
    )
