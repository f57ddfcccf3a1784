"""Age, sex and ethnic shapes of each long-term condition: what the registers' totals are spread by.

The totals come from the sub-ICB registers and the deprivation gradient from the modelled prevalence by decile; both
are met exactly. What is here only says *who* inside a deprivation group has the condition. Hypertension's ages
follow the Health Survey for England 2022; the other curves are our own round summaries of the order and steepness
that English primary care studies agree on, and stand for no single publication.
"""

from __future__ import annotations

from dataclasses import dataclass

from endeavour.engine.synthetic.sampling import Curve


@dataclass(frozen=True)
class Shape:
    """Relative chance by age (interpolated), men's chance over women's, ethnic groups' over white, and pulls.

    `need` is the exponent of latent need; `smoker` multiplies the chance of smokers; `with_` of people who already
    have those conditions. `controlled` is the share treated to target, None where the lake holds no such fact.
    """

    ages: Curve
    men: float = 1.0
    ethnic: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    need: float = 0.35
    smoker: float = 1.0
    with_: tuple[tuple[str, float], ...] = ()
    controlled: float | None = None


# `ethnic` is in the order asian, black, mixed, other.
SHAPES: dict[str, Shape] = {
    "LD": Shape(((0, 0.1), (14, 1.0), (18, 2.0), (50, 1.6), (80, 0.6), (105, 0.4)), men=1.4, need=0.1),
    "OB": Shape(
        ((0, 0), (17, 0), (18, 0.4), (35, 1.0), (60, 1.3), (80, 0.7), (105, 0.3)),
        men=0.85,
        ethnic=(0.8, 1.3, 1.0, 0.9),
    ),
    "HYP": Shape(
        ((0, 0), (16, 0.01), (25, 0.06), (40, 0.5), (50, 1.6), (60, 3.2), (70, 4.6), (80, 5.6), (105, 5.6)),
        men=1.05,
        ethnic=(1.15, 1.5, 1.0, 1.0),
        with_=(("OB", 1.6),),
        controlled=0.67,
    ),
    "DM": Shape(
        ((0, 0), (16, 0), (17, 0.12), (30, 0.3), (45, 1.5), (60, 3.4), (75, 4.6), (90, 3.6), (105, 3.0)),
        men=1.3,
        ethnic=(2.4, 1.8, 1.2, 1.4),
        with_=(("OB", 2.6), ("HYP", 1.5)),
        controlled=0.62,
    ),
    "CHD": Shape(
        ((0, 0), (30, 0.03), (45, 0.6), (60, 3.0), (75, 7.0), (90, 9.0), (105, 9.0)),
        men=2.0,
        ethnic=(1.5, 0.7, 0.9, 1.0),
        smoker=1.7,
        with_=(("HYP", 1.7), ("DM", 1.8)),
        controlled=0.46,
    ),
    "AF": Shape(
        ((0, 0), (35, 0.05), (50, 0.5), (65, 3.0), (75, 7.5), (85, 14.0), (105, 16.0)),
        men=1.35,
        ethnic=(0.4, 0.4, 0.6, 0.6),
        with_=(("HYP", 1.5), ("CHD", 1.6)),
    ),
    "HF": Shape(
        ((0, 0), (40, 0.08), (60, 1.0), (75, 4.0), (85, 9.0), (105, 12.0)),
        men=1.4,
        with_=(("CHD", 3.5), ("AF", 3.0), ("DM", 1.6)),
        need=0.4,
    ),
    "STIA": Shape(
        ((0, 0.01), (40, 0.2), (60, 1.8), (75, 5.5), (90, 10.0), (105, 10.0)),
        men=1.25,
        smoker=1.5,
        ethnic=(1.0, 1.2, 1.0, 1.0),
        with_=(("AF", 1.8), ("HYP", 1.8)),
        controlled=0.44,
    ),
    "PAD": Shape(
        ((0, 0), (45, 0.15), (65, 2.0), (80, 4.0), (105, 4.0)),
        men=1.8,
        smoker=3.0,
        with_=(("DM", 1.8),),
        controlled=0.42,
    ),
    "CKD": Shape(
        ((0, 0), (40, 0.15), (60, 1.5), (75, 8.0), (85, 16.0), (105, 18.0)),
        men=0.8,
        with_=(("HYP", 1.7), ("DM", 1.7)),
    ),
    "COPD": Shape(
        ((0, 0), (35, 0.05), (50, 1.0), (65, 4.0), (75, 5.5), (105, 4.5)),
        men=1.1,
        ethnic=(0.3, 0.3, 0.6, 0.6),
        smoker=4.5,
        need=0.45,
    ),
    "AST": Shape(
        ((0, 0.05), (6, 0.8), (15, 1.2), (40, 1.0), (65, 1.2), (85, 0.9), (105, 0.8)),
        men=0.85,
        ethnic=(0.8, 0.8, 1.0, 0.8),
    ),
    "CAN": Shape(
        ((0, 0.05), (30, 0.2), (50, 1.4), (65, 4.2), (80, 7.5), (105, 7.0)),
        men=0.95,
        ethnic=(0.5, 0.7, 0.7, 0.7),
        need=0.1,
    ),
    "DEM": Shape(
        ((0, 0), (55, 0.02), (65, 0.5), (75, 2.5), (85, 12.0), (95, 24.0), (105, 26.0)), men=0.75, need=0.2
    ),
    "DEP": Shape(
        ((0, 0), (17, 0), (18, 0.9), (30, 1.3), (50, 1.4), (65, 0.9), (85, 0.7), (105, 0.6)),
        men=0.55,
        ethnic=(0.5, 0.5, 0.9, 0.7),
        smoker=1.5,
        need=0.6,
    ),
    "MH": Shape(
        ((0, 0), (15, 0.05), (20, 0.6), (35, 1.2), (55, 1.3), (80, 0.9), (105, 0.7)),
        men=1.05,
        ethnic=(1.0, 2.6, 1.6, 1.2),
        smoker=2.5,
        need=0.7,
    ),
    "EP": Shape(
        ((0, 0), (17, 0), (18, 0.9), (50, 1.1), (80, 1.2), (105, 1.0)), with_=(("LD", 12.0), ("STIA", 2.0))
    ),
    "OST": Shape(((0, 0), (49, 0), (50, 0.2), (65, 1.5), (80, 6.0), (105, 8.0)), men=0.2),
    "RA": Shape(((0, 0), (16, 0.1), (40, 0.8), (60, 2.2), (75, 3.0), (105, 2.2)), men=0.45),
    "PC": Shape(
        ((0, 0.02), (40, 0.2), (65, 1.5), (80, 5.0), (95, 12.0), (105, 12.0)),
        with_=(("CAN", 6.0), ("DEM", 3.0), ("HF", 3.0)),
    ),
}
"""In the order in which they are drawn, so that `with_` names only conditions drawn before."""

OTHER_CHILD_REGISTERS = {"EP": 0.0044, "DM": 0.0022}
"""Children's epilepsy and diabetes, which the adult registers leave out: share of people aged 0 to 17.

National audits of children's epilepsy and diabetes find 3 to 5 and about 2 a thousand. They come on top of the
registers, which count adults (18 and over for epilepsy, 17 and over for diabetes).
"""
