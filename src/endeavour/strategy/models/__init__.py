"""What the strategy keeps: one module for each part, and every model by its name here."""

from endeavour.strategy.models.campaigns import Campaign as Campaign
from endeavour.strategy.models.campaigns import CampaignOwner as CampaignOwner
from endeavour.strategy.models.campaigns import Material as Material
from endeavour.strategy.models.campaigns import Pledge as Pledge
from endeavour.strategy.models.campaigns import PledgeStep as PledgeStep
from endeavour.strategy.models.plans import Alignment as Alignment
from endeavour.strategy.models.plans import Objective as Objective
from endeavour.strategy.models.plans import Plan as Plan
from endeavour.strategy.models.plans import TheoryReview as TheoryReview
from endeavour.strategy.models.plans import TheoryVersion as TheoryVersion
from endeavour.strategy.models.promises import Document as Document
from endeavour.strategy.models.promises import Evidence as Evidence
from endeavour.strategy.models.promises import Explanation as Explanation
from endeavour.strategy.models.promises import PromiseMeasure as PromiseMeasure
from endeavour.strategy.models.promises import Resource as Resource
from endeavour.strategy.models.promises import Statement as Statement
from endeavour.strategy.models.proposals import ImpactAssessment as ImpactAssessment
from endeavour.strategy.models.proposals import Proposal as Proposal
from endeavour.strategy.models.published import Draft as Draft
from endeavour.strategy.models.published import GlossaryTerm as GlossaryTerm
from endeavour.strategy.models.published import Narrative as Narrative
from endeavour.strategy.models.published import Release as Release
from endeavour.strategy.models.published import Variant as Variant
from endeavour.strategy.models.recorded import Recorded as Recorded
