"""How fast the strategy answers: reading the real document, judging, and pages' queries among 100,000 statements.

Run: `python bench/strategy.py [statements]`. It builds a database of its own in a temporary folder and removes it.
There is no peer that does this work; the plain alternative stands beside each figure where there is one.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.remove(str(Path(__file__).parent))  # this folder's statistics.py would hide Python's own
DAY = date(2026, 11, 22)


def median_ms(work: Callable[[], object], times: int = 15) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)[len(taken) // 2]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"ENDEAVOUR_VAR": folder, "DJANGO_SETTINGS_MODULE": "endeavour.settings"}
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(count)


def measure(count: int) -> None:
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
        print(f"read the real strategy            {median_ms(lambda: read_strategy(real)):>10.1f} ms")
    facts = [Facts(f"W{n}", "we", date(2022, 12, 1), due_on=date(2023, 4, 1)) for n in range(20_000)]
    taken = median_ms(lambda: [judge(f, DAY) for f in facts], 3)
    print(f"judge statements                  {len(facts) / taken * 1000:>10,.0f} a second")
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
    print(f"write {count:,} statements and links {time.perf_counter() - started:>8.1f} s")
    among = median_ms(lambda: queries.judged("we", "i", at=DAY))
    print(
        f"judge 26 We and 16 I              {among:>10.1f} ms   alone {alone:.1f} ms, ratio {among / alone:.2f}"
    )
    first = median_ms(lambda: queries.page_of(at=DAY), 5)
    deep = median_ms(lambda: queries.page_of("contribution", at=DAY, number=count // 50), 5)
    sought = median_ms(lambda: queries.page_of(at=DAY, words="residents"), 5)
    whole = median_ms(lambda: queries.judged("contribution", at=DAY, refs=[f"Q{n}" for n in range(5_000)]), 1)
    print(
        f"a page of {count:,} statements       {first:>10.1f} ms   the last {deep:.1f} ms, words looked for {sought:.1f} ms"
    )
    print(
        f"judging all, without pages        {whole * count / 5_000:>10.0f} ms   ratio {whole * count / 5_000 / first:,.0f}"
    )
    print(f"the 26 promises' page             {median_ms(lambda: client.get('/promises'), 5):>10.1f} ms")
    print(f"the list's page                   {median_ms(lambda: client.get('/statements'), 5):>10.1f} ms")
    print(
        f"judge one                         {median_ms(lambda: queries.judged_one('W17', at=DAY)):>10.1f} ms"
    )
    started = time.perf_counter()
    made = pdf(build(DAY), site="http://localhost:8000")
    print(
        f"build the tagged PDF              {time.perf_counter() - started:>10.1f} s    {len(made) / 1000:.0f} kB"
    )


if __name__ == "__main__":
    main()
