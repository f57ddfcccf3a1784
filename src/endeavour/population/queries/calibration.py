"""How the synthetic residents compare with every published table; None until the lake is built."""

from __future__ import annotations

from dataclasses import dataclass

from endeavour.engine.lake.store import current_id
from endeavour.paths import lake_dir
from endeavour.population.queries.areas import KIND_WORDS
from endeavour.population.queries.store import Row


@dataclass(frozen=True)
class Margin:
    """One published table against the lake: how many cells, how many within the allowance, the largest difference."""

    margin: str
    level: str
    source_table: str
    unit: str
    cells: int
    within: int
    source: float
    lake: float
    largest: float

    @property
    def level_words(self) -> str:
        """What the figures are by, in plain words."""
        return KIND_WORDS.get(self.level, self.level)

    @property
    def table_words(self) -> str:
        """The published table's name as words, or that it is an assumption of ours."""
        if self.source_table == "assumption":
            return "our own assumption"
        return self.source_table.removeprefix("calibration_").replace("_", " ")


def report() -> list[Margin] | None:
    """Each margin's summary, from the lake's own calibration table; None where there is no lake."""
    build = current_id(lake_dir())
    path = lake_dir() / "builds" / (build or "") / "calibration.parquet"
    if build is None or not path.is_file():
        return None
    import duckdb

    found: list[Row] = []
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    try:
        answer = connection.execute(
            """
            select margin, level, any_value(source_table) as source_table, any_value(unit) as unit, count(*) as cells,
                   count(*) filter (where within) as within, sum(source)::double as source, sum(lake)::double as lake,
                   max(abs(difference))::double as largest
            from read_parquet(?) group by margin, level order by margin, level
            """,
            [str(path)],
        )
        names = [column[0] for column in answer.description or []]
        found = [dict(zip(names, values, strict=True)) for values in answer.fetchall()]
    finally:
        connection.close()
    return [Margin(**r) for r in found]
