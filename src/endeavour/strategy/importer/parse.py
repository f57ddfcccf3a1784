"""Finding the numbered statements of a strategy.

A statement ends with its marker, as '(W2 - 10/23 and ongoing)', and starts at its label, as 'W2', in the same table
row or a few lines above (a PDF breaks lines anywhere). Ids are the document's: none is made, moved or renumbered.
"""

from __future__ import annotations

import hashlib
import html
import re
from bisect import bisect_right
from datetime import date
from pathlib import Path

from endeavour.errors import BadInput
from endeavour.strategy.importer.document import Kind, Line, Recurrence, Section, StatementRead, StrategyRead
from endeavour.strategy.importer.extract import read_lines

MARKER = re.compile(
    r"\(\s*(?P<id>[WI]\d{1,3})\s*[-\u2013\u2014]\s*(?P<month>\d{1,4})\s*/\s*(?P<year>\d{1,6})"
    r"(?:\s+and\s+(?P<again>[A-Za-z]{1,20}))?\s*\)"
)
LABEL = re.compile(r"(?:^|(?<=[\t\n|]))[ \t|]*(?P<id>[WI]\d{1,3})(?=[\s|:.])", re.MULTILINE)
TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
HEADING = re.compile(r"^(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(?P<title>\S.{0,118})$")
APPENDIX = re.compile(
    r"^(?P<number>Appendix\s+(?:[A-Z]|\d{1,2}|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten))\b[:.\s]*",
    re.I,
)
CONTENTS = re.compile(r"^(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(?P<title>\S.*?)[\s.\u2026]+\d{1,4}$")
PERIOD = re.compile(r"^\W*(?P<start>20\d\d)\s*[-\u2013\u2014/]\s*(?P<end>20\d\d|\d\d)\W*$")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DATED = re.compile(rf"^\W*(?P<month>{'|'.join(MONTHS)})\s+(?P<year>\d{{4}})\W*$")
RECURRENCE: dict[str, Recurrence] = {
    "": "none",
    "ongoing": "ongoing",
    "annually": "annual",
    "annual": "annual",
}
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = 2_000

# Words that cannot close an English sentence. After 'and' or 'or', an adjective that only stands before a noun cannot
# either: that is how a sentence that lost its last word is told from a short one.
NEVER_LAST = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "of",
        "to",
        "for",
        "with",
        "in",
        "on",
        "at",
        "by",
        "from",
        "as",
        "is",
        "are",
        "our",
        "their",
        "its",
        "who",
        "which",
        "that",
        "than",
    ]
)
BEFORE_A_NOUN = frozenset(
    [
        "early",
        "local",
        "primary",
        "social",
        "mental",
        "public",
        "clinical",
        "shared",
        "joint",
        "wider",
        "better",
        "more",
        "other",
        "new",
    ]
)


def read_strategy(path: Path) -> StrategyRead:
    """Read a strategy from a file; raises `BadInput` naming the file, the line and the reason."""
    lines, content = read_lines(path)
    return parse(lines, name=path.name, sha256=hashlib.sha256(content).hexdigest())


def parse(lines: list[Line], *, name: str, sha256: str = "") -> StrategyRead:
    """Find sections and statements in lines; pure, so the same lines give the same answer."""
    clean = [_clean(line.text) for line in lines]
    sections = _sections(lines, clean)
    statements = _statements(lines, clean, sections, name)
    if not any(s.kind == "we" and s.due for s in statements):
        raise BadInput(
            "This is not a strategy with numbered commitments: no statement is marked like '(W1 - 09/23)'.",
            file=name,
            hint="Give the strategy itself, in which each We statement carries its number and its month.",
        )
    title, published, period = _front_page(lines, clean, name)
    gaps = _gaps(statements)
    truncated = tuple(s.id for s in statements if is_truncated(s.text))
    undated = tuple(s.id for s in statements if s.due is None)
    return StrategyRead(
        title=title,
        published=published,
        period=period,
        sha256=sha256,
        statements=tuple(statements),
        sections=tuple(sections),
        gaps=gaps,
        truncated=truncated,
        undated=undated,
        notes=_notes(gaps, truncated, undated),
    )


