"""A measure's conditions: parsed, checked against the lake's schema, and nothing but conditions.

A predicate compares columns of one row with values, joined by AND, OR and NOT. Three functions reach the row's
history: `has('COPD')`, `controlled('HYP')` and `contacts('gp', 'bp_check')` (how many in the measure's year; the
second word may be left out). Anything else, a subquery above all, is refused with the word that is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from endeavour.engine.lake.schema import CONDITIONS, EVENT_KINDS, TABLES
from endeavour.errors import BadInput

ROWS = {"people": ("person",), "events": ("person", "event"), "conditions": ("person", "condition")}
"""What one row holds, by what the measure counts."""


@dataclass
class Reads:
    """What a measure's predicates reach beyond the person's own columns."""

    registers: set[str] = field(default_factory=set)
    controls: set[str] = field(default_factory=set)
    contacts: set[tuple[str, str]] = field(default_factory=set)
    household: bool = False


@dataclass(frozen=True)
class Predicate:
    """A checked condition, as SQL over the compiled statement's tables."""

    sql: str
    written: str


def parse(
    text: str,
    *,
    counts: str,
    reads: Reads,
    where: str,
    file: str,
    line: int | None = None,
    year: int | None = None,
) -> Predicate:
    """Check one condition and note what it reads; contacts are those of a year, where one is given.

    `BadInput` names the file, line, field and the offending words.
    """
    import sqlglot
    from sqlglot.errors import ParseError, TokenError

    checker = _Checker(counts, reads, file, line, where)
    try:
        found = [e for e in sqlglot.parse(text, read="duckdb") if e is not None]
        if len(found) != 1:
            raise checker.refuse("one condition only, without ';'")
        checker.check(found[0])
        return Predicate(checker.rewrite(found[0], year).sql(dialect="duckdb"), text.strip())
    except (ParseError, TokenError) as error:
        raise checker.refuse(f"not a condition: {str(error).splitlines()[0]}") from error
    except RecursionError:
        raise checker.refuse("too many brackets within brackets", "Say the same with fewer.") from None


def contact_name(kind: str, subtype: str, year: int | None = None) -> str:
    """The column that holds a count of contacts, of one year where it is given.

    >>> contact_name("gp", "bp_check", 2023), contact_name("ae", "")
    ('n_gp_bp_check_2023', 'n_ae')
    """
    return "_".join(["n", kind, *([subtype] if subtype else []), *([str(year)] if year else [])])


def asks_for_one_contact(numerator: str, denominator: str) -> bool:
    """Whether a checked numerator asks if one service was met at all, and the denominator asks of no contact.

    Such a measure can be told month by month: nobody counted in a month can be missing from the year.

    >>> asks_for_one_contact("contacts('gp', 'bp_check') > 0", "age >= 40")
    True
    >>> asks_for_one_contact("contacts('ae') >= 5", "age >= 0"), asks_for_one_contact("is_smoker", "age >= 18")
    (False, False)
    """
    import sqlglot
    from sqlglot import exp

    if "contacts(" in denominator.lower():
        return False
    found = sqlglot.parse_one(numerator, read="duckdb")
    return (
        isinstance(found, exp.GT)
        and isinstance(found.this, exp.Anonymous)
        and str(found.this.this).lower() == "contacts"
        and found.expression.sql() == "0"
    )


