"""What is built already, from which inputs, so that nothing is done twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from endeavour.cli.talk import say, step
from endeavour.paths import var_dir, write_atomically


def fingerprint(folder: Path) -> str:
    """A checksum of every file of a folder, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Built:
    """What is already built, from which inputs, remembered in `var/built.json`."""

    def __init__(self) -> None:
        self.path = var_dir() / "built.json"
        self.seen: dict[str, str] = json.loads(self.path.read_text()) if self.path.is_file() else {}

    def has(self, name: str, inputs: str) -> bool:
        """Whether it was done with the same inputs."""
        return self.seen.get(name) == inputs

    def once(
        self,
        name: str,
        inputs: str,
        words: str,
        work: Callable[[], object],
        *,
        still: bool = True,
        draws_itself: bool = False,
    ) -> None:
        """Do `work` unless it was done with the same inputs and its result is `still` there."""
        if still and self.has(name, inputs):
            say(f"[dim]✓ {words}: already done[/dim]")
            return
        with step(words, draws_itself=draws_itself):
            work()
        self.seen[name] = inputs
        with write_atomically(self.path) as part:
            part.write_text(json.dumps(self.seen, indent=1))
