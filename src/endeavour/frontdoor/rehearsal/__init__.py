"""Invented searches and requests, so that a demonstration shows what real ones would add up to."""
