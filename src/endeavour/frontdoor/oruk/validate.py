"""Is a feed valid? A short schema of our own for what Open Referral UK 3.0 requires, run by a compiled validator.

The standard's own schemas are CC BY-SA and are not part of this project. Whoever has them gives their folder and they
are used instead, with the same verdict rules: an error in the services is a failure, one elsewhere a warning.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from endeavour.errors import BadInput, Missing, NotFound
from endeavour.frontdoor.oruk.fetching import records_of
from endeavour.frontdoor.oruk.tables import folder_reader, read_tables

Schema = dict[str, Any]
STATUS = ["active", "inactive", "defunct", "temporarily closed"]
# File stems of a stored feed: the endpoint, whether it is a page of many, and whether an error there is a failure.
ENDPOINTS: dict[str, tuple[str, bool, bool]] = {
    "service_list": ("services", True, True),
    "service_full": ("services/{id}", False, True),
    "service_at_location_list": ("service_at_locations", True, False),
    "service_at_location_full": ("service_at_locations/{id}", False, False),
    "taxonomy_list": ("taxonomies", True, False),
    "taxonomy": ("taxonomies/{id}", False, False),
    "taxonomy_term_list": ("taxonomy_terms", True, False),
    "taxonomy_term": ("taxonomy_terms/{id}", False, False),
    "organization_list": ("organizations", True, False),
    "organization_full": ("organizations/{id}", False, False),
}
_FORMATS = {
    "uuid": ("id", "organization_id", "service_id", "location_id", "service_at_location_id", "phone_id", "contact_id",
             "taxonomy_term_id", "taxonomy_id", "parent_organization_id", "parent_id", "link_id"),
    "uri": ("url", "uri", "website", "term_uri", "schedule_link"),
    "email": ("email", "assurer_email"),
    "date-time": ("last_modified",),
}  # fmt: skip
_NUMBERS = ("minimum_age", "maximum_age", "amount", "latitude", "longitude", "interval")
# Days and times of day are text to the standard: it fixes no form for them.
_TEXTS = (
    "name", "description", "number", "source", "option", "amount_description", "valid_from", "valid_to",
    "dtstart", "until", "opens_at", "closes_at", "byday", "bymonthday", "attending_type", "notes",
    "service_area", "extent", "extent_type", "title", "details", "accessibility", "address_1", "attention",
    "city", "region", "state_province", "postal_code", "country", "external_identifier",
    "external_identifier_type", "identifier", "identifier_scheme", "identifier_type", "link_type", "logo",
    "taxonomy", "term", "version", "fees", "accreditations", "alert", "assured_date",
)  # fmt: skip
_PLACES = ["physical", "postal", "virtual"]


def _any_object(required: list[str], **more: Schema) -> Schema:
    """An object whose known fields have the standard's types and formats; unknown fields are welcome."""
    properties: Schema = {name: {"type": "string"} for name in _TEXTS} | {
        name: {"type": "string", "format": kind} for kind, names in _FORMATS.items() for name in names
    }
    properties |= {name: {"type": "number"} for name in _NUMBERS}
    return {"type": "object", "required": required, "properties": properties | more}


def _many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def own_schemas() -> dict[str, Schema]:
    """Our schema for each kind of record."""
    term = _any_object(["id", "name", "description"])
    attribute = _any_object(["id"], taxonomy_term=term)
    told = {"attributes": _many(attribute)}
    organization = _any_object(
        ["id", "name", "description"],
        organization_identifiers=_many(_any_object(["id", "identifier_type", "identifier"], **told)),
        **told,
    )
    schedule = _any_object(
        ["id"],
        freq={"enum": ["WEEKLY", "MONTHLY"]},
    )
    location = _any_object(
        ["id", "location_type"],
        location_type={"enum": _PLACES},
        addresses=_many(
            _any_object(
                ["id", "address_1", "city", "state_province", "postal_code", "country", "address_type"],
                address_type={"enum": _PLACES}, **told,
            )
        ),
        accessibility=_many(_any_object(["id"], **told)),
        schedules=_many(schedule),
        **told,
    )  # fmt: skip
    offer = _any_object(["id"], location=location, schedules=_many(schedule))
    child = _any_object(["id"])
    service = _any_object(
        ["id", "name", "status"], status={"enum": STATUS}, organization=organization, schedules=_many(schedule),
        service_areas=_many(_any_object(["id"], uri={"type": "string"})), service_at_locations=_many(offer), languages=_many(child), funding=_many(child),
        cost_options=_many(child), contacts=_many(_any_object(["id"], **told)), phones=_many(child), **told,
    )  # fmt: skip
    with_services = organization | {"properties": organization["properties"] | {"services": _many(service)}}
    offer_full = _any_object(["id"], location=location, service=service)
    taxonomy = _any_object(["id", "name", "description"])
    return {
        "services": service, "services/{id}": service,
        "service_at_locations": offer_full, "service_at_locations/{id}": offer_full,
        "taxonomies": taxonomy, "taxonomies/{id}": taxonomy, "taxonomy_terms": term, "taxonomy_terms/{id}": term,
        "organizations": _any_object(["id", "name", "description"]), "organizations/{id}": with_services,
    }  # fmt: skip


