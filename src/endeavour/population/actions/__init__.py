"""Every write of this part, and every look at a household or a record."""

from endeavour.population.actions.caseload import assign_lead as assign_lead
from endeavour.population.actions.caseload import look_at_household as look_at_household
from endeavour.population.actions.caseload import move_work as move_work
from endeavour.population.actions.caseload import open_caseload as open_caseload
from endeavour.population.actions.caseload import plan_work as plan_work
from endeavour.population.actions.caseload import record_consent as record_consent
from endeavour.population.actions.caseload import see_caseload as see_caseload
from endeavour.population.actions.caseload import undo as undo
from endeavour.population.actions.linkage import hand_over_judgements as hand_over_judgements
from endeavour.population.actions.linkage import judge_pair as judge_pair
from endeavour.population.actions.linkage import see_next_pair as see_next_pair
from endeavour.population.actions.linkage import take_back_judgement as take_back_judgement
from endeavour.population.actions.plus import review_plus_group as review_plus_group
