"""Shared words: meanings by date, versions that know when they are stale, plain words, impact by group, measures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from endeavour.core.public import Area, Person
from endeavour.errors import BadInput, Conflict, NotFound
from endeavour.strategy.actions import explain
from endeavour.strategy.impact import assess_impact, assessment
from endeavour.strategy.language import agree_meaning, check_words, glossary, publish_variant, variants_of
from endeavour.strategy.measuring import decide_measure, propose_measure
from endeavour.strategy.models import Explanation, GlossaryTerm
from endeavour.strategy.plans import read_objectives
from endeavour.strategy.queries import challenges, crosswalk, judged_one, measures_of
from endeavour.strategy.readability import read
from endeavour.strategy.resources import balances, record_resource
from endeavour.strategy.theory.loading import review_theory
from endeavour.strategy.theory.reading import current_theory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pack")]


def test_icp_meant_a_place_in_2020_and_the_system_from_2022() -> None:
    def meaning(day: date) -> str:
        return next(t.meaning for t in glossary(at=day) if t.key == "icp")

    assert "one place" in meaning(date(2020, 6, 1))
    assert "whole system" in meaning(date(2023, 1, 1))


def test_a_new_meaning_ends_the_old_one(secretary: Person) -> None:
    agree_meaning(by=secretary, term="Resident", meaning="Anybody here.", valid_from=date(2026, 1, 1))
    assert next(t for t in glossary(at=date(2025, 12, 31)) if t.key == "resident").meaning != "Anybody here."
    assert next(t for t in glossary(at=date(2026, 1, 1)) if t.key == "resident").meaning == "Anybody here."
    with pytest.raises(Conflict):
        agree_meaning(by=secretary, term="Resident", meaning="x", valid_from=date(2025, 1, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        GlossaryTerm.objects.create(key="resident", term="R", meaning="m", valid_from=date(2026, 6, 1))


def test_a_version_goes_stale_when_its_source_changes(secretary: Person) -> None:
    publish_variant(
        by=secretary, entry="statement:W1", kind="easy_read", words="We will ask you.", source="One"
    )
    assert [o.is_stale for o in variants_of("statement:W1", "One")] == [False]
    assert [o.is_stale for o in variants_of("statement:W1", "Two")] == [True]
    with pytest.raises(BadInput, match="needs its language"):
        publish_variant(by=secretary, entry="statement:W1", kind="translation", words="x", source="One")


def test_hard_words_are_named_with_plain_ones() -> None:
    found = check_words("The ICB will leverage commissioning for the XYZ cohort.")
    assert any(w.startswith("'leverage': say 'use'") for w in found.warnings)
    assert any(w.startswith("'ICB' needs its meaning") for w in found.warnings)
    assert any(w.startswith("'XYZ' is not in the glossary") for w in found.warnings)
    assert read("We will ask you. You can say no. We will come.").warnings == ()


def test_readability_follows_the_published_formulas() -> None:
    easy, hard = (
        read("We sat. It ran. He hid."),
        read("Organisational transformation necessitates interdisciplinary collaboration."),
    )
    assert easy.flesch_kincaid == pytest.approx(0.39 * 2 + 11.8 * 1 - 15.59, abs=0.06)
    assert easy.smog == pytest.approx(3.1291, abs=0.06)
    assert hard.reading_age is not None
    assert hard.reading_age > 20
    assert read("").flesch_kincaid is None


def test_a_worse_effect_needs_its_mitigation_and_silence_is_shown(secretary: Person, decision: str) -> None:
    name = f"decision:{decision}"
    assert assessment(name).words == "No impact assessment was made."
    with pytest.raises(BadInput, match="what will be done"):
        assess_impact(by=secretary, about=name, group="Carers", effect="worse", words="Less respite.")
    assess_impact(
        by=secretary, about=name, group="Carers", effect="worse", words="Less.", mitigation="A fund."
    )
    found = assessment(name, ["carers", "Veterans"])
    assert (found.not_assessed, found.unmonitored) == (("Veterans",), ("Carers",))
    with pytest.raises(BadInput, match="names no decision"):
        assess_impact(by=secretary, about="W1", group="Carers", effect="same", words="x")
    with pytest.raises(NotFound, match="no decision '2026-12-03-icp-5'"):
        assess_impact(
            by=secretary, about="decision:2026-12-03-icp-5", group="Carers", effect="same", words="x"
        )
    assert assessment("decision:2026-12-03-icp-5").lines == ()


def test_a_measure_draws_its_path_and_ends_no_measure_yet(
    secretary: Person, person: Callable[[str], Person]
) -> None:
    facts = {
        "ref": "W22",
        "measure_key": "prevention-share",
        "title": "Share spent on prevention",
        "unit": "%",
    }
    with pytest.raises(BadInput, match="each need their day"):
        propose_measure(by=secretary, polarity="higher", baseline=4.0, **facts)
    propose_measure(
        by=secretary, polarity="higher", baseline=4.0, baseline_on=date(2026, 4, 1), target=8.0,
        target_on=date(2030, 4, 1), **facts,
    )  # fmt: skip
    [found] = measures_of("W22")
    assert [point["value"] for point in found.trajectory] == [4.0, 4.9993, 6.0014, 7.0007, 8.0]
    assert judged_one("W22").judgement.has("no_measure")
    decide_measure(by=person("analyst"), ref="W22", measure_key="prevention-share", agree=True)
    assert not judged_one("W22").judgement.has("no_measure")


def test_reasons_are_kept_in_order_and_never_rewritten(secretary: Person) -> None:
    explain(by=secretary, ref="W1", why="First.")
    explain(by=secretary, ref="W1", why="Second.")
    assert list(Explanation.objects.order_by("id").values_list("why", flat=True)) == ["First.", "Second."]
    with pytest.raises(DatabaseError), transaction.atomic():
        Explanation.objects.update(why="Nothing happened.")


def test_one_challenge_is_unanswered_and_2020_is_carried_on() -> None:
    assert [said.ref for said, answers in challenges() if not answers] == ["C9"]
    assert [said.ref for said, heirs in crosswalk() if not heirs] == ["P9"]


def test_theory_is_unreviewed_until_somebody_independent_says_so(person: Callable[[str], Person]) -> None:
    theory = current_theory(at=date(2026, 11, 22))
    assert theory is not None
    assert not list(theory.reviews.all())
    review_theory(
        by=person("analyst"), version=1, reviewer="A. Reader", organisation="A university", words="Too hopeful.",
        signs_off=False, reviewed_on=date(2026, 11, 1),
    )  # fmt: skip
    found = current_theory(at=date(2026, 11, 22))
    assert found is not None
    assert [r.signs_off for r in found.reviews.all()] == [False]


def test_objectives_come_from_a_csv_and_a_wrong_row_names_its_line(tmp_path: Path) -> None:
    good = tmp_path / "plan.csv"
    good.write_text("ref,text\n1,Plant trees\n2,Mend roads\n", encoding="utf-8")
    assert read_objectives(good) == {"1": "Plant trees", "2": "Mend roads"}
    for content, message in (
        ("ref,text\n1,A b\n1,C d\n", "line 3, column ref: 1 stands twice"),
        ("a,b\n1,2\n", "first line"),
    ):
        good.write_text(content, encoding="utf-8")
        with pytest.raises(BadInput, match=message):
            read_objectives(good)


def test_a_gap_is_counted_and_an_unknown_need_is_not_nought(secretary: Person) -> None:
    facts = {"by": secretary, "ref": "W26", "kind": "time"}
    record_resource(stage="pledged", amount=Decimal(10), body="a-council", **facts)
    [balance] = balances(["W26"], at=date(2026, 11, 22))["W26"]
    assert (balance.required, balance.gap) == (None, None)
    record_resource(stage="required", amount=Decimal(40), **facts)
    record_resource(stage="given", amount=Decimal(4), body="a-council", **facts)
    [balance] = balances(["W26"], at=date(2026, 11, 22))["W26"]
    assert (balance.required, balance.pledged, balance.given, balance.gap) == (40, 10, 4, 30)
    assert balances(["W26"], at=date(2026, 11, 21)) == {}
    with pytest.raises(BadInput, match="which body"):
        record_resource(stage="given", amount=Decimal(4), **facts)
    with pytest.raises(BadInput, match="is not an amount"):
        record_resource(stage="required", amount=Decimal("NaN"), **facts)


def test_what_is_known_comes_first_and_the_rest_is_said_once(client: Client, secretary: Person) -> None:
    untold = client.get("/resources").content.decode()
    assert 'id="known"' not in untold
    assert untold.count("nothing has been pledged or given") == 1
    record_resource(
        by=secretary, ref="W26", kind="money", stage="pledged", amount=Decimal(1200), body="a-council"
    )
    page = client.get("/resources").content.decode()
    known, unknown = page.split('id="unknown"')
    assert 'id="W26"' in known.split('id="known"')[1]
    assert "nobody has said how much is needed, 1,200 pledged, 0 given" in known
    assert "For 25 other promises" in unknown
    assert unknown.count('<li id="W') == 25
    before = client.get("/resources?as_at=2017-06-01").content.decode()
    assert "No promise had been made by 1 June 2017" in before
    assert 'id="unknown"' not in before


def test_a_measure_of_one_district_says_so_on_the_promise(client: Client) -> None:
    Area.objects.create(code="E06000034", name="Thurrock", kind="district")
    page = client.get("/promise/W10").content.decode()
    assert page.count("Thurrock. ") + page.count("Thurrock, 20") == 3
