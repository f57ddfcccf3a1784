"""Words as long as their column keeps them: what is longer is refused, never cut."""

from __future__ import annotations

from django.db.models import CharField, Model

from endeavour.errors import BadInput


def whole(model: type[Model], column: str, words: str) -> str:
    """The words without blanks around them; `BadInput` with both numbers where the column keeps fewer letters.

    >>> from endeavour.governance.models import Interest
    >>> whole(Interest, "holder", " Ann ")
    'Ann'
    """
    field = model._meta.get_field(column)
    assert isinstance(field, CharField), f"{column} keeps words of any length"
    kept, most = words.strip(), field.max_length or 0
    if len(kept) > most:
        name = column.replace("_", " ")
        raise BadInput(f"The {name} has {len(kept)} letters; use at most {most}.", hint="Say it shorter.")
    return kept
