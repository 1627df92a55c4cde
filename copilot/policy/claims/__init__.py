"""Claims: what a text states, and the fact each statement rests on.

Owns reading and matching. Whether an unsupported claim blocks is a rule's business (``false_promise.ungrounded``,
``false_promise.ungrounded_product``).
"""

from copilot.policy.claims.bind import bind
from copilot.policy.claims.extract import extract
from copilot.policy.claims.products import products
from copilot.policy.claims.promises import promises

__all__ = ["bind", "extract", "products", "promises"]
