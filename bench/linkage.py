"""Linkage: seconds, memory and quality at two sizes, beside a plain deterministic linkage in pandas.

    python bench/linkage.py [--residents 120000] [--json]      from a lake of one's own, drawn at that size
    python bench/linkage.py --extracts FOLDER [--json]         from extracts that are there (with their truth beside)

Each run is a process of its own, so that memory is its own: CPU-seconds of all its threads, peak resident gigabytes,
pairwise precision and recall. The peer joins records with an equal NHS number, or an equal name, birth date and
postcode, in pandas and scipy: what a careful analyst does in an afternoon. A tenth of the size is a tenth of the
households' people with all their records, so that the growth exponent compares like with like.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
# A neighbour of this file is called statistics.py, and must not stand before Python's own.
sys.path = [one for one in sys.path if Path(one).resolve() != Path(__file__).resolve().parent]

BARS = {"precision": 0.998, "recall": 0.985, "seconds": 90.0, "gigabytes": 3.0, "growth": 1.1}
BARS_KEYED = {"precision": 0.996, "recall": 0.96}


def ours(root: Path) -> dict[str, float]:
    """The whole run: read, link, form households, write."""
    from endeavour.engine.linkage.evaluate import evaluate
    from endeavour.engine.linkage.run import run_linkage

    with tempfile.TemporaryDirectory() as folder:
        return judged(lambda: run_linkage(root=Path(folder), extracts=root / "extracts"), evaluate, root)


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
        first = known.groupby(key, sort=False)["record_id"].transform(lambda ids: ids.index[0])
        edges.append(np.column_stack([first.to_numpy(np.int64), known.index.to_numpy(np.int64)]))
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


def standard(folder: Path, residents: int) -> Path:
    """Extracts of a lake drawn at a size."""
    from endeavour.engine.synthetic.build import build_lake
    from endeavour.engine.synthetic.extracts.build import build_extracts
    from endeavour.pack import Pack

    build_extracts(build_lake(Pack.open("mse"), residents=residents, root=folder / "lake"), root=folder)
    return folder


def main() -> None:
    """Print a line for each claim."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--residents", type=int, default=120_000)
    parser.add_argument("--extracts", type=Path)
    parser.add_argument("--only", choices=("ours", "keyed", "plain"))
    given = parser.parse_args()
    if given.only:
        print(json.dumps({"ours": ours, "keyed": keyed, "plain": plain}[given.only](given.extracts)))
        return
    with tempfile.TemporaryDirectory() as folder:
        root = given.extracts or standard(Path(folder), given.residents)
        tenth(root, Path(folder) / "tenth")
        small = apart("ours", Path(folder) / "tenth")
        full, without_names, peer = (apart(way, root) for way in ("ours", "keyed", "plain"))
    growth = math.log10(full["seconds"] / small["seconds"])
    lines = [
        line("seconds, names and households", full["seconds"], peer["seconds"], BARS["seconds"], "CPU-s"),
        line("seconds at a tenth", small["seconds"], None, None, "CPU-s"),
        line("growth from a tenth", growth, None, BARS["growth"], "exponent"),
        line("memory", full["gigabytes"], peer["gigabytes"], BARS["gigabytes"], "GB"),
        line("memory at a tenth", small["gigabytes"], None, None, "GB"),
        *(line(name, full[name], peer[name], BARS[name], "share") for name in ("precision", "recall")),
        *(
            line(f"{n} without names", without_names[n], peer[n], BARS_KEYED[n], "share")
            for n in ("precision", "recall")
        ),
        line("seconds without names", without_names["seconds"], peer["seconds"], None, "CPU-s"),
    ]
    if given.json:
        print(json.dumps(lines, indent=1))
        return
    for told in lines:
        verdict = {True: ", met", False: ", short", None: ""}[told["met"]]
        print(
            f"{told['name']}: ours {told['ours']} {told['unit']}, peer {told['peer']}, ratio {told['ratio']}, "
            f"bar {told['bar']}{verdict}"
        )


def line(name: str, ours: float, peer: float | None, bar: float | None, unit: str) -> dict[str, Any]:
    """One claim: shares must reach their bar, costs stay under it."""
    met = None if bar is None else ours >= bar if unit == "share" else ours <= bar
    shown = {"ours": ours, "peer": peer, "ratio": ours / peer if peer else None}
    return {"name": name, **{k: None if v is None else float(f"{v:.5g}") for k, v in shown.items()},
            "bar": bar, "unit": unit, "met": met}  # fmt: skip


if __name__ == "__main__":
    main()
