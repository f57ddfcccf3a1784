"""How much each service is used, by whom, and where that is from: the gradients behind the lake's events.

Every stream has a yearly mean for the people it is open to, met in expectation; the other numbers say who has more.
`source` says what the mean and the gradients rest on. Where it says 'assumption', no published figure by small area
or group could be used, and the number is ours: a plausible world to practise on, not evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from endeavour.engine.synthetic.sampling import Curve

FLAT: Curve = ((0, 1.0), (105, 1.0))


@dataclass(frozen=True)
class Stream:
    """One stream of events of one kind.

    `rate` is events a year for each person it is `open_to`. `ages` and `men` (men's use over women's) are
    interpolated by age. `decile` multiplies by exp(decile * (5.5 - d)): 0.05 makes decile 1 use 1.57 times decile
    10. `ethnic` is asian, black, mixed, other over white. `need` and `home` are exponents of personal and household
    need. `with_` multiplies for people who have any of some conditions, `joint` names interactions. `trend`
    multiplies the first three years (the last stands for later ones). `mix` gives subtypes and weights by class of
    `by`. `once` makes it at most one a year.
    """

    kind: str
    rate: float
    mix: tuple[tuple[tuple[str, float], ...], ...]
    source: str
    open_to: str = "all"
    by: str = "none"
    ages: Curve = FLAT
    men: Curve = FLAT
    decile: float = 0.0
    ethnic: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    need: float = 0.0
    home: float = 0.0
    with_: tuple[tuple[tuple[str, ...], float], ...] = ()
    joint: tuple[str, ...] = ()
    trend: tuple[float, ...] = (1.0,)
    once: bool = False
    winter: float = 0.0
    weekdays: bool = False
    nights: float = 0.0

    @property
    def name(self) -> str:
        """What to call it in a report: the kind, and the first subtype."""
        return f"{self.kind} {self.mix[0][0][0]}"


INTERACTIONS = {
    "poor_and_many": (1.5, "deprived fifth and three or more conditions"),
    "mind_body_and_poor": (
        2.8,
        "depression or severe mental illness, a physical condition, deprived three tenths",
    ),
    "young_and_many": (3.0, "aged under 65 with three or more conditions"),
    "minority_poor_and_ill": (2.5, "minority ethnic group, deprived three tenths, a long-term condition"),
    "ill_and_supported": (0.5, "a long-term condition, does not live alone, affluent three tenths"),
    "carer_and_ill": (2.2, "gives unpaid care while having two or more conditions"),
    "alone_and_frail": (2.4, "lives alone, aged 75 or over, two or more conditions"),
    "lone_crowded_poor": (1.9, "lone parent's overcrowded household in the deprived three tenths"),
    "mind_and_rent": (2.0, "severe mental illness, renting, aged 18 to 64"),
    "smoke_and_lungs": (1.6, "smokes and has chronic obstructive pulmonary disease"),
    "unmet_care": (0.82, "minority ethnic group in the deprived three tenths: fewer planned contacts"),
    "unmet_crisis": (1.18, "the same people: more unplanned contacts"),
    "abuse_and_children": (2.6, "domestic abuse in a household with children"),
}
"""Multipliers that only the combination has: what a model without interactions must miss. All are assumptions.

