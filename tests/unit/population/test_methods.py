"""The methods page says what the statistics' own docstrings say."""

from __future__ import annotations

import importlib
import subprocess
import sys

from endeavour.engine.statistics.toolkit import MEASURES
from endeavour.population.methods import FAMILIES, families


def _all() -> list:  # type: ignore[type-arg]
    return [method for family in families() for method in family.methods]


def test_every_family_has_methods() -> None:
    assert [family.title for family in families()] == [title for title, _, _ in FAMILIES]
    assert [family.title for family in families() if not family.methods] == []


def test_every_method_can_be_called_and_says_where_it_comes_from() -> None:
    for method in _all():
        module, name = method.function.rsplit(".", 1)
        assert callable(getattr(importlib.import_module(module), name))
        assert len(method.source + method.references) > 30, method.function
        assert method.example.startswith(">>> ")
        assert "Source" not in " ".join((method.summary, *method.details)), method.function


def test_the_toolkit_is_listed_whole() -> None:
    listed = {method.function.rsplit(".", 1)[1] for method in _all()}
    assert set(MEASURES.values()) <= listed


def test_anchors_do_not_collide() -> None:
    anchors = [method.anchor for method in _all()] + [family.anchor for family in families()]
    assert len(anchors) == len(set(anchors))


def test_reading_them_imports_no_numerical_library() -> None:
    code = "import sys; from endeavour.population.methods import families; families(); print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
