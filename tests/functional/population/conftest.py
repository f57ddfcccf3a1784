"""An installation with a published release, a cohort and doubtful pairs, served on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.once import made_once
from functional.conftest import served, surroundings

_BUILD = """
import django; django.setup()
from django.core.management import call_command
from builders.figures import write_release
from builders.people import HOUSEHOLDS, write_cohort, write_pairs
from endeavour.core.accounts import ensure_demo_people
from endeavour.core.loading import load_pack
from endeavour.core.models import Body, Person
from endeavour.pack import Pack
from endeavour.pack.store import compile_store
from endeavour.paths import var_dir
call_command("migrate", verbosity=0)
pack = Pack.open("mse")
compile_store(pack, var_dir()); load_pack(pack, by=None); ensure_demo_people()
write_release(var_dir()); write_cohort(var_dir()); write_pairs(var_dir())
alliance = Body.objects.filter(key__startswith="alliance-", area_code=HOUSEHOLDS[0][1]).exclude(key__contains="board").get()
Person.objects.filter(username="practitioner").update(body=alliance)
"""


@pytest.fixture(scope="session")
def population_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a small installation that has everything these pages show."""
    var = tmp_path_factory.mktemp("population") / "var"
    shutil.copytree(made_once("population-site", _build), var, symlinks=True)
    with served(var, surroundings(var)) as address:
        yield address


def _build(var: Path) -> None:
    environment = surroundings(var) | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    subprocess.run([sys.executable, "-c", _BUILD], env=environment, check=True, timeout=300)
