"""The one gate through which a count becomes public."""

from endeavour.engine.disclosure.gate import Refused, publish, publish_count, publish_mean, publish_together
from endeavour.engine.disclosure.log import FileLog, MemoryLog, ReleaseLog
from endeavour.engine.disclosure.people import People
from endeavour.engine.disclosure.published import (
    ALL,
    About,
    Audit,
    Key,
    Published,
    PublishedMean,
    PublishedTable,
    Shown,
)
from endeavour.engine.disclosure.rules import interval
from endeavour.engine.disclosure.tables import Count, Table
from endeavour.engine.disclosure.weighted import Portion, rules_nothing_out

__all__ = [
    "ALL",
    "About",
    "Audit",
    "Count",
    "FileLog",
    "Key",
    "MemoryLog",
    "People",
    "Portion",
    "Published",
    "PublishedMean",
    "PublishedTable",
    "Refused",
    "ReleaseLog",
    "Shown",
    "Table",
    "interval",
    "publish",
    "publish_count",
    "publish_mean",
    "publish_together",
    "rules_nothing_out",
]
