"""Loading a pack's areas and bodies into the database: all or nothing, and twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, models, transaction

from endeavour.core.audit import write_audit
from endeavour.core.models import Area, AreaOverlap, Body, Person, Post, Route, Succession
from endeavour.errors import Conflict

if TYPE_CHECKING:
    from endeavour.pack import Pack

_BATCH = 500
_NOT_LOADED = {"country"}  # a comparator of the figures, not an area of the partnership

Fields = dict[str, Any]


@dataclass
class Loaded:
    """How many rows of each kind were added, changed and removed; all zero when nothing differed."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)

    @property
    def writes(self) -> int:
        """How many rows were written."""
        return sum(sum(counts.values()) for counts in (self.added, self.changed, self.removed))


def load_pack(pack: Pack, by: Person | None) -> Loaded:
    """Bring areas, overlaps, bodies, successions, routes and posts to what the pack says.

    One transaction, with its audit entry. Rows that the pack does not name are left alone, except overlaps and routes
    between areas and bodies it does name. Raises `Conflict` where the database refuses, having written nothing.
    """
    loaded = Loaded()
    try:
        with transaction.atomic():
            _load_areas(pack, loaded)
            if pack.has("bodies"):
                _load_bodies(pack, loaded)
            if loaded.writes:
                counts = {"added": loaded.added, "changed": loaded.changed, "removed": loaded.removed}
                write_audit(
                    by=by, action="pack.load", subject=f"pack:{pack.meta.id}", digest=pack.digest(), **counts
                )
    except DatabaseError as error:
        raise Conflict(
            f"The pack '{pack.meta.id}' could not be loaded; nothing was changed. The database said: {error}",
            hint="Run endeavour pack check first.",
        ) from error
    return loaded


def _load_areas(pack: Pack, loaded: Loaded) -> None:
    rows = [row for row in pack.table("areas").to_pylist() if row["kind"] not in _NOT_LOADED]
    kept = {row["code"] for row in rows}
    names = ("code", "kind", "name", "valid_from", "valid_to")
    _bring(Area, ("code",), [{name: row[name] for name in names} for row in rows], loaded)
    overlaps = [
        row
        for row in pack.table("area_overlaps").to_pylist()
        if row["from_code"] in kept and row["to_code"] in kept
    ]
    key = ("from_code", "to_code", "basis")
    _bring(AreaOverlap, key, overlaps, loaded, mine=lambda row: row.from_code in kept)


def _load_bodies(pack: Pack, loaded: Loaded) -> None:
    bodies = pack.table("bodies").to_pylist()
    _bring(Body, ("key",), [_body(row) for row in bodies], loaded)
    ids = dict(Body.objects.filter(key__in=[row["id"] for row in bodies]).values_list("key", "id"))
    successions = [_succession(row, ids) for row in _rows(pack, "successions")]
    _bring(Succession, ("predecessor_id", "successor_id"), successions, loaded)
    ours = set(ids.values())
    _bring(
        Route,
        ("kind", "source_id", "target_id", "valid_from"),
        [_route(row, ids) for row in _rows(pack, "routes")],
        loaded,
        mine=lambda row: row.source_id in ours and row.target_id in ours,
    )
    _bring(Post, ("key",), [_post(row, ids) for row in _rows(pack, "posts")], loaded)


def _rows(pack: Pack, name: str) -> list[Fields]:
    return pack.table(name).to_pylist() if pack.has(name) else []


def _body(row: Fields) -> Fields:
    same = (
        "name",
        "legal_form",
        "partner_class",
        "can_commission",
        "valid_from",
        "valid_to",
        "certainty",
        "source",
    )
    return {
        "key": row["id"],
        "short_name": row["short_name"] or "",
        "area_code": row["area"] or "",
        "purpose": " ".join(_sentence(words) for words in (row["purpose"], row["note"]) if words),
        **{name: row[name] for name in same},
    }


def _sentence(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."


def _succession(row: Fields, ids: dict[str, int]) -> Fields:
    return {
        "predecessor_id": ids[row["predecessor"]],
        "successor_id": ids[row["successor"]],
        "on": row["starts_on"],
        "certainty": row["certainty"],
        "note": row["note"] or "",
    }


def _route(row: Fields, ids: dict[str, int]) -> Fields:
    return {
        "kind": row["kind"],
        "source_id": ids[row["from_body"]],
        "target_id": ids[row["to_body"]],
        "owner": row["owner"] or "",
        "cadence_days": row["cadence_days"],
        "valid_from": row["valid_from"],
        "valid_to": row["valid_to"],
    }


def _post(row: Fields, ids: dict[str, int]) -> Fields:
    return {
        "key": row["id"],
        "body_id": ids[row["body"]],
        "title": row["title"],
        "nominated_by_id": ids[row["nominated_by"]] if row["nominated_by"] else None,
        "votes": row["votes"],
        "valid_from": row["valid_from"],
        "valid_to": row["valid_to"],
    }


def _bring(
    model: type[models.Model],
    key: tuple[str, ...],
    due: list[Fields],
    loaded: Loaded,
    *,
    mine: Callable[[Any], bool] | None = None,
) -> None:
    """Bring a table to the rows `due`, matched by `key`; rows that are `mine` and no longer due are removed."""
    wanted = {tuple(fields[name] for name in key): fields for fields in due}
    there = {tuple(getattr(row, name) for name in key): row for row in model._default_manager.all()}
    gone = [row.pk for identity, row in there.items() if mine and identity not in wanted and mine(row)]
    new = [model(**fields) for identity, fields in wanted.items() if identity not in there]
    changed = [
        _set(there[identity], fields)
        for identity, fields in wanted.items()
        if identity in there
        and any(getattr(there[identity], name) != value for name, value in fields.items())
    ]
    _remove(model, gone)
    if changed:
        model._default_manager.bulk_update(changed, [n for n in due[0] if n not in key], batch_size=_BATCH)
    model._default_manager.bulk_create(new, batch_size=_BATCH)
    name = model._meta.model_name or ""
    for counts, number in (
        (loaded.removed, len(gone)),
        (loaded.changed, len(changed)),
        (loaded.added, len(new)),
    ):
        if number:
            counts[name] = number


def _set(row: Any, fields: Fields) -> Any:
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def _remove(model: type[models.Model], keys: list[Any]) -> None:
    for start in range(0, len(keys), _BATCH):
        model._default_manager.filter(pk__in=keys[start : start + _BATCH]).delete()
