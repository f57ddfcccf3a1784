"""`endeavour stats METHOD FILE`: the statistics of population health from a CSV or Parquet file."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from endeavour.cli._stats_methods import METHODS, flag, method
from endeavour.errors import BadInput, NotFound

if TYPE_CHECKING:
    from endeavour.engine.statistics._frames import Table

_UNKNOWN = ["", "NA", "NaN", "nan", "null", "NULL", "#N/A"]

_SCREENS = {"yes": True, "no": False}

_METHODS_HELP = "\n\n".join(f"[bold]{name}[/bold]: {each.words}" for name, each in METHODS.items())
_HELP = f"""Work out a statistic for every group in a CSV or Parquet file, one row a group on standard output.

Example: [bold]endeavour stats rate deaths.csv --numerator deaths --denominator people --group-by area
--confidence 0.95 --confidence 0.998 --multiplier 100000[/bold]

Each row has the group, value, lower_0.95, upper_0.95, and so on for each level of confidence, the method's other
columns, and reason, which is empty when the figure is shown. Methods:

{_METHODS_HELP}
"""

app = typer.Typer(
    help=_HELP, no_args_is_help=True, rich_markup_mode="rich", subcommand_metavar="", add_completion=False
)


@app.callback(invoke_without_command=True, help=_HELP, context_settings={"allow_interspersed_args": True})
def stats(
    name: Annotated[str, typer.Argument(metavar="METHOD", help="Which statistic; see the list above.")],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A .csv or .parquet file, or - for CSV on stdin.")
    ],
    numerator: Annotated[str | None, typer.Option(metavar="COL", help="Events, cases or deaths.")] = None,
    denominator: Annotated[
        str | None, typer.Option(metavar="COL", help="People, or expected events.")
    ] = None,
    value: Annotated[
        str | None, typer.Option(metavar="COL", help="Measured values (mean, quantile...).")
    ] = None,
    group_by: Annotated[
        list[str] | None, typer.Option(metavar="COL", help="Repeat for several columns.")
    ] = None,
    age: Annotated[
        str | None, typer.Option(metavar="COL", help="First age, or a band such as 0-4 or 90+.")
    ] = None,
    standard: Annotated[str | None, typer.Option(metavar="COL|esp2013", help="Standard population.")] = None,
    event_frequency: Annotated[
        str | None, typer.Option(metavar="COL", help="Events each person had; numerator then counts people.")
    ] = None,
    reference_numerator: Annotated[str | None, typer.Option(metavar="COL", help="Reference events.")] = None,
    reference_denominator: Annotated[
        str | None, typer.Option(metavar="COL", help="Reference people.")
    ] = None,
    healthy: Annotated[str | None, typer.Option(metavar="COL", help="People in good health.")] = None,
    surveyed: Annotated[str | None, typer.Option(metavar="COL", help="People asked about it.")] = None,
    limit: Annotated[float | None, typer.Option(help="Years lost before this age; 75 unless given.")] = None,
    benchmark: Annotated[
        str | None, typer.Option(metavar="NUMBER|COL", help="What each row is compared with.")
    ] = None,
    polarity: Annotated[
        str | None, typer.Option(help="Benchmark: high-is-good, low-is-good or neutral.")
    ] = None,
    at: Annotated[float | None, typer.Option(help="Life expectancy at this age only.")] = None,
    quantiles: Annotated[int | None, typer.Option(help="How many quantiles; 10 unless given.")] = None,
    invert: Annotated[
        bool | None, typer.Option("--invert/--no-invert", help="Quantile 1 holds the highest values (usual).")
    ] = None,
    statistic: Annotated[str | None, typer.Option(help="Funnel: proportion, rate or ratio.")] = None,
    rate: Annotated[str | None, typer.Option(metavar="COL", help="Funnel: the published rate.")] = None,
    rate_type: Annotated[str | None, typer.Option(help="Funnel: crude or dsr.")] = None,
    ratio_type: Annotated[str | None, typer.Option(help="Funnel lines: count or isr.")] = None,
    years: Annotated[float | None, typer.Option(help="Funnel: years of data behind a rate.")] = None,
    lower: Annotated[
        str | None, typer.Option(metavar="COL", help="Each value's own 95% lower limit.")
    ] = None,
    upper: Annotated[
        str | None, typer.Option(metavar="COL", help="Each value's own 95% upper limit.")
    ] = None,
    standard_error: Annotated[str | None, typer.Option(metavar="COL", help="Instead of limits.")] = None,
    order: Annotated[
        str | None, typer.Option(metavar="COL", help="Puts subgroups in order, most deprived first.")
    ] = None,
    indicator_type: Annotated[str | None, typer.Option(help="SII: normal, rate or proportion.")] = None,
    transform: Annotated[
        bool | None, typer.Option("--transform/--no-transform", help="SII: fit on the log or logit scale.")
    ] = None,
    favourable: Annotated[
        bool | None, typer.Option("--favourable/--adverse", help="Inequality: whether high is good.")
    ] = None,
    reference: Annotated[str | None, typer.Option(help="Inequality: the reference subgroup's label.")] = None,
    time: Annotated[str | None, typer.Option(metavar="COL", help="When each point of a series was.")] = None,
    direction: Annotated[
        str | None, typer.Option(metavar="WORD|COL", help="SPC: increase, decrease or neutral is better.")
    ] = None,
    target: Annotated[str | None, typer.Option(metavar="NUMBER|COL", help="SPC: the target.")] = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="NUMBER|COL", help="SPC: how many first points set the limits.")
    ] = None,
    rebase: Annotated[
        str | None,
        typer.Option(metavar="PLACES|COL", help="SPC: where new limits begin, as 13;25 or a column."),
    ] = None,
    screen: Annotated[
        str | None, typer.Option(metavar="yes|no|COL", help="SPC: leave out wild ranges.")
    ] = None,
    confidence: Annotated[
        list[float] | None, typer.Option(help="A fraction such as 0.95; repeat for several levels.")
    ] = None,
    intervals: Annotated[
        bool, typer.Option("--intervals/--no-intervals", help="Limits, or values alone.")
    ] = True,
    multiplier: Annotated[float | None, typer.Option(help="100 for percentages, 100000 for rates...")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON list of rows.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV, as when neither is asked for.")] = False,
) -> None:
    """Parse, call, print."""
    given = {
        "numerator": numerator, "denominator": denominator, "value": value, "group_by": group_by or None,
        "age": age, "standard": standard, "event_frequency": event_frequency,
        "reference_numerator": reference_numerator, "reference_denominator": reference_denominator, "at": at,
        "quantiles": quantiles, "invert": invert, "statistic": statistic, "rate": rate, "rate_type": rate_type,
        "ratio_type": ratio_type, "years": years, "multiplier": multiplier, "confidence": confidence or None, "lower": lower, "upper": upper,
        "standard_error": standard_error, "order": order, "indicator_type": indicator_type, "transform": transform,
        "favourable": favourable, "reference": reference, "time": time, "direction": direction, "target": target,
        "healthy": healthy, "surveyed": surveyed, "limit": limit, "benchmark": benchmark, "polarity": polarity,
        "baseline": _number_or_text(baseline), "rebase": rebase, "screen": _SCREENS.get(str(screen), screen),
    }  # fmt: skip
    if as_json and as_csv:
        raise BadInput("--json and --csv cannot both be asked for")
    run(
        name,
        file,
        {option: answer for option, answer in given.items() if answer is not None},
        as_json,
        intervals,
    )


def _number_or_text(text: str | None) -> int | str | None:
    return int(text) if text is not None and text.isdigit() else text


def run(name: str, file: Path, given: dict[str, Any], as_json: bool, intervals: bool = True) -> None:
    """Work out one method for one file and print the answer; an error names the file."""
    chosen = method(name)
    if "value" in chosen.needs and "value" not in given and "numerator" in given:
        given["value"] = given.pop("numerator")  # 'mean --numerator weight' can only mean one thing
    unused = [flag(option) for option in given if option not in chosen.options]
    if unused:
        sys.stderr.write(f"note: {name} does not use {', '.join(unused)}\n")
    if not intervals and "confidence" in chosen.options:
        given["confidence"] = None
    table = read(file)
    try:
        result = chosen.run(table, given)
    except BadInput as error:
        raise BadInput(error.message, file=file, hint=error.hint) from None
    write(result, as_json)


def read(file: Path) -> Table:
    """A CSV or Parquet file as a table that remembers its line numbers."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    from endeavour.engine.statistics._frames import Table

    if str(file) != "-" and not file.is_file():
        raise NotFound(f"there is no file {file}")
    try:
        if file.suffix == ".parquet":
            return Table(_single_names(pyarrow.parquet.read_table(file), file), "pyarrow")
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        made = pyarrow.csv.read_csv(
            pa.BufferReader(data),
            read_options=pyarrow.csv.ReadOptions(block_size=max(len(data), 1 << 20)),
            convert_options=pyarrow.csv.ConvertOptions(null_values=_UNKNOWN, strings_can_be_null=True),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {error}", file=file, hint="Give CSV in UTF-8, or Parquet.") from None
    return Table(_single_names(made, file), "pyarrow", first_line=2)


def _single_names(table: Any, file: Path) -> Any:
    twice = {name for name in table.column_names if table.column_names.count(name) > 1}
    if twice:
        raise BadInput(f"column '{min(twice)}' comes twice", file=file)
    return table


def write(table: Any, as_json: bool) -> None:
    """The rows on standard output, and nothing else."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv

    if as_json:
        sys.stdout.write(
            json.dumps([_plain(row) for row in table.to_pylist()], ensure_ascii=False, default=str)
        )
        sys.stdout.write("\n")
        return
    buffer = io.BytesIO()
    reason = table.column("reason") if "reason" in table.column_names else None
    if reason is not None:  # an empty cell, not a quoted nothing
        place = table.column_names.index("reason")
        table = table.set_column(place, "reason", pc.if_else(pc.equal(reason, ""), None, reason))
    try:
        plain = pyarrow.csv.WriteOptions(quoting_style="none", quoting_header="none")
        pyarrow.csv.write_csv(table, buffer, plain)
    except pa.ArrowInvalid:  # some text holds a comma, a quote or a new line
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(table.column_names)
        flags = [pa.types.is_boolean(column.type) for column in table.columns]
        columns = [
            column.cast(pa.string()) if flag_column else column
            for column, flag_column in zip(table.columns, flags, strict=True)
        ]
        writer.writerows(zip(*(column.to_pylist() for column in columns), strict=True))
        return
    sys.stdout.write(buffer.getvalue().decode())


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """JSON has no infinity: an endless limit is null, like an unknown one."""
    endless = (float("inf"), float("-inf"))
    return {
        key: None if isinstance(value, float) and value in endless else value for key, value in row.items()
    }
