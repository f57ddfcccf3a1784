"""`endeavour governance`: handing over, the statutory register, files of bodies and meetings, news by e-mail."""

from __future__ import annotations

import json
import sys
from pathlib import Path
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
            "as_at": found.as_at.isoformat(),
            "ends_on": found.last_day.isoformat() if found.last_day else None,
            "heirs": [heir.key for heir in found.heirs],
            "open": [row.__dict__ for row in found.rows],
            "without_heir": len(found.without_heir),
        }
        print(json.dumps(data, indent=1))  # noqa: T201
        return
    heirs = ", ".join(heir.name for heir in found.heirs) or "nobody"
    table(f"{found.body} hands over to {heirs}", ["what", "id", "words", "heir", "how"],
          [[row.kind, row.subject, row.words, row.heir or "no heir", row.settled] for row in found.rows])  # fmt: skip
    say(f"{len(found.rows)} open, {len(found.without_heir)} without an heir.")


@app.command()
def digests() -> None:
    """Send news of meetings and decisions to those who asked for it by e-mail; run it once a day.

    Without a mail server set, each e-mail becomes a file in var/mail.

    Example: endeavour governance digests
    """
    from endeavour.cli.building import django_ready
    from endeavour.cli.talk import say

    django_ready()
    from endeavour.governance.public import send_digests

    sent = send_digests()
    say(f"Sent {sent} {'digest' if sent == 1 else 'digests'}.")


@app.command()
def remind() -> None:
    """Tell by e-mail of each safeguarding worry past its agreed time, once; run it every few minutes.

    Without a mail server set, each e-mail becomes a file in var/mail.

    Example: endeavour governance remind
    """
    from endeavour.cli.building import django_ready
    from endeavour.cli.talk import say

    django_ready()
    from endeavour.governance.public import raise_late

    told = raise_late()
    say(f"Told of {told} {'worry' if told == 1 else 'worries'} past the agreed time.")


@app.command("import")
def bring_in(
    kind: Annotated[str, typer.Argument(help="bodies or meetings.")],
    file: Annotated[Path, typer.Argument(help="The CSV file; - reads standard input.")],
    preview: Annotated[bool, typer.Option("--preview", help="Say what would happen; write nothing.")] = False,
    template: Annotated[bool, typer.Option("--template", help="Write an example to FILE instead.")] = False,
) -> None:
    """Bring bodies or meetings in from a CSV file: all of it or nothing; a second time changes nothing.

    Example: endeavour governance import meetings meetings.csv --preview
    """
    from endeavour.cli.building import django_ready
    from endeavour.cli.talk import say, table

    django_ready()
    from endeavour.errors import BadInput, NotFound
    from endeavour.governance.public import KINDS, import_rows, read_rows

    if kind not in KINDS:
        raise BadInput(f"'{kind}' cannot be brought in.", hint=f"Choose {' or '.join(KINDS)}.")
    if template:
        file.write_text(KINDS[kind].template(), encoding="utf-8", newline="")
        say(f"Wrote {file}.")
        return
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {file}.") from error
    except UnicodeDecodeError as error:
        raise BadInput("is not UTF-8 text", file=file, hint="Save it as 'CSV UTF-8'.") from error
    read = read_rows(kind, text)
    if read.faults:
        table(
            "What to mend",
            ["line", "column", "what is wrong"],
            [[str(f.line), f.column, f.words] for f in read.faults],
        )
    done = read if preview and not read.faults else import_rows(by=None, kind=kind, text=text)
    verb = "would be brought in" if preview else "brought in"
    say(f"{len(done.new)} {verb}, {len(done.there)} were there already.")


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
