"""A lake of linked people: each counted once, contacts under whoever linkage says they are of, and who is left apart."""

from __future__ import annotations

import json
import math
import resource
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders.from_extracts import command
from builders.lake import the_small_lake
from endeavour.engine.cohort.agency_facts import facts_dir
from endeavour.engine.cohort.base import in_each
from endeavour.engine.cohort.household_chance import current_chances
from endeavour.engine.cohort.linkage_effect import beside_measures
from endeavour.engine.cohort.linked import linked_base
from endeavour.engine.cohort.linked_lake import build_linked_lake, linked_lake_dir, people_in_use
from endeavour.engine.cohort.model_release import SHELF as MODEL
from endeavour.engine.cohort.model_release import build_model, current_card
from endeavour.engine.cohort.need_model import open_need_model
from endeavour.engine.cohort.proposal import propose
from endeavour.engine.cohort.release import cohort_dir
from endeavour.engine.cohort.rule import open_rule
from endeavour.engine.cohort.segments import open_scores, open_segments
from endeavour.engine.cohort.segments_release import build_segments
from endeavour.engine.cohort.sources import AS_TRUE, Sources, linked_sources
from endeavour.engine.disclosure import FileLog
from endeavour.engine.lake.store import Lake
from endeavour.engine.linkage.paths import linkage_dir
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.lake_figures import lake_figures
from endeavour.engine.measures.release import about_release, build_release, current_release, published_figures
from endeavour.errors import BadInput, Corrupt, Missing

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("told")]
EVENTS = "SELECT kind, count(*) FROM event GROUP BY 1 ORDER BY 1"


def one(lake: Lake, sql: str) -> Any:
    """The first value of an answer."""
    return lake.connect().execute(sql).fetchall()[0][0]


def links(sources: Sources) -> str:
    """The linked records beside their facts, as SQL."""
    facts = " UNION ALL ".join(
        f"SELECT '{path.name}' AS agency, record_id, lake_person FROM '{path}/*.parquet'"
        for path in sorted(facts_dir().iterdir())
        if path.name != "addresses"
    )
    return f"(SELECT counted_as, f.* FROM '{sources.result.path('people.parquet')}' JOIN ({facts}) AS f USING (agency, record_id))"


def test_each_linked_person_is_counted_once_and_the_others_are_told_apart() -> None:
    lake, people, sources = the_small_lake(), people_in_use(the_small_lake()), linked_sources()
    assert people.manifest.recipe["of"] == lake.id
    joined = links(sources)
    known = one(lake, f"SELECT count(DISTINCT counted_as) FROM {joined} WHERE agency = 'nhs'")
    everybody = one(lake, f"SELECT count(DISTINCT counted_as) FROM {joined}")
    told = people.manifest.recipe["population"]
    assert people.rows()["person"] == one(people, "SELECT count(DISTINCT person_id) FROM person") == known
    assert (told["people"], told["apart"]) == (known, everybody - known)
    assert told["apart"] > 0
    # Duplicates of one patient that linkage brought together are one person here.
    records = one(lake, f"SELECT count(*) FROM {joined} WHERE agency = 'nhs'")
    assert known < records


def test_contacts_belong_to_whoever_the_holding_agency_was_linked_to() -> None:
    lake, people, sources = the_small_lake(), people_in_use(the_small_lake()), linked_sources()
    found = dict(people.connect().execute(EVENTS).fetchall())
    oldest = (
        f"SELECT agency, lake_person, arg_min(counted_as, (length(record_id), record_id)) AS person FROM {links(sources)} "
        "WHERE lake_person IS NOT NULL GROUP BY 1, 2"
    )
    known = f"SELECT DISTINCT counted_as FROM {links(sources)} WHERE agency = 'nhs'"
    for agency, kinds in sources.holdings.holds.items():
        for kind in kinds:
            wanted = one(
                lake,
                f"SELECT count(*) FROM event JOIN ({oldest}) AS o ON o.lake_person = event.person_id "
                f"WHERE agency = '{agency}' AND kind = '{kind}' AND person IN ({known})",
            )
            assert found.get(kind, 0) == wanted, kind
    assert not one(people, "SELECT count(*) FROM event ANTI JOIN person USING (person_id, household_id)")
    assert not one(people, "SELECT count(*) FROM condition ANTI JOIN person USING (person_id)")
    assert not one(people, "SELECT count(*) FROM person ANTI JOIN household USING (household_id)")


