"""`endeavour governance`: what a body that ends hands over, and what the statutory register shows."""

from __future__ import annotations

import json
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    help="Boards, duties and handing over.\n\nExample: endeavour governance handover icb",
)
Json = Annotated[bool, typer.Option("--json", help="Print data as JSON on standard output.")]
AsAt = Annotated[
    str, typer.Option("--as-at", help="The day asked about, such as 2026-03-31; today where omitted.")
]


@app.command()
def handover(
    body: Annotated[str, typer.Argument(help="The key of the body that ends, such as icb.")],
    as_at: AsAt = "",
    as_json: Json = False,
) -> None:
    """List everything a body still owes, with the successor proposed for each; what has no heir is named.

    Example: endeavour governance handover icb --as-at 2026-03-31 --json
    """
    from endeavour.cli.building import django_ready
    from endeavour.cli.talk import say, table

    django_ready()
    from endeavour.core.public import parse_day, today
    from endeavour.governance.public import handover as pack_up

    found = pack_up(body, parse_day(as_at) if as_at else today())
    if as_json:
        data = {
            "body": found.body.key,
            "ends_on": found.body.valid_to.isoformat() if found.body.valid_to else None,
            "heirs": [heir.key for heir in found.heirs],
            "open": [row.__dict__ for row in found.rows],
            "without_heir": sum(not row.heir for row in found.rows),
        }
        print(json.dumps(data, indent=1))  # noqa: T201
        return
    heirs = ", ".join(heir.name for heir in found.heirs) or "nobody"
    table(f"{found.body} hands over to {heirs}", ["what", "id", "words", "heir"],
          [[row.kind, row.subject, row.words, row.heir or "no heir"] for row in found.rows])  # fmt: skip
    say(f"{len(found.rows)} open, {sum(not row.heir for row in found.rows)} without an heir.")


@app.command()
def register(as_at: AsAt = "", as_json: Json = False) -> None:
    """Print the statutory register: each duty, its computed state and what that rests on.

    Example: endeavour governance register --as-at 2023-06-01 --json
    """
    from endeavour.cli.building import django_ready
    from endeavour.cli.talk import table

    django_ready()
    from endeavour.core.public import parse_day, today
    from endeavour.governance.public import register as rows_of

    rows = rows_of(parse_day(as_at) if as_at else today())
    if as_json:
        data = [
            {"duty": r.duty.key, "title": r.duty.title, "act": r.duty.act, "state": r.finding.state,
             "words": r.finding.words, "because": list(r.finding.because), "evidence": list(r.evidence_words)}
            for r in rows
        ]  # fmt: skip
        print(json.dumps(data, indent=1))  # noqa: T201
        return
    table(
        "Statutory register",
        ["duty", "state", "why"],
        [[r.duty.title, r.state, r.finding.words] for r in rows],
    )
