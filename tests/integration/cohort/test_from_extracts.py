"""From five agencies' extracts to a published cohort in one command, and what goes wrong on the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders.from_extracts import RUN, SIZE, command
from builders.lake import the_small_lake
from endeavour.cli import building
from endeavour.cli.cohort import app
from endeavour.cli.from_extracts import link
from endeavour.engine.cohort.agency_facts import facts_dir
from endeavour.engine.cohort.linked import linked_base, true_base
from endeavour.engine.cohort.proposal import sources_in_use
from endeavour.engine.cohort.release import SHELF, current_summary
from endeavour.engine.cohort.rule import open_rule
from endeavour.engine.cohort.sources import linked_sources
from endeavour.engine.linkage.paths import current_result, linkage_dir
from endeavour.errors import BadInput, Missing
from endeavour.paths import pack_dir

pytestmark = pytest.mark.slow


def test_one_command_links_chooses_audits_and_follows_up_and_twice_is_once(
    var: Path, told: dict[str, Any]
) -> None:
    assert told["base"]["kind"] == "linked"
    result = current_result()
    assert result is not None
    assert told["base"]["run"] == told["linkage"]["run"] == result.name
    assert told["size"] == 40
    assert told["gap"] <= 1e-4
    assert {row["rule"] for row in told["fairness"]} >= {"our rule", "our rule with perfect linkage"}
    assert set(told["linkage"]["choice"]) == {
        "same_percent",
        "passed_over_for_doubts",
        "passed_over_otherwise",
    }
    groups = {(row["kind"], row["group"]) for row in told["linkage"]["missed"]}
    assert {("ethnicity", "all"), ("ethnicity", "black"), ("deprivation", "fifth 1 of 5")} <= groups
    for row in told["linkage"]["missed"]:
        assert row["people"] is None or row["people"] % 5 == 0, row
    stamp = (SHELF.current_folder() / "summary.json").stat().st_mtime_ns
    assert command() == json.loads(json.dumps(told))
    assert (SHELF.current_folder() / "summary.json").stat().st_mtime_ns == stamp, (
        "what is done is not done again"
    )
    assert json.loads((var / "built.json").read_text())["follow-up"] == told["release"]


def test_numbers_of_linked_households_are_never_those_of_the_lake(told: dict[str, Any]) -> None:
    lake = json.loads(RUN.invoke(app, ["first-5000", *SIZE, "--json", "--lake"]).stdout)
    assert lake["base"]["kind"] == "lake"
    assert lake["base"]["numbers"] == lake["lake"]
    assert told["base"]["numbers"].startswith("linked:")
    assert told["release"] != lake["release"]
    again = json.loads(RUN.invoke(app, ["first-5000", *SIZE, "--json"]).stdout)
    assert again["release"] == told["release"], "the same cohort by either command"


def test_nobody_opted_out_and_no_doubtful_home_is_chosen(told: dict[str, Any]) -> None:
    assert told["size"] == 40
    rule, lake, sources = open_rule().for_size(40), the_small_lake(), linked_sources()
    linked, perfect = linked_base(rule, lake, sources), true_base(rule, lake, sources)
    out = linked.columns["is_eligible"] & (linked.columns["opted_out"] | ~linked.columns["is_usable"])
    assert linked.columns["opted_out"].any()
    assert not linked.columns["is_usable"].all()
    assert not out.any()
    # The truth knows everybody who opted out; linkage must miss very few of their homes.
    truly = set(perfect.columns["household_id"][perfect.columns["opted_out"]].tolist())
    seen = set(linked.columns["household_id"][linked.columns["opted_out"]].tolist())
    assert len(truly & seen) > 0.9 * len(truly)


@pytest.mark.usefixtures("told")
def test_needs_come_from_every_agency_that_knows_them() -> None:
    columns = true_base(open_rule(), the_small_lake(), linked_sources()).columns
    known = the_small_lake().connect().execute(
        "SELECT count(*) FROM event JOIN person USING (person_id) WHERE financial_year = 2023 AND kind = 'gp' "
        "AND NOT opt_out_national AND NOT opt_out_type_1 AND (died_on IS NULL OR died_on >= DATE '2024-04-01')"
    ).fetchall()[0][0]  # fmt: skip
    assert columns["gp_contacts"].sum() == known
    for name in (
        "social_care_contacts",
        "rent_arrears",
        "domestic_incidents",
        "in_veteran",
        "deprived_education",
    ):
        assert columns[name].any(), name


def test_after_another_start_the_cohort_stays(told: dict[str, Any]) -> None:
    told = command("--sensitivity")
    built = building.Built()
    building.choose_cohort(built, "mse")
    assert current_summary()["release"] == told["release"]
    assert current_summary()["sensitivity"]


def spoil_facts(what: str) -> None:
    """Put something wrong into the NHS's facts."""
    path = facts_dir() / "nhs" / "part-0001.parquet"
    table = pq.read_table(path)
    if what == "cut short":
        path.write_bytes(path.read_bytes()[:1000])
        return
    changed = {
        "column": lambda: table.drop_columns(["age"]),
        "negative": lambda: table.set_column(3, "age", pa.array([-1] * table.num_rows, pa.int64())),
        "kind": lambda: table.set_column(3, "age", pa.array([1.5] * table.num_rows)),
        "twice": lambda: pa.concat_tables([table.slice(0, table.num_rows - 1), table.slice(0, 1)]),
        "fewer": lambda: table.slice(0, 100),
        "more": lambda: pa.concat_tables([table] * 10),
    }[what]()
    pq.write_table(changed, path)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("cut short", "cut short or is not Parquet"), ("column", "no column age"), ("negative", "whole number from nought"),
        ("kind", "of type double"), ("twice", "stands there twice"), ("fewer", "have no facts"), ("more", "are more than"),
    ],
)  # fmt: skip
def test_wrong_facts_are_one_error_with_the_file_and_the_last_cohort_stays(
    told: dict[str, Any], what: str, words: str
) -> None:
    spoil_facts(what)
    with pytest.raises(BadInput, match=words) as refused:
        command()
    assert "nhs" in str(refused.value)
    assert current_summary()["release"] == told["release"]


