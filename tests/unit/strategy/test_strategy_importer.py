"""Reading a strategy: the real one's counts, and every way a file can be wrong."""

from __future__ import annotations

import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from endeavour.errors import BadInput, NotFound
from endeavour.strategy.importer import StrategyRead, parse, read_strategy
from endeavour.strategy.importer.extract import text_lines

SMALL = """# Test Integrated Care Strategy
2024-2030
June 2024

1. Context\t1
2. Working together\t2

# 1. Context

## 1.1. The start

<b>W1</b>\t<i>We will plant ten trees &amp; water them. (W1 - 09/24)</i>
<b>I1</b>\t<i>I will sit in the shade. (I1 - 03/25 and ongoing)</i>

## 2. Working together

<b>W2</b>\t<b>We</b> will meet in the open and early. (W2 - 10/2024 and annually)
<b>I3</b>\t<i>I will be heard (I3 - 03/25 and ongoing)</i>
"""


def read(text: str) -> StrategyRead:
    return parse(text_lines(text.encode(), name="small.txt"), name="small.txt")


def test_real_strategy_gives_the_counts_of_the_document(shared: Path) -> None:
    found = read_strategy(shared / "mission/integrated-care-strategy-2022.txt")
    assert (len(found.of("we")), len(found.of("i"))) == (26, 16)
    assert Counter(s.due_month for s in found.statements) == {
        "2023-04": 5,
        "2023-09": 14,
        "2023-10": 1,
        "2024-03": 22,
    }
    assert found.gaps == ("I15",)
    assert found.truncated == ("W22",)
    assert found.undated == ()
    assert (found.period, found.published) == ((2022, 2033), date(2022, 12, 1))
    by_id = {s.id: s for s in found.statements}
    assert {i for i, s in by_id.items() if s.recurrence == "none"} == {"W1", "W4", "W5"}
    assert {i for i, s in by_id.items() if s.recurrence == "annual"} == {"W13"}
    assert (by_id["W16"].section, by_id["W17"].section, by_id["W2"].section) == ("4.5", "5.5", "2.3")
    assert by_id["W22"].text.endswith("prevention and early.")
    assert all(s.text.startswith(("We ", "I ")) and "<" not in s.text for s in found.statements)


def test_real_text_stands_in_the_document_word_for_word(shared: Path) -> None:
    path = shared / "mission/integrated-care-strategy-2022.txt"
    source = (
        path.read_text(encoding="utf-8")
        .replace("<b>", "")
        .replace("</b>", "")
        .replace("<i>", "")
        .replace("</i>", "")
    )
    for statement in read_strategy(path).statements:
        assert statement.text in source
        assert statement.marker in source


def test_the_2020_board_paper_is_no_strategy(shared: Path) -> None:
    with pytest.raises(BadInput, match="not a strategy"):
        read_strategy(shared / "mission/board-paper-2020.txt")


def test_small_strategy_keeps_words_ids_gap_and_truncation() -> None:
    found = read(SMALL)
    assert [s.id for s in found.statements] == ["W1", "I1", "W2", "I3"]
    assert found.statements[0].text == "We will plant ten trees & water them."
    assert [s.section for s in found.statements] == ["1.1", "1.1", "2", "2"]
    assert [s.due_month for s in found.statements] == ["2024-09", "2025-03", "2024-10", "2025-03"]
    assert [s.recurrence for s in found.statements] == ["none", "ongoing", "annual", "ongoing"]
    assert (found.gaps, found.truncated) == (("I2",), ("W2",))


def test_statement_broken_over_lines_is_joined() -> None:
    found = read("W1 We will plant\n ten trees\nby the river. (W1 -\n09/24 and ongoing)\n")
    assert found.statements[0].text == "We will plant ten trees by the river."
    assert found.statements[0].source_line == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("09/24", "09/0022"), "year 0022"),
        (("09/24", "13/24"), "month 13"),
        (("09/24", "00/24"), "month 00"),
        (("09/24", "09/024"), "dated 09/024"),
        (("June 2024", "June 0022"), "year 0022"),
        (("<b>W2</b>", "<b>W7</b>"), "labelled W7 but its statement is marked W2"),
        (("(I3 - 03/25", "(I1 - 03/25"), "labelled I3"),
        (("<b>I3</b>\t<i>I will be heard (I3", "<b>I1</b>\t<i>I will be heard (I1"), "I1 stands twice"),
        (("and annually", "and sometimes"), "and sometimes"),
        (("We will plant", "They will plant"), "does not open with 'We"),
    ],
)
def test_wrong_strategy_is_refused_with_its_reason(change: tuple[str, str], message: str) -> None:
    assert change[0] in SMALL
    with pytest.raises(BadInput, match=message) as error:
        read(SMALL.replace(*change))
    assert "small.txt" in str(error.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "empty"),
        ("binary.txt", b"W1\x00\x01", "NUL"),
        ("latin.txt", "line\nW1 caf\xe9".encode("latin-1"), "line 2: This is not UTF-8"),
        ("prose.txt", b"Once upon a time.\n" * 50, "not a strategy"),
        ("picture.png", b"\x89PNG", "are not read"),
        ("broken.docx", b"PK\x03\x04 rubbish", "not a Word document"),
        ("broken.odt", b"PK\x03\x04 rubbish", "not an OpenDocument text"),
        ("broken.pdf", b"%PDF-1.7 rubbish", "not a PDF"),
        ("huge.txt", b"x" * 5_000_001, "5 MB"),
    ],
)
def test_file_that_is_no_strategy_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput, match=message):
        read_strategy(path)


