"""Invariants that a check constraint cannot say, as triggers on both databases.

Each function returns a migration operation. SQLite gets triggers; PostgreSQL the same rule as a trigger function, or
an exclusion constraint where two writers at once could otherwise slip past each other.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

Statements = dict[str, list[str]]


class Invariant(Operation):
    """Statements by the database's vendor, and those that undo them.

    Django's RunPython builds every model anew, because its code may want one; that took over half of the time in which
    a database is made. This asks for none.
    """

    def __init__(self, statements: Statements, undo: Statements) -> None:
        self.statements, self.undo = statements, undo

    def state_forwards(self, app_label: str, state: object) -> None:
        """Models stay as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: object, to_state: object
    ) -> None:
        """Put the invariant on."""
        _execute(self.statements, schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: object, to_state: object
    ) -> None:
        """Take it off."""
        _execute(self.undo, schema_editor)

    def taken_off(self) -> Invariant:
        """The operation that lifts this one, for a migration that alters the table in between."""
        return Invariant(self.undo, self.statements)


def _execute(statements: Statements, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in statements[editor.connection.vendor]:
        editor.execute(statement, params=None)


def _run(
    sqlite: list[str], postgres: list[str], undo_sqlite: list[str], undo_postgres: list[str]
) -> Invariant:
    return Invariant(
        {"sqlite": sqlite, "postgresql": postgres}, {"sqlite": undo_sqlite, "postgresql": undo_postgres}
    )


def _refuse(table: str, name: str, when: str, condition: str, message: str) -> Invariant:
    """Refuse `when` (e.g. 'BEFORE UPDATE') wherever `condition` holds; `condition` may speak of NEW and OLD."""
    trigger = f"{table}_{name}"
    return _run(
        sqlite=[
            f"CREATE TRIGGER {trigger} {when} ON {table} FOR EACH ROW WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        ],
        postgres=[
            f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {trigger} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()",
        ],
        undo_sqlite=[f"DROP TRIGGER {trigger}"],
        undo_postgres=[f"DROP TRIGGER {trigger} ON {table}", f"DROP FUNCTION {trigger}()"],
    )


def append_only(table: str) -> list[Invariant]:
    """Rows of `table` are written once: no update, no delete."""
    return [
        _refuse(table, "no_update", "BEFORE UPDATE", "1 = 1", f"{table} is append-only"),
        _refuse(table, "no_delete", "BEFORE DELETE", "1 = 1", f"{table} is append-only"),
    ]


def _text(row: str, column: str) -> str:
    return f"COALESCE(CAST({row}.{column} AS TEXT), '')"


def immutable(table: str, *columns: str) -> Invariant:
    """The named columns of a written row never change; a correction is a new row that supersedes."""
    changed = " OR ".join(f"{_text('OLD', c)} <> {_text('NEW', c)}" for c in columns)
    message = f"{', '.join(columns)} of {table} never changes: write a row that supersedes it"
    return _refuse(table, f"keeps_{columns[0]}", "BEFORE UPDATE", f"({changed})", message)


def refuse_once_written(table: str, column: str) -> Invariant:
    """An empty column may be filled once; after that it never changes."""
    changed = f"({_text('OLD', column)} <> '' AND {_text('OLD', column)} <> {_text('NEW', column)})"
    message = f"{column} of {table} is written once: write a row that supersedes it"
    return _refuse(table, f"once_{column}", "BEFORE UPDATE", changed, message)


def no_overlap(table: str, *identity: str) -> Invariant:
    """Rows with the same identity columns never hold on the same day (`valid_from`, `valid_to` half-open)."""
    same = " AND ".join(f"o.{c} = NEW.{c}" for c in identity)
    overlapping = (
        f"EXISTS (SELECT 1 FROM {table} o WHERE {same} AND o.id <> NEW.id "
        "AND COALESCE(o.valid_from, '0001-01-01') < COALESCE(NEW.valid_to, '9999-12-31') "
        "AND COALESCE(NEW.valid_from, '0001-01-01') < COALESCE(o.valid_to, '9999-12-31'))"
    )
    message = f"dates of one {identity[0]} in {table} overlap"
    name = f"{table}_no_overlap"
    columns = ", ".join(f"{c} WITH =" for c in identity)
    return _run(
        # AFTER, because a new SQLite row has no id before it is written.
        sqlite=[
            f"CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {table} FOR EACH ROW WHEN {overlapping} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for event in ("INSERT", "UPDATE")
        ],
        postgres=[
            "CREATE EXTENSION IF NOT EXISTS btree_gist",
            f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
            f"({columns}, daterange(valid_from, valid_to) WITH &&)",
        ],
        undo_sqlite=[f"DROP TRIGGER {name}_insert", f"DROP TRIGGER {name}_update"],
        undo_postgres=[f"ALTER TABLE {table} DROP CONSTRAINT {name}"],
    )


def successors_start_later() -> list[Invariant]:
    """A successor starts later than its predecessor: an order, so no cycle of successors can be written."""
    start = "(SELECT COALESCE(valid_from, '0001-01-01') FROM core_body WHERE id = {})"
    condition = f"NOT ({start.format('NEW.successor_id')} > {start.format('NEW.predecessor_id')})"
    message = "a successor must start later than its predecessor"
    moved = (
        "EXISTS (SELECT 1 FROM core_succession s JOIN core_body b ON b.id = s.successor_id "
        "WHERE s.predecessor_id = NEW.id AND COALESCE(b.valid_from, '0001-01-01') <= COALESCE(NEW.valid_from, '0001-01-01')) "
        "OR EXISTS (SELECT 1 FROM core_succession s JOIN core_body b ON b.id = s.predecessor_id "
        "WHERE s.successor_id = NEW.id AND COALESCE(b.valid_from, '0001-01-01') >= COALESCE(NEW.valid_from, '0001-01-01'))"
    )
    return [
        _refuse("core_succession", "order_insert", "BEFORE INSERT", condition, message),
        _refuse("core_succession", "order_update", "BEFORE UPDATE", condition, message),
        _refuse("core_body", "order", "BEFORE UPDATE", f"({moved})", message),
    ]
