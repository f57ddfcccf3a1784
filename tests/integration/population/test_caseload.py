"""The caseload: who may see whom, every look written down, nothing rewritten, and a household's yes before any work."""

import shutil
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from endeavour.core.models import AuditEntry, Body, Role
from endeavour.core.permissions import rules as declared
from endeavour.errors import BadInput, Conflict, Forbidden, NotFound
from endeavour.population import actions
from endeavour.population.models import Case, Consent, Lead, Workstream
from endeavour.population.queries import caseload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cohort")]


@pytest.fixture
def opened(people):
    actions.open_caseload(by=people.secretary)
    return {case.household_id: case.pk for case in Case.objects.all()}


def say_yes(people, number: int) -> Consent:
    return actions.record_consent(
        by=people.practitioner, number=number, state="given", how="phone", on=date(2026, 11, 1)
    )


def plan(people, number: int, **changes) -> Workstream:
    given = {
        "part": "income", "body": people.alliances["thurrock"], "action": "Advice on debts", "success": "Rent paid",
        "starts_on": date(2026, 11, 10), "due_on": date(2026, 12, 10),
    }  # fmt: skip
    return actions.plan_work(by=people.practitioner, number=number, **given | changes)


def test_opening_gives_every_chosen_household_a_case_and_its_alliance(people, opened) -> None:
    assert set(opened) == {11, 12, 13}, "the comparison group is never in the caseload"
    assert {lead.case.household_id: lead.body.key for lead in Lead.objects.select_related("case", "body")} == {
        11: "alliance-thurrock", 12: "alliance-thurrock", 13: "alliance-mid-essex",
    }  # fmt: skip
    assert actions.open_caseload(by=people.secretary) == 0


# Every role beside every deed of the caseload.
MAY = {
    "population.open_caseload": {"secretary"},
    "population.see_caseload": {"practitioner", "secretary"},
    "population.assign_lead": {"secretary"},
    "population.see_household": {"practitioner"},
    "population.record_consent": {"practitioner"},
    "population.plan_work": {"practitioner"},
    "population.see_looks": {"administrator"},
}


def test_the_table_of_permissions_is_whole() -> None:
    ours = {name: {role.value for role in rule.roles} for name, rule in declared().items()}
    assert {name: roles for name, roles in ours.items() if name in MAY} == MAY


@pytest.mark.parametrize("role", list(Role.values))
def test_each_role_reaches_only_its_own_pages(people, opened, client: Client, role: str) -> None:
    client.force_login(getattr(people, role))
    expected = {
        "/caseload": role in {"practitioner", "secretary"},
        f"/caseload/{opened[11]}": role in {"practitioner", "secretary"},
        "/caseload/looks": role == "administrator",
    }
    for path, allowed in expected.items():
        assert client.get(path).status_code == (200 if allowed else 403), (role, path)
    assert (b"Behind with the rent" in client.get(f"/caseload/{opened[11]}").content) == (
        role == "practitioner"
    )


def test_nobody_enters_without_signing_in(client: Client, opened) -> None:
    for path in ("/caseload", f"/caseload/{opened[11]}", "/caseload/looks"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/sign-in" in answer["Location"]


def test_a_practitioner_sees_only_households_of_their_body(people, opened, client: Client) -> None:
    client.force_login(people.practitioner)
    page = client.get("/caseload").content.decode()
    assert f"/caseload/{opened[11]}" in page
    assert f"/caseload/{opened[13]}" not in page
    assert client.get(f"/caseload/{opened[13]}").status_code == 404
    assert AuditEntry.objects.filter(action="population.refused", subject=f"household:{opened[13]}").exists()
    people.practitioner.body = None
    people.practitioner.save()
    assert client.get(f"/caseload/{opened[11]}").status_code == 404


def test_a_neighbourhood_body_sees_its_neighbourhood(people, opened) -> None:
    people.practitioner.body = Body.objects.create(
        key="pcn", name="PCN", legal_form="other", partner_class="primary_care", area_code="U3"
    )
    assert [case.household_id for case in caseload.scope(people.practitioner)] == [13]


def test_a_look_and_its_record_stand_or_fall_together(people, opened, monkeypatch) -> None:
    before = AuditEntry.objects.count()
    actions.look_at_household(by=people.practitioner, number=opened[11])
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.by, entry.subject) == (
        "population.see_household", people.practitioner, f"household:{opened[11]}",
    )  # fmt: skip

    def broken(*_a: object, **_k: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actions.caseload, "write_audit", broken)
    with pytest.raises(RuntimeError):
        actions.look_at_household(by=people.practitioner, number=opened[11])
    with pytest.raises(RuntimeError):
        say_yes(people, opened[11])
    assert Consent.objects.count() == 0
    assert AuditEntry.objects.count() == before + 1


