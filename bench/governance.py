"""How fast the golden thread is walked, and its pages answer, among 700,000 entries and 1,000,000 links.

    python bench/governance.py [--database sqlite|postgres] [--links 1000000] [--json] [--small]

Each database is its own, built from one seed and removed afterwards; PostgreSQL is used where one listens on
127.0.0.1:5432. The peer is the plain alternative: a walk written with the ORM, one query a step and a side, on the
same rows. Milliseconds of the clock.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from _claims import Bench

SERVER = "postgresql://postgres@127.0.0.1:5432/"
NAME = "endeavour_bench_governance"
THEMES, STATEMENTS, MEASURES = 5_000, 26, 200
BEGAN = datetime(2023, 1, 1, tzinfo=UTC)


def main() -> None:
    bench = Bench(__doc__)
    bench.parser.add_argument("--database", choices=("sqlite", "postgres"), help="both where omitted")
    bench.parser.add_argument("--links", type=int, help="1,000,000 where omitted")
    given = bench.start()
    links = given.links or (20_000 if given.small else 1_000_000)
    if "ENDEAVOUR_BENCH_CHILD" in os.environ:
        child(bench, links)
        bench.end()
        return
    with tempfile.TemporaryDirectory() as folder:
        if given.database != "postgres":
            run(folder, f"sqlite:///{folder}/bench.sqlite3")
        if given.database != "sqlite":
            if not listens():
                print("PostgreSQL does not listen on 127.0.0.1:5432: not measured")
                return
            admin(f"DROP DATABASE IF EXISTS {NAME}", f"CREATE DATABASE {NAME}")
            try:
                run(folder, SERVER + NAME)
            finally:
                admin(f"DROP DATABASE IF EXISTS {NAME}")


def run(folder: str, database: str) -> None:
    """Each database in a process of its own, because settings are read once."""
    environment = os.environ | {
        "ENDEAVOUR_BENCH_CHILD": "1",
        "ENDEAVOUR_VAR": folder,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "endeavour.settings",
    }
    subprocess.run([sys.executable, __file__, *sys.argv[1:]], env=environment, check=True)


def listens() -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", 5432)) == 0


def admin(*statements: str) -> None:
    import psycopg

    with psycopg.connect(SERVER + "postgres", autocommit=True) as server:
        for statement in statements:
            server.execute(statement)  # type: ignore[call-overload]


def child(bench: Bench, links: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    entries, written = fill(links)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    on = connection.vendor
    name = f"{on}: building {entries:,} entries and {written:,} links"
    bench.claim(name, time.perf_counter() - started, "s")
    walks(bench, on, links)
    pages(bench, on)


def batched(rows: Iterator[Any], model: Any, size: int = 10_000) -> int:
    count = 0
    while chunk := list(islice(rows, size)):
        model.objects.bulk_create(chunk, batch_size=size)
        count += len(chunk)
    return count


def receipt(number: int) -> str:
    """The receipt of one contribution, in the shape that people are given."""
    letters = "ABCDEFGHJKMNPQRTUVWXY346789"
    found = []
    for _ in range(8):
        number, place = divmod(number, len(letters))
        found.append(letters[place])
    return "".join(found[:4]) + "-" + "".join(found[4:])


def fill(links: int) -> tuple[int, int]:
    """Contributions, meetings, items, papers' themes, decisions and actions, and the thread between them."""
    from endeavour.core.public import Body, Link
    from endeavour.governance.models import Action, AgendaItem, Contribution, Decision, Meeting

    draw = random.Random(20_261_122)
    said, items, decisions, papers = links // 2, links // 16, links // 20, links // 25
    classes = ["residents"] * 16 + ["vcse", "nhs", "local_authority", "healthwatch"]
    body = Body.objects.create(
        key="icp", name="The partnership", legal_form="statutory_committee", partner_class="partnership"
    )
    batched(
        (
            Contribution(
                receipt=receipt(n),
                kind="contribution",
                words=f"What resident {n} said.",
                theme=f"theme-{n % THEMES}",
                partner_class=draw.choice(classes),
                recorded_at=BEGAN + timedelta(minutes=n),
            )
            for n in range(said)
        ),
        Contribution,
    )
    meetings = items // 12 + 1
    starts = [BEGAN + timedelta(hours=6 * n) for n in range(meetings)]
    batched(
        (
            Meeting(
                key=f"m{n}",
                body=body,
                title=f"Meeting {n}",
                place="Hall",
                starts_at=at,
                ends_at=at + timedelta(hours=2),
            )
            for n, at in enumerate(starts)
        ),
        Meeting,
    )
    keys = list(Meeting.objects.order_by("pk").values_list("pk", flat=True))
    batched(
        (
            AgendaItem(
                meeting_id=keys[n // 12],
                number=n % 12 + 1,
                place=n % 12 + 1,
                title=f"Item {n}",
                origin="contribution",
            )
            for n in range(items)
        ),
        AgendaItem,
    )
    held = list(AgendaItem.objects.order_by("pk").values_list("pk", flat=True)[:decisions])
    effects = {f"effect_{name}": "Some." for name in ("health", "quality", "resources", "inequality")}
    batched(
        (
            Decision(
                item_id=held[n],
                key=f"d{n}",
                title=f"Decision {n}",
                options="Two",
                decided="One",
                reason="Why",
                level="neighbourhood",
                recorded_at=BEGAN + timedelta(minutes=10 * n),
                **effects,
            )
            for n in range(decisions)
        ),
        Decision,
    )
    made = list(Decision.objects.order_by("pk").values_list("pk", flat=True))
    batched(
        (
            Action(decision_id=pk, number=1, words=f"Do {n}.", owner=body, due_on=date(2027, 1, 1))
            for n, pk in enumerate(made)
        ),
        Action,
    )

    def item(n: int) -> str:
        return f"item:m{n // 12}/{n % 12 + 1}"

    def thread() -> Iterator[Link]:
        for n in range(said):
            yield Link(
                kind="heard_in", source=f"contribution:{receipt(n)}", target=f"theme:theme-{n % THEMES}"
            )
        for n in range(said // 2):
            yield Link(
                kind="responds_to",
                source=item(draw.randrange(items)),
                target=f"contribution:{receipt(2 * n)}",
            )
        for n in range(papers):
            yield Link(kind="responds_to", source=f"paper:p{n}", target=f"theme:theme-{n % THEMES}")
        for n in range(decisions):
            yield Link(kind="decided_by", source=item(n), target=f"decision:d{n}")
            yield Link(kind="delivers", source=f"action:d{n}/1", target=f"decision:d{n}")
            yield Link(
                kind="measured_by", source=f"action:d{n}/1", target=f"measure:m{draw.randrange(MEASURES)}"
            )
            yield Link(
                kind="contributes_to", source=f"action:d{n}/1", target=f"statement:W{n % STATEMENTS + 1}"
            )
        for n in range(links - said - said // 2 - papers - 4 * decisions):
            yield Link(kind="feeds", source=f"paper:p{n % papers}", target=item((n * 7) % items))

    written = batched(thread(), Link)
    return said + items + papers + 2 * decisions + THEMES + STATEMENTS + MEASURES, written


def percentiles(work: Callable[[int], object], times: int) -> tuple[float, float]:
    """The median and the 99th percentile in milliseconds, each call on a start of its own."""
    taken = []
    for n in range(times):
        started = time.perf_counter()
        work(n)
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.99)]


def plain_walk(start: str, depth: int = 6) -> list[Any]:
    """The same walk as anybody would first write it: the ORM, one query a step and a side."""
    from endeavour.core.public import Link

    on = {"heard_in", "decided_by", "contributes_to", "measured_by", "feeds"}
    back = {"responds_to", "delivers", "supersedes", "depends_on"}
    seen, frontier, found = {start}, [start], []
    for _ in range(depth):
        links = [*Link.objects.filter(source__in=frontier, kind__in=on)]
        links += Link.objects.filter(target__in=frontier, kind__in=back)
        following = []
        for link in links:
            found.append(link)
            name = link.target if link.kind in on else link.source
            if name not in seen:
                seen.add(name)
                following.append(name)
        if not following:
            break
        frontier = following
    return found


def walks(bench: Bench, on: str, links: int) -> None:
    from endeavour.core.public import walk

    receipts = [f"contribution:{receipt(2 * (n * 97 % (links // 4)))}" for n in range(2_000)]
    decisions = [f"decision:d{n * 23 % (links // 20)}" for n in range(2_000)]
    measured = sum(
        any(step.target.startswith("measure:") for step in walk(start, way="onward", limit=100))
        for start in receipts[:200]
    )
    bench.claim(f"{on}: receipts of 200 that lead to a measure", measured, "receipts")
    p50, p99 = percentiles(lambda n: walk(receipts[n], way="onward", limit=100), 2_000)
    plain = percentiles(lambda n: plain_walk(receipts[n]), 300)
    bench.claim(f"{on}: from a receipt to a measure, p50 (peer: the ORM)", p50, "ms", peer=plain[0], most=1)
    bench.claim(f"{on}: from a receipt to a measure, p99 (peer: the ORM)", p99, "ms", peer=plain[1])
    p50, p99 = percentiles(lambda n: walk(decisions[n], way="back", limit=100), 2_000)
    bench.claim(f"{on}: from a decision back to words, p50", p50, "ms", most=1)
    bench.claim(f"{on}: from a decision back to words, p99", p99, "ms")


def pages(bench: Bench, on: str) -> None:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    for words, address in (
        ("a receipt", lambda n: f"/question/{receipt(2 * n)}"),
        ("a thread from a receipt", lambda n: f"/thread/contribution/{receipt(2 * n)}"),
        ("a thread from a decision", lambda n: f"/thread/decision/d{n}"),
        ("a thread from a theme", lambda n: f"/thread/theme/theme-{n}"),
        ("a decision", lambda n: f"/decision/d{n}"),
        ("a meeting", lambda n: f"/meeting/m{n}"),
        ("decisions", lambda _: "/decisions"),
        ("meetings", lambda _: "/meetings"),
        ("have your say", lambda _: "/have-your-say"),
        ("influence", lambda _: "/influence"),
    ):
        assert client.get(address(1)).status_code == 200, words
        p50, p99 = percentiles(lambda n, of=address: client.get(of(n)), 30)
        bench.claim(f"{on}: the page of {words}, p50", p50, "ms")
        bench.claim(f"{on}: the page of {words}, p99", p99, "ms")


if __name__ == "__main__":
    main()
