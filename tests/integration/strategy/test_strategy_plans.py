"""Partners' plans: listed from what documents say, written by their owners alone, tied by a person's decision."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from endeavour.core.public import Body, Person, Role
from endeavour.errors import BadInput, Conflict, Forbidden, NotFound
from endeavour.strategy.models import Objective, Plan
from endeavour.strategy.plans import add_objectives, add_plan, parse_objectives

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("pack"),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
KEY = "needs-assessment-thurrock"


@pytest.fixture
def owner(person: Callable[[str], Person]) -> Person:
    who = person(Role.PARTNER)
    who.body = Body.objects.create(
        key="thurrock-council",
        name="Thurrock Council",
        legal_form="local_authority",
        partner_class="local_authority",
    )
    who.save()
    return who


def test_the_library_holds_what_documents_name_and_says_what_is_not_known(client: Client) -> None:
    assert Plan.objects.count() == 11
    assert not Objective.objects.exists()
    page = client.get("/partner-plans").content.decode()
    assert "gives no list of them" in page
    assert page.count("Period: not known") == 11
    assert "No shared promise is yet served" in page


@pytest.mark.parametrize("role", list(Role))
def test_nobody_but_the_owner_writes_objectives(person: Callable[[str], Person], role: str) -> None:
    with pytest.raises(Forbidden):
        add_objectives(by=person(role), plan=KEY, objectives={"1": "Be good"})
    with pytest.raises(Forbidden):
        add_objectives(by=None, plan=KEY, objectives={"1": "Be good"})
    assert not Objective.objects.exists()


def test_the_owner_sends_a_csv_and_the_words_stay(client: Client, owner: Person) -> None:
    client.force_login(owner)
    text = "ref,text\n1,Recruit and keep more care staff\n2,Mend the potholes\n"
    sent = {"file": SimpleUploadedFile("plan.csv", text.encode()), "objectives": ""}
    check = client.post(f"/partner-plan/{KEY}/objectives", sent)
    assert "Mend the potholes" in check.content.decode()
    assert not Objective.objects.exists()
    done = client.post(f"/partner-plan/{KEY}/objectives", {"objectives": text, "step": "publish"})
    assert done.status_code == 302
    page = client.get(done["Location"]).content.decode()
    assert "Might serve" in page
    assert "no home among the shared promises" in page
    with pytest.raises(Conflict, match="other words"):
        add_objectives(by=owner, plan=KEY, objectives={"2": "Fill the potholes"})
    assert add_objectives(by=owner, plan=KEY, objectives={"2": "Mend the potholes"}) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "needs a first line"),
        ("a,b\n1,2", "needs a first line"),
        ("ref,text\n1,", "line 2"),
        ("ref,text\n1,Go\n1,Stay", "stands twice"),
        ('ref,text\n1,"Go\nhome"\n\n2,', "line 5"),
        ("ref,text\n" + "1" * 41 + ",Go", "at most 40"),
    ],
)
def test_a_wrong_csv_is_named_by_line_and_stores_nothing(
    client: Client, owner: Person, text: str, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        parse_objectives(text)
    client.force_login(owner)
    assert (
        client.post(f"/partner-plan/{KEY}/objectives", {"objectives": text, "step": "publish"}).status_code
        == 422
    )
    assert not Objective.objects.exists()


def test_a_secretary_lists_a_plan_but_not_what_it_sets_out_to_do(
    client: Client, secretary: Person, owner: Person
) -> None:
    client.force_login(secretary)
    typed = {"title": "Council plan", "owner": "thurrock-council", "source": "Its website", "step": "publish"}
    done = client.post("/partner-plans/new", typed)
    assert done["Location"] == "/partner-plan/thurrock-council-council-plan"
    assert client.get(f"{done['Location']}/objectives").status_code == 403
    with pytest.raises(Forbidden):
        add_plan(by=secretary, key="x", title="X", owner="thurrock-council", objectives={"1": "Be good"})
    with pytest.raises(NotFound, match="no body"):
        add_plan(by=secretary, key="x", title="X", owner="nobody-at-all")
    with pytest.raises(Forbidden):
        add_plan(by=owner, key="y", title="Y", owner="essex-cc")
