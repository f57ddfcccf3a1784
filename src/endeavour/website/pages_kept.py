"""Public pages are made once and handed out again while nothing has changed.

Kept is only what everybody would be shown: an answer to a GET without a cookie that tells people apart, which sets none,
wrote nothing and does not ask not to be stored. It is used within the same minute ('Open now' may end with it), and only
while the data stand as they stood. The marks that must differ for each visitor, the script's nonce and a form's token,
are cut out of what is kept and made anew each time.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers

from endeavour.core.public import data_standing, now, today

LARGEST, MOST_BYTES = 400_000, 32_000_000
_TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]+(?=")')
# Other cookies say who somebody is or what they were just told.
_HARMLESS = frozenset([settings.CSRF_COOKIE_NAME])


@dataclass(frozen=True)
class _Page:
    """One page without its marks: they stand between the pieces, `marks` says which is which."""

    pieces: tuple[bytes, ...]
    marks: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    tag: str

    @property
    def size(self) -> int:
        """How many bytes it takes to keep."""
        return sum(map(len, self.pieces))


class KeptPagesMiddleware:
    """Hands out a kept page, or keeps the one just made. It must run inside the one that sets the policy of scripts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._pages: OrderedDict[tuple[str, ...], tuple[str, _Page]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_anybodys(request):
            return self.get_response(request)
        before = data_standing()
        if not before:
            return self.get_response(request)
        standing = f"{before} {today()} {now():%H%M}"
        key = (
            request.scheme or "",
            request.get_host(),
            request.get_full_path(),
            request.headers.get("Accept", ""),
        )
        kept = self._look(key)
        if kept and kept[0] == standing:
            return _handed_out(request, kept[1])
        response = self.get_response(request)
        page = _without_marks(request, response)
        if page is None:
            return response
        # What has changed the data while it was made, as counting does, must be made again.
        if data_standing() == before:
            self._keep(key, standing, page)
        return _handed_out(request, page)

    def _look(self, key: tuple[str, ...]) -> tuple[str, _Page] | None:
        with self._lock:
            kept = self._pages.get(key)
            if kept:
                self._pages.move_to_end(key)
            return kept

    def _keep(self, key: tuple[str, ...], standing: str, page: _Page) -> None:
        with self._lock:
            if old := self._pages.pop(key, None):
                self._bytes -= old[1].size
            self._pages[key] = (standing, page)
            self._bytes += page.size
            while self._bytes > MOST_BYTES:
                self._bytes -= self._pages.popitem(last=False)[1][1].size


def _is_anybodys(request: HttpRequest) -> bool:
    return (
        request.method == "GET"
        and request.COOKIES.keys() <= _HARMLESS
        and "Authorization" not in request.headers
    )


def _without_marks(request: HttpRequest, response: HttpResponse) -> _Page | None:
    """The page to keep, or None where it must not be kept."""
    if (
        response.status_code != 200
        or response.streaming
        or response.cookies
        or len(response.content) > LARGEST
    ):
        return None
    control = response.get("Cache-Control", "")
    varies = {name.strip().casefold() for name in response.get("Vary", "").split(",") if name.strip()}
    if "no-store" in control or "private" in control or varies - {"cookie", "accept", "accept-encoding"}:
        return None
    if request.session.modified or get_messages(request).added_new:  # type: ignore[union-attr]
        return None
    found = {at.span(): "token" for at in _TOKEN.finditer(response.content)}
    if len(found) != response.content.count(b"csrfmiddlewaretoken"):
        return None
    if nonce := getattr(request, "_csp_nonce", ""):
        found |= {at.span(): "nonce" for at in re.finditer(re.escape(nonce.encode()), response.content)}
    pieces, end = [], 0
    for start, stop in sorted(found):
        pieces.append(response.content[end:start])
        end = stop
    pieces.append(response.content[end:])
    # An answer without marks is the same for everybody, so its own tag stands, such as that of a release.
    own = "" if found else response.get("ETag", "")
    tag = own or f'W/"{hashlib.sha256(b"".join(pieces)).hexdigest()[:32]}"'
    headers = tuple(
        (name, value) for name, value in response.items() if name not in {"Content-Length", "ETag"}
    )
    return _Page(tuple(pieces), tuple(found[span] for span in sorted(found)), headers, tag)


def _handed_out(request: HttpRequest, page: _Page) -> HttpResponse:
    if "token" not in page.marks and page.tag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified(headers={"ETag": page.tag})
    else:
        fresh = {mark: _fresh(request, mark) for mark in set(page.marks)}
        body = b"".join(
            piece + fresh.get(mark, b"") for piece, mark in zip(page.pieces, (*page.marks, ""), strict=True)
        )
        response = HttpResponse(body, headers={**dict(page.headers), "ETag": page.tag})
    patch_vary_headers(response, ["Cookie"])
    return response


def _fresh(request: HttpRequest, mark: str) -> bytes:
    if mark == "token":
        return get_token(request).encode()
    return str(request.csp_nonce).encode()  # type: ignore[attr-defined]  # set by the policy's middleware
