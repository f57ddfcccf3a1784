"""The parts of linkage, each by itself: keyed codes, weights in words, decisions, mistakes and names."""

from __future__ import annotations

import hashlib
import hmac
import math
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from endeavour.engine.linkage import keys, model
from endeavour.engine.linkage.comparisons import BLOCKS, COMPARED
from endeavour.engine.linkage.guard import LIKE_FORENAMES
from endeavour.engine.linkage.model import settings, standard_weights
from endeavour.engine.linkage.nicknames import FAMILIES, ROOTS
from endeavour.engine.linkage.review import keep_decisions, read_decisions
from endeavour.engine.linkage.rules import RULES
from endeavour.engine.linkage.spark import LIKENESS_HERE
from endeavour.engine.linkage.waterfall import name_shares, waterfalls, weight_of
from endeavour.engine.synthetic.extracts.agencies import AGENCIES
from endeavour.engine.synthetic.extracts.faults import DIGITS, misdate, mistype
from endeavour.engine.synthetic.extracts.names import forenames_of, surnames_of
from endeavour.errors import BadInput, Missing

SECRET = b"0123456789abcdef0123456789abcdef"
RECORDS = """
CREATE TABLE record AS SELECT * FROM (VALUES
 (1, 'ADA', 'ADA', 'THORNBURY', DATE '1980-05-17', 'F', 'XE11AA', '12', '900000000012', '9434765919'),
 (2, 'ADA', 'ADA', 'THORNBURY', DATE '1980-05-17', 'F', 'XE11AA', '12', NULL, NULL),
 (3, 'BILL', 'WILLIAM', 'SMITH', DATE '1975-04-03', 'M', 'XE11AB', '3', NULL, NULL),
 (4, 'WILLIAM', 'WILLIAM', 'SMYTH', DATE '1975-03-04', 'M', 'XE11AB', '7', NULL, NULL),
 (5, 'ADAH', 'ADAH', NULL, DATE '1980-05-18', NULL, NULL, NULL, NULL, '9434765919'),
 (6, 'ZOE', 'ZOE', 'KHAN', DATE '2001-01-01', 'F', 'XE91ZZ', '1', '900000000099', '9434765870')
) AS t(unique_id, forename, root, surname, birth_date, sex, postcode, house, uprn, nhs_number)
"""


def small_records() -> duckdb.DuckDBPyConnection:
    """Six records and every pair of them, to weigh."""
    connection = duckdb.connect()
    connection.execute(RECORDS)
    connection.execute(
        "CREATE TABLE candidate AS SELECT '0' AS match_key, l.unique_id AS join_key_l, r.unique_id AS join_key_r "
        "FROM record AS l JOIN record AS r ON l.unique_id < r.unique_id"
    )
    connection.execute(
        "CREATE TABLE every_pair AS SELECT join_key_l AS left_id, join_key_r AS right_id FROM candidate"
    )
    return connection


@pytest.mark.parametrize("weighs_names", [True, False])
def test_the_waterfall_adds_up_to_splinks_own_weight(
    weighs_names: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "LEAST", -1000.0)
    connection, weights = small_records(), standard_weights() | {"weighs_names": weighs_names}
    model.score(connection, weights)
    name_shares(connection)
    splinks = {
        (left, right): weight for left, right, weight in connection.execute("SELECT * FROM scored").fetchall()
    }
    ours = {
        (left, right): weight_of(factors)
        for left, right, factors in waterfalls(connection, "every_pair", weights)
    }
    assert len(ours) == 15
    assert ours == pytest.approx(splinks, abs=1e-5)


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_spark_weighs_every_pair_as_duckdb_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from endeavour.engine.linkage.spark import score_on_spark

    connection, weights = small_records(), standard_weights()
    # Two likenesses of one name disagree on this pair, by more than a level.
    for number, surname in ((7, "JOHNSON"), (8, "JOHSON")):
        connection.execute(
            f"INSERT INTO record SELECT {number}, * EXCLUDE (unique_id) REPLACE ('{surname}' AS surname) FROM record WHERE unique_id = 2"
        )
    connection.execute("INSERT INTO candidate VALUES ('0', 7, 8)")
    model.score(connection, weights)
    ours = connection.execute("SELECT * FROM scored ORDER BY ALL").fetchall()
    connection.execute("DROP TABLE scored")
    score_on_spark(connection, weights)
    theirs = connection.execute("SELECT * FROM scored ORDER BY ALL").fetchall()
    assert (7, 8) in [row[:2] for row in ours]
    assert len(ours) >= 4
    assert [row[:2] for row in theirs] == [row[:2] for row in ours]
    assert [row[2] for row in theirs] == pytest.approx([row[2] for row in ours], abs=1e-5)


