"""The web process needs neither Arrow nor SciPy; a page that does says which part is missing."""

from __future__ import annotations

import subprocess
import sys
import textwrap

from django.http import HttpResponse
from django.test import RequestFactory

from endeavour.website.middleware import UserErrorMiddleware


def test_the_site_loads_without_the_heavy_packages() -> None:
    program = """
        import os, sys
        class Absent:
            def find_spec(self, name, path=None, target=None):
                if name.partition(".")[0] in {"pyarrow", "scipy", "pandas", "sqlglot"}:
                    raise ModuleNotFoundError(name, name=name)
        sys.meta_path.insert(0, Absent())
        os.environ["DJANGO_SETTINGS_MODULE"] = "endeavour.settings"
        import django
        django.setup()
        import endeavour.urls
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_page_that_needs_an_absent_part_says_which() -> None:
    middleware = UserErrorMiddleware(lambda _request: HttpResponse())
    request = RequestFactory().get("/api/measure")
    answer = middleware.process_exception(request, ModuleNotFoundError("scipy", name="scipy.special"))
    assert answer is not None
    assert answer.status_code == 503
    assert b"common-endeavour[engine]" in answer.content


def test_any_other_absent_module_stays_a_fault() -> None:
    middleware = UserErrorMiddleware(lambda _request: HttpResponse())
    fault = ModuleNotFoundError("antigravity", name="antigravity")
    assert middleware.process_exception(RequestFactory().get("/"), fault) is None
