"""Fetching a partner's feed from its address: http or https only, within bounds, never from inside our own walls."""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from endeavour.errors import BadInput
from endeavour.frontdoor.oruk.tables import Reader

LARGEST_ANSWER = 50_000_000
LARGEST_FEED = 500_000_000
MOST_RECORDS = 100_000
MOST_REDIRECTS = 3


@dataclass
class Limits:
    """How long and how much one reading may take; `allow_private` permits addresses of a private network."""

    seconds: float = 600.0
    answer_seconds: float = 30.0
    allow_private: bool = False
    started: float = field(default_factory=time.monotonic)
    taken: int = 0

    def left(self) -> float:
        """The seconds that remain for the next answer; raises when there are none."""
        rest = self.seconds - (time.monotonic() - self.started)
        if rest <= 0:
            raise BadInput(
                f"The feed took longer than {self.seconds:.0f} seconds.",
                hint="Ask its publisher for a file, or give more time with --seconds.",
            )
        return min(rest, self.answer_seconds)


def is_address(text: str) -> bool:
    """Whether a source is an address on the web and not a file.

    >>> is_address("https://example.org/services"), is_address("feeds/council")
    (True, False)
    """
    return "://" in text


def checked_address(host: str, port: int, *, allow_private: bool) -> str:
    """The numeric address to connect to. It is chosen once and then used, so that a second answer cannot differ.

    An address of this machine, a private network or a cloud's own services is refused: a feed's address is given by
    somebody outside, and must not be a way to read what stands behind the firewall.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise BadInput(f"We cannot find the address {host[:80]}.", hint="Check how it is written.") from error
    numbers = [str(entry[4][0]) for entry in found]
    if not allow_private and not all(ipaddress.ip_address(n.partition("%")[0]).is_global for n in numbers):
        raise BadInput(
            f"{host[:80]} is an address inside a private network, which is not read.",
            hint="Only an operator who means it may add --allow-private.",
        )
    return numbers[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to the numeric address that was checked, still speaking to the host by name."""

    def __init__(self, host: str, port: int, number: str, *, secure: bool, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._number, self._secure = number, secure

    def connect(self) -> None:
        self.sock = socket.create_connection((self._number, self.port), self.timeout)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def fetch(address: str, limits: Limits) -> Any:
    """The JSON at one address. Raises `BadInput` that says what is wrong with the address or the answer."""
    try:
        return json.loads(fetch_bytes(address, limits))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{_shown(address)} did not answer with JSON.") from error


class _Absent(BadInput):
    """Nothing stands at an address that was well asked for."""


def fetch_bytes(address: str, limits: Limits) -> bytes:
    """What stands at one address, after at most three redirects."""
    for _ in range(MOST_REDIRECTS + 1):
        status, location, body = _answer(address, limits)
        if status in {301, 302, 303, 307, 308} and location:
            address = urljoin(address, location)
            continue
        if status != 200:
            kind = _Absent if status in {404, 410} else BadInput
            raise kind(f"{_shown(address)} answered {status}.", hint="Ask the feed's publisher.")
        return body
    raise BadInput(f"{_shown(address)} leads on more than {MOST_REDIRECTS} times.")


def _shown(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname}{parts.path}"[:120]


def _answer(address: str, limits: Limits) -> tuple[int, str, bytes]:
    try:
        parts = urlsplit(address)
        secure, host, port = parts.scheme == "https", parts.hostname, parts.port
    except ValueError as error:
        raise BadInput(f"'{address[:80]}' is not an address.") from error
    if parts.scheme not in {"http", "https"} or not host or parts.username:
        raise BadInput(f"'{address[:80]}' is not an http or https address without a user name.")
    port = port or (443 if secure else 80)
    number = checked_address(host, port, allow_private=limits.allow_private)
    connection = _Pinned(host, port, number, secure=secure, timeout=limits.left())
    try:
        target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        connection.request(
            "GET", target, headers={"Accept": "application/json", "User-Agent": "common-endeavour"}
        )
        response = connection.getresponse()
        return response.status, response.getheader("Location") or "", _body(response, address, limits)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise BadInput(f"{_shown(address)} could not be read: {str(error)[:120]}") from error
    finally:
        connection.close()


def _body(response: http.client.HTTPResponse, address: str, limits: Limits) -> bytes:
    """The whole answer, read in pieces so that a slow or endless one is stopped."""
    pieces, held = [], 0
    while piece := response.read(65_536):
        held += len(piece)
        limits.taken += len(piece)
        if held > LARGEST_ANSWER or limits.taken > LARGEST_FEED:
            raise BadInput(f"{_shown(address)} sends more than {LARGEST_ANSWER // 1_000_000} megabytes.")
        limits.left()
        pieces.append(piece)
    return b"".join(pieces)


def with_parameter(address: str, name: str, value: object) -> str:
    """The address with one parameter set.

    >>> with_parameter("https://a.example/services?page=1&x=2", "page", 2)
    'https://a.example/services?x=2&page=2'
    """
    parts = urlsplit(address)
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != name]
    return urlunsplit(parts._replace(query=urlencode([*kept, (name, value)])))


