"""Renders one NHS.UK component and refuses what the design system does not know.

The templates come from the PyPI port, which ignores an argument it does not know: a misspelt one once left an
emergency card empty on a page for ill people. Here every argument is checked, nested ones too, against an extract of the
npm package's own `macro-options.json` (written by `scripts/assets.py --options`), and an unknown, deprecated or empty
one raises.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe
from markupsafe import Markup

OMIT: Final = object()
"""Stands for an argument that is left out; the `optional` filter gives it for an empty value."""

_FREE = {"attributes"}
_MACROS = {"tables": "table", "images": "image", "do-dont-list": "list"}
# Arguments that a component passes on whole to another, which the extract does not say.
_PASSED_ON = {
    "code button": "button",
    "date-input day": "input",
    "date-input items": "input",
    "date-input month": "input",
    "date-input year": "input",
    "password-input button": "button",
    "search-input button": "button",
}
_ALIASES = {"errorMessage": "error-message", "backLink": "back-link", "title": "task-list-title", "image": "images",
            "card": "card"}  # fmt: skip


class ComponentError(ValueError):
    """A template asks for a component, or gives it an argument, that does not exist."""


@cache
def options() -> dict[str, dict[str, Any]]:
    """Each component's lawful arguments, by its name."""
    text = (Path(__file__).parent / "nhs_options.json").read_text(encoding="utf-8")
    components: dict[str, dict[str, Any]] = json.loads(text)["components"]
    return components


@cache
def _environment() -> Any:
    from jinja2 import ChainableUndefined, Environment, PackageLoader

    # The package is written for Nunjucks, which trims around blocks and lets an undefined name be asked for more.
    return Environment(
        loader=PackageLoader("nhsuk_frontend_jinja"),
        undefined=ChainableUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(
    component: str, params: Mapping[str, Any], body: str = "", *, deprecated: bool = False
) -> SafeString:
    """The HTML of `component`. `body` is safe markup for its inside; `deprecated` lets old arguments pass.

    >>> render("tag", {"text": "Late by 32 months"})
    '<strong class="nhsuk-tag">\\n  Late by 32 months\\n</strong>'
    >>> render("card", {"headin": "Call 999"})
    Traceback (most recent call last):
    ...
    endeavour.website.components.ComponentError: card has no argument 'headin'. Did you mean 'heading'?
    """
    known = options()
    if component not in known:
        raise ComponentError(f"There is no component '{component}'.{_nearest(component, known)}")
    given = {name: value for name, value in params.items() if value is not OMIT}
    check(component, given, deprecated=deprecated)
    if not body and not given and any(rule.get("required") for rule in known[component].values()):
        raise ComponentError(f"{component} was given nothing to show.")
    macro = _macro(component)
    arguments = _marked(given)
    html = macro(arguments, caller=lambda: Markup(body)) if body else macro(arguments)  # noqa: S704 - rendered by Django
    return mark_safe(str(html).strip())  # noqa: S308 - the component escapes its text


@cache
def _macro(component: str) -> Any:
    template = _environment().get_template(f"nhsuk/components/{component}/macro.jinja")
    return getattr(template.module, _MACROS.get(component) or _camel(component))


def check(component: str, given: Mapping[str, Any], *, deprecated: bool = False) -> None:
    """Raise `ComponentError` for the first argument of `component` that is unknown, deprecated or empty."""
    _check(component, given, options()[component], deprecated)


def _check(where: str, given: Mapping[str, Any], lawful: Mapping[str, Any], deprecated: bool) -> None:
    for name, value in given.items():
        rule = lawful.get(name)
        if rule is None:
            raise ComponentError(f"{where} has no argument '{name}'.{_nearest(name, lawful)}")
        if rule.get("deprecated") and not deprecated:
            raise ComponentError(f"{where}: '{name}' is deprecated. {rule['deprecated']}")
        if value is None or value == "" or (isinstance(value, list | tuple | dict) and not value):
            raise ComponentError(
                f"{where}: '{name}' is empty. Give it a value, or |optional to leave it out."
            )
        _check_value(f"{where} {name}", name, value, rule, deprecated)


def _check_value(where: str, name: str, value: Any, rule: Mapping[str, Any], deprecated: bool) -> None:
    inner = rule.get("params") or (options().get(_ALIASES.get(name, name)) if rule.get("component") else None)
    if name.lower().endswith("html") and not isinstance(value, SafeString):
        raise ComponentError(f"{where} takes markup that was marked safe, not plain text.")
    if rule["type"] == "boolean" and not isinstance(value, bool):
        raise ComponentError(f"{where} takes True or False, not {value!r}.")
    if rule["type"] == "array" and not isinstance(value, list | tuple | Mapping):
        raise ComponentError(f"{where} takes a list, not {type(value).__name__}.")
    if inner is None or name in _FREE:
        return
    if where in _PASSED_ON:
        inner = options()[_PASSED_ON[where]] | inner
    for part in value if isinstance(value, list | tuple) else [value]:
        for leaf in part if isinstance(part, list | tuple) else [part]:
            if isinstance(leaf, Mapping):
                _check(where, leaf, inner, deprecated)


def _marked(value: Any) -> Any:
    """The same arguments as plain text, to be escaped; Django calls every literal of a template safe, and it is not.

    Only `html` arguments stay as they are, because the components themselves write those unescaped.
    """
    if isinstance(value, Mapping):
        return {key: _marked(part) for key, part in value.items() if part is not OMIT}
    if isinstance(value, list | tuple):
        return [_marked(part) for part in value]
    return value + "" if isinstance(value, SafeString) else value  # str() of a SafeString is itself


def nested(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments written flat in a template, `label__text="Name"`, as the nested ones the component takes.

    >>> nested({"id": "name", "label__text": "Name", "label__size": "m"})
    {'id': 'name', 'label': {'text': 'Name', 'size': 'm'}}
    """
    tree: dict[str, Any] = {}
    for name, value in arguments.items():
        if value is OMIT:
            continue
        *folders, leaf = name.split("__")
        place = tree
        for folder in folders:
            place = place.setdefault(folder, {})
        place[leaf] = value
    return tree


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)


def _nearest(name: str, lawful: Mapping[str, Any]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(re.sub(r"[^A-Za-z]", "", name), list(lawful), n=1)
    return f" Did you mean '{close[0]}'?" if close else ""
