"""Draw the service events of a population and write them, a stream and a year at a time.

A person's events are Poisson about a mean that their age, sex, place, conditions and hidden need set; a year's
shock, shared by all their services, makes good and bad years. Nobody has an event after the day they died.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endeavour.engine.lake import schema
from endeavour.engine.lake.writing import PartWriter
from endeavour.engine.synthetic import contacts
from endeavour.engine.synthetic.contacts import INTERACTIONS, REVIEWS, STREAMS, Review, Stream
from endeavour.engine.synthetic.population import Population, year_starts
from endeavour.engine.synthetic.sampling import Bools, Floats, Ints, along

Days = NDArray[np.int32]
Weights = NDArray[np.float32]

DAY_BITS, MIX_BITS = 16, 10
ROWS_A_GROUP = 1_000_000
YEAR_SHOCK = 0.4


@dataclass(frozen=True)
class Finished:
    """One written file of events."""

    path: Path
    rows: int


class Circles:
    """Who each stream is open to, its classes and its interactions, worked out once for a population."""

    def __init__(self, pop: Population) -> None:
        self.pop = pop
        self.age, self.has = pop.people.age, pop.health.with_
        self.decile = pop.margins.imd2019[pop.people.lsoa]
        self.minority = pop.flags["plus_minoritised_ethnic"]
        self.poor = self.decile <= 3
        self._kept: dict[str, Bools] = {}
        seated = pop.families.home >= 0
        self.eldest = seated.copy()
        self.eldest[1:] &= pop.home[1:] != pop.home[:-1]

    def carried(self, fact: NDArray[np.bool_]) -> Bools:
        """A household's fact, for each member; false in establishments."""
        seated = self.pop.families.home >= 0
        out = np.zeros(len(self.pop), np.bool_)
        out[seated] = fact[self.pop.families.home[seated]]
        return out

    def circle(self, name: str) -> Bools:
        """The people that words such as 'aged 75 or over' mean."""
        if name not in self._kept:
            self._kept[name] = CIRCLES[name](self)
        return self._kept[name]

    def classes(self, stream: Stream) -> NDArray[np.int64]:
        """Each person's row of the stream's `mix`."""
        if stream.by == "none":
            return np.zeros(len(self.pop), np.int64)
        if stream.by == "deprivation in thirds":
            return np.asarray(np.searchsorted([4, 8], self.decile, side="right"), np.int64)
        return self.circle(stream.by).astype(np.int64)


BODY = ("AF", "AST", "CHD", "CKD", "COPD", "DM", "HF", "HYP", "RA", "STIA")
"""Physical long-term conditions that the interactions turn on."""

CIRCLES: dict[str, Callable[[Circles], Bools]] = {
    "all": lambda c: np.ones(len(c.pop), np.bool_),
    "aged 4 or under": lambda c: c.age <= 4,
    "aged 10 or under": lambda c: c.age <= 10,
    "aged 17 or under": lambda c: c.age <= 17,
    "aged 10 or over": lambda c: c.age >= 10,
    "aged 18 or over": lambda c: c.age >= 18,
    "aged under 65": lambda c: c.age < 65,
    "aged 75 or over": lambda c: c.age >= 75,
    "has asthma": lambda c: c.has("AST"),
    "has diabetes": lambda c: c.has("DM"),
    "has epilepsy": lambda c: c.has("EP"),
    "has COPD": lambda c: c.has("COPD"),
    "has hypertension": lambda c: c.has("HYP"),
    "has CHD, stroke, PAD or diabetes": lambda c: c.has("CHD", "STIA", "PAD", "DM"),
    "has a severe mental illness": lambda c: c.has("MH"),
    "has a learning disability, aged 14 or over": lambda c: c.has("LD") & (c.age >= 14),
    "smokes": lambda c: c.pop.health.smoker,
    "has suffered domestic abuse": lambda c: c.pop.flags["plus_domestic_abuse"],
    "eldest of a socially rented home": lambda c: c.eldest & c.pop.around.social,
    "eldest of a privately rented home": lambda c: (
        c.eldest & c.pop.around.private_or_social & ~c.pop.around.social
    ),
    # interactions
    "poor_and_many": lambda c: (c.decile <= 2) & (c.pop.health.number >= 3),
    "mind_body_and_poor": lambda c: c.has("DEP", "MH") & c.has(*BODY) & c.poor,
    "young_and_many": lambda c: (c.age < 65) & (c.pop.health.number >= 3),
    "minority_poor_and_ill": lambda c: c.minority & c.poor & c.has(*BODY),
    "ill_and_supported": lambda c: c.has(*BODY) & c.carried(c.pop.homes.size > 1) & (c.decile >= 8),
    "carer_and_ill": lambda c: c.pop.flags["plus_carer"] & (c.pop.health.number >= 2),
    "alone_and_frail": lambda c: (
        c.carried(c.pop.homes.size == 1) & (c.age >= 75) & (c.pop.health.number >= 2)
    ),
    "lone_crowded_poor": lambda c: c.pop.around.lone & c.carried(c.pop.homes.occupancy < 0) & c.poor,
    "mind_and_rent": lambda c: c.has("MH") & c.pop.around.private_or_social & (c.age >= 18) & (c.age < 65),
    "smoke_and_lungs": lambda c: c.has("COPD") & c.pop.health.smoker,
    "unmet_care": lambda c: c.minority & c.poor,
    "unmet_crisis": lambda c: c.minority & c.poor,
    "abuse_and_children": lambda c: _with_abuse(c) & c.carried(c.pop.homes.children > 0),
}


