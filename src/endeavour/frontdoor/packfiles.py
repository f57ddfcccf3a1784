"""The directory as a pack writes it: illustrative services, their people's words, places and settings."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from endeavour.errors import BadInput, Missing
from endeavour.frontdoor.search import Document, Opening, Spot
from endeavour.paths import pack_dir, packs_root

RUNGS = ("self", "community", "pharmacy", "gp", "specialist", "urgent", "emergency")


def folder_of(pack: str) -> Path:
    """The pack's front-door folder; a pack without one has no directory of its own."""
    for folder in (packs_root() / pack / "frontdoor", Path(pack) / "frontdoor"):
        if folder.is_dir():
            return folder
    raise Missing(f"The pack '{pack}' has no frontdoor folder.", hint=f"Add one to {pack_dir(pack)}.")


def read_yaml(path: Path) -> Any:
    """One YAML file; a broken one names its line."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise BadInput(str(error.problem), file=path.name, line=line) from error


def _rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=delimiter))


@dataclass(frozen=True)
class Place:
    """A town people name, its district, and the first halves of its postcodes. The position is the town's centre."""

    key: str
    name: str
    district: str
    district_name: str
    latitude: float
    longitude: float
    outcodes: tuple[str, ...]
    main: bool


@dataclass(frozen=True)
class PackService:
    """One service of the pack with everything its setting gives it."""

    document: Document
    setting: str
    expect: str
    crisis_line: bool


@dataclass(frozen=True)
class PackDirectory:
    """Everything a pack's front door holds."""

    folder: Path
    notice: str
    owner: str
    assured_on: Any
    freshness_days: int
    services: tuple[PackService, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Practice:
    """A real general practice of the pack's tables: what is publicly known of it, and the town nearest to it."""

    code: str
    name: str
    place: Place
    latitude: float
    longitude: float
    registered: int


def name_in_words(text: str) -> str:
    """A name written in capitals as people write it; one that is not is left alone.

    >>> name_in_words("DR PUZEY,DR KOTHARI AND DR NANDA"), name_in_words("THE ST. LUKE'S PRACTICE")
    ('Dr Puzey, Dr Kothari and Dr Nanda', "The St. Luke's Practice")
    """
    if not text.isupper():
        return text
    words = ", ".join(part.strip() for part in text.split(",")).split()
    small = {"AND", "OF", "AT", "THE", "IN", "ON"}
    kept = {"GP", "NHS", "PMS", "UK"}
    return " ".join(
        w
        if w in kept
        else w.lower()
        if at and w in small
        else re.sub(r"(^|[-(.])(\w)", lambda m: m[1] + m[2].upper(), w.lower())
        for at, w in enumerate(words)
    )


def read_practices(folder: Path) -> tuple[Practice, ...]:
    """The practices in the pack's table beside its front door; a pack may have none."""
    path = folder.parent / "tables" / "practices.csv"
    if not path.is_file():
        return ()
    places = read_places(folder)

    def nearest(latitude: float, longitude: float) -> Place:
        return min(
            places, key=lambda p: (p.latitude - latitude) ** 2 + (0.62 * (p.longitude - longitude)) ** 2
        )

    return tuple(
        Practice(
            row["code"], name_in_words(row["name"]), nearest(float(row["latitude"]), float(row["longitude"])),
            float(row["latitude"]), float(row["longitude"]), int(row["registered"] or 0),
        )
        for row in _rows(path)
    )  # fmt: skip


def read_places(folder: Path) -> tuple[Place, ...]:
    """The pack's gazetteer."""
    return tuple(
        Place(
            row["key"], row["name"], row["district"], row["district_name"],
            float(row["latitude"]), float(row["longitude"]), tuple(row["outcodes"].split()), row["main"] == "yes",
        )
        for row in _rows(folder / "places.csv")
    )  # fmt: skip


def find_place(places: tuple[Place, ...], text: str) -> Place | None:
    """The place somebody means by a town's name or a postcode; only the first half of a postcode is looked at.

    A word that is no place we know is None: the search then says so instead of guessing.
    """
    asked = " ".join(text.casefold().split())
    if not asked:
        return None
    outcode = asked.replace(" ", "").upper()
    for place in places:
        if asked in {place.name.casefold(), place.key}:
            return place
    for place in places:
        if outcode in place.outcodes or (len(outcode) > 4 and outcode[:-3] in place.outcodes):
            return place
    near = [
        p
        for p in places
        if len(asked) > 3 and (p.name.casefold().startswith(asked) or asked in p.district_name.casefold())
    ]
    return near[0] if near else None


def parse_hours(text: str) -> Opening:
    """`MO,TU 09:00 17:00` as an opening; 24:00 is midnight at the end of the day.

    >>> parse_hours("MO,TU 09:00 17:30")
    Opening(days='MO,TU', opens=540, closes=1050)
    """
    days, opens, closes = text.split()
    start, end = (int(t[:2]) * 60 + int(t[3:]) for t in (opens, closes))
    return Opening(days, start, end if end > start else end + 1440)


def _spots(
    setting: str, rules: dict[str, Any], places: tuple[Place, ...], hospitals: list[dict[str, Any]]
) -> tuple[Spot, ...]:
    towns = {p.key: p for p in places}
    if setting == "hospital":
        return tuple(
            Spot(h["name"], towns[h["place"]].name, h["latitude"], h["longitude"], towns[h["place"]].district)
            for h in hospitals
        )
    label = rules["settings"][setting]["place"]
    if not label:
        return ()
    return tuple(
        Spot(f"{label} {p.name}", p.name, p.latitude, p.longitude, p.district) for p in places if p.main
    )


@lru_cache(maxsize=4)
def read_directory(pack: str) -> PackDirectory:
    """The whole directory of a pack, checked: every service has its words, its rung and its setting."""
    folder = folder_of(pack)
    rules = read_yaml(folder / "settings.yaml")
    places = read_places(folder)
    words = {row["id"]: row for row in _rows(folder / "words.psv", "|")}
    services = []
    for line, row in enumerate(_rows(folder / "services.csv"), start=2):
        said = words.get(row["id"])
        if said is None:
            raise BadInput(
                f"'{row['id']}' has no row in words.psv", file="services.csv", line=line, column="id"
            )
        if said["rung"] not in RUNGS or said["setting"] not in rules["settings"]:
            raise BadInput(f"'{row['id']}' has an unknown rung or setting", file="words.psv", column="rung")
        setting = rules["settings"][said["setting"]]
        always = row["id"] in rules["always_open"]
        hours = ["MO,TU,WE,TH,FR,SA,SU 00:00 24:00"] if always else setting["hours"]
        ages = rules["ages"].get(row["id"], [None, None])
        document = Document(
            id=row["id"],
            name=row["name"],
            description=row["description"],
            tags=row["tags"],
            says=tuple(s.strip() for s in said["says"].split(";") if s.strip()),
            rung=said["rung"],
            spots=_spots(said["setting"], rules, places, rules["hospitals"]),
            openings=tuple(parse_hours(h) for h in hours),
            minimum_age=ages[0],
            maximum_age=ages[1],
            free=row["id"] not in rules["paid"],
            remote=said["setting"] in {"phone", "online", "home"},
        )
        services.append(
            PackService(document, said["setting"], setting["expect"], row["id"] in rules["crisis_lines"])
        )
    return PackDirectory(
        folder,
        rules["notice"],
        rules["owner"],
        rules["assured_on"],
        rules["freshness_days"],
        tuple(services),
        places,
    )
