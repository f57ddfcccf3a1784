"""Storing versions of the theory of change: each is kept whole, and none is stored that is unsound."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from endeavour.core.public import Person, require, today, write_audit
from endeavour.errors import BadInput
from endeavour.strategy.at_once import one_at_a_time
from endeavour.strategy.models import TheoryReview, TheoryVersion
from endeavour.strategy.moments import this_moment
from endeavour.strategy.theory.graph import checked


def load_theory(folder: Path, *, by: Person | None = None) -> int:
    """Load `theory-of-change.yaml` of a pack as a version, where the pack has one and it is new."""
    path = folder / "theory-of-change.yaml"
    if not path.is_file():
        return 0
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("is not well-formed YAML", file=path.name) from error
    return int(publish_theory(content=read_theory(text, file=path.name), by=by) is not None)


def read_theory(text: str, *, file: str = "") -> dict[str, Any]:
    """A theory of change as it is written in YAML, as plain data; `BadInput` names the file where there is one."""
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise BadInput("This is not well-formed YAML.", file=file or None) from error
    if not isinstance(content, dict):
        raise BadInput("This holds no theory of change.", file=file or None)
    plain: dict[str, Any] = json.loads(json.dumps(content, default=str))
    return plain


@transaction.atomic
def publish_theory(*, content: Mapping[str, Any], by: Person | None) -> TheoryVersion | None:
    """Store a sound theory as the next version; None when this very content is stored already."""
    if by is not None:
        require(by, "strategy.theory")
    graph = checked(content)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    if TheoryVersion.objects.filter(sha256=digest).exists():
        return None
    last = TheoryVersion.objects.order_by("-version").first()
    with one_at_a_time("published a version"):
        made = TheoryVersion.objects.create(
            by=by, recorded_at=this_moment(), version=last.version + 1 if last else 1,
            title=graph.title or "Theory of change", content=dict(content), sha256=digest,
        )  # fmt: skip
    write_audit(by=by, action="strategy.theory", subject=f"theory:{made.version}", sha256=digest)
    return made


@transaction.atomic
def review_theory(
    *,
    by: Person | None,
    version: int,
    reviewer: str,
    organisation: str,
    words: str,
    signs_off: bool,
    reviewed_on: date,
) -> TheoryReview:
    """Record an independent reviewer's view.

    Whoever published a version cannot also sign it off, nor a colleague of the same body, nor can those who drafted it
    (`drafted_by` of its content) be named as the reviewer's organisation: each is a `BadInput`.
    """
    require(by, "strategy.review_theory")
    theory = TheoryVersion.objects.filter(version=version).first()
    if theory is None:
        raise BadInput(f"There is no version {version} of the theory of change.")
    if theory.by_id is not None and by is not None and theory.by_id == by.pk:
        raise BadInput("A review must be independent: you published this version.", hint="Ask somebody else.")
    if theory.by and by and theory.by.body_id is not None and theory.by.body_id == by.body_id:
        raise BadInput("A review must be independent: your body published this version.", hint="Ask another.")
    drafter = str(theory.content.get("drafted_by", "")).strip().casefold()
    if drafter and drafter == organisation.strip().casefold():
        raise BadInput("A review must be independent: that organisation drafted it.", hint="Ask another one.")
    if not (reviewer.strip() and organisation.strip() and words.strip()):
        raise BadInput("A review needs a name, an organisation and words.")
    if reviewed_on > today():
        raise BadInput(f"The review is in the future ({reviewed_on}).")
    made = TheoryReview.objects.create(
        by=by, recorded_at=this_moment(), theory=theory, reviewer=reviewer.strip(), organisation=organisation.strip(),
        words=words.strip(), signs_off=signs_off, reviewed_on=reviewed_on,
    )  # fmt: skip
    write_audit(by=by, action="strategy.review_theory", subject=f"theory:{version}", signs_off=signs_off)
    return made