@pytest.mark.parametrize(
    "what",
    [
        "empty",
        "cut short",
        "ten times",
        "mixed types",
        "encoding",
        "date",
        "gone",
        "column",
        "another",
        "twice",
    ],
)
def test_a_wrong_extract_is_one_error_and_everything_published_stays(told: dict[str, Any], what: str) -> None:
    folder = linkage_dir() / "extracts" / "police_fire"
    path = folder / "part-0001.parquet"
    table = pq.read_table(path)
    if what == "empty":
        path.write_bytes(b"")
    elif what == "cut short":
        path.write_bytes(path.read_bytes()[:-50])
    elif what == "gone":
        shutil.rmtree(folder)
    elif what == "ten times":
        ids = pa.array([str(n) for n in range(table.num_rows * 10)])
        pq.write_table(pa.concat_tables([table] * 10).set_column(0, "record_id", ids), path)
    elif what == "column":
        pq.write_table(table.drop_columns(["surname"]), path)
    elif what == "another":
        pq.write_table(table.append_column("diagnosis", table["surname"]), path)
    elif what == "twice":
        pq.write_table(pa.concat_tables([table, table.slice(0, 1)]), path)
    elif what == "mixed types":
        pq.write_table(table.set_column(6, "birth_date", pa.array([19800101] * table.num_rows)), path)
    else:
        path.unlink()
        text = (
            "1,,,Zo\xeb,Li,F,1980-01-01,,,,,false"
            if what == "encoding"
            else "1,,,Zoe,Li,F,31/31/1980,,,,,false"
        )
        header = ",".join(table.column_names)
        (folder / "one.csv").write_bytes(f"{header}\n{text}\n".encode("latin-1"))
    with pytest.raises((BadInput, Missing)) as refused:
        command("--most", "20000")
    assert "police_fire" in str(refused.value)
    if what in ("encoding", "date"):
        assert "line 2" in str(refused.value)
    assert current_summary()["release"] == told["release"]
    result = current_result()
    assert result is not None
    assert result.name == told["base"]["run"]


