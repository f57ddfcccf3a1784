"""How each kind of service works: what it is for, how to get in, what to expect, and what it cannot do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from endeavour.errors import BadInput, NotFound
from endeavour.frontdoor.models import Service
from endeavour.frontdoor.packfiles import folder_of, read_yaml
from endeavour.frontdoor.safety import Signed


@dataclass(frozen=True)
class Kind(Signed):
    """One kind of service in plain words, signed and dated like everything that people rely on."""

    key: str
    heading: str
    used_for: str
    get_in: str
    expect: str
    cannot: str
    cost: str
    rights: str
    examples: tuple[str, ...]


@lru_cache(maxsize=4)
def read_kinds(pack: str) -> tuple[Kind, ...]:
    """Every kind of service that the pack explains; one without a source or a review date is refused."""
    given = read_yaml(folder_of(pack) / "how-it-works.yaml")
    kinds = []
    for row in given["kinds"]:
        whole = given["defaults"] | row
        try:
            kinds.append(Kind(**whole | {"examples": tuple(whole["examples"])}))
        except (TypeError, KeyError) as error:
            raise BadInput(f"{row.get('key')}: {error}", file="how-it-works.yaml") from error
        if not (whole["author"] and whole["source"]):
            raise BadInput(f"{row['key']} must be signed and sourced", file="how-it-works.yaml")
    return tuple(kinds)


def kinds() -> tuple[Kind, ...]:
    """Every kind of service that the pack in use explains."""
    return read_kinds(settings.PACK)


def kind(key: str) -> Kind:
    """One kind by its short name."""
    found = next((k for k in kinds() if k.key == key), None)
    if found is None:
        raise NotFound("We do not explain that kind of help.", hint="Look at /find-help/how-it-works.")
    return found


def examples(found: Kind) -> list[Service]:
    """Services of this kind that are in the directory."""
    return list(
        Service.objects.filter(given_id__in=found.examples, status=Service.Status.ACTIVE).order_by("name")
    )
