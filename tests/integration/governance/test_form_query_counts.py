"""Every form of the desk states its cost in queries, however much there is; no address of governance is left out."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from endeavour.core.models import Body, Person, Role
from endeavour.governance import urls
from integration.governance.test_query_counts import MOST, furnish

pytestmark = pytest.mark.django_db
FORMS = {
    "/meetings/new": 2, "/meeting/{m}/cancel": 10, "/meeting/{m}/items/new": 10,
    "/meeting/{m}/item/1/arrange": 11, "/meeting/{m}/attendance": 11, "/meeting/{m}/interests/new": 11,
    "/meeting/{m}/minutes": 10, "/meeting/{m}/item/1/decision": 11, "/meeting/{m}/item/1/paper": 13,
    "/paper/{s}/consulted": 4, "/paper/{s}/carry": 5, "/meeting/{m}/item/{n}/paper/{s}/outcome": 3,
    "/decision/{d}/actions/new": 6, "/decision/{d}/action/1/report": 4, "/register/equality-duty/evidence": 5,
    "/bodies/message": 3, "/body/icp/membership/new": 2, "/body/icp/ways/new": 5, "/body/icp/seat/seat-0": 2,
    "/body/icp/handover/heir?subject=post:seat-0": 44, "/partner/schools/approach": 6,
    "/data-agreements/new": 3, "/compact/sign": 10, "/escalations/new": 5, "/registers/risks/new": 3,
    "/question/{q}/reply": 3, "/desk/bring-in/meetings": 0,
}  # fmt: skip
# They take what is sent and answer with another address, or hand out a page's own table as a file.
NO_PAGES = {
    "give_notice", "draft_agenda", "publish_agenda", "set_up", "follow", "keep_draft", "news_of", "answer_escalation",
    "paper", "actions_csv", "aims_csv", "principles_csv", "attendance_csv", "handover_csv", "partners_csv", "agreements_csv", "compact_csv", "register_csv",
    "influence_csv", "thread_csv", "import_template",
}  # fmt: skip


def test_every_address_states_its_cost() -> None:
    named = {"m": "m", "d": "d", "q": "ABCD-3467", "s": "a", "n": 1}
    priced = {resolve(page.format(**named).partition("?")[0]).url_name for page in (*MOST, *FORMS)}
    assert {pattern.name for pattern in urls.urlpatterns} == priced | NO_PAGES


@pytest.mark.slow
def test_no_form_asks_more_when_there_is_more(client: Client, secretary: Person, icp: Body) -> None:
    keys = furnish(secretary, icp, range(1))
    few = _counted(client, secretary, keys)
    furnish(secretary, icp, range(1, 4))
    many = _counted(client, secretary, keys)
    assert {form: (few[form], many[form]) for form in FORMS if many[form] > few[form]} == {}
    assert {form: many[form] for form in FORMS if many[form] > FORMS[form]} == {}


def _counted(client: Client, secretary: Person, keys: tuple[str, str, str]) -> dict[str, int]:
    """How often each form asks, without the two questions of who is signed in."""
    from endeavour.governance.models import Paper

    on = Paper.objects.get(item__meeting__key=keys[0])
    partner = Person.objects.get(role=Role.PARTNER)
    partner.body = on.item.meeting.body
    partner.save(update_fields=["body"])
    found = {}
    for form in FORMS:
        client.force_login(partner if form == "/compact/sign" else secretary)
        cache.clear()
        address = form.format(m=keys[0], d=keys[1], q=keys[2], s="a", n=on.item.number)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.content.decode()[-600:])
        found[form] = len(asked) - 2
    return found