That mental and physical illness and deprivation together do more than each apart is after Payne and others 2013
(CMAJ 185: E221), who found it for unplanned admissions in Scotland; the sizes here are ours.
"""

MOST_TOGETHER = 4.0
"""However many combinations a person is in, they multiply by no more than this."""

_MULTI = ((("HF", "COPD", "CHD"), 1.6), (("DM", "CKD"), 1.25), (("MH", "DEP"), 1.25))

STREAMS: tuple[Stream, ...] = (
    Stream(
        "gp",
        5.35,
        (
            (("consultation", 0.6), ("nurse", 0.14), ("telephone", 0.26), ("home_visit", 0.0)),
            (("consultation", 0.5), ("nurse", 0.22), ("telephone", 0.22), ("home_visit", 0.06)),
        ),
        "Appointments in General Practice, England: a little over 5 a person a year; more for women and with age. "
        "Fewer for minority groups in deprived areas is an assumption after the inverse care law",
        by="aged 75 or over",
        ages=((0, 1.3), (5, 0.5), (15, 0.5), (30, 0.8), (50, 1.0), (65, 1.3), (80, 1.9), (105, 2.0)),
        men=((0, 1.0), (14, 1.0), (20, 0.5), (45, 0.65), (65, 0.95), (105, 1.0)),
        decile=0.022,
        ethnic=(1.05, 0.95, 0.97, 0.95),
        need=0.4,
        with_=(*_MULTI, (("HYP", "AST", "AF", "STIA"), 1.35), (("PC", "DEM", "CAN"), 1.3)),
        joint=("unmet_care",),
        trend=(0.96, 1.0, 1.03),
        winter=0.1,
        weekdays=True,
    ),
    Stream(
        "ae",
        0.37,
        ((("minor", 0.33), ("standard", 0.42), ("major", 0.24), ("resuscitation", 0.01)),),
        "A&E attendances of the system's trust over residents; steeper by deprivation than any GP contact "
        "(hospital statistics: about twice as many from the most deprived tenth)",
        ages=((0, 1.8), (5, 0.9), (15, 1.0), (25, 1.1), (50, 0.75), (70, 1.0), (85, 2.2), (105, 2.4)),
        men=((0, 1.2), (105, 1.0)),
        decile=0.06,
        ethnic=(1.05, 1.1, 1.1, 1.1),
        need=0.6,
        home=0.15,
        with_=(*_MULTI, (("EP", "AST"), 1.3), (("DEM", "PC"), 1.5)),
        joint=("poor_and_many", "mind_and_rent", "lone_crowded_poor", "unmet_crisis"),
        trend=(0.93, 1.0, 1.02),
    ),
    Stream(
        "admission",
        0.098,
        ((("emergency", 1.0),),),
        "Hospital admissions, England: about 1 emergency admission for 10 people a year, half of them aged 65 or over; "
        "twice as many from the most as the least deprived tenth, all of it here through illness and the interactions",
        ages=((0, 1.3), (5, 0.35), (20, 0.5), (50, 0.7), (65, 1.4), (80, 3.6), (95, 6.5), (105, 7.0)),
        men=((0, 1.15), (105, 1.1)),
        need=0.65,
        with_=(
            (("HF", "COPD"), 2.0),
            (("CHD", "STIA", "AF"), 1.4),
            (("DM", "CKD"), 1.35),
            (("DEM", "PC"), 1.8),
            (("MH", "EP", "LD"), 1.6),
        ),
        joint=(
            "poor_and_many",
            "mind_body_and_poor",
            "young_and_many",
            "minority_poor_and_ill",
            "ill_and_supported",
            "carer_and_ill",
            "alone_and_frail",
            "smoke_and_lungs",
            "unmet_crisis",
        ),
        trend=(0.95, 1.0, 1.01),
        winter=0.15,
        nights=6.5,
    ),
    Stream(
        "admission",
        0.135,
        ((("day_case", 0.72), ("elective", 0.28)),),
        "Hospital admissions, England: planned ones are flat or inverse by deprivation once need is allowed for",
        ages=((0, 0.3), (15, 0.35), (40, 0.8), (60, 1.7), (75, 2.6), (90, 1.5), (105, 1.0)),
        decile=-0.012,
        ethnic=(0.9, 0.9, 0.9, 0.9),
        need=0.3,
        with_=((("CAN",), 3.0), (("CHD", "CKD", "RA"), 1.5)),
        joint=("unmet_care",),
        trend=(0.9, 1.0, 1.05),
        weekdays=True,
        nights=1.0,
    ),
    Stream(
        "admission",
        0.0026,
        ((("tooth_extraction", 1.0),),),
        "Hospital tooth extractions of children: over three times as many from the most deprived areas",
        open_to="aged 10 or under",
        ages=((0, 0.1), (3, 0.6), (6, 1.6), (9, 1.2), (11, 0.8)),
        decile=0.13,
        home=0.3,
        weekdays=True,
    ),
    Stream(
        "admission",
        0.009,
        ((("asthma", 1.0),),),
        "Emergency admissions for asthma over the asthma register; children and deprived areas have most",
        open_to="has asthma",
        ages=((0, 4.0), (5, 3.0), (15, 1.2), (40, 0.7), (105, 1.0)),
        decile=0.08,
        need=0.5,
        joint=("lone_crowded_poor",),
        winter=0.3,
        nights=1.5,
    ),
    Stream(
        "admission",
        0.014,
        ((("diabetes", 1.0),),),
        "Emergency admissions for diabetes over the diabetes register (assumption on the level)",
        open_to="has diabetes",
        ages=((0, 5.0), (18, 3.0), (40, 1.0), (105, 1.0)),
        decile=0.07,
        need=0.5,
        nights=4.0,
    ),
    Stream(
        "admission",
        0.05,
        ((("epilepsy", 1.0),),),
        "Emergency admissions for epilepsy over the epilepsy register (assumption on the level)",
        open_to="has epilepsy",
        ages=((0, 1.6), (18, 1.0), (105, 1.0)),
        decile=0.07,
        need=0.4,
        nights=2.0,
    ),
    Stream(
        "community",
        0.85,
        (
            (
                ("district_nursing", 0.5),
                ("therapy", 0.2),
                ("wound_care", 0.2),
                ("falls", 0.05),
                ("end_of_life", 0.05),
            ),
            (
                ("therapy", 0.7),
                ("district_nursing", 0.2),
                ("wound_care", 0.1),
                ("falls", 0.0),
                ("end_of_life", 0.0),
            ),
        ),
        "Community services contacts: mostly older people at home; level about 0.8 a person (assumption on the level)",
        by="aged under 65",
        ages=((0, 0.15), (20, 0.1), (50, 0.3), (65, 1.0), (80, 5.0), (95, 9.0), (105, 9.0)),
        decile=0.03,
        need=0.6,
        with_=((("DEM", "PC"), 2.5), (("HF", "COPD", "STIA"), 1.7), (("DM",), 1.3)),
        joint=("alone_and_frail",),
        weekdays=True,
    ),
    Stream(
        "community",
        1.5,
        ((("health_visiting", 1.0),),),
        "Health visiting: five universal contacts before school age, more by need",
        open_to="aged 4 or under",
        ages=((0, 3.0), (1, 1.6), (2, 1.0), (5, 0.5)),
        decile=0.05,
        home=0.4,
        joint=("lone_crowded_poor",),
        weekdays=True,
    ),
    Stream(
        "mental_health",
        0.27,
        (
            (("talking_therapy", 0.7), ("community_team", 0.28), ("crisis", 0.015), ("inpatient", 0.005)),
            (("talking_therapy", 0.05), ("community_team", 0.85), ("crisis", 0.08), ("inpatient", 0.02)),
        ),
        "Mental health services statistics and Talking Therapies: level over adults is an assumption, the gradients "
        "by deprivation and ethnicity after the Adult Psychiatric Morbidity Survey",
        open_to="aged 18 or over",
        by="has a severe mental illness",
        ages=((18, 1.3), (30, 1.4), (50, 1.0), (65, 0.6), (85, 0.6), (105, 0.5)),
        men=((18, 0.75), (105, 0.85)),
        decile=0.05,
        ethnic=(0.8, 1.2, 1.2, 0.9),
        need=0.7,
        home=0.2,
        with_=((("MH",), 30.0), (("DEP",), 3.5), (("DEM", "LD"), 2.0)),
        joint=("mind_and_rent",),
        weekdays=True,
        nights=0.0,
    ),
    Stream(
        "mental_health",
        0.085,
        ((("cyp_referral", 0.58), ("cyp_first_contact", 0.42)),),
        "Children and young people in contact with services: 8 to 9 in 100 a year; girls in their teens most",
        open_to="aged 17 or under",
        ages=((0, 0.02), (5, 0.4), (11, 1.1), (15, 2.2), (18, 2.0)),
        men=((0, 1.6), (10, 1.3), (14, 0.6), (18, 0.55)),
        decile=0.04,
        ethnic=(0.55, 0.7, 1.1, 0.7),
        need=0.5,
        home=0.4,
        joint=("abuse_and_children",),
        weekdays=True,
    ),
    Stream(
        "social_care",
        0.40,
        (
            (
                ("home_care", 0.62),
                ("assessment", 0.14),
                ("reablement", 0.1),
                ("residential", 0.06),
                ("safeguarding", 0.08),
            ),
            (
                ("assessment", 0.3),
                ("home_care", 0.45),
                ("safeguarding", 0.2),
                ("reablement", 0.05),
                ("residential", 0.0),
            ),
        ),
        "Adult social care activity, England: about 1 adult in 50 has long-term support, with many contacts each; "
        "more in deprived areas, and among people who live alone",
        open_to="aged 18 or over",
        by="aged under 65",
        ages=((18, 0.35), (50, 0.5), (65, 0.9), (80, 4.5), (95, 13.0), (105, 14.0)),
        men=((18, 1.0), (80, 0.8), (105, 0.75)),
        decile=0.06,
        need=0.7,
        home=0.2,
        with_=((("LD",), 14.0), (("DEM",), 3.0), (("STIA", "MH"), 1.8)),
        joint=("alone_and_frail",),
        weekdays=True,
    ),
    Stream(
        "social_care",
        0.075,
        ((("child_in_need", 0.75), ("safeguarding", 0.25)),),
        "Children in need, England: 3 to 4 in 100; over ten times as many in the most as in the least deprived tenth "
        "(child welfare inequalities research)",
        open_to="aged 17 or under",
        ages=((0, 1.5), (5, 1.0), (18, 1.0)),
        decile=0.19,
        ethnic=(0.6, 1.1, 1.5, 0.8),
        home=0.9,
        joint=("lone_crowded_poor", "abuse_and_children"),
        weekdays=True,
    ),
    Stream(
        "housing",
        1.75,
        (
            (
                ("repair", 0.72),
                ("rent_arrears", 0.24),
                ("homelessness_application", 0.02),
                ("temporary_accommodation", 0.01),
                ("eviction_notice", 0.01),
            ),
        ),
        "Social landlords' returns: between one and two repairs a home a year; arrears follow income (assumption)",
        open_to="eldest of a socially rented home",
        decile=0.03,
        home=0.5,
        joint=("lone_crowded_poor",),
        weekdays=True,
    ),
    Stream(
        "housing",
        0.16,
        ((("homelessness_application", 0.45), ("eviction_notice", 0.35), ("temporary_accommodation", 0.2)),),
        "Statutory homelessness: 11 or 12 households in 1,000 owed a duty a year, most of them from private renting",
        open_to="eldest of a privately rented home",
        decile=0.09,
        home=0.7,
        joint=("lone_crowded_poor", "mind_and_rent"),
        weekdays=True,
    ),
    Stream(
        "police",
        0.125,
        (
            (
                ("victim", 0.52),
                ("antisocial_behaviour", 0.2),
                ("suspect", 0.15),
                ("mental_health_call", 0.08),
                ("missing_person", 0.05),
            ),
            (
                ("domestic_incident", 0.75),
                ("victim", 0.2),
                ("mental_health_call", 0.05),
                ("antisocial_behaviour", 0.0),
                ("suspect", 0.0),
            ),
        ),
        "Police recorded crime, England and Wales: about 90 offences and 25 domestic incidents for 1,000 people a year",
        open_to="aged 10 or over",
        by="has suffered domestic abuse",
        ages=((10, 0.6), (16, 1.5), (25, 1.6), (45, 1.0), (65, 0.4), (105, 0.2)),
        men=((10, 1.2), (105, 1.1)),
        decile=0.1,
        need=0.4,
        home=0.6,
        with_=((("MH",), 3.0),),
        joint=("mind_and_rent", "abuse_and_children"),
    ),
    Stream(
        "cancer",
        0.0057,
        (
            (
                ("stage_1", 0.27),
                ("stage_2", 0.21),
                ("stage_3", 0.18),
                ("stage_4", 0.24),
                ("stage_unknown", 0.1),
            ),
            (
                ("stage_1", 0.3),
                ("stage_2", 0.22),
                ("stage_3", 0.17),
                ("stage_4", 0.21),
                ("stage_unknown", 0.1),
            ),
            (
                ("stage_1", 0.33),
                ("stage_2", 0.23),
                ("stage_3", 0.16),
                ("stage_4", 0.18),
                ("stage_unknown", 0.1),
            ),
        ),
        "Cancer registrations, England: 5 to 6 for 1,000 people a year; early stage 54% of staged ones, 8 points "
        "lower in deprived areas",
        by="deprivation in thirds",
        ages=((0, 0.03), (30, 0.15), (50, 0.9), (65, 2.4), (80, 4.5), (95, 4.0), (105, 3.5)),
        men=((0, 1.0), (40, 0.6), (60, 1.2), (105, 1.5)),
        decile=0.01,
        ethnic=(0.5, 0.7, 0.7, 0.7),
        once=True,
        weekdays=True,
    ),
)
"""The order in which they are drawn and written; all interactions and gradients of one stream are on one screen."""


@dataclass(frozen=True)
class Review:
    """A yearly check that a person on a register should have: the share that does, and how it falls off.

    `share` is in decile 10 for the white group; each decile towards 1 takes `by_decile` off, and minority groups
    in any decile `by_minority` more.
    """

    subtype: str
    open_to: str
    share: float
    by_decile: float
    by_minority: float
    source: str


REVIEWS: tuple[Review, ...] = (
    Review(
        "smi_health_check",
        "has a severe mental illness",
        0.66,
        0.018,
        0.03,
        "National target 60%; reached by 50 to 60%",
    ),
    Review(
        "ld_health_check",
        "has a learning disability, aged 14 or over",
        0.82,
        0.012,
        0.04,
        "Learning disability health checks: 75 to 80%",
    ),
    Review(
        "copd_vaccination",
        "has COPD",
        0.84,
        0.015,
        0.08,
        "Influenza uptake in clinical risk groups, COPD: about 3 in 4",
    ),
    Review(
        "bp_check",
        "has hypertension",
        0.88,
        0.006,
        0.03,
        "QOF: 85% of the register has a reading in the year",
    ),
    Review(
        "lipid_check",
        "has CHD, stroke, PAD or diabetes",
        0.8,
        0.008,
        0.03,
        "CVDPREVENT: 3 in 4 of those with CVD have a reading",
    ),
    Review("asthma_review", "has asthma", 0.62, 0.008, 0.02, "QOF asthma reviews: about half to two thirds"),
    Review(
        "diabetes_review",
        "has diabetes",
        0.86,
        0.009,
        0.03,
        "National Diabetes Audit: nearly 9 in 10 have HbA1c measured",
    ),
    Review(
        "smoking_advice",
        "smokes",
        0.62,
        0.004,
        0.02,
        "QOF: offers of support within the year (assumption on the level)",
    ),
)

FERTILITY: Curve = (
    (15, 0.0),
    (18, 0.012),
    (22, 0.045),
    (27, 0.08),
    (31, 0.105),
    (35, 0.07),
    (40, 0.02),
    (45, 0.0),
)
"""Births a woman a year by age: ONS birth statistics for England, 2021, in round numbers (1.6 a woman over life)."""

CONTINUITY = (0.22, 0.34)
"""Share of bookings onto continuity of carer: others, and women of minority groups or the most deprived tenth."""

ANTENATAL_CONTACTS, POSTNATAL_CONTACTS = 5, 2