_OFFICIAL = {
    "services": "service_list", "services/{id}": "service", "service_at_locations": "service_at_location_list",
    "service_at_locations/{id}": "service_at_location", "taxonomies": "taxonomy", "taxonomies/{id}": "taxonomy",
    "taxonomy_terms": "taxonomy_term", "taxonomy_terms/{id}": "taxonomy_term", "organizations": "organization_list",
    "organizations/{id}": "organization",
}  # fmt: skip


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise BadInput(f"This is not JSON: {error}", file=path.name, line=line) from error


def official_schemas(folder: Path) -> dict[str, Schema]:
    """The standard's own schemas from a folder that holds them (its `schema/` with `compiled/` inside)."""
    found: dict[str, Schema] = {}
    for endpoint, stem in _OFFICIAL.items():
        for path in (folder / "compiled" / f"{stem}.json", folder / f"{stem}.json"):
            if path.is_file():
                schema = _read(path)
                # A reference to a sibling file is dropped: the siblings are checked at their own endpoint.
                found[endpoint] = json.loads(
                    json.dumps(schema),
                    object_hook=lambda o: {} if str(o.get("$ref", "")).endswith(".json") else o,
                )
                break
    if "services" not in found:
        raise NotFound(
            f"There are no Open Referral schemas in {folder}.",
            hint="Give the folder that holds service.json.",
        )
    return found


@dataclass
class Report:
    """What was found in one feed."""

    records: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    schemas: str = "our own short schema"

    @property
    def verdict(self) -> str:
        """`fail` for an error in the services, `warn` for one elsewhere, else `pass`."""
        return "fail" if self.failures else "warn" if self.warnings else "pass"

    def as_data(self) -> dict[str, Any]:
        """The report as plain data."""
        return {"verdict": self.verdict, "records": self.records, "schemas": self.schemas,
                "failures": self.failures, "warnings": self.warnings}  # fmt: skip


class Checker:
    """Schemas compiled once, used for every record."""

    def __init__(self, schemas: Path | None = None) -> None:
        try:
            import jsonschema_rs
        except ImportError as error:
            raise Missing(
                "The feed validator is not installed.", hint="pip install 'common-endeavour[feeds]'"
            ) from error
        given = official_schemas(schemas) if schemas else own_schemas()
        self.name = f"schemas in {schemas}" if schemas else "our own short schema"
        self._compiled = {
            endpoint: jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
            for endpoint, schema in given.items()
        }

    def problems(self, endpoint: str, record: Any) -> list[str]:
        """What is wrong with one record, at most twenty lines of it."""
        validator = self._compiled.get(endpoint)
        if validator is None or validator.is_valid(record):
            return []
        lines = []
        for error in validator.iter_errors(record):
            where = "/".join(str(p) for p in error.instance_path)
            lines.append(f"{where or 'record'}: {error.message[:160]}")
            if len(lines) == 20:
                break
        return lines


def validate_feed(source: Path, *, schemas: Path | None = None) -> Report:
    """The verdict on a stored feed: a folder of responses by endpoint or of CSV tables, or one file of services.

    It reads files only; a live address is fetched by whoever runs it.
    """
    checker = Checker(schemas)
    report = Report(schemas=checker.name)
    if source.is_dir():
        files = [
            (source / f"{stem}.json", *rule)
            for stem, rule in ENDPOINTS.items()
            if (source / f"{stem}.json").is_file()
        ]
        if not files and folder_reader(source)("services") is not None:
            _check_tables(checker, report, source)
        elif not any(fails for *_, fails in files):
            raise NotFound(
                f"There is no service_list.json in {source}.", hint="Store the answer of /services there."
            )
    elif source.is_file():
        files = [(source, "services", True, True)]
    else:
        raise NotFound(f"There is no feed at {source}.")
    for path, endpoint, many, fails in files:
        _check_file(checker, report, path, endpoint, many=many, fails=fails)
    return report


def _check_tables(checker: Checker, report: Report, folder: Path) -> None:
    """Each service of a folder of CSV tables, with all that names it; what was done to read them is a warning."""
    notes: list[str] = []
    _check_records(
        checker, report, "services/{id}", read_tables(folder_reader(folder), notes), report.failures
    )
    report.warnings += [{"endpoint": "tables", "record": n.partition(":")[0], "problems": [n]} for n in notes]


def _check_file(
    checker: Checker, report: Report, path: Path, endpoint: str, *, many: bool, fails: bool
) -> None:
    data = _read(path)
    into = report.failures if fails else report.warnings
    records = records_of(data) if many else [data]
    if records is None:
        into.append(
            {"endpoint": endpoint, "record": path.name, "problems": ["there is no list called contents"]}
        )
        return
    _check_records(checker, report, endpoint, records, into)


def _check_records(
    checker: Checker, report: Report, endpoint: str, records: list[Any], into: list[dict[str, Any]]
) -> None:
    for at, record in enumerate(records):
        report.records += 1
        problems = checker.problems(endpoint, record)
        if problems:
            key = record.get("id", at) if isinstance(record, dict) else at
            into.append({"endpoint": endpoint, "record": str(key)[:120], "problems": problems})
