"""Referring somebody: a request like any other, with what the referrer tells beside it."""

from __future__ import annotations

from django.db import transaction

from endeavour.core.public import Person, require, today, write_audit
from endeavour.frontdoor import rules
from endeavour.frontdoor.actions import ask_to_be_contacted
from endeavour.frontdoor.models import Referral, Service
from endeavour.frontdoor.referral.fields import kept


@transaction.atomic
def refer(
    *, service: Service, name: str, contact_by: str, contact_value: str, good_time: str, language: str, district: str,
    consented: bool, told: dict[str, str], by: Person,
) -> Referral:  # fmt: skip
    """Refer somebody who agreed to it. It goes the same way as what they could have asked themselves, receipt and all."""
    require(by, rules.REFER)
    words = kept(told, today())
    request = ask_to_be_contacted(
        service=service, name=name, contact_by=contact_by, contact_value=contact_value, good_time=good_time,
        need=words["reason"], language=language, district=district, consented=consented, by=by,
    )  # fmt: skip
    referral = Referral.objects.create(request=request, referrer=by, told=words)
    write_audit(by=by, action="frontdoor.refer", subject=f"request:{request.receipt}", fields=sorted(words))
    return referral