def is_truncated(text: str) -> bool:
    """Whether a sentence stops before it ends.

    >>> is_truncated("We will pay more for sleep and early.")
    True
    >>> is_truncated("We will see that needs are met early.")
    False
    """
    words = re.findall(r"[A-Za-z']+", text.lower())
    if not words:
        return True
    if words[-1] in NEVER_LAST:
        return True
    return len(words) > 1 and words[-2] in {"and", "or"} and words[-1] in BEFORE_A_NOUN


def _clean(text: str) -> str:
    """A line without the marks of its file format: tags, entities, emphasis. The words and their order stay."""
    text = html.unescape(TAGS.sub("", text.replace("\r", "").replace("\u00a0", " ")))
    return re.sub(r"\*{1,3}", "", text)


def _statements(
    lines: list[Line], clean: list[str], sections: list[Section], name: str
) -> list[StatementRead]:
    joined = "\n".join(clean)
    starts, at = [], 0
    for text in clean:
        starts.append(at)
        at += len(text) + 1
    labels = [(match.start("id"), match.end("id"), match["id"]) for match in LABEL.finditer(joined)]
    found: dict[str, StatementRead] = {}
    claimed: set[int] = set()
    previous_end = 0
    for match in MARKER.finditer(joined):
        line = lines[bisect_right(starts, match.start()) - 1].number
        begins, label = _start(joined, labels, match, previous_end, starts, name, line)
        claimed.add(label)
        previous_end = match.end()
        first = lines[bisect_right(starts, label if label >= 0 else begins) - 1].number
        text = _text(joined[begins : match.start()])
        _add(found, _statement(match, text, sections, line, first, name), name)
    for start, end, identifier in labels:
        if (
            start not in claimed
            and identifier not in found
            and (text := _undated_text(joined, end, identifier))
        ):
            line = lines[bisect_right(starts, start) - 1].number
            kind: Kind = "we" if identifier[0] == "W" else "i"
            _add(
                found,
                StatementRead(identifier, kind, text, _section_of(sections, line), None, "none", line, ""),
                name,
            )
    return sorted(found.values(), key=lambda s: (s.source_line, s.id))


def _start(
    joined: str,
    labels: list[tuple[int, int, str]],
    match: re.Match[str],
    previous_end: int,
    starts: list[int],
    name: str,
    line: int,
) -> tuple[int, int]:
    """Where the statement's words begin, and where its label stands (-1 without one)."""
    position = bisect_right(labels, (match.start(), 0, "")) - 1
    if position >= 0:
        start, end, identifier = labels[position]
        if start >= previous_end and match.start() - end <= LONGEST:
            if identifier != match["id"]:
                raise BadInput(
                    f"The row is labelled {identifier} but its statement is marked {match['id']}.",
                    file=name,
                    line=line,
                    hint="Make the two agree in the document; ids are never guessed.",
                )
            return end, start
    return max(previous_end, starts[bisect_right(starts, match.start()) - 1]), -1


def _statement(
    match: re.Match[str], text: str, sections: list[Section], line: int, first: int, name: str
) -> StatementRead:
    identifier = match["id"]
    opening = "We" if identifier[0] == "W" else "I"
    if not re.match(rf"{opening}\b", text):
        raise BadInput(
            f"{identifier} does not open with '{opening} ...'.",
            file=name,
            line=line,
            hint=f"A statement numbered {identifier[0]} starts with the word {opening}, straight after its number.",
        )
    again = (match["again"] or "").lower()
    if again not in RECURRENCE:
        raise BadInput(
            f"{identifier} is due 'and {again}', which is not known.",
            file=name,
            line=line,
            hint="Write 'and ongoing' or 'and annually'.",
        )
    kind: Kind = "we" if identifier[0] == "W" else "i"
    due = _month(match["month"], match["year"], identifier, name, line)
    return StatementRead(
        identifier, kind, text, _section_of(sections, line), due, RECURRENCE[again], first, match[0]
    )


def _month(month: str, year: str, what: str, name: str, line: int) -> date:
    """The first day of a month written 09/23 or 09/2023; a year before 2000 is refused, never bent into range."""
    if len(year) not in {2, 4} or len(month) > 2:
        raise BadInput(
            f"{what} is dated {month}/{year}.",
            file=name,
            line=line,
            hint="Write the month as 09/23 or 09/2023.",
        )
    number = int(year) + (2000 if len(year) == 2 else 0)
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise BadInput(
            f"{what} is dated in the year {year}.",
            file=name,
            line=line,
            hint="Write the month as 09/23 or 09/2023.",
        )
    if not 1 <= int(month) <= 12:
        raise BadInput(
            f"{what} is dated in month {month}.", file=name, line=line, hint="A month is 01 to 12."
        )
    return date(number, int(month), 1)


