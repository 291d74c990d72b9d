"""How large a picture may be, for those who look at its header alone."""

DOTS = 40_000_000
"""Dots that a picture may have; more is refused before anything is decoded."""
