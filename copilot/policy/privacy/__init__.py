"""Privacy: finds personal data in a text, puts placeholders there, and puts the words back.

Owns recognition and masking. It stores nothing and decides nothing about who may see the original.
"""

from copilot.policy.privacy.mask import mask
from copilot.policy.privacy.model import Entity, Masked

__all__ = ["Entity", "Masked", "mask"]
