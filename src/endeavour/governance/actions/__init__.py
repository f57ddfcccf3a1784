"""Every write of governance, each with its audit entry in the same transaction, by what it is about."""

from endeavour.governance.actions.contributions import RECEIPT_LETTERS as RECEIPT_LETTERS
from endeavour.governance.actions.contributions import contribute as contribute
from endeavour.governance.actions.contributions import reply as reply
from endeavour.governance.actions.decisions import DecisionWords as DecisionWords
from endeavour.governance.actions.decisions import add_action as add_action
from endeavour.governance.actions.decisions import record_decision as record_decision
from endeavour.governance.actions.decisions import report_action as report_action
from endeavour.governance.actions.duties import record_duty_evidence as record_duty_evidence
from endeavour.governance.actions.duties import record_message as record_message
from endeavour.governance.actions.meetings import add_item as add_item
from endeavour.governance.actions.meetings import call_meeting as call_meeting
from endeavour.governance.actions.meetings import draft_agenda as draft_agenda
from endeavour.governance.actions.meetings import give_notice as give_notice
from endeavour.governance.actions.meetings import item_entry as item_entry
from endeavour.governance.actions.meetings import publish_minutes as publish_minutes
from endeavour.governance.actions.meetings import record_attendance as record_attendance
from endeavour.governance.actions.papers import LARGEST_PAPER as LARGEST_PAPER
from endeavour.governance.actions.papers import PAPER_TYPES as PAPER_TYPES
from endeavour.governance.actions.papers import add_paper as add_paper
