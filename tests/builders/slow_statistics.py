"""The statistics again, one group at a time in plain Python: slow, obvious, and written apart from the engine.

Each function takes numbers and lists for one group and returns (value, lower, upper), or None where the figure is not
shown. Generative tests hold the engine to them, and the benchmark times them as 'a plain loop'.
"""

from __future__ import annotations

import math
from statistics import NormalDist

Interval = tuple[float, float, float]


def z_of(level: float) -> float:
    return NormalDist().inv_cdf(1 - (1 - level) / 2)


def poisson_at_most(count: int, expected: float) -> float:
    term = total = math.exp(-expected)
    for k in range(1, count + 1):
        term *= expected / k
        total += term
    return total


def solve(function, low: float, high: float) -> float:
    """Where a falling function crosses zero, by halving."""
    for _ in range(200):
        middle = (low + high) / 2
        if function(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def exact_count(count: int, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    lower = 0.0
    if count > 0:
        lower = solve(lambda m: poisson_at_most(count - 1, m) - (1 - tail), 0, 100)
    return lower, solve(lambda m: poisson_at_most(count, m) - tail, 0, 100)


def byar_count(count: float, level: float) -> tuple[float, float]:
    z = z_of(level)
    more = count + 1
    return (
        count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3,
        more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3,
    )


def count_interval(count: float, level: float) -> tuple[float, float]:
    return exact_count(int(count), level) if count < 10 else byar_count(count, level)


def proportion(x: float, n: float, level: float) -> Interval:
    z, p = z_of(level), x / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return p, middle - reach, middle + reach


def rate(x: float, n: float, level: float, multiplier: float = 1e5) -> Interval:
    lower, upper = count_interval(x, level)
    return x / n * multiplier, lower / n * multiplier, upper / n * multiplier


def dsr(events, people, standard, level: float, multiplier: float = 1e5) -> Interval | None:
    total, whole = sum(events), sum(standard)
    if total < 10:
        return None
    value = variance = 0.0
    for x, n, w in zip(events, people, standard, strict=True):
        value += w * x / n / whole
        variance += w * w * x / (n * n) / (whole * whole)
    lower, upper = byar_count(total, level)
    stretch = math.sqrt(variance / total)
    return tuple(
        multiplier * v for v in (value, value + stretch * (lower - total), value + stretch * (upper - total))
    )


def indirect_ratio(events, people, reference_events, reference_people, level: float) -> Interval:
    observed = sum(events)
    expected = sum(n * rx / rn for n, rx, rn in zip(people, reference_events, reference_people, strict=True))
    lower, upper = count_interval(observed, level)
    return observed / expected, lower / expected, upper / expected


def life_expectancy(deaths, people, ages, level: float) -> list[Interval] | None:
    """At every age; None where any of the field's rules withholds the table."""
    if min(people) <= 0 or sum(people) <= 5000 or deaths[-1] == 0:
        return None
    if any(d > n for d, n in zip(deaths, people, strict=True)):
        return None
    last = len(ages) - 1
    alive, dying, years = [1.0], [], []
    for i in range(last):
        width, share = ages[i + 1] - ages[i], 0.1 if ages[i] == 0 else 0.5
        m = deaths[i] / people[i]
        q = min(1.0, width * m / (1 + width * (1 - share) * m)) if m * width * share <= 1 else 1.0
        dying.append(q)
        alive.append(alive[i] * (1 - q))
        years.append(width * (alive[i + 1] + share * (alive[i] - alive[i + 1])))
    last_rate = deaths[last] / people[last]
    years.append(alive[last] / last_rate)
    remaining = [sum(years[i:]) / alive[i] if alive[i] > 0 else 0.0 for i in range(last + 1)]
    results = []
    for start in range(last + 1):
        variance = 0.0
        for i in range(start, last):
            if dying[i] == 0 or alive[i] == 0:
                continue
            width, share = ages[i + 1] - ages[i], 0.1 if ages[i] == 0 else 0.5
            spread = dying[i] ** 2 * (1 - dying[i]) / deaths[i]
            variance += spread * alive[i] ** 2 * ((1 - share) * width + remaining[i + 1]) ** 2
        variance += alive[last] ** 2 / (deaths[last] * last_rate**2)
        error = math.sqrt(variance / alive[start] ** 2) if alive[start] > 0 else math.nan
        reach = z_of(level) * error
        results.append((remaining[start], remaining[start] - reach, remaining[start] + reach))
    return results


def quantiles(values, wanted: int, invert: bool) -> list[int | None]:
    known = [v for v in values if v is not None]
    if len(known) < wanted:
        return [None] * len(values)
    out: list[int | None] = []
    for v in values:
        if v is None:
            out.append(None)
            continue
        ahead = sum(1 for other in known if (other > v if invert else other < v))
        place = (wanted + 1) - math.ceil((len(known) - ahead) / (len(known) / wanted))
        out.append(max(place, 1))
    return out


def slope(values, people) -> float:
    """The slope index without its interval: least squares weighted by people."""
    whole = sum(people)
    before, ranks = 0.0, []
    for n in people:
        ranks.append((before + n / 2) / whole)
        before += n
    centre = sum(n * x for n, x in zip(people, ranks, strict=True)) / whole
    middle = sum(n * y for n, y in zip(people, values, strict=True)) / whole
    over = sum(n * (x - centre) * (y - middle) for n, x, y in zip(people, ranks, values, strict=True))
    return over / sum(n * (x - centre) ** 2 for n, x in zip(people, ranks, strict=True))
