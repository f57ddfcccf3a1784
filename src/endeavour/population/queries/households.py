"""The chosen households of the cohort in use: person plane. Only the caseload's actions, which audit, may ask here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from endeavour.engine.cohort.release import choice_of, cohort_dir, current_summary
from endeavour.errors import NotFound
from endeavour.population.queries import parquet
from endeavour.population.queries.store import Row

_FILE = "households.parquet"


@dataclass(frozen=True)
class Chosen:
    """A chosen household and where it lives, enough to open its case; `turn` is 1 for those with the most need."""

    household_id: int
    place: str
    neighbourhood: str
    turn: int


@dataclass(frozen=True)
class Reasons:
    """Why one household was chosen: its need from 0 to 100, each part of life from 0 to 1, and the reasons in words.

    `chance` is the model's chance of a crisis next year, from 0 to 1, with its own reasons; None without a model.
    """

    household_id: int
    district: str
    need: float
    parts: dict[str, float]
    reasons: tuple[str, ...]
    emergency_admissions: int
    chance: float | None
    chance_reasons: tuple[str, ...]


@dataclass(frozen=True)
class InUse:
    """The cohort in use: its release, the choice that it tells of (which outlasts its telling), and what its household
    numbers belong to: a lake, or one series of linkage."""

    release: str
    choice: str
    lake: str
    size: int


def in_use() -> InUse:
    """Which cohort is in use; `Missing` where none was chosen."""
    summary = current_summary()
    numbers = summary.get("base", {}).get("numbers", summary["lake"])
    return InUse(summary["release"], choice_of(summary), numbers, summary["size"])


def chosen() -> list[Chosen]:
    """Every chosen household of the cohort in use; the comparison group is never among them."""
    return list(_chosen(in_use().release))


@lru_cache(maxsize=1)
def _chosen(release: str) -> tuple[Chosen, ...]:
    sql = """
        select household_id, place, neighbourhood, rank() over (order by need desc) as turn
        from kept where role = 'chosen' order by household_id
    """
    return tuple(Chosen(**row) for row in _read(release, sql))


def reasons_of(household_id: int) -> Reasons:
    """Why one household is in the cohort in use; `NotFound` where it is not."""
    sql = "select * from kept where role = 'chosen' and household_id = ?"
    found = _read(in_use().release, sql, household_id)
    if not found:
        raise NotFound(
            "This household is not in the cohort in use.",
            hint="It was chosen before; its plan goes on, without the reasons of that time.",
        )
    row = found[0]
    return Reasons(
        household_id=row["household_id"],
        district=row["district"],
        need=row["need"],
        parts={k.removeprefix("need_"): v for k, v in row.items() if k.startswith("need_")},
        reasons=tuple(row["reasons"]),
        emergency_admissions=row["emergency_admissions_before"],
        # A cohort chosen before there was a model has neither column.
        chance=row.get("chance"),
        chance_reasons=tuple(row.get("chance_reasons") or ()),
    )


def _read(release: str, sql: str, *given: object) -> list[Row]:
    return parquet.rows(
        cohort_dir() / release / _FILE,
        sql,
        *given,
        mend="Choose them again with: endeavour cohort first-5000",
    )