def test_linked_perfectly_it_is_the_lake_without_those_who_were_left_out(tmp_path: Path) -> None:
    lake, sources = the_small_lake(), linked_sources()
    true = build_linked_lake(lake, sources, whose=AS_TRUE, years=(2023,), root=tmp_path / "true")
    gone = "NOT opt_out_national AND NOT opt_out_type_1"
    for column in ("sex", "age", "ethnicity", "lsoa21", "is_smoker", "practice"):
        ask = f"SELECT {column}, count(*) FROM person WHERE {{}} GROUP BY 1 ORDER BY 1"
        assert (
            true.connect().execute(ask.format("true")).fetchall()
            == lake.connect().execute(ask.format(gone)).fetchall()
        ), column
    assert one(true, "SELECT count(*) FROM condition") == one(
        lake, f"SELECT count(*) FROM condition JOIN person USING (person_id) WHERE {gone}"
    )
    assert one(true, "SELECT count(*) FROM event WHERE kind = 'gp'") == one(
        lake,
        f"SELECT count(*) FROM event JOIN person USING (person_id) WHERE kind = 'gp' AND financial_year = 2023 AND {gone}",
    )
    assert set(true.rows()) == {"person", "household", "practice", "condition", "event"}


def test_made_again_it_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    lake = the_small_lake()
    again = build_linked_lake(lake, linked_sources(), root=tmp_path / "again")
    assert again.manifest.text() == people_in_use(lake).manifest.text()


def test_measures_and_segments_count_linked_people_and_say_so() -> None:
    lake = the_small_lake()
    people = people_in_use(lake)
    whole = Catalogue.open("mse")
    few = Catalogue(
        whole.pack, tuple(m for m in whole.measures if m.id in ("smoking", "cyp-diabetes-admissions"))
    )
    build_release(
        few, people, years=(2023,), say=lambda _: None, beside=beside_measures(few, lake, pack="mse")
    )
    [row] = published_figures("smoking", area_kind="system", by="", period_kind="year").to_pylist()
    adults = one(
        people,
        "SELECT count(*) FROM person WHERE age >= 18 AND (died_on IS NULL OR died_on >= DATE '2023-04-01')",
    )
    assert abs(row["denominator"] - adults) <= 2
    told = about_release()
    assert told["lake"] == people.id
    assert told["population"]["kind"] == "linked"
    assert all(told["population"][name] % 5 == 0 for name in ("people", "apart", "left_out"))
    assert [row["measure"] for row in told["linkage"]] == ["cyp-diabetes-admissions", "smoking"]
    moved = told["linkage"][1]
    assert moved["value"] == row["value"]
    assert moved["denominator_moved"] == moved["denominator"] - moved["perfect_denominator"]
    assert abs(moved["value_moved"]) < 1
    assert moved["sii"] is not None
    assert moved["words"].startswith("Linkage makes this")
    assert not list(linkage_dir().glob(".truth.*")), "the truth does not stay"
    found = build_segments(open_segments(), open_scores(), people)
    assert found["population"] == told["population"]
    assert found["left_out"] == told["population"]["left_out"]


def test_a_model_of_need_learns_from_linked_people_and_scores_linked_households() -> None:
    """A number of a linked person is never taken for the lake's."""
    lake, sources, rule = the_small_lake(), linked_sources(), open_rule().for_size(40)
    people = people_in_use(lake)
    card = build_model(open_need_model(), people)
    assert card["lake"] == people.id
    assert card["population"]["kind"] == "linked"
    assert "each part looks like somebody who met fewer services" in current_card()
    scored = pq.read_table(MODEL.current_folder() / "chances.parquet")
    known = one(
        people,
        "SELECT count(*) FROM person WHERE (died_on IS NULL OR died_on >= DATE '2024-04-01') "
        "AND NOT opt_out_national AND NOT opt_out_type_1",
    )
    assert scored.num_rows == known
    base = linked_base(rule, lake, sources)
    chances = current_chances(base, people.id)
    assert chances is not None
    chance_of = dict(zip(scored["person_id"].to_pylist(), scored["chance"].to_pylist(), strict=True))
    assert base.linked is not None
    home = int(chances.household[0])
    members = in_each(np.array([home]), *base.linked)[home]
    spared = math.prod(1 - chance_of[one] for one in members if one in chance_of)
    assert chances.chance[0] == pytest.approx(1 - spared, abs=1e-6)
    summary = propose(rule, lake, sources=sources, with_sensitivity=False, say=lambda _: None)
    assert summary["model"] == card["release"]
    assert {"highest predicted risk"} <= {row["rule"] for row in summary["fairness"]}
    chosen = pq.read_table(cohort_dir() / summary["release"] / "households.parquet").to_pylist()
    assert sum(len(row["chance_reasons"]) for row in chosen) > len(chosen)
    # Of another run the numbers may be other people's: then nobody is scored.
    shutil.rmtree(linked_lake_dir())
    assert propose(rule, lake, sources=sources, with_sensitivity=False, say=lambda _: None)["model"] is None


