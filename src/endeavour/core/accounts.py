"""Demonstration sign-ins: one for each role, in demonstration mode only."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from endeavour.core.audit import write_audit
from endeavour.core.models import Area, Body, Person, Role
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
        if role == Role.PARTNER and person.body is None:
            person.body = _a_council()
            person.save(update_fields=["body"])
        if created:
            person.set_password(DEMO_PASSWORD)
            person.save(update_fields=["password"])
            write_audit(by=None, action="person.create_demo", subject=f"person:{role.value}")
        people.append(person)
    return people


def _a_council() -> Body | None:
    """The council the demonstration's partner works for: one with social care; none where no pack was loaded."""
    counties = Area.objects.filter(kind=Area.Kind.UPPER_TIER).values("code")
    councils = Body.objects.filter(partner_class=Body.PartnerClass.LOCAL_AUTHORITY, valid_to=None)
    return councils.filter(legal_form="local_authority", area_code__in=counties).order_by("key").first()


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
