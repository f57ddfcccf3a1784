"""Every address of the strategy states its cost in queries, however much is stored; none is left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import resolve
from tests.integration.strategy.test_strategy_pages import PAGES

from endeavour.core.public import Body, Person, Role
from endeavour.strategy import urls
from endeavour.strategy.campaigns import pledge
from endeavour.strategy.models import Release
from endeavour.strategy.public import freeze_report, record_evidence

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("pack", "decision"),
    pytest.mark.filterwarnings("ignore:No directory at"),
]

# Forms and pages of somebody signed in, with the role that opens them; {release} and {evidence} are made for the test.
SIGNED_IN = {
    "/promise/W2/evidence": (Role.SECRETARY, 6),
    "/promise/W2/evidence/{evidence}/withdraw": (Role.SECRETARY, 6),
    "/promise/W2/reason": (Role.SECRETARY, 14),
    "/promise/C9/answer": (Role.SECRETARY, 7),
    "/promise/W2/resource": (Role.SECRETARY, 7),
    "/promise/W2/version": (Role.SECRETARY, 6),
    "/promise/W2/measure": (Role.ANALYST, 6),
    "/promise/W2/measure/smoking/set": (Role.ANALYST, 8),
    "/impact/2026-12-03-icp-4/add": (Role.ANALYST, 7),
    "/theory-of-change/review": (Role.ANALYST, 7),
    "/theory-of-change/new": (Role.SECRETARY, 6),
    "/partner-plans/new": (Role.SECRETARY, 6),
    "/partner-plan/needs-assessment-thurrock/objectives": (Role.PARTNER, 7),
    "/glossary/meanings/new": (Role.SECRETARY, 6),
    "/campaigns/new": (Role.SECRETARY, 7),
    "/campaign/common-endeavour/change": (Role.SECRETARY, 8),
    "/campaign/common-endeavour/join": (Role.PARTNER, 7),
    "/campaign/common-endeavour/promises": (Role.SECRETARY, 6),
    "/campaign/common-endeavour/hand-out": (Role.SECRETARY, 6),
    "/campaign/common-endeavour/hand-out/poster": (Role.SECRETARY, 7),
    "/campaign/common-endeavour/hand-out/poster/version": (Role.SECRETARY, 6),
    "/promised/{receipt}": (Role.PARTNER, 8),
    "/promised/{receipt}/how": (Role.PARTNER, 6),
    "/proposals/new": (Role.PARTNER, 6),
    "/proposal/homes-near-the-town-centre/change": (Role.SECRETARY, 7),
    "/proposal/homes-near-the-town-centre/effect": (Role.ANALYST, 6),
    "/report/words": (Role.SECRETARY, 6),
    "/report/{release}": (Role.SECRETARY, 7),
    "/report/{release}.txt": (Role.SECRETARY, 4),
    "/report/{release}/version": (Role.SECRETARY, 6),
}
# They take what is sent, and answer with another address.
TURNED_AWAY = {"decide-measure", "decide-alignment", "report-freeze", "find-pledge"}


def test_every_address_has_its_cost() -> None:
    asked = [*PAGES, *(a.format(evidence=1, release="0123456789ab", receipt="ABCD-2346") for a in SIGNED_IN)]
    priced = {resolve(address.partition("?")[0]).url_name for address in asked}
    assert {pattern.name for pattern in urls.urlpatterns} == priced | TURNED_AWAY


@pytest.mark.parametrize("address", SIGNED_IN)
def test_a_form_answers_within_its_queries(
    client: Client, person: Callable[[str], Person], address: str, django_assert_max_num_queries: Callable
) -> None:
    role, most = SIGNED_IN[address]
    who = person(role)
    who.body = Body.objects.create(
        key="thurrock-council",
        name="Thurrock Council",
        legal_form="local_authority",
        partner_class="local_authority",
    )
    who.save()
    client.force_login(who)
    if "{evidence}" in address:
        from endeavour.core.public import today

        by = who
        made = record_evidence(by=by, ref="W2", title="Seen", happened_on=today(), source="Minutes")
        address = address.format(evidence=made.pk)
    if "{release}" in address:
        release: Release = freeze_report(by=None)
        address = address.format(release=release.sha256[:12])
    if "{receipt}" in address:
        taken = pledge(by=None, key="common-endeavour", way="walk-more")
        address = address.format(receipt=taken.receipt)
    with django_assert_max_num_queries(most):
        answer = client.get(address)
    assert answer.status_code == 200, address
