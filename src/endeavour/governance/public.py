"""What other parts may use of governance."""

from endeavour.governance.actions import KINDS as KINDS
from endeavour.governance.actions import illustrate as illustrate
from endeavour.governance.actions import import_rows as import_rows
from endeavour.governance.actions import raise_late as raise_late
from endeavour.governance.actions import read_rows as read_rows
from endeavour.governance.actions import send_digests as send_digests
from endeavour.governance.queries import AgreementRow as AgreementRow
from endeavour.governance.queries import Handover as Handover
from endeavour.governance.queries import agreements as agreements
from endeavour.governance.queries import decisions as decisions
from endeavour.governance.queries import drafts_of as drafts_of
from endeavour.governance.queries import handover as handover
from endeavour.governance.queries import influence as influence
from endeavour.governance.queries import meetings as meetings
from endeavour.governance.queries import partners as partners
from endeavour.governance.queries import register as register
