"""The first start draws the residents beside its database: once, and with its errors said in plain words."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest
import rich.progress  # noqa: F401  (its import draws a number from the global generator; ours may not)

from endeavour.cli.building import Built, begin_lake
from endeavour.engine.lake.store import Lake
from endeavour.errors import BadInput

RESIDENTS = 3_000


class Nobody(Executor):
    """Whoever is asked for anything says so."""

    def submit(self, *args: object, **words: object) -> None:
        pytest.fail("the residents are there already")


@pytest.mark.slow
def test_residents_are_drawn_beside_and_only_once(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ThreadPoolExecutor(1) as beside:
        finish = begin_lake(Built(), "mse", RESIDENTS, beside)
        finish()
    assert Lake.open().rows()["person"] == RESIDENTS
    begin_lake(Built(), "mse", RESIDENTS, Nobody())()
    assert "Drawing the synthetic residents, begun at the start: already done" in " ".join(
        capsys.readouterr().err.split()
    )


def test_what_goes_wrong_beside_is_said_where_it_is_waited_for(var: Path) -> None:
    with ThreadPoolExecutor(1) as beside:
        finish = begin_lake(Built(), "mse", 12, beside)
        with pytest.raises(BadInput, match="12 residents are out of range"):
            finish()
    assert "lake" not in Built().seen