def _with_abuse(c: Circles) -> Bools:
    member = c.pop.flags["plus_domestic_abuse"]
    homes = np.zeros(len(c.pop.families), np.bool_)
    home = c.pop.families.home
    homes[home[member & (home >= 0)]] = True
    return c.carried(homes)


def expected(circles: Circles, stream: Stream) -> tuple[Ints, Floats]:
    """The people the stream is open to (indices), and each one's mean events a year; the mean is the stream's rate."""
    pop = circles.pop
    who = np.flatnonzero(circles.circle(stream.open_to))
    ages = along(stream.ages, np.arange(120))
    men = along(stream.men, np.arange(120))
    by_sex = np.stack([ages, ages * men], axis=1).astype(np.float32)
    mean = by_sex[pop.people.age[who], pop.people.sex[who]]
    if stream.decile or stream.ethnic != (1.0, 1.0, 1.0, 1.0):
        mean *= _group_table(stream)[pop.ethnicity[who], circles.decile[who]]
    lean = np.zeros(len(who), np.float32)
    if stream.need:
        lean += np.float32(stream.need) * pop.health.need[who].astype(np.float32)
    if stream.home:
        lean += np.float32(stream.home) * pop.health.household_need[who].astype(np.float32)
    mean *= np.exp(lean)
    for codes, factor in stream.with_:
        mean[pop.health.with_(*codes)[who]] *= factor
    if stream.joint:
        mean *= together(circles, stream)[who]
    total = mean.sum(dtype=np.float64)
    return who, mean * (stream.rate * len(who) / total if total else 0.0)


def together(circles: Circles, stream: Stream) -> Weights:
    """The multiplier of each person's combinations, no more than MOST_TOGETHER in all."""
    factor = np.ones(len(circles.pop), np.float32)
    for name in stream.joint:
        factor[circles.circle(name)] *= np.float32(INTERACTIONS[name][0])
    return np.minimum(factor, np.float32(contacts.MOST_TOGETHER), out=factor)


def _group_table(stream: Stream) -> Weights:
    """Multipliers [ethnic group, decile 0..10]."""
    asian, black, mixed, other = stream.ethnic
    at = {"white": 1.0, "asian": asian, "black": black, "mixed": mixed, "other": other}
    by_group = np.array([at[e] for e in schema.ETHNICITY])
    by_decile = np.exp(stream.decile * (5.5 - np.arange(11)))
    return np.outer(by_group, by_decile).astype(np.float32)


def expected_emergencies(pop: Population) -> Floats:
    """Expected emergency admissions of each person in the first year: the truth a risk model is judged by."""
    stream = next(s for s in STREAMS if s.mix[0][0][0] == "emergency")
    who, mean = expected(Circles(pop), stream)
    out = np.zeros(len(pop))
    out[who] = mean * stream.trend[0]
    return out


