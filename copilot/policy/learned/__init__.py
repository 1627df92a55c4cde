"""The learned matcher: a linear model over what sentences are made of, for wordings that no list foresees.

Owns features, weights and training. Which rule uses a model, and what its finding means, is the rule's. Sums are whole
numbers, so that one text and a batch come to the same score.
"""

from copilot.policy.learned.model import Learned, load_learned

__all__ = ["Learned", "load_learned"]
