"""What other parts may use of governance."""

from endeavour.governance.queries import Handover as Handover
from endeavour.governance.queries import decisions as decisions
from endeavour.governance.queries import handover as handover
from endeavour.governance.queries import influence as influence
from endeavour.governance.queries import meetings as meetings
from endeavour.governance.queries import register as register
