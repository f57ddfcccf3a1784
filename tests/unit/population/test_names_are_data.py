"""Institutions and places are dated data: no name of one stands in the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import endeavour
from endeavour.pack.packs import Pack

HOME = Path(endeavour.__file__).parent
# Everyday words that are a place's whole name would be met by chance; none is so far.
META = Pack.open("mse").meta
NAMES = re.compile("|".join(re.escape(name) for name in (META.name, *(place.name for place in META.places))))


def said(path: Path) -> list[str]:
    """Every text that a page could print from a module: its strings, without those that only explain."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    explained = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained
    ]


def test_a_name_in_a_string_would_be_met(tmp_path: Path) -> None:
    module = tmp_path / "m.py"
    module.write_text(f'"""About {META.name}."""\nTITLE = "Care in {META.name}"\n', encoding="utf-8")
    assert [text for text in said(module) if NAMES.search(text)] == [f"Care in {META.name}"]


@pytest.mark.parametrize("kind", ["*.py", "*.html", "*.txt", "*.js"])
def test_no_place_or_partnership_is_named_in_code(kind: str) -> None:
    found = {}
    for path in HOME.rglob(kind):
        if "packs" in path.relative_to(HOME).parts or "static" in path.relative_to(HOME).parts:
            continue
        texts = said(path) if kind == "*.py" else [path.read_text(encoding="utf-8")]
        named = {
            at.group() for text in texts for at in NAMES.finditer(text) if "example" not in text.casefold()
        }
        # A command's help may give one as an example, in lower case as a code; a title may not.
        if named:
            found[str(path.relative_to(HOME))] = named
    assert found == {}
