"""Linkage: seconds, memory and quality at each size, beside a plain deterministic linkage in pandas.

    python bench/linkage.py                       from extracts of the lake in use, and of a tenth of its people
    python bench/linkage.py --large               and of ten such systems, one after another (drawn first: some minutes)
    python bench/linkage.py --extracts FOLDER     from extracts that are there (with their truth beside)

Each run is a process of its own, so that memory is its own: CPU-seconds of all its threads, peak resident gigabytes,
pairwise precision and recall. The peer joins records with an equal NHS number, or an equal name, birth date and
postcode, in pandas and scipy: what a careful analyst does in an afternoon. A tenth of the size is a tenth of the
households' people with all their records, so that the growth exponent compares like with like. Ten systems are other
people with other agencies, linked in one process, which keeps nothing of one when it comes to the next.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from _claims import Bench

BARS = {"precision": 0.998, "recall": 0.985}
SYSTEMS = 10
BARS_KEYED = {"precision": 0.996, "recall": 0.96}


def ours(root: Path) -> dict[str, float]:
    """The whole run: read, link, form households, write."""
    from endeavour.engine.linkage.evaluate import evaluate
    from endeavour.engine.linkage.run import run_linkage

    with tempfile.TemporaryDirectory() as folder:
        return judged(lambda: run_linkage(root=Path(folder), extracts=root / "extracts"), evaluate, root)


def ours_in_turn(root: Path) -> dict[str, float]:
    """The same of every system in a folder, one after another: seconds together, the peak of memory, the worst quality."""
    each = [ours(one) for one in sorted(root.iterdir())]
    worst = {name: min(found[name] for found in each) for name in BARS}
    return worst | {"seconds": sum(found["seconds"] for found in each), "gigabytes": peak()}


def keyed(root: Path) -> dict[str, float]:
    """The same without names: making the codes and linking them."""
    from endeavour.engine.linkage.evaluate import evaluate
    from endeavour.engine.linkage.keyed_run import run_keyed
    from endeavour.engine.linkage.keys import pseudonymise_extracts

    os.environ["ENDEAVOUR_LINKAGE_KEY"] = "only for the benchmark, 32 or more characters"
    with tempfile.TemporaryDirectory() as folder:

        def run() -> Any:
            pseudonymise_extracts(root / "extracts", Path(folder) / "keyed")
            return run_keyed(root=Path(folder) / "root", extracts=Path(folder) / "keyed")

        return judged(run, evaluate, root)


def judged(run: Any, evaluate: Any, root: Path) -> dict[str, float]:
    """CPU-seconds and memory of a run, then its quality."""
    start = time.process_time()
    result = run()
    spent = {"seconds": time.process_time() - start, "gigabytes": peak()}
    return spent | evaluate(result, root)["people"]


def plain(root: Path) -> dict[str, float]:
    """The peer: exact agreement in pandas, connected components in scipy."""
    import numpy as np
    import pandas as pd
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    from endeavour.engine.linkage.evaluate import pairwise

    start = time.process_time()
    folders = [
        one for one in sorted((root / "extracts").iterdir()) if one.is_dir() and one.name != "addresses"
    ]
    frame = pd.concat([pd.read_parquet(one).assign(agency=one.name) for one in folders], ignore_index=True)
    frame = frame[~frame["opted_out"]].reset_index(drop=True)
    for name in ("forename", "surname", "postcode"):
        frame[name] = frame[name].str.upper().str.replace(r"[^A-Z0-9]", "", regex=True)
    edges = []
    for key in (["nhs_number"], ["forename", "surname", "birth_date", "postcode"]):
        known = frame.dropna(subset=key)
        group = known.groupby(key, sort=False).ngroup().to_numpy()
        first = np.unique(group, return_index=True)[1]
        record = known.index.to_numpy(np.int64)
        edges.append(np.column_stack([record[first[group]], record]))
    pairs = np.concatenate(edges)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(frame), len(frame)))
    people = connected_components(graph, directed=False)[1]
    spent = {"seconds": time.process_time() - start, "gigabytes": peak()}
    truth = pd.read_parquet(root / "truth" / "records.parquet")
    owner = frame.merge(truth, on=["agency", "record_id"], how="left")["person_id"].to_numpy()
    return spent | pairwise(people, owner)


def peak() -> float:
    """Peak resident gigabytes of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def tenth(root: Path, to: Path) -> None:
    """A tenth of the people, whole households, with every record of theirs."""
    import duckdb

    connection = duckdb.connect()
    kept = (
        f"SELECT agency, record_id FROM '{root}/truth/records.parquet' JOIN '{root}/truth/homes.parquet' USING (person_id) "
        "WHERE CAST(uprn AS BIGINT) // 7919 % 10 = 0"
    )
    for folder in (root / "extracts").iterdir():
        if not folder.is_dir():
            continue
        (to / "extracts" / folder.name).mkdir(parents=True)
        source = f"SELECT * FROM '{folder}/*.parquet'"
        if folder.name != "addresses":
            source += f" SEMI JOIN ({kept} AND agency = '{folder.name}') AS kept USING (record_id)"
        connection.execute(f"COPY ({source}) TO '{to}/extracts/{folder.name}/part-0001.parquet'")
    (to / "truth").mkdir()
    for name in ("records", "homes"):
        connection.execute(f"COPY (FROM '{root}/truth/{name}.parquet') TO '{to}/truth/{name}.parquet'")


