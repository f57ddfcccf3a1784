"""Puts the commands together and turns every `UserError` into one clear line and an exit status."""

from __future__ import annotations

import importlib
import json
import os
import sys

import typer

from endeavour.errors import UserError, missing_part

# Work is shared out as processes; threads of BLAS within one wait for each other and cost a learning half as much again.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
GROUPS = ("pack", "lake", "linkage", "strategy", "cohort", "governance", "frontdoor", "stats", "measure")


def build() -> typer.Typer:
    """The whole command line, from one module a group."""
    from endeavour.cli import operate

    app = typer.Typer(
        name="endeavour",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        help="Run an integrated care partnership's strategy: know, hear, agree, act, prove.",
        epilog="Start with: [bold]endeavour up[/bold]. Every command takes --help.",
    )
    for name in GROUPS:
        app.add_typer(importlib.import_module(f"endeavour.cli.{name}").app, name=name)
    operate.add_to(app)
    return app


def main() -> None:
    """Run the command line; exits with the status of the kind of error (see `errors.py`)."""
    try:
        build()()
    except UserError as error:
        _refuse(error)
    except ModuleNotFoundError as error:
        known = missing_part(error)
        if known is None:
            raise
        _refuse(known)


def _refuse(error: UserError) -> None:
    if "--json" in sys.argv:
        print(json.dumps({"error": error.kind, "message": error.message, "hint": error.hint}))  # noqa: T201
    sys.stderr.write(f"endeavour: {error.message}\n")
    if error.hint:
        sys.stderr.write(f"  {error.hint}\n")
    sys.exit(error.exit_code)
