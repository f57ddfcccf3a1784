"""Every public action has a form at a desk and an operation over HTTP, or stands below with the reason why not."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import endeavour.governance
import endeavour.strategy
from endeavour.governance import actions

SIGNS_NOBODY_IN = (
    "an address is confirmed and left by the key in its own e-mail: nobody signs in, so no token acts"
)
BY_CLOCK = "the operator's timer runs it from the command line: endeavour governance"
DRAFT = "a draft belongs to a form of the desk: a program keeps its own"
FROM_FILES = "whole documents come from files that the operator reads in: endeavour strategy import, endeavour pack load"
BY_RECEIPT = "whoever holds the receipt says it on its page and signs in nowhere"
NO_API = {
    "say_how_it_went": BY_RECEIPT,
    "subscribe": SIGNS_NOBODY_IN, "confirm_subscription": SIGNS_NOBODY_IN, "unsubscribe": SIGNS_NOBODY_IN,
    "send_digests": BY_CLOCK, "raise_late": BY_CLOCK, "keep_draft": DRAFT, "drop_draft": DRAFT,
    "illustrate": FROM_FILES, "import_document": FROM_FILES, "load_statements": FROM_FILES, "load_theory": FROM_FILES,
    "load_shared": FROM_FILES, "publish_theory": FROM_FILES,
}  # fmt: skip
NO_DESK = {name: why for name, why in NO_API.items() if why in {BY_CLOCK, FROM_FILES}}
# What reads or checks, or is a part of another action, and writes nothing by itself.
NOT_WRITES = {"item_entry", "meeting_entry", "read_rows", "seats_of"}


def governance_writes() -> set[str]:
    return {n for n, f in vars(actions).items() if inspect.isfunction(f)} - NOT_WRITES


def strategy_writes() -> Iterator[str]:
    """Every public function of the strategy that says who writes."""
    for found in pkgutil.walk_packages(endeavour.strategy.__path__, "endeavour.strategy."):
        last = found.name.rpartition(".")[2]
        if "migrations" in found.name or last.startswith(("views", "api")):
            continue
        for name, value in vars(import_module(found.name)).items():
            is_own = inspect.isfunction(value) and value.__module__ == found.name and not name.startswith("_")
            if is_own and "by" in inspect.signature(value).parameters:
                yield name


def called(part: str, *modules: str) -> str:
    folder = Path(next(iter(getattr(endeavour, part).__path__)))
    return "\n".join(path.read_text() for pattern in modules for path in folder.glob(pattern))


def without(names: set[str], source: str) -> set[str]:
    return {name for name in names if not re.search(rf"\b{name}\(", source)}


def test_every_action_of_governance_has_both_or_a_reason() -> None:
    names = governance_writes()
    assert without(names, called("governance", "views*.py", "asking.py")) - set(NO_DESK) == set()
    assert without(names, called("governance", "api*.py")) - set(NO_API) == set()


def test_every_action_of_the_strategy_has_both_or_a_reason() -> None:
    names = set(strategy_writes())
    assert {"record_evidence", "freeze_report", "answer_challenge"} <= names, "the walk finds them"
    assert without(names, called("strategy", "views*.py", "asking.py")) - set(NO_DESK) == set()
    assert without(names, called("strategy", "api*.py")) - set(NO_API) == set()


def test_no_reason_outlives_what_it_excuses() -> None:
    names = governance_writes() | set(strategy_writes())
    sources = {part: called(part, "api*.py") for part in ("governance", "strategy")}
    assert set(NO_API) & names == without(set(NO_API) & names, "\n".join(sources.values()))
