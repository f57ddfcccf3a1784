"""Whose a lake is: the name under which the release log knows its people, the same for every lake of the same people.

A lake is built again and again: from newer data, by a newer version, with another pack beside it. Its people are much
the same, and what was let out of the one lake can be subtracted from what is let out of the next. So the log goes by
people and not by builds. A lake says in its recipe whose it is (`people`, the same words whatever the day); one that
was drawn says it by what was drawn, of which another seed is other people; one that says neither is its own.

lake/people.csv     lake, people, since: every build that ever stood here, so that what was logged of it is known again
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from endeavour.engine.lake.manifest import NAME, Manifest
from endeavour.errors import Corrupt
from endeavour.paths import write_atomically

LEDGER = "people.csv"
COLUMNS = ("lake", "people", "since")
_BUILD = re.compile(r"\blake ([0-9a-f]{16})\b")


def whose(build: str, recipe: Mapping[str, Any]) -> str:
    """Whose the lake `build` is, by its recipe.

    >>> whose("00", {"people": "patients registered in North Place"})
    'patients registered in North Place'
    >>> whose("00", {"seed": 7, "residents": 10_000, "generator_version": 2, "pack": "whichever"})
    'residents drawn with seed 7, 10000 of them, by generator 2'
    >>> whose("00", {"of": "11", "of_people": "patients registered in North Place"})
    'people linked from patients registered in North Place'
    >>> whose("00", {})
    'lake 00'
    """
    if "of" in recipe:
        return f"people linked from {recipe.get('of_people') or 'lake ' + recipe['of']}"
    if "people" in recipe:
        return str(recipe["people"])
    if "seed" in recipe:
        drawn = recipe.get("residents"), recipe.get("generator_version")
        return f"residents drawn with seed {recipe['seed']}, {drawn[0]} of them, by generator {drawn[1]}"
    return f"lake {build}"


def note(root: Path, builds: Mapping[str, Manifest]) -> None:
    """Write down whose these builds are, unless it is written already: what is written stands."""
    known = _read(root)
    rows = [(name, *told) for name, told in known.items()]
    today = datetime.now(UTC).date().isoformat()
    rows += [(name, whose(name, m.recipe), today) for name, m in builds.items() if name not in known]
    if len(rows) == len(known):
        return
    with write_atomically(root / LEDGER) as part, part.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([COLUMNS, *rows])


def peoples(root: Path) -> dict[str, str]:
    """Whose each build is that stands or stood here, by its id; `Corrupt` where what is written cannot be read."""
    found = {
        path.parent.name: whose(path.parent.name, manifest.recipe)
        for path in sorted((root / "builds").glob(f"*/{NAME}"))
        for manifest in standing(root, path.parent.name).values()
    }
    return found | {build: people for build, (people, _) in _read(root).items()}


def standing(root: Path, build: str | None) -> dict[str, Manifest]:
    """A build's manifest by its id; nothing where there is none that can be read."""
    try:
        return {} if build is None else {build: Manifest.read(root / "builds" / build)}
    except Corrupt:
        return {}


def in_todays_name(population: str, known: Mapping[str, str]) -> str:
    """A population's name in the log, with the people in the place of a build.

    >>> in_todays_name("people linked from lake 0123456789abcdef", {"0123456789abcdef": "patients of North Place"})
    'people linked from patients of North Place'
    """
    return _BUILD.sub(lambda found: known.get(found[1], found[0]), population)


def _read(root: Path) -> dict[str, tuple[str, str]]:
    try:
        with (root / LEDGER).open(encoding="utf-8", newline="") as stream:
            return {row["lake"]: (row["people"], row["since"]) for row in csv.DictReader(stream)}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise Corrupt(
            f"What was written of whose each lake is, {root / LEDGER}, cannot be read ({error}).",
            hint="Restore it from a backup, or remove it: then lakes that no longer stand count as other people's.",
        ) from error
