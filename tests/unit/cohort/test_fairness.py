"""The audit by hand: who is at the threshold, what a limit costs, and that nobody who opted out is anywhere."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from endeavour.engine.cohort.choose import Limit
from endeavour.engine.cohort.fairness import KINDS, audit, groups_of
from endeavour.engine.cohort.features import GROUPS
from endeavour.engine.cohort.first_5000 import fairness
from endeavour.engine.cohort.rule import open_rule
from endeavour.engine.cohort.summary import price_words

HOUSEHOLDS = 2_000


def world(seed: int = 1) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    n = HOUSEHOLDS
    counts = ("emergency_admissions", "ae_visits", "most_conditions", "gp_contacts", "mental_health_contacts",
              "social_care_contacts", "community_contacts")  # fmt: skip
    return {
        "household_id": np.arange(1, n + 1),
        "imd2025_decile": rng.integers(1, 11, n),
        "ethnicity": np.where(rng.random(n) < 0.2, "minoritised", "white").astype(object),
        "place": np.where(rng.random(n) < 0.5, "north", "south").astype(object),
        "tenure": np.full(n, "social_council", dtype=object),
        "composition": np.full(n, "one_person", dtype=object),
        "children": rng.integers(0, 3, n),
        "oldest": rng.integers(20, 95, n),
        "deprived_health": rng.random(n) < 0.3,
        "is_communal": rng.random(n) < 0.05,
        "opted_out": rng.random(n) < 0.1,
        **{name: rng.poisson(1, n) for name in counts},
        **{f"in_{group}": rng.random(n) < 0.1 for group in GROUPS},
    }


def test_the_need_of_the_last_chosen_shows_a_group_that_was_asked_more_of() -> None:
    columns, rng = world(), np.random.default_rng(2)
    need = rng.uniform(20, 60, HOUSEHOLDS)
    hard = columns["ethnicity"] == "minoritised"
    chosen = need > np.where(hard, 50, 40)
    last = chosen & (need < np.where(hard, 52, 42))
    found = audit("unfair", columns, in_need=need > 30, chosen=chosen, last=last, need=need, population="r")
    rows = {(r["kind"], r["group"]): r for r in found.rows()}
    assert rows["ethnicity", "minoritised"]["need_at_threshold"] == pytest.approx(51, abs=0.5)
    assert rows["ethnicity", "white"]["need_at_threshold"] == pytest.approx(41, abs=0.5)
    assert set(found.tables) == set(KINDS)


def test_groups_of_a_kind_take_in_everybody_once_but_those_that_overlap() -> None:
    columns = world()
    for kind in KINDS:
        inside = np.sum([members for _, members in groups_of(columns, kind)], axis=0)
        assert (inside >= 1).all() if kind != "plus_group" else (inside >= 0).all(), kind
        assert kind == "plus_group" or (inside == 1).all(), kind


def test_every_rule_chooses_as_many_and_nobody_who_opted_out(monkeypatch: pytest.MonkeyPatch) -> None:
    columns, rule = world(), open_rule().for_size(200)
    ordinary = ~columns["is_communal"] & ~columns["opted_out"]
    eligible = np.flatnonzero(ordinary)
    distance = np.random.default_rng(3).normal(size=len(eligible))
    chosen = np.zeros(HOUSEHOLDS, bool)
    chosen[eligible[np.argsort(-distance)[:200]]] = True
    cohort: Any = SimpleNamespace(
        columns=columns, rule=rule, need=np.full(HOUSEHOLDS, 50.0), chosen=chosen, eligible=eligible,
        choice=SimpleNamespace(reduced=distance),
    )  # fmt: skip
    seen: dict[str, Any] = {}
    from endeavour.engine.cohort import first_5000

    def spy(rule: str, columns: Any, **more: Any) -> None:
        seen[rule] = more

    monkeypatch.setattr(first_5000, "audit", spy)
    chance = np.where(columns["opted_out"], np.nan, np.linspace(0, 1, HOUSEHOLDS))
    fairness(cohort, population="r", chance=chance)
    assert list(seen) == [
        "our rule",
        "most hospital use",
        "highest cost",
        "postcode alone",
        "highest predicted risk",
    ]
    for name, told in seen.items():
        assert told["chosen"].sum() == 200, name
        assert told["last"].sum() == 20, name
        assert (told["last"] <= told["chosen"]).all()
        assert not (told["chosen"] & ~ordinary).any(), name
    ours = seen["our rule"]
    nearest = eligible[np.argsort(np.where(chosen[eligible], distance, np.inf))[:20]]
    assert set(np.flatnonzero(ours["last"])) == set(nearest)


@pytest.mark.parametrize(
    ("limit", "price", "words"),
    [
        (Limit("floor carer", "carers", 10, np.inf), -2.04, "asking one more of these would cost the others 2.0 points"),
        (Limit("neighbourhood U1", "U1", 0, 9), 1.5, "room for one more here would meet 1.5 more points"),
        (Limit("size", "all", 5, 5), 41.0, "help for one more household would meet 41.0 more points"),
        (Limit("place north", "north", 1, 9), 0.0, "costs nothing"),
    ],
)  # fmt: skip
def test_each_price_is_said_in_words(limit: Limit, price: float, words: str) -> None:
    assert words in price_words(limit, price)
