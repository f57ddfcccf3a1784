"""The whole directory as files that need no server: pages and an Open Referral export."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from endeavour.core.public import today
from endeavour.errors import BadInput
from endeavour.frontdoor import explaining, queries, renditions
from endeavour.frontdoor.oruk.export import export_services
from endeavour.paths import write_atomically

_FORM = re.compile(r"<form\b.*?</form>", re.S)
# What is true only while a server answers: whether it is open now, what can be asked, other languages of the search.
_LIVE = re.compile(r"<(p|section|span|nav)\b[^>]*\bdata-live\b.*?</\1>", re.S)
_ITEM = re.compile(r'<li\b[^>]*>\s*<a\b[^>]*\bhref="/(?!/)([^"]*)".*?</li>', re.S)
_ANCHOR = re.compile(r'<a\b[^>]*\bhref="/(?!/)([^"#]*)[^"]*"[^>]*>(.*?)</a>', re.S)
_MAIN = re.compile(r"<main\b[^>]*>")
_LINK = re.compile(r'(href|src)="/(?!/)([^"?#]*)([^"]*)"')
_STYLES = (
    "vendor/nhsuk/nhsuk-frontend.min.css",
    "website/endeavour.css",
    "frontdoor/frontdoor.css",
    "website/mark.svg",
)


def _file_of(address: str) -> str:
    return ("index" if address in {"", "find-help"} else address.replace("/", "-")) + ".html"


def _without_what_is_live(page: str, held: dict[str, str]) -> str:
    """A page without its forms, what holds only for the moment, and links that lead to no file."""

    def stands(address: str) -> bool:
        return address.startswith("static/") or address in held or not address

    page = _LIVE.sub("", _FORM.sub("", page))
    page = _ITEM.sub(lambda found: found[0] if stands(found[1].partition("#")[0]) else "", page)
    return _ANCHOR.sub(lambda found: found[0] if stands(found[1]) else found[2], page)


def write_site(folder: Path, feed: str = "") -> dict[str, Any]:
    """Write every public page and `openreferral.json` under `folder`; forms are left out, for there is nobody to send to.

    Each page says of which day it is a copy. A link to a page that has no file is left out, or its words stand alone.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "openreferral.json").exists():
        raise BadInput(f"{folder} already holds something else.", hint="Give an empty folder.")
    services = queries.listed_services()
    pages = queries.page_of_services(1).last
    addresses = [
        "find-help", "find-help/all", *(f"find-help/all/{number}" for number in range(2, pages + 1)),
        "find-help/how-it-works", "find-help/what-shapes-health", "find-help/forms",
        *(f"find-help/how-it-works/{kind.key}" for kind in explaining.kinds()),
        *(form.address.lstrip("/") for form in renditions.every() if not form.link),
        *(f"service/{s.given_id}" for s in services),
    ]  # fmt: skip
    held = {a: _file_of(a) for a in addresses}
    host = next((h for h in settings.ALLOWED_HOSTS if h and "*" not in h), "localhost")
    client = Client(SERVER_NAME=host)
    folder.mkdir(parents=True, exist_ok=True)

    copied = f'<p class="ce-synthetic">A copy of {today().day} {today():%B %Y}. Times and places change: ring before you go.</p>'

    def target(found: re.Match[str]) -> str:
        name, address, _ = found.groups()
        if address.startswith("static/"):
            return f'{name}="{address}"'
        return f'{name}="{held.get(address, "index.html")}"'

    for address, name in held.items():
        page = client.get(f"/{address}", secure=settings.PRODUCTION).content.decode()
        page = _without_what_is_live(page, held)
        page = _MAIN.sub(lambda found: found.group() + copied, page, count=1)
        page = _LINK.sub(target, page)
        page = re.sub(r"static/([\w/.-]+?)\.[0-9a-f]{12}\.(css|svg|js)", r"static/\1.\2", page)
        with write_atomically(folder / name) as part:
            part.write_text(page, encoding="utf-8")
    for style in _STYLES:
        source = finders.find(style)
        if source:
            with write_atomically(folder / "static" / style) as part:
                part.write_bytes(Path(str(source)).read_bytes())
    with write_atomically(folder / "openreferral.json") as part:
        part.write_text(json.dumps(export_services(feed), ensure_ascii=False, indent=1), encoding="utf-8")
    return {"pages": len(held), "services": len(services)}
