"""Writing down who did what, inside the transaction that does it."""

from __future__ import annotations

from django.db import connection

from endeavour.core.models import AuditEntry, Person


def write_audit(*, by: Person | None, action: str, subject: str, **detail: object) -> AuditEntry:
    """Write one audit entry; `by` is None only for the system's own work (a load, a migration).

    It must run inside a transaction, so that the deed and its record stand or fall together.
    """
    assert connection.in_atomic_block, f"{action} is audited outside a transaction"
    return AuditEntry.objects.create(by=by, action=action, subject=subject[:100], detail=detail)
