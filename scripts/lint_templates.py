"""Compile every template and refuse what our pages may not hold: inline script, inline style, images without words."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import django
from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template

ROOT = Path(__file__).parents[1] / "src/endeavour"
RULES = {
    "inline script (the security policy blocks it)": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I),
    "inline event handler": re.compile(r"<[a-z][^>]*\son[a-z]+=", re.I),
    "inline style": re.compile(r"<[a-z][^>]*\sstyle=", re.I),
    "image without alt": re.compile(r"<img(?![^>]*\balt=)[^>]*>", re.I),
    "javascript: address": re.compile(r"href=[\"']javascript:", re.I),
}


def main() -> int:
    """Print each fault as file:line; returns how many."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "endeavour.settings")
    django.setup()
    assert engines["django"]
    faults = []
    for path in sorted(ROOT.glob("*/templates/**/*.*")):
        name = path.relative_to(
            path.parents[len(path.parts) - 1 - path.parts.index("templates") - 1]
        ).as_posix()
        name = name.split("templates/")[-1]
        text = path.read_text(encoding="utf-8")
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            faults.append(f"{path.relative_to(ROOT)}: {error}")
        for rule, pattern in RULES.items():
            faults += [
                f"{path.relative_to(ROOT)}:{text[: found.start()].count(chr(10)) + 1}: {rule}"
                for found in pattern.finditer(text)
            ]
    print("\n".join(faults))
    return len(faults)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
