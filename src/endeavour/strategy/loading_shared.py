"""Loading a pack's campaigns and proposals; what is known already is left as people made it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from endeavour.core.public import entry
from endeavour.strategy.campaigns import new_receipt
from endeavour.strategy.language import fingerprint
from endeavour.strategy.models import (
    Campaign,
    CampaignOwner,
    ImpactAssessment,
    Material,
    Pledge,
    PledgeStep,
    Proposal,
    Variant,
)
from endeavour.strategy.moments import this_moment
from endeavour.strategy.pack_files_shared import CampaignRow, PledgeRow, read_campaigns, read_proposals


def load_campaigns(folder: Path) -> int:
    """Begin the pack's campaigns that are not known yet; how many."""
    known = set(Campaign.objects.values_list("key", flat=True))
    new = [row for row in read_campaigns(folder) if row.key not in known]
    for row in new:
        _begin(row)
    return len(new)


def _begin(row: CampaignRow) -> None:
    moment = this_moment()
    by: dict[str, Any] = {"recorded_at": moment, "is_illustrative": row.illustrative}
    parts = {"ways", "owners", "materials", "pledges", "illustrative"}
    Campaign.objects.create(
        ways=[way.model_dump() for way in row.ways], **by, **row.model_dump(exclude=parts)
    )
    CampaignOwner.objects.bulk_create(
        CampaignOwner(campaign=row.key, **by, **owner.model_dump()) for owner in row.owners
    )
    for item in row.materials:
        Material.objects.create(campaign=row.key, key=item.key, title=item.title, words=item.words, **by)
        if item.easy_read:
            Variant.objects.create(
                entry=entry("material", f"{row.key}/{item.key}"), kind=Variant.Kind.EASY_READ, words=item.easy_read,
                made_by=item.easy_read_by, source_sha256=fingerprint(item.words), recorded_at=moment,
            )  # fmt: skip
    for promised in row.pledges:
        _promise(row, promised, by)


def _promise(row: CampaignRow, promised: PledgeRow, by: dict[str, Any]) -> None:
    made = Pledge.objects.create(
        campaign=row.key, receipt=new_receipt(), **by, **promised.model_dump(exclude={"shown", "went"})
    )
    steps = [PledgeStep.Kind.SHOWN] if promised.shown else []
    steps += [PledgeStep.Kind(promised.went)] if promised.went else []
    PledgeStep.objects.bulk_create(
        PledgeStep(pledge=made, kind=kind, recorded_at=by["recorded_at"]) for kind in steps
    )


def load_proposals(folder: Path) -> int:
    """List the pack's proposals that are not known yet, with their effects; how many."""
    known = set(Proposal.objects.values_list("key", flat=True))
    new = [row for row in read_proposals(folder) if row.key not in known]
    for row in new:
        Proposal.objects.create(
            recorded_at=this_moment(), is_illustrative=row.illustrative,
            **row.model_dump(exclude={"effects", "illustrative"}),
        )  # fmt: skip
        ImpactAssessment.objects.bulk_create(
            ImpactAssessment(
                recorded_at=this_moment(), about=entry("proposal", row.key), measure_key=effect.measure,
                **effect.model_dump(exclude={"measure"}),
            )
            for effect in row.effects
        )  # fmt: skip
    return len(new)