def test_the_next_run_of_linkage_is_checked_against_the_one_before(tmp_path: Path) -> None:
    """Two runs count mostly the same people: what the first hid, the second must not give away, and it is let out."""
    lake, sources = the_small_lake(), linked_sources()
    first, second = (
        people_in_use(lake),
        build_linked_lake(lake, sources, whose=AS_TRUE, root=tmp_path / "again"),
    )
    assert first.id != second.id
    assert first.people == second.people != lake.people
    [measure] = [one for one in Catalogue.open("mse").measures if one.id == "smi-health-check"]
    families: list[list[str]] = []
    for people in (first, second):
        figures = lake_figures(measure, people, by=["imd_quintile", "sex"])
        assert any(row["value"] is not None for row in figures.rows)
        logged = FileLog.of_installation().folder.rglob("*.json")
        ours = [path for path in logged if json.loads(path.read_text())["measure"] == measure.id]
        assert {json.loads(path.read_text())["population"] for path in ours} == {first.people}
        families.append([path.parent.name for path in ours])
    assert families[1] == 2 * families[0], "the second stands beside the first, not in a family of its own"


def test_without_links_the_lakes_own_residents_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(linked_lake_dir())
    lake = the_small_lake()
    assert people_in_use(lake) is lake
    whole = Catalogue.open("mse")
    one_measure = Catalogue(whole.pack, tuple(m for m in whole.measures if m.id == "smoking"))
    build_release(
        one_measure,
        lake,
        years=(2023,),
        say=lambda _: None,
        beside=beside_measures(one_measure, lake, pack="mse"),
    )
    assert about_release()["population"]["kind"] == "residents"
    assert about_release()["linkage"] == []
    (linkage_dir().parent / "measures" / f"{current_release()}.json").write_text("{")
    with pytest.raises(Corrupt, match="cannot be read"):
        about_release()


def test_an_agency_that_does_not_say_whose_its_contacts_are_stops_it_and_the_last_people_stay() -> None:
    before = people_in_use(the_small_lake()).id
    path = facts_dir() / "police_fire" / "part-0001.parquet"
    table = pq.read_table(path)
    at = table.column_names.index("lake_person")
    pq.write_table(table.set_column(at, "lake_person", pa.nulls(table.num_rows, pa.int64())), path)
    with pytest.raises(
        BadInput, match=r"linked-people\.yaml.*no record of police_fire says under which number"
    ):
        command()
    assert people_in_use(the_small_lake()).id == before


def a_lake_with_a_contact(lake: Lake, root: Path, kind: str | None, subtype: str | None) -> Lake:
    """A copy of the lake whose sixth contact of 2022 is of that kind and subtype."""
    shutil.copytree(lake.root, root)
    spoilt = Lake(root=root, id=lake.id, manifest=lake.manifest)
    [path] = [path for path in spoilt.files("event") if "2022" in path.parent.name]
    rows = pq.read_table(path, partitioning=None)
    for name, value in (("kind", kind), ("subtype", subtype)):
        values = rows[name].to_pylist()
        values[5] = value
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(values))
    pq.write_table(rows, path)
    return spoilt


@pytest.mark.parametrize(
    ("kind", "subtype", "words"),
    [
        (
            "gp",
            "resuscitation",
            "column subtype: contacts of the kind 'gp' have no such subtype.*consultation, nurse",
        ),
        ("ae", None, "column subtype: contacts of the kind 'ae' have no such subtype.*minor, standard"),
        ("dentist", "minor", "column kind: there is no such kind of contact.*gp, ae, admission"),
        (None, "minor", "column kind: there is no such kind of contact"),
    ],
)
def test_a_contact_of_no_lawful_sort_is_one_error_that_says_where_and_none_is_left_out(
    tmp_path: Path, kind: str | None, subtype: str | None, words: str
) -> None:
    spoilt = a_lake_with_a_contact(the_small_lake(), tmp_path / "lake", kind, subtype)
    root = tmp_path / "people"
    with pytest.raises(BadInput, match=rf"financial_year=2022/part-0001\.parquet, line 6, {words}"):
        build_linked_lake(spoilt, linked_sources(), root=root)
    assert not list((root / "builds").iterdir())


def test_a_disk_that_fills_while_facts_are_handed_to_spark_is_said_plainly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A limit on the size of a file stands for a full disk; Spark itself is not yet asked for."""
    monkeypatch.setenv("ENDEAVOUR_ENGINE", "spark")
    lake, sources, before = the_small_lake(), linked_sources(), set(linkage_dir().iterdir())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700, limits[1]))
    try:
        with pytest.raises(Missing, match=r"no room left for what the agencies know.*Free some space"):
            linked_base(open_rule(), lake, sources)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert set(linkage_dir().iterdir()) == before


def test_a_torn_file_of_linked_people_is_named_with_what_mends_it() -> None:
    lake = the_small_lake()
    path = people_in_use(lake).files("person")[0]
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(Corrupt, match="endeavour cohort from-extracts"):
        people_in_use(lake)


def test_people_linked_from_another_lake_are_not_counted() -> None:
    lake = the_small_lake()
    current = people_in_use(lake)
    manifest = json.loads((current.folder / "manifest.json").read_text())
    manifest["recipe"]["of"] = "0" * 16
    (current.folder / "manifest.json").write_text(json.dumps(manifest))
    assert people_in_use(lake) is lake