def test_a_code_is_the_standards_hmac_cut_to_64_bits() -> None:
    for secret in (SECRET, b"k" * 100):
        for text in ("name|ADA|THORNBURY", "É", ""):
            found = duckdb.sql(f"SELECT {keys.code_sql(secret, chr(39) + text + chr(39))}").fetchall()[0][0]
            assert found == int.from_bytes(hmac.digest(secret, text.encode(), hashlib.sha256)[:8], "big")


def test_codes_need_every_fact_and_differ_between_keys_and_secrets() -> None:
    connection = small_records()
    connection.execute("ALTER TABLE record ADD COLUMN agency VARCHAR DEFAULT 'nhs'")
    connection.execute("ALTER TABLE record ADD COLUMN record_id VARCHAR DEFAULT 'x'")
    connection.execute("ALTER TABLE record ADD COLUMN address_from DATE")
    connection.execute("CREATE TABLE place AS SELECT 'XE11AA' AS postcode, 'E01000001' AS lsoa21")
    connection.execute(
        "CREATE TABLE opted_out_address AS SELECT 'nhs' AS agency, '9' AS uprn, 'XE11AA' AS postcode, '7' AS house"
    )
    keys.make_codes(connection, SECRET)
    names = [key.name for key in keys.KEYS]
    rows = connection.execute(f"SELECT {', '.join(names)} FROM keyed").fetchall()
    first, second, fifth = (dict(zip(names, rows[at], strict=True)) for at in (0, 1, 4))
    assert first["name_birth"] == second["name_birth"] is not None
    assert first["number_birth"] is not None
    assert second["number_birth"] is None
    assert second["name_birth_property"] is None
    assert fifth["name_birth"] is None
    out = connection.sql("SELECT * FROM keyed WHERE opted_out").to_arrow_table().to_pylist()
    assert [row["lsoa21"] for row in out] == ["E01000001"]
    assert {name for name, value in out[0].items() if value is not None} == {
        "agency", "record_id", "home_property", "home_address", "lsoa21", "opted_out"
    }  # fmt: skip
    assert len({code for code in first.values() if code is not None}) == sum(
        code is not None for code in first.values()
    )


@pytest.mark.parametrize(
    ("given", "error"), [(None, Missing), ("short", BadInput)], ids=["without a secret", "with a short one"]
)
def test_the_secret_is_asked_for(
    given: str | None, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENDEAVOUR_LINKAGE_KEY_FILE", raising=False)
    monkeypatch.delenv("ENDEAVOUR_LINKAGE_KEY", raising=False)
    if given:
        monkeypatch.setenv("ENDEAVOUR_LINKAGE_KEY", given)
    with pytest.raises(error):
        keys.linkage_key()


def test_the_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_bytes(SECRET + b"\n")
    monkeypatch.setenv("ENDEAVOUR_LINKAGE_KEY_FILE", str(tmp_path / "key"))
    assert keys.linkage_key() == SECRET


def test_every_comparison_block_rule_and_key_has_its_reason() -> None:
    assert all(one.reason.endswith(".") for one in (*COMPARED, *BLOCKS, *RULES, *keys.KEYS))
    assert [compared.name for compared in COMPARED].count("home") == 1
    assert not {"postcode", "uprn"} & {compared.name for compared in COMPARED}


def test_weights_are_rebuilt_in_each_dialect() -> None:
    for dialect, likeness in (("duckdb", model.LIKENESS), ("spark", LIKENESS_HERE)):
        made = settings(standard_weights(), likeness=likeness).create_settings_dict(dialect)
        conditions = [
            level["sql_condition"] for one in made["comparisons"] for level in one["comparison_levels"]
        ]
        assert sum(f"{likeness}(" in sql for sql in conditions) == 4
        assert all("m_probability" in one["comparison_levels"][1] for one in made["comparisons"])


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [("BILL", "WILLIAM", True), ("MARGRET", "MARGARET", True), ("A", "ADA", True), ("ADA", "BEATRICE", False),
     ("ALFIE", "ARCHIE", False), (None, "ADA", True)],
)  # fmt: skip
def test_which_forenames_may_be_one(left: str | None, right: str | None, alike: bool) -> None:
    row = "SELECT $name AS forename, $root AS root, NULL AS middle"
    connection = duckdb.connect()
    for table, name in (("l", left), ("r", right)):
        connection.execute(
            f"CREATE TABLE {table} AS {row}", {"name": name, "root": ROOTS.get(name or "", name)}
        )
    assert connection.execute(f"SELECT {LIKE_FORENAMES} FROM l, r").fetchall() == [(alike,)]


