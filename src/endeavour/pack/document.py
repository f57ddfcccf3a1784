"""The part of `docs/reference/pack-format.md` that the schema knows: one section a table."""

from __future__ import annotations

from endeavour.pack.schema import TABLES, Column, Table

BEGIN = "<!-- tables: written by python -m endeavour.pack.document -->"


def tables_in_words() -> str:
    """Every table as Markdown, in the schema's order."""
    return "\n".join(_section(table) for table in TABLES)


def with_tables(document: str) -> str:
    """The document with everything below the mark replaced by the tables of the schema."""
    head, _, _ = document.partition(BEGIN)
    return f"{head}{BEGIN}\n\n{tables_in_words()}"


def _section(table: Table) -> str:
    origin = "written by hand" if table.written_by_hand else "compiled"
    need = "always present" if table.required else "optional"
    lines = [
        f"### {table.name}",
        "",
        f"`{table.path}`, {origin}, {need}. Unique by {', '.join(f'`{k}`' for k in table.key)}.",
        "",
        table.about,
        "",
        "| column | type | holds |",
        "|---|---|---|",
        *(_row(column) for column in table.columns),
        "",
    ]
    if table.whole:
        whole = table.whole
        lines += [
            f"Adds up over `{whole.by}` to `{whole.of}.{whole.of_value}` within {whole.slack:.0%} or {whole.floor}, "
            "whichever is more: the publisher perturbs small counts.",
            "",
        ]
    return "\n".join(lines)


def _row(column: Column) -> str:
    rules = []
    if column.choices:
        rules.append("one of " + ", ".join(f"`{c}`" for c in column.choices))
    if column.low is not None or column.high is not None:
        low = "" if column.low is None else f"from {column.low:g}"
        high = "" if column.high is None else f"to {column.high:g}"
        rules.append(f"{low} {high}".strip())
    if column.refers_to:
        rules.append("is in " + " or ".join(f"`{r}`" for r in column.refers_to))
    rules += ["may be empty"] if column.optional else []
    return f"| `{column.name}` | {column.kind} | {'; '.join([column.about, *rules])} |"


def main() -> None:
    """Rewrite the reference page of this checkout."""
    from pathlib import Path

    page = Path(__file__).parents[3] / "docs" / "reference" / "pack-format.md"
    page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
