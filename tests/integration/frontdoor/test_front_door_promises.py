"""The table of the front door's promises is true: what it names is there, says what it says, and has the tests it names."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
import typer
from django.test import Client

from endeavour.cli.frontdoor import app
from endeavour.core.public import Person, Role

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "docs/reference/front-door-promises.md"
TEXT = TABLE.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\w+) \| [^|]+ \| ([^|]+) \| ([^|]+) \| (test_\w+) \|$", TEXT, re.M)
PARTS = {"story", *map(str, range(1, 10)), "proof"}


def said_by_command(where: str) -> str:
    """What a command's help says; '' where there is no such command."""
    name = where.rpartition(" ")[2]
    command = typer.main.get_group(app).commands.get(name)
    return (command.help or "") if command else ""


def said_at(where: str) -> str:
    """The words of an address, a command or a file; what is not there says nothing."""
    if where.startswith("endeavour "):
        return said_by_command(where)
    if not where.startswith("/"):
        path = ROOT / where
        return path.read_text(encoding="utf-8") if path.is_file() else ""
    address, _, role = where.partition(" as ")
    client = Client()
    if role:
        somebody, _ = Person.objects.get_or_create(username=role, defaults={"role": Role(role)})
        client.force_login(somebody)
    answer = client.get(address)
    kind = answer["Content-Type"]
    text = answer.content.decode()
    return unescape(re.sub(r"<[^>]+>", " ", text)) if kind.startswith("text/html") else text


def test_every_line_of_the_table_is_read() -> None:
    headings = TEXT.count("| part | what it asks |")
    assert len(ROWS) == TEXT.count("\n| ") - headings
    assert {part for part, *_ in ROWS} == PARTS


def test_every_test_that_the_table_names_is_there() -> None:
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.M)
    }
    assert {proof for *_, proof in ROWS} <= written


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
@pytest.mark.filterwarnings("ignore:No directory at")
def test_everything_stands_where_the_table_says() -> None:
    wrong = []
    for _, where, words, _ in ROWS:
        said = " ".join(said_at(where).split()).casefold()
        if words.casefold() not in said:
            wrong.append((where, words, len(said)))
    assert wrong == []
