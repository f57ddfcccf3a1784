"""The theory of change: a typed graph of how actions should lead to better lives, checked and drawn."""

from endeavour.strategy.theory.graph import Edge as Edge
from endeavour.strategy.theory.graph import Graph as Graph
from endeavour.strategy.theory.graph import Node as Node
from endeavour.strategy.theory.graph import faults as faults
from endeavour.strategy.theory.graph import from_content as from_content
