"""The aims set for care systems nationally: dated data of the pack, and which promises serve each in our reading."""

from __future__ import annotations

from datetime import date

from endeavour.strategy.outline import outline
from endeavour.strategy.pack_files import AimRow


def aims_on(day: date) -> list[AimRow]:
    """The aims that held on a day, in the pack's order; empty where the pack names none.

    >>> from datetime import date
    >>> [aim.key for aim in aims_on(date(2019, 1, 1))]
    []
    """
    return [aim for aim in outline().aims if aim.held_on(day)]


def aims_of_statement(ref: str, day: date) -> list[AimRow]:
    """The aims that a statement, such as W16, serves on a day, as the pack reads it.

    >>> from datetime import date
    >>> aims_of_statement("Z99", date(2026, 1, 1))
    []
    """
    return [aim for aim in aims_on(day) if ref in aim.statements]
