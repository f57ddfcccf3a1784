"""The methods page's content, read from the docstrings of the statistics themselves, so that it cannot go
stale.

The modules are parsed, never imported: the page costs no numerical library. A function is a method when it is
public, has an example that the tests run, and names its source.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

_PACKAGE = "endeavour.engine.statistics"

FAMILIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Proportions, rates and averages",
        "How many, out of how many, and how sure we are.",
        ("proportions", "rates", "means"),
    ),
    (
        "Fair comparison between ages",
        "What a place's rate would be if its ages were like everyone's.",
        ("standardisation",),
    ),
    (
        "Length of life and health",
        "How long people can expect to live, in good health or not, and what makes the difference.",
        ("life_expectancy", "health_expectancy", "years_lost"),
    ),
    (
        "Inequality",
        "How far apart groups of people are, on one scale or another.",
        ("slope_index", "inequality", "attributable", "concentration", "toolkit"),
    ),
    (
        "Comparison between places",
        "Which places differ from the rest by more than chance.",
        ("quantiles", "funnel", "benchmark"),
    ),
    (
        "Change over time",
        "Whether something has really changed, or only moved about.",
        ("spc", "trend"),
    ),
    (
        "Intersections",
        "How much depends on being several things at once.",
        ("maihda",),
    ),
)


@dataclass(frozen=True)
class Method:
    """One method: its name in words, the function to call, what it promises, its source and a runnable
    example.
    """

    name: str
    function: str
    signature: str
    summary: str
    details: tuple[str, ...]
    source: str
    references: str
    example: str

    @property
    def anchor(self) -> str:
        """Where on the page it stands; it stays put as long as the function keeps its name."""
        return self.function.rsplit(".", 1)[1].replace("_", "-")


@dataclass(frozen=True)
class Family:
    """Methods that answer one kind of question."""

    title: str
    question: str
    methods: tuple[Method, ...]

    @property
    def anchor(self) -> str:
        """Where on the page the family begins.

        >>> Family("Change over time", "", ()).anchor
        'change-over-time'
        """
        return re.sub(r"[^a-z]+", "-", self.title.lower()).strip("-")


@cache
def families() -> tuple[Family, ...]:
    """Every family with its methods, in the order of the page; read once a process.

    >>> [method.name for method in families()[-2].methods][:1]
    ['Control chart']
    """
    return tuple(
        Family(title, question, tuple(method for module in modules for method in _methods(module)))
        for title, question, modules in FAMILIES
    )


def _methods(module: str) -> list[Method]:
    # Found from the top package: asking for the statistics' own would run its __init__, and so import SciPy.
    folder = resources.files("endeavour").joinpath("engine", "statistics")
    text = folder.joinpath(f"{module}.py").read_text(encoding="utf-8")
    tree = ast.parse(text)
    shared = _source(_paragraphs(ast.get_docstring(tree) or ""))
    found = []
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        words = ast.get_docstring(node) or ""
        if ">>>" in words and re.search(r"\bsources?\b", words, re.IGNORECASE):
            found.append(_method(module, node, words, shared))
    sources = {method.function.rsplit(".", 1)[1]: method.source for method in found}
    return [_referred(method, sources) for method in found]


def _referred(method: Method, sources: dict[str, str]) -> Method:
    """The method, 'as another' replaced by the other's own source."""
    other = re.match(r"[Aa]s `(\w+)`", method.source)
    if other is None or other.group(1) not in sources:
        return method
    return replace(method, source=sources[other.group(1)])


def _method(module: str, node: ast.FunctionDef, words: str, shared: str) -> Method:
    prose, _, code = words.partition(">>>")
    paragraphs = _paragraphs(prose)
    source = _source(paragraphs)
    if "module" in source or not source:
        own = re.sub(r"(?i)^see the module;?\s*", "", source).rstrip(".")
        source = "; ".join(part for part in (shared.rstrip("."), own) if part)
    return Method(
        name=_title(node.name),
        function=f"{_PACKAGE}.{module}.{node.name}",
        signature=f"{node.name}({ast.unparse(node.args)})",
        summary=paragraphs[0],
        details=tuple(p for p in (_without_source(p) for p in paragraphs[1:]) if p),
        source=source.rstrip(".") + ".",
        references="" if shared in source else shared,
        example=">>>" + code.rstrip(),
    )


_TITLES = {
    "arriaga": "Differences in length of life by age and cause (Arriaga)",
    "between_group_sd": "Between-group standard deviation",
    "between_group_variance": "Between-group variance",
    "dsr": "Directly standardised rate",
    "indicators": "Columns for main effects",
    "maihda": "Differences between intersections (MAIHDA)",
    "measure": "Any of the toolkit's 21 measures by its short name",
    "slope_index": "Slope and relative index of inequality",
    "standard_error_of": "Standard error from a published interval",
}


def _title(name: str) -> str:
    return _TITLES.get(name) or name.replace("_", " ").capitalize()


def _paragraphs(text: str) -> list[str]:
    return [
        " ".join(part.split()) for part in re.split(r"\n\s*\n|\n(?=[A-Z][a-z ]+:\s)", text) if part.strip()
    ]


_SOURCE = re.compile(r"(?:^|(?<=[.;)] ))(?:[A-Z][a-z, ]*and s|S)ources?: (.*)$")


def _source(paragraphs: list[str]) -> str:
    for paragraph in reversed(paragraphs):
        match = _SOURCE.search(paragraph)
        if match:
            return re.split(r"(?<=[.]) (?=Agrees|Where|Points|Edge|Units)", match.group(1))[0]
    return ""


def _without_source(paragraph: str) -> str:
    return _SOURCE.sub("", paragraph).strip()