class _Checker:
    def __init__(self, counts: str, reads: Reads, file: str, line: int | None, where: str) -> None:
        self.counts, self.reads, self.file, self.line, self.where = counts, reads, file, line, where
        self.columns = {
            column.name: (name, column)
            for name in (*ROWS[counts], "household")
            for column in reversed(TABLES[name].columns)
            if name in ROWS[counts] or column.name not in TABLES["person"].names
        }

    def refuse(self, why: str, hint: str = "") -> BadInput:
        return BadInput(why, file=self.file, line=self.line, column=self.where, hint=hint)

    def check(self, root: Any) -> None:
        from sqlglot import exp

        allowed = (
            exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between,
            exp.In, exp.Is, exp.Null, exp.Boolean, exp.Literal, exp.Column, exp.Identifier, exp.Anonymous, exp.Neg,
        )  # fmt: skip
        truths = (
            exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between,
            exp.In, exp.Is, exp.Boolean, exp.Column, exp.Anonymous,
        )  # fmt: skip
        for node in root.walk():
            if not isinstance(node, allowed):
                raise self.refuse(
                    f"'{node.sql(dialect='duckdb')}' may not stand in a condition",
                    "Use columns, values, AND, OR, NOT, IN, BETWEEN, IS NULL, has(), controlled() and contacts().",
                )
            if node.comments:
                # A comment would be carried into the statement, and may hide half of what seems to be said.
                raise self.refuse("a comment may not stand in a condition", "Say it under local_because.")
            if isinstance(node, exp.In) and not node.expressions:
                raise self.refuse("IN takes a list of values, not a query")
            if isinstance(node, exp.Anonymous):
                self._function(node)
            elif isinstance(node, exp.Column):
                self._column(node)
            elif isinstance(node, (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)):
                self._values(node)
        self._truth(root, truths)
        for node in root.find_all(exp.And, exp.Or, exp.Not, exp.Paren):
            for side in filter(None, (node.this, node.args.get("expression"))):
                self._truth(side, truths)

    def _truth(self, node: Any, truths: tuple[type, ...]) -> None:
        """Whether a part is true or false by itself, as every part that AND, OR and NOT join must be."""
        from sqlglot import exp

        is_value = (
            isinstance(node, exp.Column)
            and node.name in self.columns
            and self.columns[node.name][1].type != "bool"
        ) or (isinstance(node, exp.Anonymous) and str(node.this).lower() == "contacts")
        if is_value or not isinstance(node, truths):
            raise self.refuse(f"'{node.sql()}' is a value, not a condition")

    def _column(self, node: Any) -> None:
        if node.table:
            raise self.refuse(f"'{node.sql()}' names a table", "Give the column's name alone.")
        if node.name not in self.columns:
            near = get_close_matches(node.name, self.columns, n=3)
            raise self.refuse(
                f"the lake has no column '{node.name}'",
                f"Did you mean {' or '.join(near)}?"
                if near
                else f"There are: {', '.join(sorted(self.columns))}.",
            )
        self.reads.household |= self.columns[node.name][0] == "household"

    def _values(self, node: Any) -> None:
        """A column may be compared only with what it can hold, or the count is silently nought, or fails far from here."""
        from sqlglot import exp

        if not isinstance(node.this, exp.Column) or node.this.name not in self.columns:
            return
        column = self.columns[node.this.name][1]
        given = [
            *node.expressions, *(node.args.get(name) for name in ("expression", "low", "high") if node.args.get(name))
        ]  # fmt: skip
        for value in given:
            literal = value.this if isinstance(value, exp.Neg) else value
            if not isinstance(literal, exp.Literal):
                continue
            holds = {"bool": "is true or false", "string": "holds words", "category": "holds words"}.get(
                column.type, "holds days" if column.type == "date" else "holds numbers"
            )
            if (holds == "holds numbers") == literal.is_string or holds == "is true or false":
                what = "a word" if literal.is_string else "a number"
                raise self.refuse(f"{column.name} {holds}, and '{literal.this}' is {what}")
            is_equal = isinstance(node, exp.EQ | exp.NEQ | exp.In)
            if is_equal and column.values and literal.this not in column.values:
                raise self.refuse(
                    f"{column.name} is never '{literal.this}'", f"It is one of {', '.join(column.values)}."
                )

    def _function(self, node: Any) -> None:
        from sqlglot import exp

        name, words = str(node.this).lower(), [e.this for e in node.expressions if isinstance(e, exp.Literal)]
        if len(words) != len(node.expressions):
            raise self.refuse(f"{name}() takes words in quotes")
        if name in ("has", "controlled") and len(words) == 1:
            if words[0] not in CONDITIONS:
                raise self.refuse(
                    f"there is no register '{words[0]}'", f"There are: {', '.join(CONDITIONS)}."
                )
            (self.reads.registers if name == "has" else self.reads.controls).add(words[0])
        elif name == "contacts" and len(words) in (1, 2):
            kind, subtype = words[0], words[1] if len(words) == 2 else ""
            if kind not in EVENT_KINDS:
                raise self.refuse(f"there is no service '{kind}'", f"There are: {', '.join(EVENT_KINDS)}.")
            if subtype and subtype not in EVENT_KINDS[kind]:
                raise self.refuse(
                    f"'{kind}' has no contact '{subtype}'", f"It has: {', '.join(EVENT_KINDS[kind])}."
                )
            self.reads.contacts.add((kind, subtype))
        else:
            raise self.refuse(
                f"'{node.sql(dialect='duckdb')}' is not a function a measure may use",
                "Use has('COPD'), controlled('HYP') or contacts('gp', 'bp_check').",
            )

    def rewrite(self, root: Any, year: int | None) -> Any:
        """The same condition over the statement's own tables."""
        from sqlglot import exp

        def put(node: Any) -> Any:
            if isinstance(node, exp.Column):
                return exp.column(
                    node.name, table={"person": "p", "household": "h"}.get(self._home(node.name), "r")
                )
            if isinstance(node, exp.Anonymous):
                words = [e.this for e in node.expressions]
                name = str(node.this).lower()
                if name == "contacts":
                    counted = contact_name(words[0], "".join(words[1:]), year)
                    column, default = exp.column(counted, table="e"), "0"
                else:
                    column, default = exp.column(f"{name}_{words[0].lower()}", table="c"), "FALSE"
                return exp.Coalesce(this=column, expressions=[exp.maybe_parse(default)])
            return node

        return root.transform(put)

    def _home(self, column: str) -> str:
        return str(self.columns[column][0])
