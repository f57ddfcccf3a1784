"""The interface in OpenAPI 3.1: each parameter with the very rule by which it is judged."""

from __future__ import annotations

from typing import Any

from endeavour.frontdoor.hours import DAYS

Schema = dict[str, Any]
LARGEST_PAGE = 100
LARGEST_NUMBER = 1e15
_NUMBER: Schema = {"type": "number", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
_UUID: Schema = {"type": "string", "format": "uuid"}
_CLOCK: Schema = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
_RULES: dict[str, tuple[str, Schema]] = {
    "search": ("Words to search for", {"type": "string", "maxLength": 300}),
    "page": ("Which page, from 1", {"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1}),
    "per_page": ("How many records a page", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": 20}),
    "taxonomy_term_id": ("Only services with this term", _UUID),
    "taxonomy_id": ("Only services with a term of this taxonomy", _UUID),
    "minimum_age": ("Only services from this age or above", _NUMBER),
    "maximum_age": ("Only services up to this age", _NUMBER),
    "start_time": ("Only services that open at this time or later", _CLOCK),
    "end_time": ("Only services that close by this time", _CLOCK),
    "day": ("Only services open on this day", {"type": "string", "enum": list(DAYS)}),
    "postcode": ("Only services near this postcode's town", {"type": "string", "maxLength": 300}),
    "proximity": ("How near, in metres", _NUMBER),
    "organization_id": ("Only services of this organisation", _UUID),
    "modified_after": ("Only services changed since, a day or a moment",
                       {"anyOf": [{"type": "string", "format": f} for f in ("date-time", "date")]}),
}  # fmt: skip
_EMPTY: Schema = {"type": "string", "maxLength": 0}


def _or_empty(schema: Schema) -> Schema:
    """The rule, or nothing at all: a form sends its empty fields too, and they filter nothing."""
    return schema if schema.get("maxLength") else {"anyOf": [*schema.get("anyOf", [schema]), _EMPTY]}


PARAMETERS = tuple(_RULES)
NUMBERS = frozenset(n for n, (_, rule) in _RULES.items() if rule.get("type") in {"number", "integer"})
_PATHS = ("services", "service_at_locations", "taxonomies", "taxonomy_terms", "organizations")
_ANSWERS = {
    "200": "The record or page",
    "404": "No such record or place",
    "405": "Use GET or POST",
    "422": "A parameter breaks its rule",
}
_PAGE: Schema = {
    "type": "object",
    "required": ["total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"],
    "properties": {"contents": {"type": "array", "items": {"type": "object", "required": ["id"]}}},
}  # fmt: skip
_RECORD: Schema = {"type": "object", "required": ["id"], "properties": {"id": _UUID}}
_ABOUT: Schema = {
    "type": "object",
    "required": ["version", "profile", "openapi_url"],
    "properties": {name: {"type": "string"} for name in ("version", "profile", "openapi_url")},
    "additionalProperties": False,
}
_ERROR: Schema = {
    "type": "object",
    "required": ["error", "message", "hint"],
    "properties": {name: {"type": "string"} for name in ("error", "message", "hint")},
    "additionalProperties": False,
}


def _answers(found: Schema) -> dict[str, Any]:
    return {
        code: {
            "description": words,
            "content": {"application/json": {"schema": found if code == "200" else _ERROR}},
        }
        for code, words in _ANSWERS.items()
    }


_WRITTEN = {"page": "^([1-9][0-9]{0,5}|1000000)$", "per_page": "^([1-9][0-9]?|100)$"}
_WRITTEN_NUMBER = "^-?[0-9]{1,15}([.][0-9]{1,15})?$"


def _in_body(name: str, schema: Schema) -> Schema:
    """The rule in a JSON body, where a number may also be written as text."""
    if schema.get("type") not in {"number", "integer"}:
        return _or_empty(schema)
    written = {"type": "string", "pattern": _WRITTEN.get(name, _WRITTEN_NUMBER)}
    return _or_empty({"anyOf": [schema, written]})


def openapi_document() -> dict[str, Any]:
    """The whole document.

    >>> sorted(openapi_document()["paths"])[:2]
    ['/', '/organizations']
    """
    asked = [
        {"name": name, "in": "query", "required": False, "description": words, "schema": _or_empty(schema)}
        for name, (words, schema) in _RULES.items()
    ]
    body: Schema = {
        "type": "object",
        "properties": {name: _in_body(name, schema) for name, (_, schema) in _RULES.items()},
        "additionalProperties": False,
    }
    one = [{"name": "id", "in": "path", "required": True, "schema": _UUID}]
    asked_of_all = {"content": {"application/json": {"schema": body}}}
    paths: dict[str, Any] = {
        "/": {
            "get": {"operationId": "about", "parameters": asked, "responses": _answers(_ABOUT)},
            "post": {
                "operationId": "about_by_post",
                "requestBody": asked_of_all,
                "responses": _answers(_ABOUT),
            },
        }
    }
    for path in _PATHS:
        posted = {"content": {"application/json": {"schema": body}}}
        listed = _answers(_PAGE)
        # Whoever has a page can ask for its first record whole: programs that walk an interface learn it from here.
        whole = {"operationId": f"one_of_{path}", "parameters": {"id": "$response.body#/contents/0/id"}}
        listed["200"]["links"] = {"first": whole}
        paths[f"/{path}"] = {
            "get": {"operationId": path, "parameters": asked, "responses": listed},
            "post": {"operationId": f"search_{path}", "requestBody": posted, "responses": listed},
        }
        paths[f"/{path}/{{id}}"] = {
            "get": {"operationId": f"one_of_{path}", "parameters": one, "responses": _answers(_RECORD)}
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Open Referral UK", "version": "3.0"},
        "servers": [{"url": "/openreferral/v3"}],
        "paths": paths,
    }