def test_administrators_see_who_looked(people, opened, client: Client) -> None:
    actions.look_at_household(by=people.practitioner, number=opened[11])
    client.force_login(people.administrator)
    page = client.get("/caseload/looks").content.decode()
    assert f"household F5-{opened[11]:05d}" in page
    assert "read why a household was chosen" in page


def test_no_work_without_a_yes_and_none_to_begin_after_a_no(people, opened) -> None:
    number = opened[11]
    with pytest.raises(Conflict, match="has not said yes"):
        plan(people, number)
    say_yes(people, number)
    plan(people, number)
    actions.record_consent(
        by=people.practitioner, number=number, state="withdrawn", how="in_person", on=date(2026, 11, 12)
    )
    with pytest.raises(Conflict, match="has not said yes"):
        actions.move_work(by=people.practitioner, number=number, part="income", to="under_way")
    assert (
        actions.move_work(by=people.practitioner, number=number, part="income", to="stopped").state
        == "stopped"
    )


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"state": "withdrawn"}, Conflict),
        ({"how": "telepathy"}, BadInput),
        ({"on": date(2099, 1, 1)}, BadInput),
    ],
)
def test_an_unlawful_answer_is_refused(people, opened, change, error) -> None:
    given = {"state": "given", "how": "phone", "on": date(2026, 11, 1)} | change
    with pytest.raises(error):
        actions.record_consent(by=people.practitioner, number=opened[11], **given)


@pytest.mark.parametrize(
    "change",
    [{"part": "magic"}, {"due_on": date(2026, 11, 9)}, {"action": " "}, {"success": "x" * 301}],
)
def test_an_unlawful_plan_is_refused(people, opened, change) -> None:
    say_yes(people, opened[11])
    with pytest.raises(BadInput):
        plan(people, opened[11], **change)


def test_undoing_is_one_more_row_and_nothing_is_rewritten(people, opened) -> None:
    number = opened[11]
    by = people.practitioner
    actions.record_consent(by=by, number=number, state="asked", how="letter", on=date(2026, 10, 1))
    say_yes(people, number)
    actions.undo(by=by, number=number, kind="consent", why="The wrong household")
    assert caseload.row_of(caseload.one_case(by, number)).consent.state == "asked"
    assert Consent.objects.count() == 3
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.update(state="declined")
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.all().delete()


def test_undoing_the_first_answer_leaves_none_and_another_may_follow(people, opened) -> None:
    number = opened[11]
    say_yes(people, number)
    actions.undo(by=people.practitioner, number=number, kind="consent", why="Misheard")
    assert caseload.row_of(caseload.one_case(people.practitioner, number)).consent is None
    say_yes(people, number)
    assert caseload.row_of(caseload.one_case(people.practitioner, number)).consent.state == "given"
    with pytest.raises(Conflict, match="nothing to undo"):
        actions.undo(by=people.practitioner, number=number, kind="work", part="health", why="x")


