"""What governance keeps, by what it is about.

A record is written once: decisions, minutes, answers and reports on actions are append-only (triggers keep them so),
and a correction is a new row that supersedes. No status is stored; see `findings.py`.
"""

from endeavour.governance.models.bodies import DutyEvidence as DutyEvidence
from endeavour.governance.models.bodies import Heir as Heir
from endeavour.governance.models.bodies import MembershipProposal as MembershipProposal
from endeavour.governance.models.bodies import Outreach as Outreach
from endeavour.governance.models.bodies import Signature as Signature
from endeavour.governance.models.bodies import WorkingDocument as WorkingDocument
from endeavour.governance.models.decisions import Action as Action
from endeavour.governance.models.decisions import ActionReport as ActionReport
from endeavour.governance.models.decisions import Decision as Decision
from endeavour.governance.models.decisions import Level as Level
from endeavour.governance.models.decisions import Reach as Reach
from endeavour.governance.models.drafts import Draft as Draft
from endeavour.governance.models.meetings import AgendaChange as AgendaChange
from endeavour.governance.models.meetings import AgendaItem as AgendaItem
from endeavour.governance.models.meetings import Attendance as Attendance
from endeavour.governance.models.meetings import Interest as Interest
from endeavour.governance.models.meetings import Meeting as Meeting
from endeavour.governance.models.meetings import Minutes as Minutes
from endeavour.governance.models.papers import Consultation as Consultation
from endeavour.governance.models.papers import Paper as Paper
from endeavour.governance.models.papers import Resolution as Resolution
from endeavour.governance.models.registers import DataAgreement as DataAgreement
from endeavour.governance.models.registers import Escalation as Escalation
from endeavour.governance.models.registers import EscalationAnswer as EscalationAnswer
from endeavour.governance.models.registers import RegisterEntry as RegisterEntry
from endeavour.governance.models.voices import Contribution as Contribution
from endeavour.governance.models.voices import Reply as Reply
from endeavour.governance.models.voices import Subscription as Subscription
