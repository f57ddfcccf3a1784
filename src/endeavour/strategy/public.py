"""What other parts may use of the strategy."""

from endeavour.strategy.actions import import_document as import_document
from endeavour.strategy.actions import record_evidence as record_evidence
from endeavour.strategy.findings import LABELS as LABELS
from endeavour.strategy.findings import Finding as Finding
from endeavour.strategy.findings import Judgement as Judgement
from endeavour.strategy.findings import State as State
from endeavour.strategy.findings import judge as judge
from endeavour.strategy.loading import load_statements as load_statements
from endeavour.strategy.queries import Judged as Judged
from endeavour.strategy.queries import challenges as challenges
from endeavour.strategy.queries import crosswalk as crosswalk
from endeavour.strategy.queries import current_document as current_document
from endeavour.strategy.queries import facts_of as facts_of
from endeavour.strategy.queries import gaps as gaps
from endeavour.strategy.queries import judged as judged
from endeavour.strategy.queries import judged_one as judged_one
from endeavour.strategy.queries import standing_counts as standing_counts
from endeavour.strategy.queries import statement as statement
from endeavour.strategy.queries import statements as statements
