"""Policy: rule files → verdicts. One check for a model's text, a composed one and what a person types.

Owns rules, folding, matching, claims and privacy. Knows no store, no model and no platform number.
"""

from copilot.policy.context import CheckContext, Expect, Origin, Speaker
from copilot.policy.load import pack_names
from copilot.policy.pack import Pack, load_pack

__all__ = ["CheckContext", "Expect", "Origin", "Pack", "Speaker", "load_pack", "pack_names"]
