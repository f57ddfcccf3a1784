"""From agencies' extracts to a published proposal, in one go; each step is whole or absent, and done once."""

from __future__ import annotations

from typing import Any

from endeavour.cli.built import Built
from endeavour.cli.linking import gather, link, link_keyed
from endeavour.cli.results import build_measures, build_needs, choose_cohort, rehearse_follow_up


def propose_from_extracts(
    *, pack: str, size: int | None, most: int | None, with_sensitivity: bool, keyed: bool = False
) -> dict[str, Any]:
    """Link the extracts, form households, measure, choose, audit and freeze; returns the cohort's summary.

    With `keyed`, records are linked by the agencies' codes, and no name is read. What is done already, with the same
    inputs, is not done again, so that a run that was stopped goes on where it was. Whatever fails, what was published
    before stays.
    """
    from endeavour.engine.cohort.release import current_summary
    from endeavour.engine.lake.store import Lake

    check_definitions(pack)
    built, lake = Built(), Lake.open()
    (link_keyed if keyed else link)(built, lake, most=most)
    gather(built, pack, keyed=keyed)
    build_needs(built, pack)
    build_measures(built, pack)
    choose_cohort(built, pack, size=size, with_sensitivity=with_sensitivity)
    rehearse_follow_up(built)
    return current_summary()


def check_definitions(pack: str) -> None:
    """Read every definition that the command will use, so that a wrong one is refused before anything long begins."""
    from endeavour.engine.cohort.holdings import open_holdings
    from endeavour.engine.cohort.need_model import open_need_model
    from endeavour.engine.cohort.rule import open_rule
    from endeavour.engine.cohort.segments import open_scores, open_segments
    from endeavour.engine.measures.catalogue import Catalogue
    from endeavour.engine.measures.compiler import compile_measure

    for read in (open_rule, open_segments, open_scores, open_need_model, open_holdings):
        read(pack)
    for measure in Catalogue.open(pack).measures:
        if measure.reads == "lake":
            compile_measure(measure)