def test_a_run_stopped_after_drawing_links_afresh_when_it_goes_on(
    told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Extracts of another lake give other people the same record numbers."""
    seen: list[bool] = []
    monkeypatch.setattr(
        "endeavour.engine.linkage.run.run_linkage", lambda *, afresh, **_given: seen.append(afresh)
    )
    built = building.Built()
    link(built, the_small_lake())
    assert seen == [], "nothing to do"
    built.seen["linkage"] = built.seen["linkage"].replace(told["lake"], "0" * 16)
    link(built, the_small_lake())
    built.seen["linkage"] += " something decided since"
    link(built, the_small_lake())
    assert seen == [True, False]


@pytest.mark.usefixtures("told")
def test_facts_of_another_lake_are_not_taken() -> None:
    about = linkage_dir() / "extracts" / "about.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"lake": "another"}))
    assert sources_in_use(the_small_lake()) is None


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("directory cut short", r"extracts/addresses/part-0001\.parquet: the file is cut short"),
        ("directory gone", "no address directory"),
        ("homes cut short", "cut short or is not Parquet"), ("homes twice", "uprn: this uprn stands there twice"),
        ("about", r"about\.json: this does not say which lake"),
    ],
)  # fmt: skip
def test_wrong_homes_are_one_error_with_the_file_and_the_last_cohort_stays(
    told: dict[str, Any], what: str, words: str
) -> None:
    directory = linkage_dir() / "extracts" / "addresses"
    homes = facts_dir() / "addresses" / "part-0001.parquet"
    if what == "directory cut short":
        path = directory / "part-0001.parquet"
        path.write_bytes(path.read_bytes()[:200])
    elif what == "directory gone":
        shutil.rmtree(directory)
    elif what == "about":
        (linkage_dir() / "extracts" / "about.json").write_text("{")
    elif what == "homes cut short":
        homes.write_bytes(homes.read_bytes()[:200])
    else:
        table = pq.read_table(homes)
        pq.write_table(pa.concat_tables([table, table.slice(0, 1)]), homes)
    with pytest.raises((BadInput, Missing), match=words):
        command()
    assert current_summary()["release"] == told["release"]


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("measures/smoking.yaml", "numerator: is_smoker", "numerator: is_smokre", r"smoking\.yaml, line \d+, column numerator"),
        ("measures/smoking.yaml", "numerator: is_smoker", "numerator: is_smoker; DROP TABLE person", "one condition only"),
        ("protocols/first-5000.yaml", "when: NOT is_communal", "when: NOT is_comunal", r"first-5000\.yaml.*is_comunal"),
        ("protocols/linked-people.yaml", "police_fire: [police]", "police_fire: [ambulance]", "no contacts of the kind"),
        ("protocols/linked-people.yaml", "  police_fire: [police]", "", "nobody holds 'police'"),
        ("protocols/linked-people.yaml", "housing: [housing]", "housing: [housing, gp]", "two agencies hold 'gp'"),
        ("protocols/linked-people.yaml", "registered_by: nhs", "registered_by: voluntary", "'voluntary' holds nothing"),
    ],
)  # fmt: skip
def test_a_wrong_definition_is_refused_before_anything_long_begins(
    tmp_path: Path, told: dict[str, Any], file: str, old: str, new: str, words: str
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(pack_dir("mse"), pack)
    text = (pack / file).read_text()
    assert old in text
    (pack / file).write_text(text.replace(old, new))
    shutil.rmtree(linkage_dir())  # whatever is asked of it would fail with other words
    with pytest.raises(BadInput, match=words):
        command("--pack", str(pack))
    assert current_summary()["release"] == told["release"]
