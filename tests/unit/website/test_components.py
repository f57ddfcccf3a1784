"""The strict component tag: the package's own fixtures are its goldens, and nothing misspelt gets through."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

from endeavour.website import components
from endeavour.website.components import ComponentError

PACKAGE = Path(__file__).parents[3] / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk" / "components"


def _fixtures() -> list[tuple[str, str]]:
    found = sorted(PACKAGE.glob("*/fixtures.json"))
    return [
        (path.parent.name, fixture["name"])
        for path in found
        for fixture in json.loads(path.read_text())["fixtures"]
    ]


# Where the tag refuses on purpose, or the Python port differs from the package; none is used on a page.
DIFFERS = {
    ("breadcrumb", "attributes"): "an item's classes are not among its documented arguments",
    ("card", "basic with summary list and actions array"): "a list of actions is not the documented shape",
    ("contents-list", "with nested lists"): "a list within a list is not among the documented arguments",
    ("error-message", "without visually hidden text"): "it takes its prefix away with an empty argument",
    ("file-upload", "button"): "the port leaves out an empty list of classes",
    ("footer", "with meta links and HTML"): "it takes its copyright away with an empty argument",
    ("summary-list", "with actions array"): "a list of actions is not the documented shape",
    ("task-list", "with empty items"): "empty items are dropped, and so are their numbers",
}


class _Outline(HTMLParser):
    """A document as its tags, sorted attributes and squeezed text: what a browser would see of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[object] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.seen.append(
            (tag, sorted((name, re.sub(r"\s+", " ", value or "").strip()) for name, value in attrs))
        )

    def handle_endtag(self, tag) -> None:
        self.seen.append("/" + tag)

    def handle_data(self, data) -> None:
        text = re.sub(r"\s+", " ", unescape(data)).strip()
        if text:
            self.seen.append(text)


def _outline(html: str) -> list[object]:
    parser = _Outline()
    parser.feed(html)
    return parser.seen


def _marked(value, name=""):
    """The fixture's arguments as a careful caller gives them: markup marked safe, empty ones left out."""
    if isinstance(value, dict):
        return {key: _marked(part, key) for key, part in value.items() if part not in (None, "", [], {})}
    if isinstance(value, list):
        return [_marked(part, name) for part in value if part not in (None, "", [], {}, False)]
    return mark_safe(value) if name.lower().endswith("html") and isinstance(value, str) else value


@pytest.mark.skipif(
    not PACKAGE.is_dir(), reason="the design system is not installed: run python scripts/assets.py"
)
@pytest.mark.parametrize(("component", "name"), _fixtures())
def test_the_packages_fixture_renders_as_the_package_does(component: str, name: str) -> None:
    if reason := DIFFERS.get((component, name)):
        pytest.skip(reason)
    fixtures = json.loads((PACKAGE / component / "fixtures.json").read_text())["fixtures"]
    fixture = next(row for row in fixtures if row["name"] == name)
    try:
        html = components.render(
            component, _marked(fixture["context"]), fixture.get("callBlock", ""), deprecated=True
        )
    except ComponentError as refused:
        pytest.fail(f"refused: {refused}")
    assert _outline(html) == _outline(fixture["html"])


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ('{% nhs "card" headin="Call 999" %}', "Did you mean 'heading'"),
        ('{% nhs "card" heading=nothing %}', "'heading' is empty"),
        ('{% nhs "card" heading="" %}', "'heading' is empty"),
        ('{% nhs "crad" heading="x" %}', "Did you mean 'card'"),
        ('{% nhs "card" heading__txt="x" %}', "card heading has no argument 'txt'"),
        ('{% nhs "input" label__txt="x" %}', "input label has no argument 'txt'"),
        ('{% nhs "card" heading="x" clickable="yes" %}', "takes True or False"),
        ('{% nhs "card" heading="x" headingLevel=3 %}', "is deprecated"),
        ('{% nhs "card" %}', "nothing to show"),
        ('{% nhs "inset-text" html=words %}', "marked safe"),
        ('{% nhsblock "details" summary="x" %}  {% endnhsblock %}', "nothing between"),
        ('{% nhs "breadcrumb" items="x" %}', "takes a list"),
    ],
)
def test_a_mistake_raises_and_says_what_is_right(markup: str, words: str) -> None:
    with pytest.raises(ComponentError, match=re.escape(words)):
        Template(markup).render(Context({"words": "plain"}))


def test_text_is_escaped_even_when_a_template_calls_it_safe() -> None:
    html = components.render("card", {"heading": mark_safe("<b>Call</b>")})
    assert "&lt;b&gt;Call&lt;/b&gt;" in html
    assert html.count("Call") == 1


def test_an_optional_argument_is_left_out_when_empty() -> None:
    template = Template('{% nhs "input" id="a" name="a" value=value|optional label__text="Name" %}')
    assert "value=" not in template.render(Context({}))
    assert 'value="Jo"' in template.render(Context({"value": "Jo"}))
    assert 'value="0"' in template.render(Context({"value": 0}))


@pytest.mark.skipif(
    not PACKAGE.is_dir(), reason="the design system is not installed: run python scripts/assets.py"
)
def test_the_committed_extract_is_of_the_installed_package() -> None:
    pinned = json.loads((Path(__file__).parents[3] / "package.json").read_text())["dependencies"][
        "nhsuk-frontend"
    ]
    extract = json.loads((Path(components.__file__).parent / "nhs_options.json").read_text())
    assert (
        extract["version"]
        == pinned
        == json.loads((PACKAGE.parents[2] / "package.json").read_text())["version"]
    )
    assert set(extract["components"]) == {path.parent.name for path in PACKAGE.glob("*/macro-options.json")}
