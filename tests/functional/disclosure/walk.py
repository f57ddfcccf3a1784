"""Walk a built installation: `python walk.py OUT.json REQUESTS` writes what every public address of it answers.

It follows every link from the front page, the list of addresses of the API and the few that nothing links to, signed in
as nobody. Of addresses with one pattern (a page an area, a page a measure) it asks for so many.
"""

from __future__ import annotations

import io
import json
import sys
from collections import Counter, deque
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

A_PATTERN, COSTLY = 3, 1
"""Addresses asked for of each pattern; of those that draw a PDF or search, one."""
UNLINKED = (
    "/find-help/funnel",
    "/find-help/funnel.csv",
    "/find-help/gaps",
    "/find-help/gaps.csv",
    "/influence.csv",
)


class Links(HTMLParser):
    """Every address that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src", "data-src") and value]


def ask_for_help(requests: int) -> None:
    """So many people who asked for help and searches for it, in a quarter that is over, and words said before it ended."""
    from endeavour.core.public import LONDON
    from endeavour.frontdoor.models import ContactRequest, ContactStep, SearchTally, Service
    from endeavour.governance.models import Contribution

    moment = datetime(2026, 8, 4, 12, tzinfo=LONDON)
    service = Service.objects.order_by("pk").first()
    assert service is not None
    for number in range(requests):
        asked = ContactRequest.objects.create(
            receipt=f"FD-{number:08d}", service=service, name="A", contact_by="phone", contact_value="1", good_time="any",
            district=("E06000034", "E06000033", "E07000066")[min(2, number % 7)], language=("", "Polish")[number % 11 == 0],
            consented_at=moment,
        )  # fmt: skip
        for at, state in enumerate(("received", "contacted", "helped")[: 1 + number % 3]):
            step = ContactStep.objects.create(request=asked, state=state, service=service)
            ContactStep.objects.filter(pk=step.pk).update(at=moment + timedelta(days=at))
    # As much is said in both worlds, for how much was said is public; who said it is not.
    for number in range(60):
        group = "carers" if number < requests // 3 else "veterans" if number < requests // 2 else ""
        Contribution.objects.create(
            receipt=f"Q-{number:06d}",
            kind="question",
            words="How long?",
            group=group,
            may_publish=False,
            recorded_at=moment,
        )
    for topic, count in (("falls older", requests), ("food", requests // 9), ("housing", 3 * requests)):
        for district in ("E06000034", "E06000033"):
            SearchTally.objects.create(
                on=moment.date(),
                topic=topic,
                district=district,
                language="en",
                found=topic == "food",
                count=count,
            )


def text_of(kind: str, body: bytes) -> str:
    """What a reader sees of an answer; of a PDF, the text of its pages."""
    if "pdf" in kind:
        from pypdf import PdfReader

        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return (
        body.decode("utf-8", "replace") if kind.startswith(("text/", "application/json", "image/svg")) else ""
    )


def pattern_of(address: str) -> str | None:
    """The route of an address with the names of what it asks; None where there is none."""
    from django.urls import Resolver404, resolve

    parts = urlsplit(address)
    try:
        route = resolve(parts.path).route
    except Resolver404:
        return None
    return "?".join([str(route), *sorted({name for name, _ in parse_qsl(parts.query)})])


def api_addresses(schema: dict[str, object]) -> list[str]:
    """Every address of the API that needs nothing filled in, and those of one measure and one area."""
    paths = schema["paths"]
    assert isinstance(paths, dict)
    given = {"{code}": "E54000026", "{who}": "adults"}
    found = [path for path, does in paths.items() if "get" in does]
    for name, value in given.items():
        found = [path.replace(name, value) for path in found]
    measured = "/api/population/figures?measure=smoking&by="
    return [path for path in found if "{" not in path] + [
        measured + by
        for by in (
            *("", "plus", "ethnicity", "age_band", "sex", "imd_quintile", "imd_decile", "core20"),
            *("imd_quintile+by+sex", "age_band+by+sex", "ethnicity+by+sex"),
        )
    ]


def walk() -> dict[str, tuple[str, str]]:
    """Each address with the kind of its answer and its text."""
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    # What is named is asked for; of what is met on the way only some of each kind.
    named = ["/", *UNLINKED, *api_addresses(client.get("/api/openapi.json").json())]
    waiting = deque(named)
    seen: set[str] = set()
    asked: Counter[str] = Counter()
    found: dict[str, tuple[str, str]] = {}
    while waiting:
        address = waiting.popleft()
        pattern = None if address in seen else pattern_of(address)
        seen.add(address)
        if pattern is None or address.startswith("/static"):
            continue
        asked[pattern] += 1
        if address not in named and asked[pattern] > (
            COSTLY if any(word in pattern for word in ("pdf", "form", "topic", "q")) else A_PATTERN
        ):
            continue
        answer = client.get(address)
        if answer.status_code in (301, 302):
            waiting.append(urljoin(address, answer["Location"]))
        if answer.status_code != 200:
            continue
        kind = answer["Content-Type"]
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = kind, text_of(kind, body)
        if "html" in kind:
            links = Links()
            links.feed(found[address][1])
            for link in links.found:
                parts = urlsplit(urljoin(f"http://localhost{address}", link))
                if parts.netloc == "localhost":
                    waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["localhost"]
    ask_for_help(int(sys.argv[2]))
    Path(sys.argv[1]).write_text(json.dumps(walk()), encoding="utf-8")