class _Log:
    """The files of events, one a financial year, and how rows are made for them."""

    def __init__(
        self,
        pop: Population,
        folder: Path,
        name: str,
        years: int,
        person_from: int,
        household_from: int,
        rng: np.random.Generator,
    ) -> None:
        self.pop, self.rng, self.years = pop, rng, years
        # One year beyond the last: its births have bookings inside the lake.
        self.starts, self.lengths = year_starts(years + 1)
        self.first_year = schema.FIRST_EVENT_DAY.year
        self.files = [
            PartWriter(schema.EVENT, folder / f"financial_year={self.first_year + y}" / name)
            for y in range(years)
        ]
        self.person_from, self.household_from = person_from, household_from
        died = pop.health.died
        self.died = np.where(died < 0, np.iinfo(np.int32).max, died).astype(np.int32)
        self.calendars: dict[tuple[int, float, bool], Days] = {}

    def calendar(self, year: int, winter: float, weekdays: bool) -> Days:
        """65,536 days of the year, each as often as it is likely: a draw is one lookup."""
        key = (year, winter, weekdays)
        if key not in self.calendars:
            day = np.arange(self.starts[year], self.starts[year] + self.lengths[year])
            weight = 1 + winter * np.cos(2 * np.pi * (day - self.starts[0] - 290) / 365.25)
            if weekdays:
                weight *= np.where((day + 3) % 7 < 5, 1.0, 0.06)
            ends = np.cumsum(weight)
            points = (np.arange(1 << DAY_BITS) + 0.5) / (1 << DAY_BITS) * ends[-1]
            self.calendars[key] = day[np.searchsorted(ends, points)].astype(np.int32)
        return self.calendars[key]

    def alive_share(self, who: Ints, year: int) -> Weights:
        """Share of the year each person is alive."""
        left = (self.died[who] - self.starts[year]) / np.float32(self.lengths[year])
        return np.clip(left, 0, 1).astype(np.float32)

    def write(
        self,
        year: int,
        kind: str,
        names: tuple[str, ...],
        who: Ints,
        subtype: Days,
        day: Days,
        nights: Any = None,
    ) -> None:
        """Add rows of one kind in one year; `subtype` indexes `names`."""
        import pyarrow as pa

        count = len(who)
        if not count:
            return
        constant = pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([kind]))
        rows = pa.table(
            [
                who + self.person_from,
                self.pop.home[who] + self.household_from,
                constant,
                pa.DictionaryArray.from_arrays(pa.array(subtype), pa.array(list(names), pa.string())),
                pa.array(day).view(pa.date32()),
                np.zeros(count, np.int16) if nights is None else nights,
            ],
            schema=schema.EVENT.arrow(in_file=True),
        )
        self.files[year].write(rows, ROWS_A_GROUP)

    def close(self) -> Iterator[Finished]:
        """Finish the files."""
        for file in self.files:
            file.close()
            yield Finished(file.path, file.rows)


def write_events(
    pop: Population,
    folder: Path,
    name: str,
    *,
    years: int,
    person_from: int,
    household_from: int,
    rng: np.random.Generator,
    talk: Callable[[float], None] = lambda _: None,
) -> Iterator[Finished]:
    """Write all events of a population into `folder`/financial_year=Y/`name`; give each file when all are done.

    Memory holds one stream of one year at a time.
    """
    talk(0.0)
    circles = Circles(pop)
    log = _Log(pop, folder, name, years, person_from, household_from, rng)
    shocks = [
        np.exp(YEAR_SHOCK * rng.standard_normal(len(pop), dtype=np.float32) - YEAR_SHOCK**2 / 2)
        for _ in range(years)
    ]
    steps = len(STREAMS) + len(REVIEWS) + 1
    for i, stream in enumerate(STREAMS):
        _draw_stream(log, circles, stream, shocks)
        talk((i + 1) / steps)
    for review in REVIEWS:
        _draw_review(log, circles, review)
    talk((steps - 1) / steps)
    _draw_maternity(log, circles)
    talk(1.0)
    yield from log.close()


def _draw_stream(log: _Log, circles: Circles, stream: Stream, shocks: list[Weights]) -> None:
    who, mean = expected(circles, stream)
    mix, names = _mix_table(stream)
    classes = (circles.classes(stream)[who] << MIX_BITS).astype(np.int32)
    dying = np.zeros(len(who), np.bool_)
    for year in range(log.years):
        trend = stream.trend[min(year, len(stream.trend) - 1)]
        alive = log.alive_share(who, year)
        rate = mean * (trend * alive * shocks[year][who])
        count = (log.rng.random(len(who)) < -np.expm1(-rate)) if stream.once else log.rng.poisson(rate)
        local = np.repeat(np.arange(len(who)), count)
        bits = log.rng.integers(0, 1 << (DAY_BITS + MIX_BITS), len(local), dtype=np.uint32)
        day = log.calendar(year, stream.winter, stream.weekdays)[bits & ((1 << DAY_BITS) - 1)]
        subtype = mix[classes[local] + (bits >> DAY_BITS).astype(np.int32)]
        np.less(alive, 1, out=dying)
        late = np.flatnonzero(dying[local])
        offset = day[late] - log.starts[year]
        day[late] = log.starts[year] + (offset * alive[local[late]]).astype(np.int32)
        log.write(year, stream.kind, names, who[local], subtype, day, _nights(log, stream, names, subtype))


