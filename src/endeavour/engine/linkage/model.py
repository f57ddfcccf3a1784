"""The model for what exact rules leave open: Splink (Fellegi and Sunter), trained without labels.

Each comparison says how far agreement or disagreement moves the odds that two records are of one person. How often a
true pair agrees is learnt from the extracts themselves by expectation maximisation; how often two strangers agree from
random pairs (seeded). The learnt weights are plain JSON, rounded, so that the same extracts give the same file; they
are rebuilt for DuckDB or Spark from the same settings (`settings`).
"""

from __future__ import annotations

import json
import logging
import random
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endeavour.engine.linkage.comparisons import BLOCKS, COMPARED, Level
from endeavour.errors import Missing

if TYPE_CHECKING:
    import duckdb

SEED = 1
STRANGERS = 3e6
"""Random pairs from which the chance agreement of strangers is learnt."""

DIGITS = 6
ENOUGH = 1000
"""True pairs, found by the exact rules, below which there is too little to learn from: the standard weights serve."""

LEAST = -10.0
"""Bits of evidence below which a pair is forgotten at once."""

SCORED = (
    "SELECT least(unique_id_l, unique_id_r) AS left_id, greatest(unique_id_l, unique_id_r) AS right_id, "
    "round(match_weight, 6) AS weight"
)

LIKENESS = "jaro_winkler_similarity"
"""What DuckDB calls the likeness of two words."""

_ours = random.Random(SEED).getstate()  # noqa: S311  (names of tables, not secrets)


def settings(weights: dict[str, Any] | None = None, *, likeness: str = LIKENESS) -> Any:
    """Splink's settings: the comparisons, with learnt weights (of `learnt`) where given; Spark has its own `likeness`."""
    splink = the_library()
    comparisons = []
    for compared in COMPARED:
        taught = (weights or {}).get("comparisons", {}).get(compared.name, [])
        levels: list[dict[str, Any]] = [
            {"sql_condition": compared.null, "label_for_charts": "not known", "is_null_level": True}
        ]
        for at, level in enumerate((*compared.levels, Level(compared.otherwise, "ELSE"))):
            made: dict[str, Any] = {
                "sql_condition": level.sql.replace(LIKENESS, likeness),
                "label_for_charts": level.words,
            }
            if level.tf_column and (weights or {}).get("weighs_names", True):
                made |= {"tf_adjustment_column": level.tf_column, "tf_adjustment_weight": 1.0}
            if taught:
                made |= {"m_probability": taught[at][0], "u_probability": taught[at][1]}
            levels.append(made)
        comparisons.append(
            {
                "output_column_name": compared.name,
                "comparison_levels": levels,
                "comparison_description": compared.name,
            }
        )
    return splink.SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        # Only for form: the pairs to weigh are our own (candidates.py).
        blocking_rules_to_generate_predictions=[splink.block_on(*BLOCKS[0].on)],
        probability_two_random_records_match=(weights or {}).get("prior", 1e-6),
        retain_matching_columns=False,
    )


def the_library() -> Any:
    """Splink itself; Missing where the `linkage` extra is not installed."""
    try:
        with quiet():
            import splink
    except ImportError as error:
        raise Missing(
            "Splink is not installed.", hint="Install it with: pip install 'common-endeavour[linkage]'"
        ) from error
    return splink


def linker(connection: Any, table: str, weights: dict[str, Any] | None = None) -> Any:
    """A Splink linker over a table of the shape of `record`, in a DuckDB connection."""
    splink = the_library()
    with quiet():
        api = splink.DuckDBAPI(connection)
        return splink.Linker(api.register(table), settings(weights), log_level=None)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Splink's ways inside: its talk through logging and warnings, and its draws from the global generator.

    What matters of the talk we say ourselves. It draws names of tables, so from a generator that is ours.
    """
    global _ours  # noqa: PLW0603
    logger = logging.getLogger("splink")
    level, theirs = logger.level, random.getstate()
    logger.setLevel(logging.ERROR)
    random.setstate(_ours)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        _ours = random.getstate()
        random.setstate(theirs)
        logger.setLevel(level)


def standard_weights() -> dict[str, Any]:
    """The weights learnt from the standard synthetic extracts of 1.5 million records."""
    found: dict[str, Any] = json.loads(
        Path(__file__).with_name("standard_weights.json").read_text(encoding="utf-8")
    )
    return found


def learn(connection: duckdb.DuckDBPyConnection, *, pairs: int) -> dict[str, Any]:
    """Learn the weights from `record`; `pairs` is how many true pairs the exact rules found, for the prior odds.

    With fewer pairs than ENOUGH the standard weights are taken, prior odds and all, and every name weighs alike: how
    common a name is cannot be told from so few.

    Two passes, each blind to what it blocks on: pairs with one NHS number teach names, birth dates, sex and home; pairs
    with one name and birth date teach the NHS number.
    """
    count = connection.execute("SELECT count(*) FROM record").fetchall()[0]
    if pairs < ENOUGH:
        return standard_weights() | {"weighs_names": False}
    model = linker(connection, "record")
    model._settings_obj._probability_two_random_records_match = prior(pairs, count[0])
    with quiet():
        training = model.training
        training.estimate_u_using_random_sampling(
            max_pairs=STRANGERS, seed=SEED, min_count_per_level=None, num_chunks=1
        )
        for block in (
            "l.nhs_number = r.nhs_number",
            "l.birth_date = r.birth_date AND l.root = r.root AND l.surname = r.surname",
        ):
            training.estimate_parameters_using_expectation_maximisation(
                block, estimate_without_term_frequencies=True, max_pairs=STRANGERS / 10
            )
    return learnt(model, prior(pairs, count[0]))


def prior(pairs: int, records: int) -> float:
    """The chance that two records drawn at random are of one person: known pairs over all pairs."""
    return round(max(pairs, 1) / max(records * (records - 1) / 2, 2), 15)


def learnt(model: Any, before: float) -> dict[str, Any]:
    """The weights of a trained linker as plain data: for each comparison, m and u of each level from best to worst."""
    comparisons = {}
    for compared, made in zip(COMPARED, model._settings_obj.comparisons, strict=True):
        levels = [level for level in made.comparison_levels if not level.is_null_level]
        comparisons[compared.name] = [
            [_rounded(level.m_probability), _rounded(level.u_probability)] for level in levels
        ]
    return {"version": 1, "prior": before, "weighs_names": True, "comparisons": comparisons}


def _rounded(chance: Any) -> float:
    """Six figures, and never nought: what was not seen is rare, not impossible."""
    value = float(chance) if isinstance(chance, int | float) else 0.0
    return float(f"{min(max(value, 1e-7), 1.0):.{DIGITS}g}")


def score(connection: duckdb.DuckDBPyConnection, weights: dict[str, Any]) -> None:
    """Make `scored` (left_id, right_id, weight) of the pairs in `candidate` that reach LEAST bits."""
    model = linker(connection, "record", weights)
    with quiet():
        model.table_management.register_blocked_pairs_for_predict(model._db_api.register("candidate"))
        found = model.inference.predict(threshold_match_weight=LEAST)
    connection.execute(
        f"CREATE TABLE scored AS {SCORED} FROM {found.physical_name} ORDER BY left_id, right_id"
    )
    with quiet():
        found.drop_table_from_database_and_remove_from_cache()