def _text(raw: str) -> str:
    """The words of a statement on one line: what a table or a page broke is joined with single spaces."""
    return re.sub(r"\s+", " ", raw.strip(" \t\n|:")).strip()


def _undated_text(joined: str, end: int, identifier: str) -> str:
    """The words after a label that carries no date, where they open as a statement does."""
    text = _text(joined[end : joined.find("\n", end) if "\n" in joined[end:] else len(joined)])
    opening = "We " if identifier[0] == "W" else "I "
    return text if text.startswith(opening) and len(text) > 10 else ""


def _add(found: dict[str, StatementRead], statement: StatementRead, name: str) -> None:
    if earlier := found.get(statement.id):
        raise BadInput(
            f"{statement.id} stands twice, first on line {earlier.source_line}.",
            file=name,
            line=statement.source_line,
            hint="Each number may be used once; remove one or renumber it in the document.",
        )
    found[statement.id] = statement


def _sections(lines: list[Line], clean: list[str]) -> list[Section]:
    """Numbered headings and appendices. A plain line counts when the table of contents names it, and only then."""
    contents = {
        (entry["number"], _key(entry["title"]))
        for text in clean
        if (entry := CONTENTS.match(text.replace("\t", " ").strip()))
    }
    found: list[Section] = []
    for line, text in zip(lines, clean, strict=True):
        marked = line.marked or line.text.lstrip().startswith("#") or _is_bold(line.text)
        words = text.strip().lstrip("#").strip()
        if marked and (appendix := APPENDIX.match(words)):
            number = " ".join(part.capitalize() for part in appendix["number"].split())
            found.append(Section(number, words[appendix.end() :].strip(), line.number))
        elif heading := HEADING.match(words):
            title = heading["title"].strip()
            if marked or (heading["number"], _key(title)) in contents:
                found.append(Section(heading["number"], title, line.number))
    return found


def _is_bold(text: str) -> bool:
    stripped = text.strip()
    return bool(re.fullmatch(r"\*\*[^*]+\*\*", stripped) or re.fullmatch(r"<b>[^<]+</b>", stripped))


def _key(title: str) -> str:
    return re.sub(r"\W+", " ", title.lower()).strip()


def _section_of(sections: list[Section], line: int) -> str:
    """The section that a line stands in, or nothing before the first."""
    position = bisect_right([section.line for section in sections], line) - 1
    return sections[position].number if position >= 0 else ""


def _gaps(statements: list[StatementRead]) -> tuple[str, ...]:
    """Numbers that the document skips, such as I15: said, never filled."""
    missing = []
    for letter in "WI":
        numbers = {int(s.id[1:]) for s in statements if s.id[0] == letter}
        if numbers:
            missing += [f"{letter}{n}" for n in range(1, max(numbers)) if n not in numbers]
    return tuple(missing)


def _front_page(
    lines: list[Line], clean: list[str], name: str
) -> tuple[str, date | None, tuple[int, int] | None]:
    """Title, month of publication and period from the lines before the first section."""
    title, published, period = "", None, None
    for line, text in list(zip(lines, clean, strict=True))[:80]:
        words = text.strip().lstrip("#").strip()
        if dated := DATED.match(words):
            month = str(MONTHS.index(dated["month"]) + 1)
            published = published or _month(month, dated["year"], "The document", name, line.number)
        elif span := PERIOD.match(words):
            start = int(span["start"])
            end = int(span["end"]) if len(span["end"]) == 4 else start // 100 * 100 + int(span["end"])
            period = period or (start, end)
        elif not title and re.search(r"\bstrategy\b", words, re.I) and len(words) < 120:
            title = words
    return title or "Untitled strategy", published, period


def _notes(gaps: tuple[str, ...], truncated: tuple[str, ...], undated: tuple[str, ...]) -> tuple[str, ...]:
    return (
        *(
            f"{g} is missing: the numbering goes past it. It is kept as a gap and nothing is renumbered."
            for g in gaps
        ),
        *(f"{t} ends before its sentence does. It is kept as printed." for t in truncated),
        *(f"{u} carries no date." for u in undated),
    )
