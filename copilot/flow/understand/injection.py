"""Attempts of a buyer's text to steer a model.

Owns the flag and nothing else: options are bound by code, so a flagged text loses nothing and gains nothing.
"""

from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says


def looks_like_injection(text: str) -> bool:
    """Whether ``text`` speaks to the machine instead of the shop."""
    return says("injection", fold(text))
