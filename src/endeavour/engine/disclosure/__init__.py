"""The one gate through which a count becomes public."""

from endeavour.engine.disclosure.gate import Refused, publish, publish_count, publish_mean
from endeavour.engine.disclosure.log import FileLog, MemoryLog, ReleaseLog
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
from endeavour.engine.disclosure.structure import Count

__all__ = [
    "ALL",
    "About",
    "Audit",
    "Count",
    "FileLog",
    "Key",
    "MemoryLog",
    "Published",
    "PublishedMean",
    "PublishedTable",
    "Refused",
    "ReleaseLog",
    "Shown",
    "publish",
    "publish_count",
    "publish_mean",
]
