"""One way of asking: a list of fields drawn by one template, so that every form reads and fails alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import ClassVar

from endeavour.core.public import LONDON, parse_day
from endeavour.errors import BadInput
from endeavour.governance.findings import in_words

MOST = {"text": 200, "area": 60_000, "email": 254}
"""How many letters of an answer are kept where a question says no other number: a line as titles are, or words."""


@dataclass(frozen=True)
class Field:
    """One question of a form: `kind` is text, area, date, time, number, email, choice, several or file.

    `needed` says what is wrong where it stays empty; without it the question may be left out. `most` is how many letters
    are kept of an answer (0: as many as `MOST` says of its kind): a longer one is refused whole, never cut. A `heading`
    stands before the first question of a group.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    value: str = ""
    needed: str = ""
    error: str = ""
    most: int = 0
    rows: int = 4
    heading: str = ""
    accept: str = ".pdf,.docx"
    takes_nothing: ClassVar[bool] = True

    @property
    def items(self) -> list[dict[str, object]]:
        """The answers offered, with the one that stands."""
        chosen = self.value.split(",") if self.kind == "several" else [self.value]
        return [{"value": value, "text": text, "checked": value in chosen} for value, text in self.options]

    @property
    def described(self) -> str:
        """The ids of what a screen reader reads with the question: its hint and its error."""
        parts = [f"{self.name}-hint" if self.hint else "", f"{self.name}-error" if self.error else ""]
        return " ".join(filter(None, parts))

    @property
    def shown(self) -> str:
        """The answer as it is read back before it is sent."""
        if self.kind == "choice":
            words = dict(self.options).get(self.value, self.value) or "Nothing chosen"
            return words[:1].upper() + words[1:]
        if self.kind == "several":
            texts = dict(self.options)
            return "; ".join(texts.get(key, key) for key in self.value.split(",") if key) or "None chosen"
        if self.kind == "date" and self.value.strip():
            day = parse_day(self.value)
            return in_words(day)
        return self.value.strip() or "Nothing written"

    @property
    def classes(self) -> str:
        """How wide the box is: as wide as what goes in."""
        return "nhsuk-input--width-10" if self.kind in {"date", "time"} else ""

    def fault(self) -> str:
        """What is wrong with what was typed, taken by itself."""
        if not self.value.strip():
            return self.needed if self.kind != "file" else ""
        if "\0" in self.value:
            return "The text holds a character that cannot be kept. Type it again."
        most = self.most or MOST.get(self.kind, 0)
        if most and len(self.value.strip()) > most:
            return f"Use at most {most:,} letters: there are {len(self.value.strip()):,}."
        if self.kind == "choice" and self.value not in {value for value, _ in self.options}:
            return "Choose one of the answers given."
        if self.kind == "several" and {*self.value.split(",")} - {value for value, _ in self.options}:
            return "Choose from the answers given."
        try:
            if self.kind == "date":
                parse_day(self.value)
            elif self.kind == "time":
                time.fromisoformat(self.value.strip())
            elif self.kind == "number":
                int(self.value)
        except BadInput as error:
            return str(error)
        except ValueError:
            return f"'{self.value[:20]}' is not a {self.kind}."
        return ""


class Answers(dict[str, str]):
    """What was typed, question by question, and what it means; the form has checked each by itself."""

    def day(self, name: str) -> date:
        """The day that was written."""
        return parse_day(self[name])

    def day_or_none(self, name: str) -> date | None:
        """The day that was written, or nothing where the question was left out."""
        return parse_day(self[name]) if self[name].strip() else None

    def moment(self, day: str, clock: str) -> datetime:
        """The moment, in England, of a day and a time of day."""
        return datetime.combine(self.day(day), time.fromisoformat(self[clock].strip()), tzinfo=LONDON)

    def chosen(self, name: str) -> tuple[str, ...]:
        """The keys that were ticked, in the order offered."""
        return tuple(key for key in self[name].split(",") if key)

    def is_yes(self, name: str) -> bool:
        """Whether the answer was yes."""
        return self[name] == "yes"


@dataclass(frozen=True)
class Form:
    """A page that asks: what for, the questions, the button, and what went wrong last time.

    With `checks`, the answers are read back before they are sent; `done` is said once they were taken.
    """

    title: str
    button: str
    fields: tuple[Field, ...]
    intro: str = ""
    back: tuple[str, str] = ("", "")
    errors: tuple[Mapping[str, str], ...] = ()
    kept: str = ""
    may_keep: bool = False
    checks: bool = False
    done: str = "Recorded."

    def another_version(
        self, title: str, values: Mapping[str, str], starts_on: date, ends_on: date | None
    ) -> Form:
        """The same form with the words of the version in force; its day of review and its source are asked for anew."""
        days = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat() if ends_on else ""}
        return replace(
            self.filled({"title": title, **values, **days}),
            title=f"Another version of: {title}",
            intro="A review is a version with a later day of review. The versions before it stay readable.",
        )

    def answered(self, values: Mapping[str, str]) -> Form:
        """The same form with what was sent: where nothing of several is ticked, a browser sends nothing at all."""
        none = {f.name: "" for f in self.fields if f.kind == "several"}
        return self.filled(none | dict(values))

    def filled(self, values: Mapping[str, str]) -> Form:
        """The same form with what was typed, so that nothing typed is lost."""
        return replace(self, fields=tuple(replace(f, value=values.get(f.name, f.value)) for f in self.fields))

    def checked(self) -> Form:
        """The same form with what is wrong with each question, said once above and once beside it."""
        return self.wrongs({f.name: fault for f in self.fields if (fault := f.fault())})

    def wrongs(self, faults: Mapping[str, str]) -> Form:
        """The same form with these faults, each linked to its question."""
        return replace(
            self,
            fields=tuple(replace(f, error=faults.get(f.name, "")) for f in self.fields),
            errors=tuple(
                {"text": faults[f.name], "href": f"#{f.name}"} for f in self.fields if f.name in faults
            ),
        )

    def wrong(self, words: str, field: str = "") -> Form:
        """The same form with one fault of the whole, at the question it is most about, or the first."""
        return self.wrongs({field or self.fields[0].name: words})

    @property
    def values(self) -> Answers:
        """What stands in each question."""
        return Answers({f.name: f.value for f in self.fields})

    @property
    def takes_files(self) -> bool:
        """Whether a file is asked for."""
        return any(f.kind == "file" for f in self.fields)

    def choose_again(self) -> Form:
        """The same form, saying beside each file that it must be chosen again: a browser hands a file over once."""
        again = {f.name: f.error or "Choose the file again: your browser does not keep it." for f in self.fields if f.kind == "file"}  # fmt: skip
        return self.wrongs({f.name: f.error for f in self.fields if f.error} | again)
