"""Needs people looked for and did not find: counted without words or people, published through the gate, raised."""
