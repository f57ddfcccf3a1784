"""The seats of a body on a day beside a membership to weigh up, and when membership is looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from endeavour.core.public import Area, Body, end_of
from endeavour.errors import NotFound
from endeavour.governance.definitions_memberships import Proposal, proposed_memberships
from endeavour.governance.membership import HOW, Change, SeatFor, compared
from endeavour.governance.models import MembershipProposal
from endeavour.governance.queries.boards import body_names
from endeavour.governance.queries.partners import Practice, WorkingBody, working_body


@dataclass(frozen=True)
class Weighed:
    """A body's seats today and as proposed, by class of partner and by Alliance."""

    on: WorkingBody
    rules: Practice | None
    proposals: list[Proposal]
    proposal: Proposal | None
    seats: list[tuple[str, str, str]]
    by_class: list[Change]
    by_place: list[Change]

    @property
    def left_out(self) -> list[Change]:
        """Classes of partner and Alliances that would have no seat."""
        return [change for change in (*self.by_class, *self.by_place) if change.is_left_out]


def membership(key: str, as_at: date, proposal: str = "") -> Weighed:
    """A body's membership on a day beside one proposal: the named one, else the first; without any, beside itself."""
    on = working_body(key, as_at)
    proposals = proposals_for(key, as_at)
    chosen = next((p for p in proposals if not proposal or p.key == proposal), None)
    if proposal and chosen is None:
        raise NotFound(
            f"There is no membership '{proposal[:40]}' to weigh up.", hint=f"See /body/{key}/membership."
        )
    places = dict(
        Area.objects.at(as_at).filter(kind=Area.Kind.PLACE).order_by("name").values_list("code", "name")  # type: ignore[attr-defined]
    )
    now = [_seat(seat.post.nominated_by, places) for seat in on.seats]
    then = [SeatFor(s.partner_class, s.place) for s in chosen.seats] if chosen else now
    classes = {value: str(label) for value, label in Body.PartnerClass.choices if value != "other"}
    by_class, by_place = compared(now, then, classes, places)
    rules = next((p for p in on.practices if p.document.kind == "membership"), None)
    names = body_names() if chosen else {}
    seats = (
        [(s.title, HOW[s.how], names.get(s.nominated_by, s.nominated_by)) for s in chosen.seats]
        if chosen
        else []
    )
    return Weighed(on, rules, proposals, chosen, seats, by_class, by_place)


def proposals_for(body: str, as_at: date) -> list[Proposal]:
    """The memberships of a body put up by a day: the newest that a person put up first, then the pack's."""
    known = MembershipProposal.objects.filter(body__key=body, recorded_at__lt=end_of(as_at)).order_by("-pk")
    put_up = [
        Proposal.model_validate(
            {"key": row.key, "body": body, "title": row.title, "rules": row.rules, "source": row.source, "seats": row.seats}
        )
        for row in known
    ]  # fmt: skip
    return put_up + [p for p in proposed_memberships(settings.PACK) if p.body == body]


def _seat(nominator: Body | None, places: dict[str, str]) -> SeatFor:
    """Whom a seat of today speaks for: its nominator's class, else the partnership itself."""
    if nominator is None:
        return SeatFor("partnership")
    return SeatFor(nominator.partner_class, nominator.area_code if nominator.area_code in places else "")
