"""How common one condition is among synthetic residents, by four characteristics at once, through the gate.

The lake is asked once for each build; what passed the gate is kept as var/strata/BUILD-RECIPE.json, so that a page
reads a small file. Exact counts never leave this module.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache

from endeavour.engine.lake.schema import REFERENCE_DATE
from endeavour.engine.lake.store import Lake, current_id
from endeavour.paths import lake_dir, var_dir, write_atomically

CONDITION = "DM"
DIMENSIONS = ("sex", "age", "ethnicity", "deprivation")
_SQL = """
    select p.sex as sex,
           case when p.age < 45 then '17_44' when p.age < 65 then '45_64' else '65_over' end as age,
           p.ethnicity as ethnicity,
           case when p.imd2025_decile <= 2 then 'most_deprived_fifth' else 'elsewhere' end as deprivation,
           count(c.person_id) as events, count(*) as people
    from person p left join condition c on c.person_id = p.person_id and c.condition = 'DM'
    where p.age >= 17
    group by all order by all
"""


@dataclass(frozen=True)
class Stratum:
    """One group of people: rounded counts that passed the gate, None where hidden, and the reason in words."""

    sex: str
    age: str
    ethnicity: str
    deprivation: str
    events: int | None
    people: int | None
    reason: str

    @property
    def is_known(self) -> bool:
        """Whether both counts are public and there is somebody in the group."""
        return self.events is not None and bool(self.people)


@dataclass(frozen=True)
class Strata:
    """Every stratum of one build of the lake on the day its people are described, and what the gate says of its work."""

    as_at: date
    lake: str
    release: str
    audit: str
    strata: tuple[Stratum, ...]


def strata() -> Strata | None:
    """The strata of the lake now in use, or None where none was built."""
    build = current_id(lake_dir())
    return None if build is None else _kept(build, str(var_dir()))


@lru_cache(maxsize=2)
def _kept(build: str, var: str) -> Strata:
    recipe = hashlib.sha256(_SQL.encode()).hexdigest()[:8]
    path = var_dir() / "strata" / f"{build}-{recipe}.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        day = date.fromisoformat(data["as_at"])
        return Strata(**(data | {"as_at": day, "strata": tuple(Stratum(**s) for s in data["strata"])}))
    except (OSError, ValueError, KeyError, TypeError):
        # Absent, or written by an older release: the lake can always say it again.
        found = _asked(Lake.open())
    with write_atomically(path) as part:
        part.write_text(json.dumps(asdict(found), indent=1, default=date.isoformat), encoding="utf-8")
    return found


def _asked(lake: Lake) -> Strata:
    """Count in the lake and pass the gate, whose log remembers the table."""
    # The gate imports NumPy; a process that reads what was kept need not.
    from endeavour.engine.disclosure import About, Count, FileLog, publish

    connection = lake.connect(threads=1)
    try:
        rows = connection.execute(_SQL).fetchall()
    finally:
        connection.close()
    cells = {tuple(r[:4]): Count(int(r[4]), int(r[5])) for r in rows}
    about = About(f"register {CONDITION}, 17 and over", lake.people, str(REFERENCE_DATE.year), DIMENSIONS)
    table = publish(about, cells, log=FileLog.of_installation())
    return Strata(
        as_at=REFERENCE_DATE,
        lake=lake.id,
        release=table.release_id,
        audit=table.audit.words,
        strata=tuple(
            Stratum(sex, age, ethnicity, deprivation, cell.numerator, cell.denominator, str(cell.reason))
            for (sex, age, ethnicity, deprivation), cell in table.items()
        ),
    )
