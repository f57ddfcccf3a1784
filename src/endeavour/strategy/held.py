"""What one body holds in the strategy on a day besides its promises: its plans, proposals, campaigns, pledges, resources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from endeavour.core.public import AuditEntry, Body, end_of, entry
from endeavour.strategy.campaign_reading import READS, SAYS_HOW, campaigns
from endeavour.strategy.models import CampaignOwner, Plan, Pledge, Resource
from endeavour.strategy.proposals import proposals


@dataclass(frozen=True)
class Held:
    """One thing that a body holds: its name as an entry, and it in words."""

    name: str
    words: str


def plans_held(body: Body, *, at: date) -> Iterator[Held]:
    """Its own plans that were known by a day and not known to be over on it.

    A plan that the pack names has no day of its listing: it is known on every day.
    """
    own = list(Plan.objects.filter(owner=body.key).order_by("title"))
    going = [plan for plan in own if plan.period_to is None or plan.period_to >= at]
    names = {entry("plan", plan.key): plan for plan in going}
    listed_later = set(
        AuditEntry.objects.filter(action="strategy.plan", subject__in=names, at__gte=end_of(at)).values_list(
            "subject", flat=True
        )
    )
    for name, plan in names.items():
        if name not in listed_later:
            yield Held(name, f"{plan.title}{_until(plan)}")


def _until(plan: Plan) -> str:
    last = f", until {plan.period_to:%-d %B %Y}" if plan.period_to else ""
    return f"{last}, to be reviewed by {plan.review_on:%-d %B %Y}" if plan.review_on else last


def resources_held(body: Body, *, at: date) -> Iterator[Held]:
    """What it had pledged to a commitment by a day and not given, by commitment and kind."""
    sums: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    rows = Resource.objects.filter(body=body.key, recorded_at__lt=end_of(at)).exclude(stage="required")
    for row in rows.order_by("id"):
        sums[row.ref, row.kind][row.stage] += row.amount
    for (ref, kind), stages in sorted(sums.items()):
        left = stages["pledged"] - max(Decimal(0), stages["given"])
        if left > 0:
            label = Resource.Kind(kind).label.capitalize()
            words = f"{label} for {ref}: {_plain(left)} of {_plain(stages['pledged'])} pledged are still to be given"
            yield Held(entry("resource", f"{ref}/{kind}"), words)


def _plain(amount: Decimal) -> str:
    """An amount without the pence that it does not have.

    >>> _plain(Decimal("1200.00")), _plain(Decimal("0.50"))
    ('1,200', '0.50')
    """
    return f"{amount:,.0f}" if amount == amount.to_integral() else f"{amount:,.2f}"


def campaigns_held(body: Body, *, at: date) -> Iterator[Held]:
    """Campaigns that it owned on a day and that were not over, with what it brings to each."""
    stand: dict[str, CampaignOwner] = {}
    for row in CampaignOwner.objects.filter(body=body.key, recorded_at__lt=end_of(at)).order_by("recorded_at", "id"):  # fmt: skip
        stand[row.campaign] = row
    if not stand:
        return
    for found in campaigns(at=at):
        owner = stand.get(found.now.key)
        if owner and not owner.leaves and (found.now.ends_on is None or at < found.now.ends_on):
            brings = f": it brings {owner.brings}" if owner.brings else ""
            yield Held(
                entry("campaign", found.now.key),
                f"{found.now.title}{brings}{_made_up(owner.is_illustrative)}",
            )


def pledges_held(body: Body, *, at: date) -> Iterator[Held]:
    """What it promised in campaigns and had neither kept nor taken back by a day; never a receipt."""
    own = Pledge.objects.filter(body=body.key, recorded_at__lt=end_of(at)).order_by("id")
    waiting = [row for row in own.prefetch_related("steps") if not _is_settled(row, at)]
    running = {found.now.key: found for found in campaigns(at=at)} if waiting else {}
    for row in waiting:
        if found := running.get(row.campaign):
            ways = {way["key"]: way["words"] for way in found.now.ways}
            words = " ".join(filter(None, (ways.get(row.way, ""), row.words)))
            yield Held(entry("pledge", row.pk), f"{found.now.title}: {words}{_made_up(row.is_illustrative)}")


def _is_settled(row: Pledge, at: date) -> bool:
    """Whether somebody had said by a day that it was kept, not kept, taken back, or may not be shown."""
    steps = sorted(
        (s for s in row.steps.all() if s.recorded_at < end_of(at)), key=lambda s: (s.recorded_at, s.pk)
    )
    read = [step.kind for step in steps if step.kind in READS]
    went = [step.kind for step in steps if step.kind in SAYS_HOW]
    return read[-1:] == ["not_shown"] or (bool(went) and went[-1] != "partly")


def proposals_held(body: Body, *, at: date) -> Iterator[Held]:
    """What it had proposed by a day and nobody had decided."""
    for found in proposals(at=at):
        if found.now.body == body.key and (found.now.decided_on is None or found.now.decided_on > at):
            yield Held(found.name, f"{found.now.title}{_made_up(found.now.is_illustrative)}")


def _made_up(is_illustrative: bool) -> str:
    return " (made up to show how it works)" if is_illustrative else ""
