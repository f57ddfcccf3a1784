"""One way of asking: a list of fields drawn by one template, so that every form reads and fails alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time

from endeavour.core.public import parse_day
from endeavour.errors import BadInput


@dataclass(frozen=True)
class Field:
    """One question of a form: `kind` is text, area, date, time, number, choice or file.

    `needed` says what is wrong where it stays empty; without it the question may be left out.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    value: str = ""
    needed: str = ""
    error: str = ""
    rows: int = 4

    @property
    def described(self) -> str:
        """The ids of what a screen reader reads with the question: its hint and its error."""
        parts = [f"{self.name}-hint" if self.hint else "", f"{self.name}-error" if self.error else ""]
        return " ".join(filter(None, parts))

    @property
    def classes(self) -> str:
        """How wide the box is: as wide as what goes in."""
        return "" if self.kind in {"text", "file"} else "nhsuk-input--width-10"

    def fault(self) -> str:
        """What is wrong with what was typed, taken by itself."""
        if not self.value.strip():
            return self.needed if self.kind != "file" else ""
        if self.kind == "choice" and self.value not in {value for value, _ in self.options}:
            return "Choose one of the answers given."
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


@dataclass(frozen=True)
class Form:
    """A page that asks: what for, the questions, the button, and what went wrong last time."""

    title: str
    button: str
    fields: tuple[Field, ...]
    intro: str = ""
    back: tuple[str, str] = ("", "")
    errors: tuple[Mapping[str, str], ...] = ()
    kept: str = ""
    may_keep: bool = False

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
        """The same form with one fault of the whole, linked to the question it is most about, or the first."""
        return replace(self, errors=({"text": words, "href": f"#{field or self.fields[0].name}"},))

    @property
    def values(self) -> dict[str, str]:
        """What stands in each question."""
        return {f.name: f.value for f in self.fields}

    @property
    def takes_files(self) -> bool:
        """Whether a file is asked for."""
        return any(f.kind == "file" for f in self.fields)
