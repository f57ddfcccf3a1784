"""Our own small drawings for variation and assurance, each with its words beside it, never instead of
them.
"""

from __future__ import annotations

from html import escape

from endeavour.charts._svg import BLUE, INK, ORANGE, PURPLE, QUIET
from endeavour.engine.statistics.spc import Assurance, Variation

SHORT_WORDS = {
    Assurance.CONSISTENTLY_MEETS: "likely to meet its target",
    Assurance.HIT_AND_MISS: "may or may not meet its target",
    Assurance.CONSISTENTLY_MISSES: "likely to miss its target",
}
VARIATION_WORDS = {
    Variation.COMMON_CAUSE: "No clear change: the ups and downs are no more than we would expect by chance",
    Variation.IMPROVEMENT: "Better than before: more than chance would explain",
    Variation.CONCERN: "Worse than before: more than chance would explain",
    Variation.NEUTRAL_HIGH: "Higher than before: more than chance would explain",
    Variation.NEUTRAL_LOW: "Lower than before: more than chance would explain",
}
ASSURANCE_WORDS = {
    Assurance.NOT_ASKED: "No target is set",
    Assurance.CONSISTENTLY_MEETS: "Likely to meet the target every time, if nothing changes",
    Assurance.HIT_AND_MISS: "Sometimes meets the target and sometimes misses it, by chance",
    Assurance.CONSISTENTLY_MISSES: "Likely to miss the target every time, unless something changes",
}
_COLOUR = {
    Variation.COMMON_CAUSE: QUIET,
    Variation.IMPROVEMENT: BLUE,
    Variation.CONCERN: ORANGE,
    Variation.NEUTRAL_HIGH: PURPLE,
    Variation.NEUTRAL_LOW: PURPLE,
}
_WAVE = "M8 26l5 -8l6 12l6 -13l6 11l5 -6"
_CLIMB = "M8 32l7 -3l6 2l7 -12l8 -8"
_DROP = "M8 12l7 3l6 -2l7 12l8 8"


def variation_icon(variation: Variation, *, rising: bool = True) -> str:
    """The picture of `variation_shapes` as an image of its own; its words must stand beside it.

    >>> variation_icon(Variation.COMMON_CAUSE).startswith("<svg")
    True
    """
    return _icon(variation_shapes(variation, rising=rising))


def assurance_icon(assurance: Assurance) -> str:
    """The picture of `assurance_shapes` as an image of its own; its words must stand beside it.

    >>> "?" in assurance_icon(Assurance.HIT_AND_MISS)
    True
    """
    return _icon(assurance_shapes(assurance))


def variation_shapes(variation: Variation, *, rising: bool = True) -> str:
    """A 44 by 44 picture of the latest point: a wave for chance, a climb or a drop for a change.

    A change for the worse has a heavy square frame and a change for the better a round one, so that neither
    depends on colour.
    """
    colour = _COLOUR[variation]
    line = _WAVE
    if variation != Variation.COMMON_CAUSE:
        line = _CLIMB if rising else _DROP
    frame = '<circle cx="22" cy="22" r="20"'
    if variation == Variation.CONCERN:
        frame = '<rect x="3" y="3" width="38" height="38"'
    heavy = 2 if variation == Variation.COMMON_CAUSE else 4
    return (
        f'{frame} fill="#ffffff" stroke="{colour}" stroke-width="{heavy}"/>'
        f'<path d="{line}" fill="none" stroke="{colour}" stroke-width="3" stroke-linejoin="round"/>'
    )


def assurance_shapes(assurance: Assurance) -> str:
    """A 44 by 44 picture of the process against its target: clear of it, across it, or short of it.

    The dashed line is the target; a tick, a question mark or a cross says the same again.
    """
    line = {
        Assurance.CONSISTENTLY_MEETS: ("M8 17l6 -6l6 5l6 -6l8 5", 30, "\u2713"),
        Assurance.HIT_AND_MISS: ("M8 26l6 -10l7 12l7 -12l8 9", 22, "?"),
        Assurance.CONSISTENTLY_MISSES: ("M8 34l6 -6l6 5l6 -6l8 5", 16, "\u2717"),
    }.get(assurance)
    colour = {Assurance.CONSISTENTLY_MEETS: BLUE, Assurance.CONSISTENTLY_MISSES: ORANGE}.get(assurance, QUIET)
    frame = f'<circle cx="22" cy="22" r="20" fill="#ffffff" stroke="{colour}" stroke-width="2"/>'
    if line is None:
        return f'{frame}<path d="M14 22h16" stroke="{QUIET}" stroke-width="3"/>'
    wave, target, sign = line
    at = {30: 40, 22: 40, 16: 13}[target]
    return (
        f'{frame}<path d="M5 {target}h34" stroke="{INK}" stroke-width="2" stroke-dasharray="4 3"/>'
        f'<path d="{wave}" fill="none" stroke="{colour}" stroke-width="3" stroke-linejoin="round"/>'
        f'<text x="22" y="{at}" text-anchor="middle" font-size="13" font-weight="700" fill="{INK}">{escape(sign)}</text>'
    )


def _icon(body: str) -> str:
    return (
        '<svg class="ce-icon" width="44" height="44" viewBox="0 0 44 44" aria-hidden="true" focusable="false" '
        f'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )
