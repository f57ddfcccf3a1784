"""Doubtful pairs for a person to judge, and the decisions that bind every later run.

A run puts three kinds of pairs into its result's `review.parquet`: those whose weight lies between 'different' and
'same' (the grey zone), those likely the same that a run may not join by itself because each belongs to a person who
is already known (a run never renumbers), and those joined earlier that now carry two NHS numbers. The file holds names and birth dates: show it only through the scoped,
audited door, to those whose role is to judge it.

    from endeavour.engine.linkage.review import ReviewPair, keep_decisions, pairs_to_review, read_decisions

    for pair in pairs_to_review(limit=20):          # undecided pairs, most doubtful first; [] before the first run
        pair.left_id, pair.right_id                 # 'nhs:17', 'housing:204'; left_id < right_id always
        pair.weight, pair.probability               # bits of evidence, and the chance (0 to 1) that they are one person
        pair.reason                                 # a key of REASONS
        pair.reason_words                           # the same as a sentence
        pair.left, pair.right                       # dict[str, str]: the fields of FIELDS, '' where not known
        for factor in pair.factors:                 # the waterfall, in order; bits add up to `pair.weight`
            factor.field, factor.words, factor.weight

    keep_decisions([{"left_id": "nhs:17", "right_id": "housing:204", "verdict": "same",
                     "decided_on": date(2026, 11, 22), "decided_by": "a reference, not a name"}])

`keep_decisions` adds to what was kept: it writes the file whole or not at all, and giving a decision twice changes
nothing. The latest day wins where a pair was decided twice; on one day, the last given. `verdict` is 'same' (joined
by the next run, above any model), 'different' (kept apart for good), or 'unsure' (nothing changes, the pair is not
offered again until the records do). Take a decision back by giving 'unsure' later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from endeavour.engine.linkage.paths import current_result, keyed_dir, linkage_dir
from endeavour.errors import BadInput
from endeavour.paths import write_atomically

if TYPE_CHECKING:
    import pyarrow as pa

Verdict = Literal["same", "different", "unsure"]
VERDICTS: tuple[Verdict, ...] = ("same", "different", "unsure")

FIELDS = (
    "agency", "nhs_number", "forename", "surname", "sex", "birth_date", "address", "postcode", "uprn", "address_from",
)  # fmt: skip
"""What a reviewer sees of each record, in order."""

AGREE, DIFFER, UNKNOWN = "agree", "differ", "not known of both"
"""What a pattern says of one code of two records, where no name may be seen."""

REASONS = {
    "grey zone": "The evidence is neither enough to join these records nor enough to keep them apart.",
    "joins two known people": "These records look alike, but each belongs to a person who already has a number.",
    "disagrees with itself": "These records count as one person, yet now carry two different NHS numbers.",
}


@dataclass(frozen=True)
class Factor:
    """One step of the waterfall: how far one comparison moves the evidence, in bits (a doubling of the odds each)."""

    field: str
    words: str
    weight: float


@dataclass(frozen=True)
class ReviewPair:
    """Two records and the evidence about them."""

    left_id: str
    right_id: str
    weight: float
    probability: float
    reason: str
    left: dict[str, str]
    right: dict[str, str]
    factors: tuple[Factor, ...]

    @property
    def is_pattern(self) -> bool:
        """Whether only codes were compared: `factors` then say which agree, and there is no chance and no weight."""
        return not any(value for name, value in self.left.items() if name != "agency")

    @property
    def reason_words(self) -> str:
        """Why it is here, as a sentence."""
        return REASONS[self.reason]


@dataclass(frozen=True)
class Decision:
    """What somebody decided about a pair, and when. `decided_by` is a reference to the person, not a name."""

    left_id: str
    right_id: str
    verdict: Verdict
    decided_on: date
    decided_by: str

    @property
    def pair(self) -> tuple[str, str]:
        """The two records' ids, in order."""
        return self.left_id, self.right_id

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Decision:
        """Check one decision as given; BadInput says what is wrong with it.

        >>> Decision.of({"left_id": "nhs:2", "right_id": "housing:1", "verdict": "same",
        ...     "decided_on": "2026-11-22", "decided_by": "p7"}).pair
        ('housing:1', 'nhs:2')
        """
        names = ("left_id", "right_id", "verdict", "decided_on", "decided_by")
        if set(given) != set(names):
            raise BadInput(f"A decision has {', '.join(names)}; this has {', '.join(sorted(given))}.")
        left, right = sorted((str(given["left_id"]), str(given["right_id"])))
        if left == right or not all(_is_id(name) for name in (left, right)):
            raise BadInput(
                f"A decision is about two records, not '{left}' and '{right}'.",
                hint="Give ids such as nhs:17.",
            )
        if given["verdict"] not in VERDICTS:
            raise BadInput(
                f"'{given['verdict']}' is not a verdict.", hint=f"Give one of {', '.join(VERDICTS)}."
            )
        day = given["decided_on"]
        try:
            decided_on = day if isinstance(day, date) else date.fromisoformat(str(day))
        except ValueError:
            raise BadInput(f"'{day}' is not a day.", hint="Give it as 2026-11-22.") from None
        if not str(given["decided_by"]).strip():
            raise BadInput("A decision needs somebody who made it.")
        return cls(left, right, cast("Verdict", given["verdict"]), decided_on, str(given["decided_by"]))


