"""Every read of governance that joins, counts or scopes, by what it is about."""

from endeavour.governance.queries.boards import BOARDS as BOARDS
from endeavour.governance.queries.boards import all_seats as all_seats
from endeavour.governance.queries.boards import board_map_faults as board_map_faults
from endeavour.governance.queries.boards import boards as boards
from endeavour.governance.queries.boards import bodies as bodies
from endeavour.governance.queries.boards import seats as seats
from endeavour.governance.queries.decisions import action_finding as action_finding
from endeavour.governance.queries.decisions import decision as decision
from endeavour.governance.queries.decisions import decisions as decisions
from endeavour.governance.queries.decisions import open_actions as open_actions
from endeavour.governance.queries.duties import DutyRow as DutyRow
from endeavour.governance.queries.duties import business_cycle as business_cycle
from endeavour.governance.queries.duties import register as register
from endeavour.governance.queries.duties import waiting_in_cycle as waiting_in_cycle
from endeavour.governance.queries.meetings import end_of as end_of
from endeavour.governance.queries.meetings import meeting as meeting
from endeavour.governance.queries.meetings import meeting_findings as meeting_findings
from endeavour.governance.queries.meetings import meetings as meetings
from endeavour.governance.queries.succession import Handed as Handed
from endeavour.governance.queries.succession import Handover as Handover
from endeavour.governance.queries.succession import handover as handover
from endeavour.governance.queries.voices import Influence as Influence
from endeavour.governance.queries.voices import contribution as contribution
from endeavour.governance.queries.voices import influence as influence
from endeavour.governance.queries.voices import public_questions as public_questions
from endeavour.governance.queries.voices import unanswered as unanswered
