"""Compiling a pack from the publishers' own files: `compile_pack`."""

from endeavour.pack.compile.compiler import Report, compile_pack

__all__ = ["Report", "compile_pack"]