def _is_id(name: str) -> bool:
    agency, _, number = name.partition(":")
    return bool(agency and number)


def pairs_to_review(
    root: Path | None = None, *, limit: int | None = None, with_decided: bool = False
) -> list[ReviewPair]:
    """The doubtful pairs of the result in use, most doubtful first, without those decided since.

    Empty before the first run. In the pseudonymised mode a pair is a pattern (`is_pattern`): nothing a person could
    be known by.
    """
    import pyarrow as pa

    table = _queue(root)
    if table is None:
        return []
    decided = set() if with_decided else {decision.pair for decision in read_decisions(root)}
    left, right = table.column("left_id").to_pylist(), table.column("right_id").to_pylist()
    wanted = [at for at, pair in enumerate(zip(left, right, strict=True)) if pair not in decided][:limit]
    return [_pair(row) for row in table.take(pa.array(wanted, pa.int64())).to_pylist()]


def waiting_anywhere() -> list[ReviewPair]:
    """The pairs of both modes, those with names first; a pair that stands in both is shown once."""
    named = pairs_to_review(with_decided=True)
    seen = {(pair.left_id, pair.right_id) for pair in named}
    return named + [
        pair
        for pair in pairs_to_review(keyed_dir(), with_decided=True)
        if (pair.left_id, pair.right_id) not in seen
    ]


def results_in_use() -> str:
    """What changes whenever the pairs that wait do: the results in use of both modes."""
    return f"{current_result()} {current_result(keyed_dir())}"


def keep_everywhere(decisions: Iterable[Mapping[str, Any]]) -> int:
    """`keep_decisions` for both modes, so that a judgement binds whichever runs next."""
    given = list(decisions)
    if keyed_dir().is_dir():
        keep_decisions(given, keyed_dir())
    return keep_decisions(given)


def _queue(root: Path | None) -> pa.Table | None:
    import pyarrow.parquet as pq

    result = current_result(root)
    path = None if result is None else result / "review.parquet"
    return pq.read_table(path) if path is not None and path.is_file() else None


def _pair(row: dict[str, Any]) -> ReviewPair:
    return ReviewPair(
        left_id=row["left_id"],
        right_id=row["right_id"],
        weight=row["weight"],
        probability=row["probability"],
        reason=row["reason"],
        left={name: row["left"][name] for name in FIELDS},
        right={name: row["right"][name] for name in FIELDS},
        factors=tuple(Factor(**factor) for factor in row["factors"]),
    )


def decisions_path(root: Path | None = None) -> Path:
    """The file of decisions."""
    return (root or linkage_dir()) / "decisions.json"


def read_decisions(root: Path | None = None) -> list[Decision]:
    """Every decision in force, one a pair, in order of the pair; BadInput when the file cannot be read."""
    path = decisions_path(root)
    if not path.is_file():
        return []
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        return [Decision.of(one) for one in given]
    except (ValueError, TypeError, BadInput) as error:
        raise BadInput(
            f"the decisions cannot be read ({error})", file=path, hint="Restore it from the backup."
        ) from error


def keep_decisions(decisions: Iterable[Mapping[str, Any]], root: Path | None = None) -> int:
    """Add decisions to those kept, and give how many are now in force. All are checked before any is written."""
    given = [Decision.of(one) for one in decisions]
    if not given:
        return len(read_decisions(root))
    kept = {decision.pair: decision for decision in read_decisions(root)}
    for decision in sorted(given, key=lambda one: one.decided_on):  # stable: on one day, the last given wins
        before = kept.get(decision.pair)
        if before is None or before.decided_on <= decision.decided_on:
            kept[decision.pair] = decision
    rows = [vars(kept[pair]) | {"decided_on": kept[pair].decided_on.isoformat()} for pair in sorted(kept)]
    with write_atomically(decisions_path(root), mode=0o600) as part:
        part.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return len(rows)
