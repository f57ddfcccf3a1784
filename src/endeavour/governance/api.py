"""Governance over HTTP: meetings, decisions, duties, the map, partners, threads and handovers, each as on a day."""

from __future__ import annotations

from endeavour.governance import (
    api_bodies,
    api_desk,
    api_duties,
    api_meetings,
    api_registers,
    api_voices,
    api_writes_agenda,
    api_writes_bodies,
    api_writes_kept,
    api_writes_papers,
)
from endeavour.governance.api_writes import router

# One router for reads and writes: Django would send a GET and a POST of one path to whichever of two came first.
__all__ = [
    "api_bodies", "api_desk", "api_duties", "api_meetings", "api_registers", "api_voices", "api_writes_agenda", "api_writes_bodies",
    "api_writes_kept", "api_writes_papers", "router",
]  # fmt: skip
