"""The agreements to share data that a pack's documents name; an absent file means none."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal

from endeavour.governance.agreements import Terms
from endeavour.governance.definitions import Strict, read_definition
from endeavour.paths import pack_dir


class AgreementEntry(Strict):
    """One agreement to share data."""

    key: str
    title: str
    controller: str
    parties: tuple[str, ...]
    purpose: str
    lawful_basis: str
    data: str
    mode: Literal["named", "pseudonymised"]
    starts_on: date
    ends_on: date | None = None
    review_on: date
    source: str
    illustrative: bool = False

    def terms(self) -> Terms:
        """It as the findings take it."""
        return Terms(**self.model_dump(exclude={"illustrative"}), is_illustrative=self.illustrative)


class Agreements(Strict):
    """Every agreement."""

    agreements: tuple[AgreementEntry, ...]


@cache
def named_agreements(pack: str) -> tuple[Terms, ...]:
    """The agreements that a pack names, as they were first made."""
    folder = pack_dir(pack)
    if not (folder / "governance" / "agreements.yaml").is_file():
        return ()
    return tuple(entry.terms() for entry in read_definition(folder, "agreements.yaml", Agreements).agreements)
