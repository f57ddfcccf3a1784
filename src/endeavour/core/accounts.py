"""Demonstration sign-ins: one for each role, in demonstration mode only."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from endeavour.core.audit import write_audit
from endeavour.core.models import Person, Role
from endeavour.errors import Conflict

DEMO_PASSWORD = "common-endeavour"  # noqa: S105 - printed at start-up; refused in production


@transaction.atomic
def ensure_demo_people() -> list[Person]:
    """Make the demo people that are missing; refuses outside demonstration mode."""
    if not settings.DEMO:
        raise Conflict("Demo sign-ins are only for a demonstration.", hint="Unset ENDEAVOUR_MODE=production.")
    people = []
    for role in Role:
        person, created = Person.objects.get_or_create(
            username=role.value,
            defaults={"role": role, "is_demo": True, "first_name": "Demo", "last_name": role.label},
        )
        if created:
            person.set_password(DEMO_PASSWORD)
            person.save(update_fields=["password"])
            write_audit(by=None, action="person.create_demo", subject=f"person:{role.value}")
        people.append(person)
    return people


def refuse_demo_people_in_production() -> None:
    """Called when the server starts: a production system never opens its doors to a printed password."""
    if settings.PRODUCTION and Person.objects.filter(is_demo=True, is_active=True).exists():
        raise Conflict(
            "This database holds demonstration sign-ins, whose password is public.",
            hint="Start production from an empty database, or run: endeavour doctor --remove-demo-people",
        )


@transaction.atomic
def deactivate_demo_people(*, by: Person | None) -> int:
    """Close every demo sign-in; returns how many were open. History keeps their names."""
    closed = Person.objects.filter(is_demo=True, is_active=True).update(is_active=False)
    write_audit(by=by, action="person.deactivate_demo", subject="person:demo", closed=closed)
    return closed
