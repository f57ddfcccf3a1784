"""Two records side by side, and the evidence about them as a waterfall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from textwrap import wrap

from endeavour.charts.chart import Chart
from endeavour.charts.words import day_words, number_words
from endeavour.engine.linkage.review import AGREE, DIFFER, FIELDS, UNKNOWN, Factor, ReviewPair
from endeavour.population.queries.linkage import AGENCIES

LABELS = {
    "agency": "Whose record", "nhs_number": "NHS number", "forename": "First name", "surname": "Surname",
    "sex": "Sex", "birth_date": "Date of birth", "address": "Address", "postcode": "Postcode",
    "uprn": "Property number", "address_from": "Address last known right",
}  # fmt: skip
# A comparison may span several fields; what it is called beside its finding.
COMPARED = LABELS | {"prior": "To begin with", "home": "Home"}
SEXES = {"F": "Female", "M": "Male"}
WIDTH, ROW, TEXT = 400, 54, 15
# Letters that fit on one line of that width and size, whatever they are.
LETTERS = 44
FOR, AGAINST, INK, QUIET = "#2a6ba5", "#b35900", "#212b32", "#4c6272"


@dataclass(frozen=True)
class Line:
    """One field of both records, and whether they say the same."""

    label: str
    left: str
    right: str
    beside: str


def lines(pair: ReviewPair) -> list[Line]:
    """Every field of both records."""
    found = []
    for name in FIELDS:
        left, right = (_shown(name, side[name]) for side in (pair.left, pair.right))
        beside = _beside(name, pair, left, right)
        found.append(Line(LABELS[name], left or "not known", right or "not known", beside))
    return found


def _beside(name: str, pair: ReviewPair, left: str, right: str) -> str:
    """How two values of a field stand beside each other; of two days of an address, which is newer."""
    if name == "agency":
        return ""
    if name == "address_from" and left and right and left != right:
        return f"the {'first' if pair.left[name] > pair.right[name] else 'second'} is newer"
    return beside_words(left, right)


@dataclass(frozen=True)
class Agreement:
    """One code of two records, and whether they say the same."""

    words: str
    beside: str


def pattern(pair: ReviewPair) -> list[Agreement]:
    """What agrees, what differs and what is not known, where no name may be seen; what agrees comes first."""
    order = (AGREE, DIFFER, UNKNOWN)
    found = sorted(pair.factors, key=lambda factor: order.index(factor.words))
    return [Agreement(factor.field, factor.words) for factor in found]


def agencies(pair: ReviewPair) -> tuple[str, str]:
    """Whose records they are."""
    left, right = (_shown("agency", side["agency"]) for side in (pair.left, pair.right))
    return left, right


def beside_words(left: str, right: str) -> str:
    """How two values of one field compare, without regard to capitals, spaces and stops.

    >>> beside_words("XE18 2AA", "xe182aa"), beside_words("Das", "Shelstead"), beside_words("", "F")
    ('same, written differently', 'differs', 'one is not known')
    """
    if not left and not right:
        return "not known"
    if not left or not right:
        return "one is not known"
    if left == right:
        return "same"
    bare = ["".join(c for c in value.casefold() if c.isalnum()) for value in (left, right)]
    return "same, written differently" if bare[0] == bare[1] else "differs"


def _shown(name: str, value: str) -> str:
    if name == "agency":
        return AGENCIES.get(value, value.replace("_", " "))
    if name in ("birth_date", "address_from"):
        try:
            return day_words(date.fromisoformat(value))
        except ValueError:
            return value
    if name == "nhs_number" and len(value) == 10:
        return f"{value[:3]} {value[3:6]} {value[6:]}"
    return SEXES.get(value, value) if name == "sex" else value


def chance_words(probability: float) -> str:
    """A chance in words that can be pictured.

    >>> chance_words(0.5), chance_words(0.93), chance_words(0.0004)
    ('5 in 10', '93 in 100', 'less than 1 in 1,000')
    """
    if probability < 0.001:
        return "less than 1 in 1,000"
    if probability > 0.999:
        return "more than 999 in 1,000"
    if round(10 * probability, 2) == round(10 * probability):
        return f"{round(10 * probability)} in 10"
    if 0.01 <= probability <= 0.99:
        return f"{round(100 * probability)} in 100"
    return f"{round(1000 * probability)} in 1,000"


def strength_words(bits: float) -> str:
    """What a weight says, in words.

    >>> strength_words(3.0), strength_words(-1.0), strength_words(0.1)
    ('8 times likelier to be one person', 'twice as likely to be two people', 'says little either way')
    """
    if abs(bits) < 0.5:
        return "says little either way"
    times = 2 ** abs(bits)
    side = "one person" if bits > 0 else "two people"
    if round(times) == 2:
        return f"twice as likely to be {side}"
    return f"{number_words(min(times, 1_000_000))}{' or more' if times > 1_000_000 else ''} times likelier to be {side}"


def waterfall(pair: ReviewPair) -> Chart:
    """How each comparison moves the evidence, step by step, from nothing to the whole."""
    title = f"Together: {chance_words(pair.probability)} that these are one person"
    summary = f"{pair.reason_words} Bars to the right speak for one person, bars to the left for two."
    rows = tuple((_said(f), round(f.weight, 1), strength_words(f.weight)) for f in pair.factors)
    return Chart(
        svg=_svg(pair.factors, title, summary),
        title=title,
        subtitle="Evidence in bits: each bit doubles or halves the odds",
        summary=summary,
        headers=("Comparison", "Bits", "What it says"),
        rows=(*rows, ("All together", round(pair.weight, 1), strength_words(pair.weight))),
        source="The linkage run in use; its model is explained in its own report.",
        numeric_columns=frozenset({1}),
    )


def _svg(factors: tuple[Factor, ...], title: str, summary: str) -> str:
    ends, total = [0.0], 0.0
    for factor in factors:
        total += factor.weight
        ends.append(total)
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0

    def x(value: float) -> int:
        return 6 + round((WIDTH - 12) * (value - low) / span)

    parts, start, y = [], 0.0, 0
    for factor in factors:
        end = start + factor.weight
        left, right = sorted((x(start), x(end)))
        bits = _bits(factor.weight)
        written = wrap(_said(factor), LETTERS - len(bits))
        top = y + 26 + 19 * (len(written) - 1)
        parts.append(
            "".join(
                f'<text x="4" y="{y + 18 + 19 * at}">{escape(words)}</text>'
                for at, words in enumerate(written)
            )
            + f'<text x="{WIDTH - 4}" y="{y + 18}" text-anchor="end" font-weight="700">{bits}</text>'
            # Beside the bar only: a line from top to bottom would run through the numbers.
            f'<path d="M{x(0.0)} {top - 4}v26" stroke="{QUIET}" stroke-width="1" stroke-dasharray="3 3"/>'
        )
        if factor.weight:
            parts.append(
                f'<rect x="{left}" y="{top}" width="{max(2, right - left)}" height="18" '
                f'fill="{FOR if factor.weight > 0 else AGAINST}"/>'
            )
        start, y = end, y + ROW + 19 * (len(written) - 1)
    return (
        f'<svg class="ce-shares" viewBox="0 0 {WIDTH} {y + 8}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title><desc>{escape(summary)}</desc>"
        f'<g font-size="{TEXT}" fill="{INK}">{"".join(parts)}</g></svg>'
    )


def _bits(weight: float) -> str:
    """A weight with its sign; 0 where nothing was learnt."""
    return f"{'+' if weight > 0 else '−'}{abs(weight):.1f}" if weight else "0"


def _said(factor: Factor) -> str:
    return f"{COMPARED.get(factor.field, factor.field)}: {factor.words}"
