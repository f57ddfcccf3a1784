"""Importing and loading: all or nothing, twice changes nothing, and words never change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from endeavour.core.public import AuditEntry, Link, Person
from endeavour.errors import BadInput, Conflict, Forbidden, NotFound
from endeavour.paths import pack_dir
from endeavour.strategy.importer import StrategyRead, read_strategy
from endeavour.strategy.models import Document, Evidence, GlossaryTerm, PromiseMeasure, Statement
from endeavour.strategy.public import (
    agree_meaning,
    decide_measure,
    gaps,
    glossary,
    import_document,
    judged,
    load_statements,
    record_evidence,
    statement,
)
from endeavour.strategy.queries import measure_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(db: None) -> dict[str, int]:
    """The pack's statements, loaded anew for each test: how they are loaded is what these tests are about."""
    return load_statements("mse", None)


def test_importing_twice_changes_nothing(small: StrategyRead) -> None:
    before = list(Statement.objects.order_by("id").values())
    audits = AuditEntry.objects.count()
    again = import_document(small, by=None)
    assert (again["added"], again["unchanged"]) == (0, 4)
    assert list(Statement.objects.order_by("id").values()) == before
    assert AuditEntry.objects.count() == audits


def test_import_is_audited(small: StrategyRead) -> None:
    assert AuditEntry.objects.get(action="strategy.import").detail["added"] == 4


