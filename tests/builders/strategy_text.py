"""The strategy's own words by section, where its text is at hand."""

from __future__ import annotations

import re
from pathlib import Path


def sections_of_the_strategy(shared: Path) -> dict[str, str]:
    """The words below each numbered heading in small letters, up to the next; a chapter holds its sections too."""
    text = (shared / "mission" / "integrated-care-strategy-2022.txt").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    now: list[str] = []
    for line in text.splitlines():
        bare = line.lstrip("# *").strip()
        heading = re.match(r"(\d)(\.\d+)?\.? ", bare) if line.startswith("#") else None
        if line.startswith("# Appendix"):
            now = [" ".join(bare.split()[:2])]
        elif heading:
            chapter, section = heading[1], heading[1] + heading[2] if heading[2] else ""
            now = [chapter, section] if section else [chapter]
        for name in now:
            found.setdefault(name, []).append(line.lower())
    return {name: "\n".join(lines) for name, lines in found.items()}
