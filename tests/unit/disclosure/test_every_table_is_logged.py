"""Every table that leaves the gate is remembered, so that the next is checked against it."""

from __future__ import annotations

import ast
from pathlib import Path

import endeavour

HOME = Path(endeavour.__file__).parent


def calls() -> dict[str, list[bool]]:
    """For each module that publishes a table: whether each call gives a log."""
    found: dict[str, list[bool]] = {}
    for path in sorted(HOME.rglob("*.py")):
        where = path.relative_to(HOME).as_posix()
        if where.startswith("engine/disclosure/"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not any(
            isinstance(n, ast.ImportFrom) and n.module == "endeavour.engine.disclosure"
            for n in ast.walk(tree)
        ):
            continue
        for node in ast.walk(tree):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if name in ("publish", "publish_together"):
                found.setdefault(where, []).append(any(word.arg == "log" for word in node.keywords))
    return found


def test_every_table_is_logged() -> None:
    found = calls()
    assert found["population/queries/caseload.py"] == [True]
    assert len(found) > 10
    assert [where for where, logged in found.items() if not all(logged)] == []
