"""The same command where names may not be shared: from the agencies' codes to a cohort, and no name on the way."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pyarrow.parquet as pq
import pytest

from builders.from_extracts import command
from builders.lake import the_small_lake
from endeavour.cli import building
from endeavour.engine.cohort.agency_facts import KEYED_HOME_FACTS, home_facts_dir
from endeavour.engine.cohort.first_5000 import select_from
from endeavour.engine.cohort.linked import linked_base, true_base
from endeavour.engine.cohort.linked_lake import people_in_use
from endeavour.engine.cohort.proposal import sources_in_use
from endeavour.engine.cohort.release import current_summary
from endeavour.engine.cohort.rule import open_rule
from endeavour.engine.linkage.paths import keyed_dir, linkage_dir
from endeavour.errors import BadInput, Missing

pytestmark = pytest.mark.slow
NAMED = {
    "forename", "surname", "birth_date", "address", "postcode", "uprn", "nhs_number", "sex", "service",
}  # fmt: skip


def test_keyed_households_are_chosen_from_audited_and_counted(told_keyed: dict[str, Any]) -> None:
    assert told_keyed["base"]["numbers"].startswith("keyed:")
    assert told_keyed["base"]["words"] == "households linked from the records of 5 agencies, without names"
    assert told_keyed["size"] == 40
    assert told_keyed["gap"] <= 1e-4
    people = people_in_use(the_small_lake())
    assert people.manifest.recipe["population"]["is_keyed"]
    assert people.manifest.recipe["population"]["run"] == told_keyed["base"]["run"]
    building.choose_cohort(building.Built(), "mse")
    assert current_summary()["release"] == told_keyed["release"], "the next start stays with the mode in use"


def test_keyed_homes_have_the_facts_and_places_of_their_property(told_keyed: dict[str, Any]) -> None:
    rule, lake = open_rule().for_size(40), the_small_lake()
    sources = sources_in_use(lake)
    assert sources is not None
    assert sources.is_keyed
    linked, perfect = linked_base(rule, lake, sources), true_base(rule, lake, sources)
    assert (linked.columns["tenure"] != "not known").mean() > 0.9
    for name in ("is_overcrowded", "deprived_education", "imd2025_decile", "gp_contacts"):
        ours, true = linked.columns[name].astype(float).mean(), perfect.columns[name].astype(float).mean()
        assert ours == pytest.approx(true, rel=0.2), name
    one, other = (
        set(base.columns["household_id"][select_from(rule, base.columns).chosen].tolist())
        for base in (linked, perfect)
    )
    differ = len(one - other)
    assert differ < rule.size / 4, "without names nearly the same are chosen"
    shown = told_keyed["linkage"]["choice"]["same_percent"]
    assert (shown is None) == (0 < differ < 8), (
        "how many are others is hidden where they are few, and only there"
    )


@pytest.mark.usefixtures("told_keyed")
def test_nothing_kept_by_this_mode_bears_a_name_or_a_property_number() -> None:
    for path in sorted(keyed_dir().rglob("*.parquet")):
        if path.parent.name == "truth" or path.name == "review.parquet":
            continue  # the truth is of synthetic people, and the review's sides are empty: its own test says so
        assert not NAMED & set(pq.read_schema(path).names), path
    homes = pq.read_table(home_facts_dir(keyed_dir()) / "part-0001.parquet")
    assert homes.column_names == [field.name for field in KEYED_HOME_FACTS]


def test_codes_that_agencies_sent_need_no_secret_and_no_names(
    told_keyed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENDEAVOUR_LINKAGE_KEY", raising=False)
    (keyed_dir() / "extracts" / "about.json").unlink()
    shutil.rmtree(keyed_dir() / "truth")
    for name in ("extracts", "facts", "truth"):
        shutil.rmtree(linkage_dir() / name)
    told = command("--pseudonymised")
    assert told["base"]["numbers"] == told_keyed["base"]["numbers"], "known households keep their numbers"
    assert told["size"] == 40
    assert told["linkage"]["missed"] == [], "nobody knows the truth of real records"


def test_without_the_secret_synthetic_extracts_are_refused_in_one_sentence(
    told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENDEAVOUR_LINKAGE_KEY", raising=False)
    with pytest.raises(Missing, match="needs the agencies' shared secret"):
        command("--pseudonymised")
    assert current_summary()["release"] == told["release"]


def test_names_that_agencies_sent_are_not_made_into_codes_here(told: dict[str, Any]) -> None:
    (linkage_dir() / "extracts" / "about.json").unlink()
    with pytest.raises(Missing, match="No agency has sent codes"):
        command("--pseudonymised")
    assert current_summary()["release"] == told["release"]


def test_facts_with_property_numbers_instead_of_codes_are_refused(told_keyed: dict[str, Any]) -> None:
    path = home_facts_dir(keyed_dir()) / "part-0001.parquet"
    table = pq.read_table(path)
    pq.write_table(table.rename_columns(["uprn", *table.column_names[1:]]), path)
    with pytest.raises(BadInput, match="no column home_property"):
        command("--pseudonymised")
    assert current_summary()["release"] == told_keyed["release"]
    assert json.loads(json.dumps(current_summary()["base"])) == told_keyed["base"]
