"""Packs: one system's facts and definitions as data. Imports no Django."""

from endeavour.pack.packs import Pack

__all__ = ["Pack"]
