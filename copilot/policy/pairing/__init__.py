"""Whether two texts in different languages state the same: the gate of every translation.

Each text is read by itself, by ``claims`` where that speaks its language, else by the words in ``data/pairing.yaml``;
then the two readings are compared. Refuses what it cannot read, and errs towards "they differ".
"""

from copilot.policy.pairing.compare import COMPARABLE, Difference, differences, loosely_different

__all__ = ["COMPARABLE", "Difference", "differences", "loosely_different"]
