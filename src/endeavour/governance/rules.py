"""Who may do what in governance."""

from __future__ import annotations

from endeavour.core.public import Person, Role, allow, may, require
from endeavour.errors import Forbidden

SECRETARIAT = {Role.SECRETARY, Role.ADMINISTRATOR}

allow("governance.call_meeting", SECRETARIAT, "call a meeting")
allow("governance.give_notice", SECRETARIAT, "give notice of a meeting")
allow("governance.draft_agenda", SECRETARIAT, "draft an agenda")
allow("governance.add_paper", SECRETARIAT | {Role.PARTNER}, "add a paper")
allow("governance.record_consultation", SECRETARIAT, "record whom a paper was put to")
allow("governance.resolve_paper", SECRETARIAT, "record what a board made of a paper")
allow("governance.record_attendance", SECRETARIAT, "record attendance")
allow("governance.record_decision", SECRETARIAT, "record a decision")
allow("governance.publish_minutes", SECRETARIAT, "publish minutes")
allow("governance.reply", SECRETARIAT, "reply to a contribution")
allow("governance.report_action", SECRETARIAT | {Role.PARTNER}, "report on an action")
allow("governance.record_duty_evidence", SECRETARIAT, "record evidence about a duty")
allow("governance.record_message", SECRETARIAT | {Role.PARTNER}, "record a message between bodies")
allow("governance.cancel_meeting", SECRETARIAT, "cancel a meeting")
allow("governance.record_outreach", SECRETARIAT, "record an approach to a partner")
allow("governance.agree_document", SECRETARIAT, "publish how a body works")
allow("governance.agree_data", SECRETARIAT, "record an agreement to share data")
allow("governance.keep_register", SECRETARIAT | {Role.PARTNER}, "keep a register")
allow("governance.declare_interest", SECRETARIAT, "record an interest")
allow("governance.set_up_body", SECRETARIAT, "set up a body")
allow("governance.fill_seat", SECRETARIAT, "say who holds a seat")
allow("governance.name_heir", SECRETARIAT, "say who takes something over")
allow("governance.arrange_item", SECRETARIAT, "move or take off an agenda item")
allow("governance.publish_agenda", SECRETARIAT, "publish an agenda")
allow("governance.sign_compact", {Role.PARTNER}, "sign the compact for your organisation")
allow(
    "governance.raise_escalation",
    SECRETARIAT | {Role.PARTNER, Role.PRACTITIONER},
    "raise a safeguarding worry",
)
allow(
    "governance.answer_escalation",
    SECRETARIAT | {Role.PARTNER, Role.PRACTITIONER},
    "answer a safeguarding worry",
)
allow("governance.propose_membership", SECRETARIAT, "put a membership up to be weighed")
allow("governance.import_rows", SECRETARIAT, "bring in bodies and meetings from a file")
allow("governance.keep_draft", SECRETARIAT | {Role.PARTNER}, "keep a draft")


def may_keep_entries(person: Person | None, *, by_partners: bool, body: str = "") -> bool:
    """Whether somebody may write entries of a register that lie with this body; with none, of any body at all.

    The secretariat may in every register. A partner may for the body that it signs in for, in a register that partners
    keep, and nowhere else.
    """
    if person is None or not may(person, "governance.keep_register"):
        return False
    if person.role in SECRETARIAT:
        return True
    return by_partners and person.body is not None and body in {"", person.body.key}


def require_keeps_entries(person: Person, *, by_partners: bool, body: str = "") -> None:
    """Raise `Forbidden` unless somebody may write entries that lie with this body."""
    require(person, "governance.keep_register")
    if may_keep_entries(person, by_partners=by_partners, body=body):
        return
    if not by_partners:
        raise Forbidden("The secretariat keeps this register.", hint="Ask it to record this for you.")
    raise Forbidden(
        "You keep the entries of the body that you sign in for, and of no other.",
        hint="Ask somebody of that body, or the secretariat.",
    )
