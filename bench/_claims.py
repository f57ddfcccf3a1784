"""What every benchmark prints: a line a claim with ours, the peer's, the ratio, the bar, and whether it is met.

A ratio says how many times better than the peer ours is, whether less is better (seconds) or more (precision).
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import asdict, dataclass

TINY = 0.01
"""Figures below this (seconds) are the clock's own noise: growth is told from here."""


@dataclass(frozen=True)
class Claim:
    """One figure beside its peer's and its bar."""

    name: str
    ours: float
    unit: str
    peer: float | None
    ratio: float | None
    bar: str
    verdict: str

    def __str__(self) -> str:
        parts = [f"{self.name}: ours {self.ours:,.4g} {self.unit}".rstrip()]
        if self.peer is not None:
            parts.append(f"peer {self.peer:,.4g} {self.unit}".rstrip())
        if self.ratio is not None:
            parts.append(f"ratio {self.ratio:,.3g}x")
        if self.bar:
            parts.append(f"bar {self.bar}")
        return ", ".join([*parts, self.verdict])


class Bench:
    """A benchmark's options and its claims, printed as they come, or all at the end with `--json`."""

    def __init__(self, description: str | None) -> None:
        self.parser = argparse.ArgumentParser(
            description=description, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        self.parser.add_argument("--json", action="store_true", help="print the claims as JSON, at the end")
        self.parser.add_argument(
            "--small", action="store_true", help="so small that it only shows that it runs; nothing is judged"
        )
        self.parser.add_argument(
            "--large", action="store_true", help="also at ten times the size, where a figure grows with it"
        )
        self.claims: list[Claim] = []

    def start(self) -> argparse.Namespace:
        """Read the command line."""
        self.given = self.parser.parse_args()
        return self.given

    def claim(
        self,
        name: str,
        ours: float,
        unit: str = "",
        *,
        peer: float | None = None,
        most: float | None = None,
        least: float | None = None,
        times: float | None = None,
        more_is_better: bool = False,
        judged: bool = True,
    ) -> None:
        """Tell one claim: `most` and `least` bound our figure, `times` how many times better than the peer it is.

        Without a bar it is only recorded. `judged=False` says that this machine could not tell now.
        """
        more_is_better |= least is not None
        ratio = None if not ours or not peer else ours / peer if more_is_better else peer / ours
        bar, met = "", None
        if most is not None:
            bar, met = f"at most {most:,g} {unit}".rstrip(), ours <= most
        elif least is not None:
            bar, met = f"at least {least:,g} {unit}".rstrip(), ours >= least
        elif times is not None:
            bar, met = f"{times:g} times the peer", None if ratio is None else ratio >= times
        verdict = "not judged" if met is None or not judged or self.given.small else "met" if met else "SHORT"
        claim = Claim(name, float(ours), unit, peer, ratio, bar, verdict if bar else "recorded")
        self.claims.append(claim)
        if not self.given.json:
            print(claim, flush=True)

    def grows(self, what: str, less: float, more: float, times: float = 10) -> None:
        """Tell the exponent by which a figure grows with a size so many `times` as large: 1 is in step with it."""
        exponent = math.log(max(more, TINY) / max(less, TINY)) / math.log(times)
        self.claim(f"growth of {what}", exponent, "exponent", most=1.1)

    def end(self) -> None:
        """Print what was kept for `--json`."""
        if self.given.json:
            print(json.dumps([asdict(claim) for claim in self.claims], indent=1))