def test_the_words_of_a_statement_never_change(small: StrategyRead) -> None:
    row = Statement.objects.get(ref="W1")
    for change in (
        {"text": "We will not."},
        {"text": None},
        {"due_on": date(2030, 1, 1)},
        {"due_on": None},
        {"ref": "W9"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Statement.objects.filter(pk=row.pk).update(**change)
    assert Statement.objects.get(ref="W1").text == "We will plant ten trees."


def test_newer_strategy_needs_a_word_and_keeps_the_older(small: StrategyRead) -> None:
    from tests.integration.strategy.conftest import SMALL, read_small

    newer = read_small(SMALL.replace("ten trees", "twenty trees").replace("June 2024", "June 2025"))
    with pytest.raises(Conflict, match="imported already"):
        import_document(newer, by=None)
    result = import_document(newer, by=None, supersede=True)
    assert (result["superseded"], result["unchanged"]) == (1, 3)
    assert statement("W1", at=date(2025, 1, 1)).text == "We will plant ten trees."
    assert statement("W1", at=date(2025, 7, 1)).text == "We will plant twenty trees."


def test_pack_loads_once_with_its_links(pack: dict[str, int]) -> None:
    assert Statement.objects.filter(kind="we").count() == 26
    assert Statement.objects.filter(kind="i").count() == 16
    assert [gap["id"] for gap in gaps()] == ["I15"]
    assert Link.objects.filter(kind="depends_on", source="statement:W17", target="statement:W23").exists()
    links, audits = Link.objects.count(), AuditEntry.objects.count()
    again = load_statements("mse", None)
    assert (again["changed"], again["links"], again["evidence"], again["terms"], again["theory"]) == (
        0,
        0,
        0,
        0,
        0,
    )
    assert (Link.objects.count(), AuditEntry.objects.count()) == (links, audits)


def test_missing_i15_is_told_and_not_invented(pack: dict[str, int]) -> None:
    with pytest.raises(NotFound, match=r"There is no I15\. The numbering goes from I14"):
        statement("I15")


def test_real_document_fills_the_packs_paraphrases(pack: dict[str, int], shared: Path) -> None:
    assert statement("W16").is_verbatim is False
    result = import_document(read_strategy(shared / "mission/integrated-care-strategy-2022.txt"), by=None)
    assert result == {"document": "strategy-2022", "added": 42, "unchanged": 0, "superseded": 0}
    assert statement("W16").is_verbatim
    assert statement("W16").paraphrase
    assert Document.objects.get(key="strategy-2022").truncated == ["W22"]
    assert [gap["id"] for gap in gaps()] == ["I15"]
    assert load_statements("mse", None)["changed"] == 0


def test_a_document_that_is_not_the_packs_is_refused_whole(pack: dict[str, int]) -> None:
    from tests.integration.strategy.conftest import SMALL, read_small

    with pytest.raises(Conflict):
        import_document(read_small(SMALL.replace("2024-2030", "2022-2033")), by=None)
    assert not Statement.objects.exclude(text=None).exists()
    assert not Document.objects.exclude(sha256="").exists()


def test_wrong_pack_names_file_line_and_column(tmp_path: Path) -> None:
    source = Path(__file__).parents[3] / "packs/mse"
    for name in ("statements.yaml", "theory-of-change.yaml", "glossary.yaml"):
        (tmp_path / name).write_text((source / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pack.yaml").write_text("name: test\n", encoding="utf-8")
    wrong = (
        (tmp_path / "statements.yaml")
        .read_text(encoding="utf-8")
        .replace("depends_on: [W23]", "depends_on: [W99]")
    )
    (tmp_path / "statements.yaml").write_text(wrong, encoding="utf-8")
    line = next(n for n, text in enumerate(wrong.splitlines(), 1) if "W99" in text)
    with pytest.raises(
        BadInput, match=rf"statements.yaml, line {line}, column depends_on: there is no statement W99"
    ):
        load_statements(tmp_path, None)
    assert not Statement.objects.exists()


def test_evidence_that_asserts_itself_is_refused(pack: dict[str, int], secretary: Person) -> None:
    with pytest.raises(BadInput, match="cannot prove what it says of itself"):
        record_evidence(
            by=secretary,
            ref="W8",
            title="It says so",
            happened_on=date(2023, 1, 1),
            source_document="strategy-2022",
        )
    with pytest.raises(BadInput, match="first said"):
        record_evidence(
            by=secretary, ref="W8", title="Earlier", happened_on=date(2021, 1, 1), source="minutes"
        )
    with pytest.raises(BadInput, match="in the future"):
        record_evidence(by=secretary, ref="W8", title="Later", happened_on=date(2099, 1, 1), source="minutes")
    with pytest.raises(BadInput, match="where this can be checked"):
        record_evidence(by=secretary, ref="W8", title="Trust me", happened_on=date(2023, 5, 1))
    assert not Evidence.objects.filter(ref="W8").exists()


def test_evidence_is_append_only(pack: dict[str, int], secretary: Person) -> None:
    made = record_evidence(
        by=secretary,
        ref="W9",
        title="Report",
        happened_on=date(2024, 6, 1),
        source="the board's papers",
        settles=True,
    )
    assert judged(refs=["W9"])[0].judgement.standing.words.startswith("kept in June 2024, 3 months late")
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.filter(pk=made.pk).update(title="Better report")
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.filter(pk=made.pk).delete()


def test_resident_may_not_record_evidence(pack: dict[str, int], person: Callable[[str], Person]) -> None:
    with pytest.raises(Forbidden):
        record_evidence(by=person("resident"), ref="W9", title="x", happened_on=date(2024, 6, 1), source="y")
    with pytest.raises(Forbidden):
        record_evidence(by=None, ref="W9", title="x", happened_on=date(2024, 6, 1), source="y")


def test_the_honest_state_of_all_26_and_16(pack: dict[str, int]) -> None:
    rows = judged("we", "i", at=date(2026, 11, 22))
    words = {row.statement.ref: row.judgement.standing.words for row in rows}
    assert len(words) == 42
    assert (words["W17"], words["W1"], words["W2"], words["W9"]) == (
        "late by 43 months", "late by 38 months", "late by 37 months", "late by 32 months",
    )  # fmt: skip
    assert all(row.judgement.has("no_measure") and row.judgement.has("no_evidence") for row in rows)
    inverted = [row.statement.ref for row in rows if row.judgement.has("dependency_inverted")]
    assert inverted == ["W17"]


def test_the_strategy_cannot_prove_its_own_publication(pack: dict[str, int]) -> None:
    by_ref = {row.statement.ref: row.judgement for row in judged("duty")}
    assert by_ref["A2.6"].has("evidence_asserts_itself")
    assert by_ref["A2.5"].standing.state == "done"


def _pack_that_says(tmp_path: Path, was: str, becomes: str) -> Path:
    """A copy of the pack's folder in which one file of measures says something else."""
    import shutil

    folder = tmp_path / "mse"
    shutil.copytree(pack_dir("mse"), folder, ignore=shutil.ignore_patterns("tables", "frontdoor"))
    path = folder / "promise-measures.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(was) == 1
    path.write_text(text.replace(was, becomes), encoding="utf-8")
    return folder


def test_a_proposal_that_the_pack_changed_is_proposed_again_on_an_installation_that_has_it(
    pack: dict[str, int], tmp_path: Path
) -> None:
    folder = _pack_that_says(tmp_path, "ae_within_4_hours, target: 95", "ae_within_4_hours, target: 78")
    assert load_statements(folder, None)["measures"] == 1
    assert measure_of("W20", "ae_within_4_hours").target == 78
    assert load_statements(folder, None)["measures"] == 0
    assert PromiseMeasure.objects.filter(ref="W20", measure_key="ae_within_4_hours").count() == 2


@pytest.mark.parametrize("agree", [True, False])
def test_what_a_person_decided_is_left_when_the_pack_changes(
    pack: dict[str, int], tmp_path: Path, secretary: Person, agree: bool
) -> None:
    decide_measure(by=secretary, ref="W20", measure_key="ae_within_4_hours", agree=agree)
    folder = _pack_that_says(tmp_path, "ae_within_4_hours, target: 95", "ae_within_4_hours, target: 78")
    assert load_statements(folder, None)["measures"] == 0
    assert not PromiseMeasure.objects.filter(target=78).exists()


def test_a_meaning_that_people_agreed_outlives_the_next_load_of_the_pack(
    pack: dict[str, int], secretary: Person
) -> None:
    term = next(t for t in glossary() if t.valid_to is None)
    agree_meaning(
        by=secretary, term=term.term, meaning="What we agreed it means.", valid_from=date(2026, 11, 20)
    )
    load_statements("mse", None)
    held = [t.meaning for t in GlossaryTerm.objects.filter(key=term.key) if t.valid_to is None]
    assert held == ["What we agreed it means."]


def test_a_promise_without_a_measure_says_who_must_name_one_and_by_when(
    pack: dict[str, int], client: Client
) -> None:
    page = client.get("/promise/W18").content.decode()
    assert "was to name them by September 2023, 38 months ago." in page
    assert page.count(">No measure yet</dd>") == 2
    before = client.get("/promise/W18?as_at=2023-01-01").content.decode()
    assert "must name them by September 2023." in before
    assert ">No measure yet</dd>" not in client.get("/promise/I3").content.decode()
