"""What the illustrative places say of access and languages, as the standard's own objects."""

from __future__ import annotations

from typing import Any

from endeavour.frontdoor.loading import made_id
from endeavour.frontdoor.models import Particular
from endeavour.frontdoor.packfiles import PackDirectory, read_directory, read_yaml
from endeavour.frontdoor.wishes import ANY_LANGUAGE

_CODES = {"British Sign Language": "bfi", "Polish": "pl", "Turkish": "tr", "Arabic": "ar", "Portuguese": "pt"}
_INTERPRETER = {"name": "Any language, with an interpreter", "code": ANY_LANGUAGE}


def load_details(pack: str) -> int:
    """Add access and languages to a pack's own places and services; how many were new. Twice adds nothing."""
    directory = read_directory(pack)
    path = directory.folder / "details.yaml"
    if not path.is_file():
        return 0
    rows = _access(directory, read_yaml(path)) + _languages(directory, read_yaml(path))
    held = {
        value.get("id")
        for value in Particular.objects.filter(kind__in=["accessibility", "languages"]).values_list(
            "value", flat=True
        )
    }
    new = [row for row in rows if row.value["id"] not in held]
    Particular.objects.bulk_create(new)
    return len(new)


def _access(directory: PackDirectory, given: dict[str, Any]) -> list[Particular]:
    told: dict[str, list[str]] = {
        spot.name: given["access"].get(s.setting, []) for s in directory.services for spot in s.document.spots
    }
    return [
        Particular(
            location_id=made_id("location", name),
            kind="accessibility",
            place=at,
            value={"id": str(made_id("access", name, words)), "description": words},
        )
        for name, lines in told.items()
        for at, words in enumerate(lines)
    ]


def _languages(directory: PackDirectory, given: dict[str, Any]) -> list[Particular]:
    rows = []
    for service in directory.services:
        spoken = [
            {"name": name, "code": _CODES[name]} for name in given["languages"].get(service.document.id, [])
        ]
        if service.setting in given["interpreter"]:
            spoken.append(dict(_INTERPRETER))
        for at, language in enumerate(spoken):
            made = made_id("language", service.document.id, language["code"])
            rows.append(
                Particular(
                    service_id=made_id("service", service.document.id),
                    kind="languages",
                    place=at,
                    value={"id": str(made), **language},
                )
            )
    return rows
