"""What was let out before, in the words of today: so that a new release is checked against it, whoever made it.

An older version logged a measure's table without saying who its people are, and called a lake's people by the build.
Both are told here from what is known now: the catalogue says who a measure counts, the lake's own list whose each
build is. A measure whose definition has changed since is taken to count the people of its present one: figures that
differ are then revisions, as any others are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from endeavour.engine.disclosure import About, FileLog, People, PublishedTable
from endeavour.engine.lake.whose import in_todays_name, peoples
from endeavour.engine.measures.who import meanings, people_of
from endeavour.paths import lake_dir

if TYPE_CHECKING:
    from endeavour.engine.measures.definition import Measure

BY_PERIOD = "by period"
"""The period that a measure's tables bear, whichever years are in them."""
Told = tuple[About, Mapping[tuple[str, str], People]]
"""What a table counts, and who is in its groups where that was not said."""


def installation_log(measures: Iterable[Measure] = ()) -> FileLog:
    """The log of everything that this installation has published, under the names of today.

    `measures` are those about to be published: their earlier tables are told with them.
    """
    log = FileLog.of_installation()
    log.retell(in_todays_words(measures, peoples(lake_dir())))
    return log


def in_todays_words(measures: Iterable[Measure], known: Mapping[str, str]) -> Callable[[About], Told]:
    """What says of a logged table whom it counts, in the words of today; `known` says whose each lake is, by its id."""
    counted = {measure.id: people_of(measure) for measure in measures if measure.reads == "lake"}
    groups = meanings()

    def told(about: About) -> Told:
        about = replace(about, population=in_todays_name(about.population, known))
        if about.base is not None or about.period != BY_PERIOD or about.measure not in counted:
            return about, {}
        base, some = counted[about.measure]
        return replace(about, base=base, counted=some), groups

    return told


def left_by_earlier(tables: Iterable[PublishedTable]) -> int:
    """How many small groups earlier releases alone narrow further than 1 to 7; tables of the same people count once."""
    return sum({table.about.statistic: table.audit.left_by_earlier for table in tables}.values())


def left_words(count: int) -> str:
    """The same for the operator.

    >>> left_words(1)[:82]
    'Earlier releases already say more than 1 to 7 of 1 small group, whatever is hidden'
    """
    groups = "1 small group" if count == 1 else f"{count:,} small groups"
    return (
        f"Earlier releases already say more than 1 to 7 of {groups}, whatever is hidden now. This release hides them "
        "again and makes none of it worse; what was let out cannot be called back."
    )


def left_out_words(tables: Iterable[PublishedTable]) -> str:
    """Which measures are published by their earlier breakdowns alone, for the operator; empty where none is."""
    fewer = [table.about.measure for table in tables if table.audit.left_out]
    if not fewer:
        return ""
    return (
        f"Published without breakdowns that earlier releases did not have: {', '.join(fewer)}. Beside those releases "
        "the new ones would give small groups away; they come with residents who have not been published of yet."
    )