def test_a_nickname_has_one_root_and_a_root_is_its_own() -> None:
    for line in FAMILIES.split("\n"):
        if line:
            assert ROOTS[line.split()[0]] in ROOTS
    assert all(form.isalpha() and form.isupper() for form in ROOTS)


def test_a_slip_changes_little_and_never_the_first_letter() -> None:
    words = np.array(["Margaret", "Jo", "Christopher", "Smith"] * 50)
    slipped = mistype(words, np.random.default_rng(1))
    changed = slipped != words
    assert changed[words != "Jo"].mean() > 0.9
    assert not changed[words == "Jo"].any()
    assert all(a[0] == b[0] and abs(len(a) - len(b)) <= 1 for a, b in zip(words, slipped, strict=True))
    numbers = mistype(np.array(["9434765919"] * 100), np.random.default_rng(1), alphabet=DIGITS)
    assert all(one.isdigit() and len(one) == 10 for one in numbers)


def test_a_misdated_birth_is_another_day() -> None:
    days = np.array(["1980-05-17", "1980-02-03", "2000-12-31"] * 100, "datetime64[D]")
    wrong = misdate(days, np.random.default_rng(2))
    assert (wrong != days).mean() > 0.85
    assert (wrong[1::3] == np.datetime64("1980-03-02")).any()


def test_names_have_chances_that_add_up() -> None:
    for group in ("white", "asian", "black", "mixed", "other"):
        for names, chance in (
            surnames_of(group),
            forenames_of("F", group, "young"),
            forenames_of("M", group, "old"),
        ):
            assert len(names) == len(chance)
            assert chance.sum() == pytest.approx(1)
    assert len(set(surnames_of("white")[0])) > 1000


def test_shares_of_agencies_are_shares() -> None:
    assert [one.name for one in AGENCIES] == ["nhs", "social_care", "housing", "police_fire", "voluntary"]
    for agency in AGENCIES:
        shares = [value for value in vars(agency).values() if isinstance(value, float)]
        assert all(0 <= share <= 1 for share in shares)


def decision(**changed: object) -> dict[str, object]:
    """A decision as the site gives it."""
    return {
        "left_id": "nhs:2", "right_id": "housing:1", "verdict": "same", "decided_on": date(2026, 11, 22), "decided_by": "p7",
    } | changed  # fmt: skip


def test_the_latest_decision_on_a_pair_counts_and_giving_it_twice_changes_nothing(tmp_path: Path) -> None:
    assert read_decisions(tmp_path) == []
    assert keep_decisions([decision(), decision()], tmp_path) == 1
    before = (tmp_path / "decisions.json").read_bytes()
    assert keep_decisions([decision()], tmp_path) == 1
    assert (tmp_path / "decisions.json").read_bytes() == before
    keep_decisions([decision(verdict="different", decided_on="2026-11-23")], tmp_path)
    keep_decisions([decision(decided_on="2026-01-01")], tmp_path)
    assert [(one.pair, one.verdict) for one in read_decisions(tmp_path)] == [
        (("housing:1", "nhs:2"), "different")
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": "maybe"},
        {"left_id": "housing:1"},
        {"left_id": "17"},
        {"decided_on": "soon"},
        {"decided_by": " "},
        {"more": 1},
    ],
)
def test_a_wrong_decision_is_refused_and_none_of_its_batch_kept(
    wrong: dict[str, object], tmp_path: Path
) -> None:
    with pytest.raises(BadInput):
        keep_decisions([decision(), decision(left_id="nhs:3") | wrong], tmp_path)
    assert read_decisions(tmp_path) == []


def test_a_broken_file_of_decisions_is_named(tmp_path: Path) -> None:
    (tmp_path / "decisions.json").write_text("[{", encoding="utf-8")
    with pytest.raises(BadInput, match=r"decisions\.json"):
        read_decisions(tmp_path)


def test_prior_odds_are_pairs_over_pairs() -> None:
    assert model.prior(45, 10) == 1.0
    assert math.isclose(model.prior(1, 1000), 1 / 499500, rel_tol=1e-6)
