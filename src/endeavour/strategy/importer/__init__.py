"""Reading a strategy: a file in, sections and verbatim statements out. No Django, no database, no repair."""

from endeavour.strategy.importer.document import Section as Section
from endeavour.strategy.importer.document import StatementRead as StatementRead
from endeavour.strategy.importer.document import StrategyRead as StrategyRead
from endeavour.strategy.importer.extract import read_lines as read_lines
from endeavour.strategy.importer.parse import parse as parse
from endeavour.strategy.importer.parse import read_strategy as read_strategy
