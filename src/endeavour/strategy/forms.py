"""What a form asks and how answers are read: pure, so that the web, the tests and the check page agree.

Every answer is text as it was typed until `read` has found it sound; a wrong one is named at its own question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from endeavour.core.public import parse_day, today
from endeavour.errors import BadInput

LONGEST = 20_000
Answers = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """One question. `kind` is text, area, number, day, choice, several, yes, url or file; an empty `need` may be left out."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    need: str = ""
    options: tuple[tuple[str, str], ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    rows: int = 6
    accept: str = ".csv,text/csv"

    @property
    def described(self) -> str:
        """The ids of what a screen reader reads with the question: its hint and its error."""
        parts = [f"{self.name}-hint" if self.hint else "", f"{self.name}-error" if self.error else ""]
        return " ".join(filter(None, parts))

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of the page that it takes."""
        return (
            tuple(f"{self.name}-{part}" for part in ("day", "month", "year"))
            if self.kind == "day"
            else (self.name,)
        )

    @property
    def value(self) -> str:
        """What was typed, of a question with one field."""
        return self.typed.get(self.name, "")

    @property
    def items(self) -> list[dict[str, object]]:
        """The options, or the boxes of a day, as the design system takes them."""
        if self.kind == "day":
            wide = {"day": 2, "month": 2, "year": 4}
            mark = " nhsuk-input--error" if self.error else ""
            boxes: list[dict[str, object]] = [
                {
                    "id": f"{self.name}-{part}",
                    "name": f"{self.name}-{part}",
                    "label": part.capitalize(),
                    "classes": f"nhsuk-input--width-{size}{mark}",
                }
                for part, size in wide.items()
            ]
            typed = [self.typed.get(name, "") for name in self.names]
            return [
                box | ({"value": value} if value else {}) for box, value in zip(boxes, typed, strict=True)
            ]
        chosen = self.value.split(",") if self.kind == "several" else [self.value]
        return [{"value": value, "text": text, "checked": value in chosen} for value, text in self.options]

    @property
    def takes_nothing(self) -> bool:
        """Whether 'nothing' is one of the choices offered."""
        return "" in dict(self.options)

    @property
    def href(self) -> str:
        """Where the error summary leads."""
        return f"#{self.names[0]}"

    def shown(self) -> str:
        """What was typed as the check page says it; 'not given' for nothing."""
        if self.kind == "day":
            day = _day(self)
            return f"{day.day} {day:%B %Y}" if day else "not given"
        if self.kind == "yes":
            return "Yes" if self.value else "No"
        words = dict(self.options)
        if self.kind == "several":
            return ", ".join(words.get(value, value) for value in self.value.split(",") if value) or "none"
        return words.get(self.value) or self.value or "not given"


@dataclass(frozen=True)
class Form:
    """A page that asks: what for, the questions, and the button that publishes."""

    title: str
    button: str
    questions: tuple[Question, ...]
    intro: str = ""
    back: tuple[str, str] = ("", "")
    public_words: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every field of the page."""
        return tuple(name for question in self.questions for name in question.names)

    @property
    def takes_file(self) -> bool:
        """Whether a file is asked for; its text joins another answer, so that nothing is kept as a file."""
        return any(q.kind == "file" for q in self.questions)

    @property
    def errors(self) -> list[dict[str, str]]:
        """What is wrong, for the summary at the top."""
        return [{"text": q.error, "href": q.href} for q in self.questions if q.error]

    @property
    def typed(self) -> dict[str, str]:
        """Everything that was typed."""
        return {name: q.typed.get(name, "") for q in self.questions for name in q.names}

    def filled(self, typed: Mapping[str, str]) -> Form:
        """The same form with what was typed, so that nothing typed is lost."""
        questions = (
            replace(
                q,
                typed={name: str(typed.get(name, q.typed.get(name, "")))[: LONGEST + 1] for name in q.names},
            )
            for q in self.questions
        )
        return replace(self, questions=tuple(questions))

    def wrong(self, words: str, name: str = "") -> Form:
        """The same form with a refusal, at the question named or else at the first."""
        where = name if any(q.name == name for q in self.questions) else self.questions[0].name
        return replace(
            self, questions=tuple(replace(q, error=words) if q.name == where else q for q in self.questions)
        )

    def read(self) -> tuple[Form, Answers]:
        """The form with an error at every question whose answer is not sound, and the sound answers."""
        questions, answers = [], {}
        for question in self.questions:
            error = ""
            try:
                answers[question.name] = _answer(question)
            except BadInput as refusal:
                error = str(refusal)
            questions.append(replace(question, error=error))
        return replace(self, questions=tuple(questions)), answers


def day_typed(name: str, day: date | None) -> dict[str, str]:
    """A day as the three boxes hold it."""
    if day is None:
        return {}
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def _answer(question: Question) -> Any:
    if question.kind == "day":
        day = _day(question)
        if day is None and question.need:
            raise BadInput(question.need)
        return day
    text = question.value.strip()
    if len(text) > LONGEST:
        raise BadInput(f"This has {len(text):,} characters; at most {LONGEST:,} are kept.")
    if not text and question.need:
        raise BadInput(question.need)
    if question.kind == "yes":
        return bool(text)
    if question.kind == "several":
        return _several(question, text)
    if question.kind == "number":
        return _number(text)
    if question.kind == "choice" and text and text not in dict(question.options):
        raise BadInput(f"'{text[:40]}' is not one of the choices.")
    if question.kind == "url" and text and not text.startswith(("https://", "http://")):
        raise BadInput("The address must start with https://.", hint="Copy it from the address bar.")
    return text


def _several(question: Question, text: str) -> list[str]:
    chosen = [part for part in text.split(",") if part]
    if unknown := [part for part in chosen if part not in dict(question.options)]:
        raise BadInput(f"'{unknown[0][:40]}' is not one of the choices.")
    return chosen


def _number(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", "").removeprefix("£").removesuffix("%"))
    except InvalidOperation:
        raise BadInput(f"'{text[:20]}' is not a number.", hint="Write it as 1200 or 61.5.") from None
    if not number.is_finite() or abs(number) > Decimal(10) ** 12:
        raise BadInput(f"'{text[:20]}' is not a number we can keep.")
    return number


def _day(question: Question) -> date | None:
    """The day of the three boxes; None where all are empty or `shown` is asked of a wrong one."""
    parts = [question.typed.get(name, "").strip() for name in question.names]
    if not any(parts):
        return None
    day, month, year = parts
    if not all(parts):
        raise BadInput("Give the day, the month and the year.")
    if len(year) != 4:
        raise BadInput(f"The year '{year[:10]}' has not four digits.", hint=f"Write it as {today().year}.")
    return parse_day(f"{year}-{month:>02}-{day:>02}")
