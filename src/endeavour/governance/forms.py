"""One way of asking: a list of fields drawn by one template, so that every form reads and fails alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Field:
    """One question of a form: `kind` is text, area, date, time, number, choice or file."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    value: str = ""

    @property
    def items(self) -> list[dict[str, object]]:
        """The options as the design system takes them."""
        return [{"value": v, "text": t, "selected": v == self.value} for v, t in self.options]


@dataclass(frozen=True)
class Form:
    """A page that asks: what for, the questions, the button, and what went wrong last time."""

    title: str
    button: str
    fields: tuple[Field, ...]
    intro: str = ""
    back: tuple[str, str] = ("", "")
    errors: tuple[Mapping[str, str], ...] = field(default=())

    def filled(self, values: Mapping[str, str]) -> Form:
        """The same form with what was typed, so that nothing typed is lost."""
        return replace(self, fields=tuple(replace(f, value=values.get(f.name, f.value)) for f in self.fields))

    def wrong(self, words: str) -> Form:
        """The same form with what is wrong, linked to its first question."""
        return replace(self, errors=({"text": words, "href": f"#{self.fields[0].name}"},))

    @property
    def takes_files(self) -> bool:
        """Whether a file is asked for."""
        return any(f.kind == "file" for f in self.fields)