def table_reader(address: str, limits: Limits) -> Reader:
    """The CSV tables that stand beside the one at this address, which is the services' own."""
    parts = urlsplit(address)
    folder = parts.path.rpartition("/")[0]

    def read(name: str) -> bytes | None:
        if name == "services":
            return fetch_bytes(address, limits)
        try:
            return fetch_bytes(urlunsplit(parts._replace(path=f"{folder}/{name}.csv")), limits)
        except _Absent:
            return None

    return read


def fetch_records(address: str, limits: Limits) -> list[Any]:
    """Every record of a feed: all pages of `/services`, each service then read whole at `/services/{id}`.

    A service whose whole record cannot be read is kept as its line in the list. Any other address is read once.
    """
    first = fetch(address, limits)
    records = records_of(first)
    if records is None:
        raise BadInput(f"{_shown(address)} holds no records.", hint="Give the address of /services.")
    page, number = first, 1
    while isinstance(page, dict) and _leads_on(page, number):
        number += 1
        if len(records) > MOST_RECORDS:
            raise BadInput(f"The feed has more than {MOST_RECORDS:,} records.")
        page = fetch(with_parameter(address, "page", number), limits)
        found = records_of(page)
        if found is None:
            # Left out in silence, what stands on it would be closed here.
            raise BadInput(f"Page {number} of {_shown(address)} holds no records.")
        if not found:
            break
        records = records + found
    parts = urlsplit(address)
    if not parts.path.rstrip("/").endswith("/services"):
        return records
    base = urlunsplit(parts._replace(path=parts.path.rstrip("/"), query=""))
    return [_whole(base, record, limits) for record in records]


def _leads_on(page: dict[str, Any], number: int) -> bool:
    """Whether another page follows: by its count of pages or, where it gives none, by its own word."""
    pages = page.get("total_pages", page.get("totalPages"))
    if isinstance(pages, int):
        return number < pages
    return page.get("last_page", page.get("last")) is False


def _whole(base: str, record: Any, limits: Limits) -> Any:
    key = record.get("id") if isinstance(record, dict) else None
    if not isinstance(key, str) or not key.replace("-", "").isalnum():
        return record
    limits.left()
    try:
        found = fetch(f"{base}/{key}", limits)
    except BadInput:
        return record
    return found if isinstance(found, dict) and found.get("id") == key else record


def records_of(data: Any) -> list[Any] | None:
    """The records of a page, a list, or one record."""
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        for name in ("contents", "content", "services"):
            if isinstance(data.get(name), list):
                return list(data[name])
        if "id" in data or "name" in data:
            return [data]
    return None
