"""Whatever is written as a predicate, it is a condition over known columns or one clear refusal, and never runs."""

from __future__ import annotations

import random

import pytest

from endeavour.engine.measures.predicates import Reads, parse
from endeavour.errors import BadInput

WORDS = (
    "age", "sex", "is_smoker", "tenure", "agee", "person.age", "18", "-1", "'F'", "'x'", "NULL", "TRUE", "=", ">=", "<>",
    "AND", "OR", "NOT", "IN", "BETWEEN", "IS", "LIKE", "(", ")", ",", ";", "*", "+", "||", "SELECT", "FROM person",
    "UNION", "DROP TABLE person", "--", "/*", "CASE WHEN", "END", "count(*)", "random()", "read_csv('/etc/passwd')",
    "has('COPD')", "has('XX')", "contacts('gp')", "contacts('gp', 'bp_check') > 0", "COPY person TO 'x'", "EXISTS",
    "(SELECT max(age) FROM person)", "ATTACH 'x'", "PRAGMA", "getenv('HOME')", "$1", "?", ":x", "\\x00", "\u00e9", '"',
)  # fmt: skip
FORBIDDEN = (
    "SELECT",
    "COPY",
    "ATTACH",
    "DROP",
    "PRAGMA",
    "READ_",
    "GETENV",
    "RANDOM",
    "COUNT",
    "UNION",
    ";",
    "--",
    "/*",
)


@pytest.mark.parametrize("seed", range(20))
def test_a_predicate_is_a_condition_or_is_refused(seed: int) -> None:
    rng, lawful = random.Random(seed), 0
    named: set[str] = set()
    for _ in range(60):
        text = " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 7)))
        try:
            found = parse(text, counts="people", reads=Reads(), where="numerator", file="m.yaml")
        except BadInput as refused:
            named.add(str(refused).partition(": ")[0])
            continue
        lawful += 1
        without_words = "".join(part for at, part in enumerate(found.sql.split("'")) if at % 2 == 0).upper()
        assert not [word for word in FORBIDDEN if word in without_words], text
    assert named == {"m.yaml, column numerator"}
    assert lawful < 60
