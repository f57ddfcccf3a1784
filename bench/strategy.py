"""How fast the strategy answers: reading the real document, judging, and pages' queries among 100,000 statements.

    python bench/strategy.py [--statements 100000] [--json] [--small]

It builds a database of its own in a temporary folder and removes it. No other product does this work: where there is
a plain alternative, it is the peer. Milliseconds of the clock.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from _claims import Bench

if TYPE_CHECKING:
    from django.test import Client

DAY = date(2026, 11, 22)


def median_ms(work: Callable[[], object], times: int = 15) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)[len(taken) // 2]


def made_anew(client: Client, page: str) -> None:
    """A page as the first reader gets it: a cookie of our own keeps it from being handed out as it was kept."""
    client.cookies["bench"] = "1"
    answer = client.get(page)
    del client.cookies["bench"]
    assert answer.status_code == 200, page
    assert not answer.headers.get("ETag", "").startswith("W/"), f"{page} was a kept one"


def main() -> None:
    bench = Bench(__doc__)
    bench.parser.add_argument("--statements", type=int, help="100,000 where omitted")
    given = bench.start()
    count = given.statements or (2_000 if given.small else 100_000)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"ENDEAVOUR_VAR": folder, "DJANGO_SETTINGS_MODULE": "endeavour.settings"}
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(bench, count)
    bench.end()


def measure(bench: Bench, count: int) -> None:
    from django.test import Client

    from endeavour.core.public import Link
    from endeavour.strategy import queries
    from endeavour.strategy.findings import Facts, judge
    from endeavour.strategy.importer import read_strategy
    from endeavour.strategy.models import Document, Statement
    from endeavour.strategy.public import load_statements
    from endeavour.strategy.report.content import build
    from endeavour.strategy.report.render import pdf

    shared = Path(os.environ.get("ENDEAVOUR_SHARED") or Path(__file__).parents[2] / "shared")
    if (real := shared / "mission/integrated-care-strategy-2022.txt").is_file():
        bench.claim("read the real strategy", median_ms(lambda: read_strategy(real)), "ms")
    facts = [Facts(f"W{n}", "we", date(2022, 12, 1), due_on=date(2023, 4, 1)) for n in range(20_000)]
    taken = median_ms(lambda: [judge(f, DAY) for f in facts], 3)
    bench.claim("statements judged a second", len(facts) / taken * 1000, more_is_better=True)
    client = Client(headers={"host": "localhost"})
    load_statements("mse", None)
    alone = median_ms(lambda: queries.judged("we", "i", at=DAY))
    document = Document.objects.get(key="strategy-2022")
    rows = (
        Statement(
            ref=f"Q{n}", kind="contribution", document=document, text=f"Said {n}.", stated_on=date(2024, 1, 1)
        )
        for n in range(count)
    )
    started = time.perf_counter()
    Statement.objects.bulk_create(rows, batch_size=5_000)
    links = (
        Link(kind="responds_to", source=f"statement:W{n % 26 + 1}", target=f"statement:Q{n}")
        for n in range(count)
    )
    Link.objects.bulk_create(links, batch_size=5_000)
    bench.claim(f"write {count:,} statements and links", time.perf_counter() - started, "s")
    among = median_ms(lambda: queries.judged("we", "i", at=DAY))
    bench.claim(f"judge 26 We and 16 I among them (peer: alone, {alone:.1f} ms)", among, "ms", peer=alone)
    whole = median_ms(lambda: queries.judged("contribution", at=DAY, refs=[f"Q{n}" for n in range(5_000)]), 1)
    first = median_ms(lambda: queries.page_of(at=DAY), 5)
    name = f"a page of {count:,} statements (peer: judging all)"
    bench.claim(name, first, "ms", peer=whole * count / 5_000)
    deep = median_ms(lambda: queries.page_of("contribution", at=DAY, number=count // 50), 5)
    bench.claim("the last page of them", deep, "ms")
    sought = median_ms(lambda: queries.page_of(at=DAY, words="residents"), 5)
    bench.claim("a page of those with a word", sought, "ms")
    bench.claim("judge one", median_ms(lambda: queries.judged_one("W17", at=DAY)), "ms")
    for page in ("/promises", "/statements"):
        made_now, handed = partial(made_anew, client, page), partial(client.get, page)
        bench.claim(f"make the page {page}", median_ms(made_now, 5), "ms")
        bench.claim(f"hand out {page} as kept", median_ms(handed, 5), "ms")
    started = time.perf_counter()
    made = pdf(build(DAY), site="http://localhost:8000")
    bench.claim(f"build the tagged PDF of {len(made) / 1000:.0f} kB", time.perf_counter() - started, "s")


if __name__ == "__main__":
    main()