def test_missing_file_and_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_strategy(tmp_path / "none.txt")
    with pytest.raises(BadInput, match="not a file"):
        read_strategy(tmp_path)


def test_word_document_reads_like_the_text(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_heading("Test Integrated Care Strategy", 0)
    document.add_heading("1.1. The start", 2)
    table = document.add_table(rows=2, cols=2)
    rows = [
        ("W1", "We will plant ten trees. (W1 - 09/24)"),
        ("I2", "I will sit in the shade. (I2 - 03/25 and ongoing)"),
    ]
    for row, (label, text) in zip(table.rows, rows, strict=True):
        row.cells[0].text, row.cells[1].text = label, text
    document.save(str(tmp_path / "small.docx"))
    found = read_strategy(tmp_path / "small.docx")
    assert [(s.id, s.text, s.section) for s in found.statements] == [
        ("W1", "We will plant ten trees.", "1.1"),
        ("I2", "I will sit in the shade.", "1.1"),
    ]
    assert found.gaps == ("I1",)


@pytest.mark.slow
def test_pdf_reads_like_the_text(tmp_path: Path) -> None:
    from weasyprint import HTML

    rows = "".join(
        f"<tr><td>W{n}</td><td>We will plant tree number {n} where people who live close by can see it from their own homes "
        f"and sit beneath it. (W{n} - 09/24 and ongoing)</td></tr>"
        for n in range(1, 8)
    )
    HTML(string=f"<h1>Test Strategy</h1><h2>1. Context</h2><table>{rows}</table>").write_pdf(
        tmp_path / "small.pdf"
    )
    found = read_strategy(tmp_path / "small.pdf")
    assert [s.id for s in found.statements] == [f"W{n}" for n in range(1, 8)]
    assert found.statements[2].text.startswith("We will plant tree number 3 where")
    assert found.statements[2].text.endswith("sit beneath it.")


SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "text", "table", "style")
)
ODT = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content {SPACES}><office:automatic-styles>
<style:style style:name="P1" style:parent-style-name="Heading_20_2"/></office:automatic-styles>
<office:body><office:text>
<text:tracked-changes><text:changed-region><text:deletion><text:p>W9 We will forget. (W9 - 09/24)</text:p></text:deletion>
</text:changed-region></text:tracked-changes>
<text:h>Test Integrated Care Strategy</text:h><text:p text:style-name="P1">1.1. The start</text:p>
<table:table><table:table-row><table:table-cell><text:p>W1</text:p></table:table-cell><table:table-cell>
<text:p>We will<text:s text:c="1"/>plant <text:span>ten</text:span> trees.<office:annotation><text:p>really?</text:p></office:annotation>
 (W1 - 09/24)</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>I2</text:p></table:table-cell><table:table-cell>
<text:p>I will sit<text:tab/>in the<text:line-break/>shade. (I2 - 03/25 and ongoing)</text:p></table:table-cell></table:table-row>
</table:table></office:text></office:body></office:document-content>"""


def odt(path: Path, content: str | bytes, name: str = "content.xml") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        packed.writestr(name, content)
    return path


def test_open_document_reads_like_the_text(tmp_path: Path) -> None:
    found = read_strategy(odt(tmp_path / "small.odt", ODT))
    assert [(s.id, s.text, s.section, s.due_month) for s in found.statements] == [
        ("W1", "We will plant ten trees.", "1.1", "2024-09"),
        ("I2", "I will sit in the shade.", "1.1", "2025-03"),
    ]
    assert found.title == "Test Integrated Care Strategy"
    assert found.gaps == ("I1",)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + ODT.partition("?>")[2]
DEEP = ODT.replace("<text:span>ten</text:span>", "<text:span>" * 5_000 + "ten" + "</text:span>" * 5_000)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BOMB, "declares entities"),
        (BOMB.encode("utf-16"), "declares entities"),
        (DEEP, "not an OpenDocument text"),
        (ODT.replace("</office:text>", ""), "not an OpenDocument text"),
        (ODT.replace('text:c="1"', 'text:c="many"'), "not an OpenDocument text"),
        (ODT.replace("office:text>", "office:spreadsheet>"), "but not a text"),
        (b" " * 50_000_001, "more than 50 MB"),
        (ODT.replace("(W1 - 09/24)", "(W1 - 09/0022)"), "year 0022"),
        (ODT.replace("(W1 - 09/24)", ""), "not a strategy"),
    ],
)
def test_an_open_document_that_is_no_strategy_is_refused(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        read_strategy(odt(tmp_path / "bad.odt", content))


def test_an_open_document_without_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not an OpenDocument text"):
        read_strategy(odt(tmp_path / "bad.odt", ODT, name="styles.xml"))
