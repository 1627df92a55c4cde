"""Policy: rule files → verdicts. One check for a model's text, a composed one and what a person types.

Owns rules, folding, matching, claims and privacy. Knows no store, no model and no platform number.
"""

from copilot.policy.context import CheckContext, Expect, Origin, Speaker
from copilot.policy.load import pack_names
from copilot.policy.opening import load_pack
from copilot.policy.pack import Pack

__all__ = ["CheckContext", "Expect", "Origin", "Pack", "Speaker", "load_pack", "pack_names"]