def test_the_database_keeps_one_chain_a_household(people, opened) -> None:
    say_yes(people, opened[11])
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(
            case_id=opened[11],
            state="asked",
            how="phone",
            happened_on=date(2026, 11, 1),
            by=people.practitioner,
        )
    work = plan(people, opened[11])
    for wrong in ({"due_on": date(2020, 1, 1)}, {"state": "lost"}, {"action": ""}):
        fields = {
            f: getattr(work, f)
            for f in ("case", "body", "state", "action", "success", "starts_on", "due_on", "by")
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            Workstream.objects.create(**fields | {"part": "health"} | wrong)


def test_the_secretariat_changes_who_leads(people, opened) -> None:
    other = people.alliances["mid-essex"]
    actions.assign_lead(by=people.secretary, number=opened[11], body=other, why="They moved")
    with pytest.raises(NotFound):
        caseload.one_case(people.practitioner, opened[11])
    with pytest.raises(Conflict):
        actions.assign_lead(by=people.secretary, number=opened[11], body=other, why="Again")
    with pytest.raises(Forbidden):
        actions.assign_lead(by=people.practitioner, number=opened[12], body=other, why="Mine")


def test_a_day_of_work_through_the_pages(people, opened, client: Client) -> None:
    number = opened[11]
    client.force_login(people.practitioner)

    def post(kind: str, **given: str):
        return client.post(f"/caseload/{number}/{kind}", given)

    assert post("consent", state="given", how="phone", on="2026-11-01").status_code == 302
    wrong = post("work", part="income", body="alliance-thurrock", action="Advice", success="Rent paid",
                 starts_on="2026-12-01", due_on="2026-11-01")  # fmt: skip
    assert wrong.status_code == 422
    assert "would end before it starts" in wrong.content.decode()
    assert 'value="Rent paid"' in wrong.content.decode(), "what was typed is kept"
    assert post("work", part="income", body="alliance-thurrock", action="Advice", success="Rent paid",
                starts_on="2026-11-01", due_on="2027-01-01").status_code == 302  # fmt: skip
    assert post("move", part="income", to="under_way").status_code == 302
    page = client.get(f"/caseload/{number}").content.decode()
    assert "Finish: Advice." in page
    assert post("undo", what="work:income", why="Not begun").status_code == 302
    assert "Begin: Advice." in client.get(f"/caseload/{number}").content.decode()
    assert post("nonsense").status_code == 404


def test_a_household_that_left_the_cohort_keeps_its_plan_without_reasons(
    people, opened, cohort, client
) -> None:
    from builders.people import write_cohort

    write_cohort(cohort, release="r2", households=[(12, "thurrock", "U2", "chosen")])
    client.force_login(people.practitioner)
    page = client.get(f"/caseload/{opened[11]}").content.decode()
    assert "No cohort in use holds this household" in page
    assert "Behind with the rent" not in page


def test_where_the_choice_is_gone_every_plan_goes_on_without_its_reasons(
    people, opened, cohort, client
) -> None:
    """Nobody who works with a household is kept from its plan by what somebody else must mend."""
    shutil.rmtree(cohort / "cohort")
    for person in (people.practitioner, people.secretary):
        client.force_login(person)
        page = client.get(f"/caseload/{opened[11]}")
        assert page.status_code == 200
        assert b"Behind with the rent" not in page.content
        listed = client.get("/caseload")
        assert listed.status_code == 200
        assert f'href="/caseload/{opened[11]}"' in listed.content.decode()
        assert "Open the caseload" not in listed.content.decode()
    say_yes(people, opened[11])
    assert plan(people, opened[11]).success == "Rent paid"


@pytest.mark.parametrize("role", ["practitioner", "secretary"])
def test_before_anybody_is_chosen_the_caseload_says_what_to_do(people, cohort, client, role: str) -> None:
    shutil.rmtree(cohort / "cohort")
    client.force_login(getattr(people, role))
    page = client.get("/caseload")
    assert page.status_code == 200
    assert "have not been chosen here. Choose it with: endeavour cohort first-5000" in page.content.decode()


def test_after_linking_only_households_of_the_new_choice_and_those_begun_with_are_worked_on(
    people, opened, cohort
) -> None:
    """The same numbers mean other households once records are linked, so they get cases of their own."""
    from builders.people import write_cohort

    say_yes(people, opened[11])
    write_cohort(cohort, release="r2", numbers="linked:one")
    assert not caseload.is_open()
    assert actions.open_caseload(by=people.secretary) == len(opened)
    assert Case.objects.count() == 2 * len(opened), "nothing is deleted and nothing renumbered"
    rows = caseload.listing(people.secretary).rows
    assert {row.case.lake for row in rows} == {"lake1", "linked:one"}
    assert [row.case.pk for row in rows if row.case.lake == "lake1"] == [opened[11]]


def test_progress_leaves_through_the_gate(people, opened) -> None:
    say_yes(people, opened[11])
    shown = {row["numerator"] for row in caseload.progress()}
    assert shown <= {None, 0}, "one household is too few to show"


@pytest.mark.parametrize("page", ["²", "0", "-1", "9" * 30, "9" * 5000, "٣"])
def test_a_page_that_is_none_is_a_page_of_the_list(people, opened, client: Client, page: str) -> None:
    client.force_login(people.practitioner)
    answer = client.get("/caseload", {"page": page})
    assert answer.status_code == 200
    assert "Household" in answer.content.decode()


def test_the_list_costs_the_same_for_any_number(
    people, opened, client: Client, django_assert_num_queries
) -> None:
    client.force_login(people.practitioner)
    with django_assert_num_queries(18):
        assert client.get("/caseload").status_code == 200


def test_it_says_when_no_cohort_was_chosen(people, var, client: Client) -> None:
    (var / "cohort" / "current").unlink()
    client.force_login(people.secretary)
    page = client.get("/caseload")
    assert page.status_code == 200
    assert "endeavour cohort first-5000" in page.content.decode()
