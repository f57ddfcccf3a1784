"""The pack's directory, loaded once for a file of tests, and a partner's site to read feeds from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from endeavour.frontdoor.public import load_directory


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """The directory, loaded once; each test then rolls back to it, and the last leaves an empty database."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_directory("mse", by=None)
        transaction.set_rollback(True)


@pytest.fixture
def directory(loaded: int, db: None) -> int:
    """How many services the directory has, in a database that has them."""
    return loaded


@dataclass
class FeedSite:
    """A partner's site on this machine: what it answers at each path, as status, headers and body."""

    address: str
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)


@pytest.fixture
def feed_site() -> Iterator[FeedSite]:
    """A site that answers until the test ends; anything it has no page for is a 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = made.pages.get(self.path, (404, {}, b"{}"))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = FeedSite(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()
