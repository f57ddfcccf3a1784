"""Who may do what at the front door. Anybody may search, read, ask to be contacted and follow a receipt."""

from __future__ import annotations

from endeavour.core.public import Role, allow

LOAD_FEED = "frontdoor.load_feed"
PROPOSE_EDIT = "frontdoor.propose_edit"
APPROVE_EDIT = "frontdoor.approve_edit"
SEE_REQUESTS = "frontdoor.see_requests"
MOVE_REQUEST = "frontdoor.move_request"
JUDGE_DUPLICATE = "frontdoor.judge_duplicate"
SEE_GAPS = "frontdoor.see_gaps"
RAISE_GAP = "frontdoor.raise_gap"
REFER = "frontdoor.refer"
SET_CAPACITY = "frontdoor.set_capacity"
SEE_FEEDBACK = "frontdoor.see_feedback"

allow(LOAD_FEED, [Role.ADMINISTRATOR], "load a feed into the directory")
allow(
    PROPOSE_EDIT,
    [Role.PARTNER, Role.PRACTITIONER, Role.SECRETARY, Role.ADMINISTRATOR],
    "suggest a change to a service",
)
allow(APPROVE_EDIT, [Role.SECRETARY, Role.ADMINISTRATOR], "approve a change to a service")
allow(SEE_REQUESTS, [Role.PARTNER, Role.PRACTITIONER], "see who asked to be contacted")
allow(MOVE_REQUEST, [Role.PARTNER, Role.PRACTITIONER], "answer a request to be contacted")
allow(JUDGE_DUPLICATE, [Role.SECRETARY, Role.ADMINISTRATOR], "say whether two records are one service")
allow(
    SEE_GAPS,
    [Role.ANALYST, Role.SECRETARY, Role.PARTNER, Role.PRACTITIONER, Role.ADMINISTRATOR],
    "see unmet needs",
)

allow(RAISE_GAP, [Role.SECRETARY, Role.ANALYST], "raise a gap with a board")
allow(REFER, [Role.PRACTITIONER, Role.PARTNER], "refer somebody to a service")
allow(SET_CAPACITY, [Role.PARTNER, Role.ADMINISTRATOR], "say how many places a service has")
allow(
    SEE_FEEDBACK,
    [Role.PARTNER, Role.SECRETARY, Role.ADMINISTRATOR],
    "see what people said of a service's page",
)

# The lawful moves of a request. A service that cannot help passes it on; it never ends at a wrong door.
MOVES: dict[str, tuple[str, ...]] = {
    "received": ("accepted", "passed_on"),
    "accepted": ("contacted", "waiting", "passed_on"),
    "waiting": ("contacted", "passed_on"),
    "contacted": ("helped", "not_helped", "waiting", "passed_on"),
    "not_helped": ("passed_on",),
    "passed_on": ("accepted", "passed_on"),
    "helped": (),
}
