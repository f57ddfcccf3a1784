"""What is known of the residents, each step made once: segments, a model of need, measures, and the First 5,000.

Each passes its figures through the gate, and is published again by a version whose gate hides what an older one let out.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import TYPE_CHECKING

from endeavour.cli.built import Built, fingerprint
from endeavour.cli.talk import say, step
from endeavour.errors import Conflict, UserError
from endeavour.paths import pack_dir, var_dir

if TYPE_CHECKING:
    from endeavour.engine.cohort.rule import Rule
    from endeavour.engine.cohort.sources import Sources
    from endeavour.engine.lake.store import Lake

# 5,000 households of a system of 1.2 million residents.
RESIDENTS_A_HOUSEHOLD_CHOSEN = 240
ABOUT_ALL = 0.9
PLANTED, YEARS_DRAWN = 0.2, 200


def build_needs(built: Built, name: str) -> None:
    """Everybody's segment and the model of need, both of the people whom measures count."""
    from endeavour.engine.disclosure.rules import GATE

    people = _people_in_use()
    _shelved(
        built, name, "segments", "segments", "Finding who needs what kind of care", lambda: _segments(name),
        counts=people, also=str(GATE),
    )  # fmt: skip
    # Where only the gate is another, the model stays and its card is written again.
    learnt = built.seen.get("model", "").startswith(_inputs(people, name, "protocols"))
    _shelved(
        built, name, "model", "protocols", "Learning what need looks like", lambda: _model(name, is_learnt=learnt),
        counts=people, also=str(GATE),
    )  # fmt: skip


def build_measures(built: Built, name: str) -> None:
    """Every measure of the catalogue."""
    begin_measures(built, name)()


def begin_measures(built: Built, name: str, beside: Executor | None = None) -> Callable[[], None]:
    """Begin every measure of the catalogue `beside`, unless that is done; what is given back waits for them.

    Without anybody beside they are measured when they are waited for; so too on Spark, which has one session for all.
    """
    from endeavour.engine.measures.release import MADE_BY

    words = "Measuring Core20PLUS5"
    inputs, there = _resting_on(name, "measures", "measures", counts=_people_in_use(), also=MADE_BY)
    measure: Callable[[], list[str]] = partial(_measures, name)
    if beside is not None and not (there and built.has("measures", inputs)) and not _on_spark():
        words, measure = f"{words}, begun beside the rest", beside.submit(_measures, name).result

    def work() -> None:
        try:
            warnings = measure()
        except Conflict as error:
            if not there:
                raise
            warnings = [f"{error.message} What was published of measures stays. {error.hint}"]
        for warning in warnings:
            say(f"  [dim]{warning}[/dim]")

    return lambda: built.once("measures", inputs, words, work, still=there)


def _on_spark() -> bool:
    from endeavour.engine.lake.backends import engine_name

    return engine_name() == "spark"


def choose_cohort(
    built: Built, name: str, *, size: int | None = None, with_sensitivity: bool | None = None
) -> None:
    """Choose by the pack's rule, among linked households where records were linked, else among the lake's own.

    What happens when a weight moves is worked out with it, unless it is asked without.
    """
    from endeavour.engine.cohort.agency_facts import facts_dir
    from endeavour.engine.cohort.proposal import propose, sources_in_use
    from endeavour.engine.lake.store import Lake

    lake = Lake.open()
    sources = sources_in_use(lake, pack=name)

    def work() -> None:
        moved = with_sensitivity is not False
        propose(_rule(name, size), lake, sources=sources, with_sensitivity=moved, say=lambda _: None)

    base = f"{sources.result.name} {fingerprint(facts_dir(sources.root))}" if sources else "lake"
    # Who asks for a size or for sensitivity wants it now; a plain start keeps what they chose.
    keeps = size is None and (not with_sensitivity or _has_sensitivity())
    # A model of the same definitions and people, whichever gate its card passed: no gate changes who was chosen.
    _shelved(
        built, name, "cohort", "protocols", "Choosing the First 5,000 households", work,
        also=f"{base} {_inputs(_people_in_use(), name, 'protocols')}", still=keeps,
    )  # fmt: skip
    _tell_cohort_again(name, lake, sources)


def _tell_cohort_again(name: str, lake: Lake, sources: Sources | None) -> None:
    """Where an older gate let out what is said of the choice in force, say it again; the choice itself stays."""
    from endeavour.engine.cohort.proposal import tell_again
    from endeavour.engine.cohort.retelling import told_by_an_older_gate
    from endeavour.engine.cohort.rule import open_rule

    if not told_by_an_older_gate():
        return
    with step("Telling of the First 5,000 households again"):
        try:
            tell_again(open_rule(name), lake, sources=sources, say=lambda _: None)
        except Conflict as error:
            say(f"  [dim]{error.message} What was told of them stays. {error.hint}[/dim]")


