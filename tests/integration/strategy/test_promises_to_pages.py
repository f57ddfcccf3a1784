"""The table of promises and pages is true: every address answers and says what the table says."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import resolve

from endeavour.core.loading import load_pack
from endeavour.pack import Pack

TABLE = Path(__file__).parents[3] / "docs/reference/promises-to-pages.md"
TEXT = TABLE.read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| ([WISAB][\d.-]+) \| [^|]+ \| (/\S+) \| ([^|]+) \| ((?:kept|partly|not yet|elsewhere)\b[^|]*) \|$",
    TEXT,
    re.M,
)
ELSEWHERE = re.findall(r"^\| (S[\d.-]+) \| [^|]+ \| (/\S+|none) \|$", TEXT, re.M)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("pack", "decision")
@pytest.mark.filterwarnings("ignore:No directory at")
def test_every_address_says_what_the_table_says(client: Client) -> None:
    load_pack(Pack.open("mse"), by=None)
    shown: dict[str, tuple[int, str]] = {}
    wrong = []
    for promise, address, words, _ in ROWS:
        if address not in shown:
            answer = client.get(address)
            text = unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
            shown[address] = answer.status_code, " ".join(text.split()).casefold()
        status, text = shown[address]
        if status != 200 or words.casefold() not in text:
            wrong.append((promise, address, status, words))
    assert wrong == []


def test_every_line_is_read_and_every_row_of_the_sources_stands_in_it() -> None:
    assert len(ROWS) + len(ELSEWHERE) == TEXT.count("\n| ") - 2
    named = Counter(row[0] for row in (*ROWS, *ELSEWHERE))
    assert {f"W{n}" for n in range(1, 27)} <= set(named)
    assert not {row for row, _, _, _ in ROWS} & {row for row, _ in ELSEWHERE}


@pytest.mark.parametrize(("promise", "address"), [row for row in ELSEWHERE if row[1] != "none"])
def test_an_address_of_another_part_exists(promise: str, address: str) -> None:
    assert resolve(address), promise
