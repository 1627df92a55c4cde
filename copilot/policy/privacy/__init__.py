"""Privacy: finds personal data in a text, puts placeholders there, and puts the words back.

Owns recognition and masking. It stores nothing and decides nothing about who may see the original.
"""

from copilot.policy.privacy.find import Find, RememberedFinds, find, gate
from copilot.policy.privacy.gate import SHORTEST_RUN, gate_literals, in_digits
from copilot.policy.privacy.mask import Finder, mask, mask_many
from copilot.policy.privacy.model import Entity, Masked
from copilot.policy.privacy.own import load_own
from copilot.policy.privacy.readable import readable

__all__ = [
    "SHORTEST_RUN",
    "Entity",
    "Find",
    "Finder",
    "Masked",
    "RememberedFinds",
    "find",
    "gate",
    "gate_literals",
    "in_digits",
    "load_own",
    "mask",
    "mask_many",
    "readable",
]