def _has_sensitivity() -> bool:
    from endeavour.engine.cohort.release import current_summary

    try:
        return bool(current_summary()["sensitivity"])
    except UserError:
        return False


def rehearse_follow_up(built: Built) -> None:
    """Show the method of follow-up on a drawn year with a planted effect, which says that it is a rehearsal.

    A choice that was followed up already, and is told again, is followed up in the same way again.
    """
    from endeavour.engine.cohort.follow_up import follow_up, last_asked
    from endeavour.engine.cohort.release import current_summary
    from endeavour.engine.lake.backends import open_backend
    from endeavour.engine.lake.store import Lake

    lake, cohort = Lake.open(), current_summary()
    asked = last_asked(cohort)
    if asked is None and "truth" not in lake.sources():
        return  # only a synthetic lake knows what would have happened

    def work() -> None:
        with open_backend(lake.sources()) as backend:
            try:
                follow_up(backend, lake_id=lake.id, **(asked or {"planted": PLANTED, "runs": YEARS_DRAWN}))
            except Conflict as error:
                say(f"  [dim]{error.message} Nothing was followed up.[/dim]")

    is_real = asked is not None and asked["planted"] is None
    words = "Following the First 5,000 up again" if is_real else "Rehearsing the follow-up"
    built.once("follow-up", cohort["release"], words, work)


def _segments(name: str) -> None:
    from endeavour.engine.cohort.segments import open_scores, open_segments
    from endeavour.engine.cohort.segments_release import build_segments

    build_segments(open_segments(name), open_scores(name), _people_in_use())


def _model(name: str, *, is_learnt: bool) -> None:
    from endeavour.engine.cohort.model_release import build_model, last_asked
    from endeavour.engine.cohort.need_model import open_need_model

    definition, people = open_need_model(name), _people_in_use()
    build_model(definition, people, **(last_asked(definition, people) if is_learnt else {}))


def _measures(name: str) -> list[str]:
    """Publish every measure; what its operator must be told of it."""
    from endeavour.engine.cohort.linkage_effect import beside_measures
    from endeavour.engine.lake.store import Lake
    from endeavour.engine.measures.catalogue import Catalogue
    from endeavour.engine.measures.release import build_release

    catalogue, lake = Catalogue.open(name), Lake.open()
    beside = beside_measures(catalogue, lake, pack=name)
    warnings: list[str] = []
    build_release(catalogue, _people_in_use(), say=lambda _: None, warn=warnings.append, beside=beside)
    return warnings


def _rule(name: str, size: int | None) -> Rule:
    """The pack's rule; for a small lake, of so many households in proportion: few people cannot meet its floors."""
    from endeavour.engine.cohort.rule import open_rule
    from endeavour.engine.lake.store import Lake

    rule = open_rule(name)
    residents = Lake.open().rows()["person"]
    if size is None and residents < rule.size * RESIDENTS_A_HOUSEHOLD_CHOSEN * ABOUT_ALL:
        size = max(10, residents // RESIDENTS_A_HOUSEHOLD_CHOSEN)
    return rule if size is None else rule.for_size(size)


def _people_in_use() -> Lake:
    """Whom measures, segments and the model of need count: linked people, or the residents where nobody was linked."""
    from endeavour.engine.cohort.linked_lake import people_in_use
    from endeavour.engine.lake.store import Lake

    return people_in_use(Lake.open())


def _shelved(
    built: Built,
    name: str,
    shelf: str,
    folder: str,
    words: str,
    work: Callable[[], object],
    *,
    also: str = "",
    still: bool = True,
    counts: Lake | None = None,
) -> None:
    """Do the work of one shelf unless it was done with this lake and these definitions, and is `still` wanted so."""
    inputs, there = _resting_on(name, shelf, folder, also=also, counts=counts)
    built.once(shelf, inputs, words, work, still=still and there)


def _resting_on(
    name: str, shelf: str, folder: str, *, also: str = "", counts: Lake | None = None
) -> tuple[str, bool]:
    """What the result on a shelf rests on, and whether there is one.

    `counts` is the lake whose people are counted, the installation's own unless given.
    """
    from endeavour.engine.lake.store import Lake

    inputs = f"{_inputs(counts or Lake.open(), name, folder)} {also}".rstrip()
    return inputs, (var_dir() / shelf / "current").is_file()


def _inputs(lake: Lake, name: str, folder: str) -> str:
    """What a result of these people rests on: the lake, and the pack's definitions."""
    return f"{lake.id} {fingerprint(pack_dir(name) / folder)}"