def apart(way: str, root: Path) -> dict[str, float]:
    """Run one way in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--only", way, "--extracts", str(root)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def standard(folder: Path, residents: int, seed: int = 1) -> Path:
    """Extracts of a lake of so many residents."""
    from endeavour.engine.synthetic.build import build_lake
    from endeavour.engine.synthetic.extracts.build import build_extracts
    from endeavour.pack import Pack

    lake = build_lake(Pack.open("mse"), residents=residents, seed=seed, root=folder / "lake")
    build_extracts(lake, root=folder, seed=seed)
    shutil.rmtree(folder / "lake")
    return folder


def residents_here() -> int:
    """How many the lake in use has."""
    from endeavour.engine.lake.store import Lake

    return Lake.open().rows()["person"]


WAYS = {"ours": ours, "ours_in_turn": ours_in_turn, "keyed": keyed, "plain": plain}


def main() -> None:
    """Print a line for each claim."""
    bench = Bench(__doc__)
    bench.parser.add_argument("--extracts", type=Path, help="a folder that holds extracts and their truth")
    bench.parser.add_argument("--only", choices=tuple(WAYS), help=argparse.SUPPRESS)
    given = bench.start()
    if given.only:
        print(json.dumps(WAYS[given.only](given.extracts)))
        return
    with tempfile.TemporaryDirectory() as folder:
        residents = 20_000 if given.small else residents_here()
        root = given.extracts or standard(Path(folder) / "whole", residents)
        tenth(root, Path(folder) / "tenth")
        small, small_keyed = (apart(way, Path(folder) / "tenth") for way in ("ours", "keyed"))
        full, without_names, peer = (apart(way, root) for way in ("ours", "keyed", "plain"))
        if given.large:
            for system in range(1, SYSTEMS + 1):
                standard(Path(folder) / "systems" / f"{system:02}", residents, seed=system + 1)
            many = apart("ours_in_turn", Path(folder) / "systems")
    bench.claim("names and households", full["seconds"], "CPU-s", peer=peer["seconds"], most=90)
    bench.claim("the same at a tenth", small["seconds"], "CPU-s")
    bench.grows("linkage from a tenth", small["seconds"], full["seconds"])
    bench.claim("memory", full["gigabytes"], "GB", peer=peer["gigabytes"], most=3)
    bench.claim("memory at a tenth", small["gigabytes"], "GB")
    for name, bar in BARS.items():
        bench.claim(name, full[name], peer=peer[name], least=bar)
    for name, bar in BARS_KEYED.items():
        bench.claim(f"{name} without names", without_names[name], peer=peer[name], least=bar)
    bench.claim("without names", without_names["seconds"], "CPU-s", peer=peer["seconds"])
    bench.claim("without names at a tenth", small_keyed["seconds"], "CPU-s")
    bench.grows("linkage without names from a tenth", small_keyed["seconds"], without_names["seconds"])
    if given.large:
        bench.claim(f"{SYSTEMS} systems in turn", many["seconds"], "CPU-s")
        bench.grows(f"linkage from one system to {SYSTEMS}", full["seconds"], many["seconds"], SYSTEMS)
        bench.claim(
            f"memory for {SYSTEMS} systems as a multiple of that for one", many["gigabytes"] / full["gigabytes"],
            "times", most=1.5,
        )  # fmt: skip
        for name, bar in BARS.items():
            bench.claim(f"{name} in the worst of {SYSTEMS} systems", many[name], least=bar)
    bench.end()


if __name__ == "__main__":
    main()