def _mix_table(stream: Stream) -> tuple[Days, tuple[str, ...]]:
    """Subtypes as a flat lookup [class, 1024] of indices into the names."""
    names = tuple(dict.fromkeys(name for row in stream.mix for name, _ in row))
    table = np.empty((len(stream.mix), 1 << MIX_BITS), np.int32)
    points = (np.arange(1 << MIX_BITS) + 0.5) / (1 << MIX_BITS)
    for row, mix in enumerate(stream.mix):
        ends = np.cumsum([weight for _, weight in mix])
        at = np.array([names.index(name) for name, _ in mix])
        table[row] = at[np.searchsorted(ends / ends[-1], points)]
    return table.ravel(), names


def _nights(log: _Log, stream: Stream, names: tuple[str, ...], subtype: Days) -> NDArray[np.int16] | None:
    """Nights stayed: geometric about the stream's mean; none for a day case; three weeks for an inpatient stay."""
    if stream.nights:
        stay = np.minimum(log.rng.geometric(1 / (1 + stream.nights), len(subtype)) - 1, 365).astype(np.int16)
        if "day_case" in names:
            stay[subtype == names.index("day_case")] = 0
        return stay
    if "inpatient" in names:
        stay = np.zeros(len(subtype), np.int16)
        inside = np.flatnonzero(subtype == names.index("inpatient"))
        stay[inside] = np.minimum(log.rng.geometric(1 / 21, len(inside)), 365)
        return stay
    return None


def _draw_review(log: _Log, circles: Circles, review: Review) -> None:
    """At most one a year for each person on the register, the likelier the less deprived."""
    who = np.flatnonzero(circles.circle(review.open_to))
    share = (
        review.share
        - review.by_decile * (10 - circles.decile[who])
        - review.by_minority * circles.minority[who]
    )
    for year in range(log.years):
        alive = log.alive_share(who, year)
        seen = who[log.rng.random(len(who)) < share * (alive >= 1)]
        point = log.rng.integers(0, 1 << DAY_BITS, len(seen), dtype=np.uint32)
        winter = 0.9 if review.subtype == "copd_vaccination" else 0.1
        day = log.calendar(year, winter, True)[point]
        log.write(year, "gp", (review.subtype,), seen, np.zeros(len(seen), np.int32), day)


def _draw_maternity(log: _Log, circles: Circles) -> None:
    """Births, the admission for each, and the bookings and contacts around it, in whichever year they fall."""
    pop, rng = circles.pop, log.rng
    names = schema.EVENT_KINDS["maternity"]
    women = np.flatnonzero((pop.people.sex == 0) & (pop.people.age >= 12) & (pop.people.age < 45))
    target = circles.minority[women] | (circles.decile[women] == 1)
    for year in range(log.years + 1):
        rate = along(contacts.FERTILITY, pop.people.age[women] + year)
        rate *= np.exp(0.02 * (5.5 - circles.decile[women])) * (log.alive_share(women, year) >= 1)
        chosen = rng.random(len(women)) < rate
        mother = women[chosen]
        birth = log.calendar(year, 0.0, False)[rng.integers(0, 1 << DAY_BITS, len(mother), dtype=np.uint32)]
        kept = rng.random(len(mother)) < np.array(contacts.CONTINUITY)[target[chosen].astype(np.int64)]
        stay = np.minimum(rng.geometric(0.45, len(mother)), 20).astype(np.int16)
        if year < log.years:
            log.write(year, "admission", ("birth",), mother, np.zeros(len(mother), np.int32), birth, stay)
        _write_contacts(log, names, mother, birth, kept)


def _write_contacts(log: _Log, names: tuple[str, ...], mother: Ints, birth: Days, kept: Bools) -> None:
    rng, count = log.rng, len(mother)
    at = {name: i for i, name in enumerate(names)}
    kinds = [np.where(kept, at["booking_continuity"], at["booking"])]
    days = [birth - rng.integers(195, 225, count)]
    for i in range(contacts.ANTENATAL_CONTACTS):
        kinds.append(np.full(count, at["antenatal"]))
        days.append(birth - 170 + 32 * i + rng.integers(-6, 7, count))
    kinds.append(np.where(kept, at["birth_continuity"], at["birth"]))
    days.append(birth)
    for i in range(contacts.POSTNATAL_CONTACTS):
        kinds.append(np.full(count, at["postnatal"]))
        days.append(birth + 3 + 9 * i + rng.integers(0, 5, count))
    who = np.concatenate([mother] * len(kinds))
    subtype, day = np.concatenate(kinds).astype(np.int32), np.concatenate(days).astype(np.int32)
    order = np.lexsort((day, who))
    who, subtype, day = who[order], subtype[order], day[order]
    for year in range(log.years):
        inside = (
            (day >= log.starts[year]) & (day < log.starts[year] + log.lengths[year]) & (day <= log.died[who])
        )
        log.write(year, "maternity", names, who[inside], subtype[inside], day[inside])
