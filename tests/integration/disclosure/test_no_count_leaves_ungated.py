"""Walk every address of the site to the code behind it: nothing there counts people except through the gate.

The walk is static: from each view's module along every import, at the top or inside a function, of this package. A
module that opens the person-level lake must itself call the gate, or stand below with the reason why it need not.
"""

from __future__ import annotations

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

DOORS = {
    "endeavour.engine.lake.store.Lake",
    "endeavour.engine.lake.backends.open_backend",
    "endeavour.engine.lake.backends.DuckBackend",
    "endeavour.engine.measures.lake_figures.exact",
    "endeavour.engine.measures.lake_figures.exact_months",
    "endeavour.engine.measures.lake_figures.whole",
    "endeavour.engine.disclosure.published._SEAL",
}
"""What lets a module read single people, or make a published value without the gate."""

GATE = {
    "endeavour.engine.disclosure.publish",
    "endeavour.engine.disclosure.publish_count",
    "endeavour.engine.disclosure.publish_together",
    "endeavour.engine.disclosure.publish_mean",
    "endeavour.engine.measures.lake_figures.published",
}
WEB = ("core", "strategy", "governance", "population", "frontdoor", "website")


@cache
def imports(module: str) -> frozenset[str]:
    """Every name a module imports, in full, wherever in the file it does so."""
    spec = find_spec(module)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return frozenset()
    package = module if spec.submodule_search_locations else module.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            home = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                home = ".".join([*above, *filter(None, [node.module])])
            found |= {home, *(f"{home}.{alias.name}" for alias in node.names)}
    return frozenset(name for name in found if name.startswith("endeavour"))


@cache
def is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def behind(module: str) -> set[str]:
    """The web's own modules that stand behind one, itself among them; the engine is entered but not walked."""
    seen, waiting = set(), [module]
    while waiting:
        current = waiting.pop()
        if current in seen or current.split(".")[1] not in WEB:
            continue
        seen.add(current)
        waiting += [name for name in imports(current) if name.count(".") and is_module(name)]
    return seen


def views() -> set[str]:
    """The module of every view of every address."""
    found: set[str] = set()
    waiting: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while waiting:
        pattern = waiting.pop()
        if isinstance(pattern, URLResolver):
            waiting += pattern.url_patterns
        else:
            view = getattr(pattern.callback, "view_class", pattern.callback)
            found.add(view.__module__)
    return {module for module in found if module.startswith("endeavour.")}


def test_the_walk_meets_the_whole_site() -> None:
    modules = set().union(*(behind(view) for view in views()))
    assert len(views()) > 10
    assert {"endeavour.population.queries.strata", "endeavour.population.views"} <= modules
    opened = [module for module in modules if imports(module) & DOORS]
    assert opened, "a walk that meets no module of the lake proves nothing"


@pytest.mark.parametrize("view", sorted(views()))
def test_whatever_opens_the_lake_passes_the_gate(view: str) -> None:
    for module in sorted(behind(view)):
        opened = imports(module) & DOORS
        assert not opened or imports(module) & GATE, (
            f"{module} opens {opened} behind {view}, without the gate"
        )


@pytest.mark.parametrize("view", sorted(views()))
def test_no_page_makes_a_published_value_itself(view: str) -> None:
    for module in behind(view):
        assert "endeavour.engine.disclosure.published._SEAL" not in imports(module), module
